/// Gathers outcomes from all workers and writes them to the ledger in batches.
actor OutcomeRecorder {
    /// A batch is written when it holds so many outcomes, or when the last write is so long ago.
    private static let batchMax = 500, intervalMax = Duration.milliseconds(250)

    private let ledger: Ledger
    private var pending: [DraftOutcome] = []
    private var lastWrite = ContinuousClock.now

    init(ledger: Ledger) { self.ledger = ledger }

    /// Takes an outcome; it is on disk at the latest after ``flush()``.
    ///
    /// - Throws: what the ledger throws; the outcome is kept all the same.
    func record(_ outcome: DraftOutcome) async throws {
        pending.append(outcome)
        if pending.count >= Self.batchMax || lastWrite.duration(to: .now) > Self.intervalMax { try await flush() }
    }

    /// Writes what is pending.
    ///
    /// - Throws: what the ledger throws; what is pending stays so, and can be written later.
    func flush() async throws {
        guard !pending.isEmpty else { return }
        let batch = pending
        pending = []
        lastWrite = .now
        do {
            try await ledger.settle(batch)
        } catch {
            pending = batch + pending
            throw error
        }
    }
}
