/// The records of a run as they were read, numbered from 1 over all inputs.
package protocol RecordLedger: Sendable {
    /// Puts a batch in: all records, and the outcomes of those that need no sending.
    ///
    /// - Parameter settled: one for each duplicate and invalid record of the batch, in the same order; behind
    ///   those, what is added to the messages of invalid records of this batch or earlier ones.
    func put(_ batch: CheckedBatch, settled: [SettledRecord]) async throws

    /// Empties the ledger of records, for reading to begin again. Only where none was ever claimed.
    func forgetRecords() async throws

    /// The records in the ledger.
    func recordCount() async throws -> Int

    /// The records in the ledger that the inputs hold.
    func listedCount() async throws -> Int

    /// The drafts in the ledger.
    func draftCount() async throws -> Int

    /// The records by outcome.
    func counts() async throws -> OutcomeCounts

    /// Outcomes that are of no record.
    func orphanCount() async throws -> Int

    /// The names of drafts as they are sent, by record.
    func draftNames(of records: [Int64]) async throws -> [Int64: String]
}
