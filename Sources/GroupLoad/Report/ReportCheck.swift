/// What the records of a run must agree with for its report to be written: that the ledger is sound, that every
/// outcome is a record's, and, where the run has finished, that there are as many records and outcomes of each kind as
/// its summary says.
package struct ReportCheck: Sendable {
    /// That of a run that has finished.
    private let summary: Summary?
    private let records: Int

    /// Checks all but the rows of records and outcomes, which the ledger checks while it lends them.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``, as ``accept(_:)``.
    package init(_ ledger: any RunLedger) async throws { try await self.init(ledger, sparingRows: true) }

    /// Checks all.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    package static func whole(_ ledger: any RunLedger) async throws {
        try await ReportCheck(ledger, sparingRows: false).accept(try await ledger.counts())
    }

    private init(_ ledger: any RunLedger, sparingRows: Bool) async throws {
        try await ledger.checkSoundness(sparingRows: sparingRows)
        let orphans = try await ledger.orphanCount()
        guard orphans == 0 else { throw Self.damaged("\(orphans) outcomes are of no record") }
        records = try await ledger.recordCount()
        let metadata = try await ledger.metadata()
        // A run that is gone on with has the summary of before.
        summary = metadata.phase == .finished ? try metadata.decodedSummary() : nil
        if let summary, summary.read != records { try accept(try await ledger.counts()) }
    }

    /// Compares the records by outcome with what the summary says.
    package func accept(_ counts: OutcomeCounts) throws(RunError) {
        guard let summary else { return }
        guard summary.read == records, summary.read == counts.sum else {
            throw Self.damaged(
                """
                its summary says \(Shown.count(summary.read, "record was", "records were")) read, it holds \
                \(records), of which \(counts.sum) have an outcome
                """
            )
        }
        for outcome in Outcome.allCases where summary.outcomes[outcome.rawValue, default: 0] != counts[outcome] {
            throw Self.damaged(
                """
                its summary counts \(summary.outcomes[outcome.rawValue, default: 0]) \(outcome.rawValue), \
                it holds \(counts[outcome])
                """
            )
        }
    }

    private static func damaged(_ finding: String) -> RunError {
        RunError(
            .ledgerDamaged, "the ledger is damaged: \(finding)",
            remedy: "nothing was written, see groupload verify and your backups")
    }
}
