/// Writes intents and outcomes of updates to the ledger, as many at once as there are: whoever comes while others are
/// written waits for the next time.
actor GroupUpdateLog {
    private let ledger: any RunLedger
    private let requests: RunRequests
    private var intents: [(update: GroupUpdate, at: Int64)] = []
    private var outcomes: [DraftOutcome] = []
    private var waiters: [CheckedContinuation<Void, any Error>] = []
    private var isWriting = false

    init(ledger: any RunLedger, requests: RunRequests) {
        self.ledger = ledger
        self.requests = requests
    }

    /// Makes durable that an update may be sent from now on.
    ///
    /// - Throws: what the ledger throws; then it must not be sent.
    func intend(_ update: GroupUpdate, at now: Int64) async throws {
        intents.append((update, now))
        try await written()
    }

    /// Keeps how an update ended.
    ///
    /// - Throws: what the ledger throws.
    func settle(_ outcome: DraftOutcome) async throws {
        outcomes.append(outcome)
        try await written()
    }

    private func written() async throws {
        if isWriting { return try await withCheckedThrowingContinuation { waiters.append($0) } }
        isWriting = true
        defer { isWriting = false }
        let own = await writeOnce()
        while !waiters.isEmpty {
            let waiting = waiters
            waiters = []
            let result = await writeOnce()
            for waiter in waiting { waiter.resume(with: result) }
        }
        try own.get()
    }

    private func writeOnce() async -> Result<Void, any Error> {
        let (newIntents, newOutcomes) = (intents, outcomes)
        (intents, outcomes) = ([], [])
        do {
            try await ledger.keep(intents: newIntents, outcomes: newOutcomes, metadata: requests.metadata)
            return .success(())
        } catch {
            return .failure(error)
        }
    }
}
