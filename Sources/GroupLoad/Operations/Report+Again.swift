import Foundation
import RecordFormats

extension Report {
    /// Writes the files of a finished run into its directory again, once the ledger has been found to be sound and to
    /// say what its summary says.
    ///
    /// A file that is there to be corrected, and isn't what the run wrote, stays: somebody is correcting it.
    ///
    /// - Returns: what is said of such files.
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``, or with ``ExitStatus/unusable`` if the run has not
    ///   finished or the ledger is damaged; nothing is replaced then.
    @discardableResult
    package func writeAgain(into location: RunLocation) async throws -> [String] {
        let check = try await ReportCheck(ledger)
        _ = try await summary(in: location)
        let corrected = try await correctedNames(in: location)
        try RunDirectory.make(for: location)
        let tables = try await writeTables(into: location.path, sparing: corrected, checkedBy: check)
        try await writePage(to: location.path + "/" + Self.pageName, tables.figures)
        try await write(try await summary(in: location), to: location.summaryPath)
        return corrected.map { name in
            """
            \(location.path)/\(name) isn't what the run wrote, and stays, for it may be corrected; remove it to have \
            it written again
            """
        }
    }

    /// The files of a finished run that are there to be corrected, and aren't what the run wrote.
    private func correctedNames(in location: RunLocation) async throws -> [String] {
        let written = try await ledger.metadata().decodedSummary()?.files ?? [:]
        return try RecordTable.namesToCorrect.filter { name in
            guard let digest = written[name] else { return false }
            return try FileDigest.sha256(of: location.path + "/" + name).map { $0 != digest } ?? false
        }
    }

    /// Writes the summary to a file, or to standard output where `path` is nil; of a run that has not finished, what
    /// its ledger says so far.
    ///
    /// - Parameter whole: what became of the list as a whole, where runs correct this one.
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``; what the ledger throws.
    package func writeSummary(of location: RunLocation, whole: WholeList?, to path: String?) async throws {
        let metadata = try await ledger.metadata()
        if metadata.phase == .finished, let whole, var summary = try metadata.decodedSummary() {
            summary.whole = whole
            return try await write(try summary.json(), to: path)
        }
        if let json = metadata.summary, metadata.phase == .finished { return try await write(json, to: path) }
        let stale = try await staleFiles(in: location)
        try await write(try await UnfinishedSummary(ledger, location, stale: stale).json(), to: path)
    }

    private func write(_ json: String, to path: String?) async throws {
        let file = try path.map { try AtomicFile($0) } ?? AtomicFile.standardOutput()
        try file.append { $0.bytes.append(contentsOf: json.utf8) }
        _ = try file.finish()
    }

    /// The summary as the run wrote it.
    private func summary(in location: RunLocation) async throws -> String {
        let metadata = try await ledger.metadata()
        if let json = metadata.summary, metadata.phase == .finished { return json }
        let stale = try await staleFiles(in: location)
        throw RunError(
            .notFinished,
            "the run in \(location.path) has not finished\(Self.staleText(stale).map { "; \($0)" } ?? "")",
            naming: .path(location.path),
            remedy: "go on with it: groupload resume \(location.path); --format csv, ndjson or json gives what is known"
        )
    }

    /// The files of a report that stand in the directory of a run that has not finished, and don't say what its ledger
    /// says: they are from before it went on.
    ///
    /// - Throws: what the ledger throws.
    package func staleFiles(in location: RunLocation) async throws -> [String] {
        guard try await ledger.metadata().phase != .finished else { return [] }
        let present = Self.files.filter { SystemCall.exists(location.path + "/" + $0) }
        guard !present.isEmpty else { return [] }
        let digests = try await tables().digests
        return try present.filter { name in
            try digests[name].map { try FileDigest.sha256(of: location.path + "/" + name) != $0 } ?? true
        }
    }

    /// What to say of stale files; nil where there are none.
    package static func staleText(_ names: [String]) -> String? {
        names.isEmpty ? nil : "from before it went on, and not true any more: \(names.joined(separator: ", "))"
    }
}
