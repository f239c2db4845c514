/// Compares the checked batches of a run's inputs with the records in its ledger.
struct ListComparison: RecordSink {
    let ledger: any RunLedger
    /// What differs so far.
    private(set) var differences = Differences()

    init(_ ledger: any RunLedger) { self.ledger = ledger }

    mutating func accept(_ batch: CheckedBatch) async throws {
        for finding in try await BatchComparison.findings(batch, in: ledger) {
            differences.add(finding.kind, finding.text)
        }
    }
}
