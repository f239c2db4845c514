/// All that a ``Doctor`` found. The keys are part of the interface that scripts rely on.
package struct DoctorReport: SummaryDocument, Sendable {
    /// What an import would exit with because of what failed, as far as that can be seen before it; else 0.
    package var exit: Int32 { checks.compactMap(\.exit).first ?? ExitStatus.done.rawValue }
    /// What was found, in the order in which an import would meet it.
    package private(set) var checks: [DoctorFinding] = []
    /// The target's URL.
    package let target: String
    /// Seconds from the process's start.
    package var seconds = 0.0
    /// The program's version, and those of its parts by their names.
    package let versions: [String: String]

    private let told: @Sendable (DoctorFinding) -> Void

    /// Begins a report.
    ///
    /// - Parameter told: is given each finding as it is made.
    init(target: String, versions: [String: String], told: @escaping @Sendable (DoctorFinding) -> Void) {
        (self.target, self.versions, self.told) = (target, versions, told)
    }

    /// Adds what was found.
    mutating func add(_ finding: DoctorFinding) {
        checks.append(finding)
        told(finding)
    }

    /// Adds checks that could not be made.
    mutating func pass(over checks: [DoctorFinding.Check], _ reason: String) {
        for check in checks { add(.notChecked(check, reason)) }
    }

    /// How many checks ended so, and what that means, on one line.
    package var text: String {
        func count(_ result: DoctorFinding.Result) -> Int { checks.count { $0.result == result } }
        let parts = [
            "\(count(.ok)) ok", count(.warn) > 0 ? Shown.count(count(.warn), "warning") : nil,
            count(.fail) > 0 ? "\(count(.fail)) failed" : nil,
            count(.notChecked) > 0 ? "\(count(.notChecked)) not checked" : nil,
        ]
        let end = exit == 0 ? "an import can begin" : "an import would end with exit status \(exit)"
        return "\(Shown.count(checks.count, "check")): \(parts.compactMap(\.self).joined(separator: ", ")); \(end)"
    }

    private enum CodingKeys: String, CodingKey { case checks, exit, seconds, target, versions }

    /// Writes every key.
    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(checks, forKey: .checks)
        try members.encode(exit, forKey: .exit)
        try members.encode(seconds, forKey: .seconds)
        try members.encode(target, forKey: .target)
        try members.encode(versions, forKey: .versions)
    }
}
