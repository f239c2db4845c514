import RecordFormats

extension Report {
    /// Writes the files of a finished run into its directory again.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``, or with ``ExitStatus/unusable`` if the run has not finished; what
    ///   the ledger throws.
    package func writeAgain(into location: RunLocation) async throws {
        _ = try await summary()
        _ = try await writeTables(into: location.path)
        try await writePage(to: location.path + "/" + Self.pageName)
        try await writeSummary(to: location.summaryPath)
    }

    /// Writes the summary to a file, or to standard output where `path` is nil.
    ///
    /// - Throws: as ``writeAgain(into:)``.
    package func writeSummary(to path: String?) async throws {
        let json = try await summary()
        let file = try path.map { try WholeFile($0) } ?? WholeFile.standardOutput()
        try file.append { $0.bytes.append(contentsOf: json.utf8) }
        _ = try file.finish()
    }

    /// The summary as the run wrote it.
    private func summary() async throws -> String {
        guard let json = try await ledger.facts()[Ledger.Key.summary] else {
            throw RunError(.unusable, "the run has not finished; go on with it: groupload resume")
        }
        return json
    }
}
