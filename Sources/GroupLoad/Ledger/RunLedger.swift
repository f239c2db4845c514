/// The durable store of a run's records, intents and outcomes, and the queue between reading and sending: the ingest
/// puts records in, the submitter claims drafts in input order, and the report is read from it.
///
/// Every method is one transaction: it takes effect as a whole or not at all, and what it put in is seen by every later
/// call. An intent (``DraftLedger/claim(after:limit:now:hasSettled:)``,
/// ``UpdateLedger/keep(intents:outcomes:metadata:)``) is durable when the method returns, and with it all that was put
/// in before; what is put in besides survives the end of the process, and a loss of power only from the next intent
/// on, or the end of the run.
///
/// Each topic has a protocol of its own. What every store must do beyond what is said there is what the suites
/// `RunLedgerContractTests` check.
package protocol RunLedger: MetadataLedger, RecordLedger, DraftLedger, FoundGroupLedger, UpdateLedger, TargetLedger,
    ReportLedger
{
    /// Makes sure, before anything is made of them, that the store is whole and that its rows hold what this program
    /// puts there. Reads everything.
    ///
    /// - Parameter sparingRows: whether the rows of records and outcomes may be left to whoever reads all of them with
    ///   ``LedgerSnapshot/forEachRow(of:withOwnBytes:_:)``.
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    func checkSoundness(sparingRows: Bool) async throws

    /// Whether what is open isn't any more what stands at its place: removed, moved, or replaced by another.
    func hasMoved() async throws -> Bool

    /// Whether drafts without an outcome are claimed by other processes, or free because those have ended: whoever
    /// finds nothing to claim isn't done then. False for a store that one process alone writes to.
    func isHeldElsewhere() async throws -> Bool

    /// Closes a ledger that was written to; it holds everything then.
    func close() async throws

    /// Closes a ledger that was only read.
    func closeReading() throws
}

extension RunLedger {
    /// Checks everything.
    package func checkSoundness() async throws { try await checkSoundness(sparingRows: false) }

    /// No other process writes to it.
    package func isHeldElsewhere() async throws -> Bool { false }
}

/// What a ledger keeps of its run as a whole.
///
/// Methods throw ``LedgerError`` where the store can't be used, here and in the other protocols.
package protocol MetadataLedger: Sendable {
    /// What the ledger keeps of the run as a whole.
    func metadata() async throws -> RunMetadata

    /// Puts in what `change` holds; what is nil there stays as it was.
    func merge(_ change: RunMetadata) async throws

    /// What is known of the sources, in their order.
    func sources() async throws -> [SourceSummary]

    /// Keeps what is known of the sources, in place of what was kept.
    func set(_ sources: [SourceSummary]) async throws

    /// What there is of a run that is to go on.
    func unfinished() async throws -> UnfinishedRun
}

extension MetadataLedger {
    /// Keeps the phase that the run is in.
    package func set(_ phase: RunPhase) async throws { try await merge(RunMetadata(phase: phase)) }

    /// Keeps that the inputs were read to their end, or as far as they can be.
    package func setRead(_ result: IngestResult) async throws {
        try await set(result.sources)
        var change = RunMetadata()
        change.reading = result.damage == nil ? .read : .damaged
        change.damage = result.damage?.description ?? ""
        change.nearDuplicates = result.nearDuplicates
        change.suspicious = result.suspicious
        change.notedNames = result.notedNames
        change.activityUnheeded = result.activityUnheeded
        change.rows = result.rows
        try await merge(change)
    }
}
