/// Gathers outcomes from all workers and writes them to the ledger in batches.
actor OutcomeRecorder {
    /// A batch is written when it holds so many outcomes, or when the last write is so long ago.
    private static let batchMax = 500, intervalMax = Duration.milliseconds(250)

    private let ledger: Ledger
    private var pending: [DraftOutcome] = []
    private var lastWrite = ContinuousClock.now

    init(ledger: Ledger) { self.ledger = ledger }

    /// Takes an outcome; it is on disk at the latest after ``flush()``.
    func record(_ outcome: DraftOutcome) async throws {
        pending.append(outcome)
        if pending.count >= Self.batchMax || lastWrite.duration(to: .now) > Self.intervalMax { try await flush() }
    }

    /// Writes what is pending.
    func flush() async throws {
        guard !pending.isEmpty else { return }
        let batch = pending
        pending.removeAll(keepingCapacity: true)
        lastWrite = .now
        try await ledger.settle(batch)
    }
}
