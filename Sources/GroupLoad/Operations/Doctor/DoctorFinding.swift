/// What one check of a ``Doctor`` found.
package struct DoctorFinding: Sendable, Equatable {
    /// What is checked, in the words that the screen and `--json` have for it.
    package enum Check: String, Sendable, Codable {
        case program, target, credentials, lock, disk, ledger, name, connection, proxy, tls, login, list
        case runDirectory = "run-dir"
        case pageSize = "page-size"
        case rate, clock
    }

    /// How it ended.
    package enum Result: String, Sendable, Codable {
        /// An import has what it needs.
        case ok
        /// An import goes on all the same; somebody should look at it.
        case warn
        /// An import would end because of it.
        case fail = "FAIL"
        /// It could not be made, because another one failed.
        case notChecked = "not checked"
    }

    /// What was checked.
    package let check: Check
    /// How it ended.
    package let result: Result
    /// What was found, for a person.
    package let message: String
    /// What to do about it; nil where there is nothing to be done.
    package let remedy: String?
    /// What an import would exit with because of it; nil where it wouldn't.
    package let exit: Int32?

    private init(_ check: Check, _ result: Result, _ message: String, _ remedy: String? = nil, _ exit: Int32? = nil) {
        (self.check, self.result, self.message, self.remedy, self.exit) = (check, result, message, remedy, exit)
    }

    /// All is well.
    static func ok(_ check: Check, _ message: String) -> DoctorFinding { Self(check, .ok, message) }

    /// All is not well, and an import goes on.
    static func warn(_ check: Check, _ message: String, remedy: String? = nil) -> DoctorFinding {
        Self(check, .warn, message, remedy)
    }

    /// An import would end with this error.
    static func fail(_ check: Check, _ error: RunError) -> DoctorFinding {
        Self(check, .fail, error.message, error.remedy, error.status.rawValue)
    }

    /// It wasn't checked, because of what another check found.
    static func notChecked(_ check: Check, _ reason: String) -> DoctorFinding { Self(check, .notChecked, reason) }

    /// The finding on one line.
    package var line: String {
        let sign = result == .notChecked ? "-" : result.rawValue
        let columns = sign.padded(6) + check.rawValue.padded(13)
        let words = result == .notChecked ? "not checked: \(message)" : message
        return Shown.text(columns + words + (remedy.map { "; \($0)" } ?? ""), limit: 600)
    }
}

extension DoctorFinding: Encodable {
    private enum CodingKeys: String, CodingKey { case check, result, message, remedy, exit }

    /// Writes every key, also where its value is nil.
    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(check, forKey: .check)
        try members.encode(result == .fail ? "fail" : result.rawValue, forKey: .result)
        try members.encode(message, forKey: .message)
        try members.encode(remedy, forKey: .remedy)
        try members.encode(exit, forKey: .exit)
    }
}

extension String {
    /// The text with blanks behind it, so that it has so many characters.
    fileprivate func padded(_ count: Int) -> String { self + String(repeating: " ", count: max(0, count - self.count)) }
}
