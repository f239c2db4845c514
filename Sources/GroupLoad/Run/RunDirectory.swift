package import Foundation

/// The directory of one run: its ledger and its report.
package struct RunDirectory: Sendable {
    /// The run's id.
    package let run: String
    /// The directory's path, as the user named it; else `groupload-runs/<run id>`.
    package let path: String

    /// The directory's path from the root.
    package var absolutePath: String { URL(fileURLWithPath: path).standardizedFileURL.path }
    /// Where the ledger is.
    package let ledger: LedgerPlace
    /// The path of `summary.json`.
    package var summaryPath: String { path + "/summary.json" }
    /// The path of the page, `report.html`.
    package var pagePath: String { path + "/" + Report.pageName }

    /// Makes the directory for a new run, readable by its owner only.
    ///
    /// - Parameters:
    ///   - path: where the user wants it; else `groupload-runs/<run id>`.
    ///   - database: the database of the ledger; nil for a file in the directory.
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite`` if it can't be made, or holds a file of a report already.
    package init(
        path: String?, started: Date, suffix: UInt16, database: PostgreSQLAddress? = nil
    ) throws(RunError) {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyyMMdd-HHmmss"
        let digits = String(suffix, radix: 16)
        run = formatter.string(from: started) + "-" + String(repeating: "0", count: 4 - digits.count) + digits
        self.path = path ?? "groupload-runs/\(run)"
        ledger =
            database.map { [run] in .database($0, run: run) } ?? .file("\(self.path)/\(LedgerPlace.fileName)")
        do {
            try SystemCall.makeDirectory(self.path)
        } catch {
            throw RunError(
                .cannotWrite, "can't make the run directory \(self.path): \(error)",
                naming: .path(self.path))
        }
        try requireNone()
    }

    /// Makes sure that the directory holds no file of a run yet.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``.
    func requireNone() throws(RunError) { try Self.requireNone(in: path) }

    /// As ``requireNone()``, of a directory that is there.
    static func requireNone(in path: String) throws(RunError) {
        for name in LedgerPlace.files + Report.files {
            guard !SystemCall.exists("\(path)/\(name)") else {
                throw RunError(
                    .otherRun, "\(path) holds \(name) already", naming: .path(path),
                    remedy: "name another directory with --run-dir")
            }
        }
        do {
            guard let copy = try SystemCall.names(in: path).first(where: InputCopy.isName) else { return }
            throw RunError(
                .otherRun, "\(path) holds \(copy) already", naming: .path(path),
                remedy: "name another directory with --run-dir")
        } catch let error as RunError {
            throw error
        } catch {
            throw RunError(.cannotWrite, "can't read the run directory \(path): \(error)", naming: .path(path))
        }
    }

    /// Removes what a run that sent nothing has left, the ledger last: until then it is the same run. Only while the
    /// directory is locked, and the ledger closed.
    ///
    /// - Throws: what removing throws.
    static func empty(_ path: String, _ place: LedgerPlace) throws {
        for name in try SystemCall.names(in: path) where isOwn(name) {
            try SystemCall.remove(path + "/" + name)
        }
        try removeLedger(path, place)
    }

    /// Removes the files of a directory that hold a ledger, or say where it is; the ledger's own last.
    ///
    /// - Throws: what removing throws.
    static func removeLedger(_ path: String) throws {
        for name in LedgerPlace.files.reversed() where SystemCall.exists("\(path)/\(name)") {
            try SystemCall.remove("\(path)/\(name)")
        }
    }

    /// Whether a file of a run directory is the report's or the copy of an input, or a part of one that was not
    /// finished, see ``AtomicFile``.
    static func isOwn(_ name: String) -> Bool {
        let files = Report.files + [LiveStatus.fileName]
        if files.contains(name) || InputCopy.isName(name) || InputCopy.isPart(name) { return true }
        return name.wholeMatch(of: /\..*\.[0-9a-f]{16}\.part/) != nil
            && files.contains { name.hasPrefix(".\($0).") }
    }

    /// The directory of a run that exists.
    init(existing path: String, run: String, ledger: LedgerPlace) {
        self.path = path
        self.run = run
        self.ledger = ledger
    }
}
