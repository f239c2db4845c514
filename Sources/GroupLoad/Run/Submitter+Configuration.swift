import RewardsClient

extension RunRequests {
    /// What the requests of a process pass that works on a run.
    ///
    /// - Parameters:
    ///   - lease: what it works under; nil where the ledger is its own.
    ///   - samples: what is known of the server's clock.
    init(
        _ configuration: ImportConfiguration, _ environment: RunEnvironment, under lease: RunLease?,
        knowing samples: ClockSamples = ClockSamples(), stop: StopSwitch, progress: RunProgress,
        latency: LatencyHistogram, note: @escaping @Sendable (String) -> Void
    ) {
        self.init(
            gate: RequestGate(
                rate: configuration.rate, environment: environment, stop: stop, waitMax: configuration.waitMax,
                share: lease?.share, progress: progress, note: note),
            facts: ServerFacts(samples: samples, isShared: lease != nil), stop: stop, progress: progress,
            latency: latency)
    }
}

extension Submitter {
    /// What sends a run's drafts as its configuration says, whichever process does.
    ///
    /// - Parameters:
    ///   - metadata: what the ledger keeps of the run.
    ///   - hasSettled: whether some drafts may have an outcome already.
    ///   - others: the other runs on the target that are known.
    init(
        _ configuration: ImportConfiguration, client: RewardsClient,
        makeSender: @escaping @Sendable (any CreateQueue) -> CreateSender, ledger: any RunLedger,
        _ metadata: RunMetadata, hasSettled: Bool, others: ScopeRuns, requests: RunRequests,
        note: @escaping @Sendable (String) -> Void
    ) {
        self.init(
            client: client, makeSender: makeSender, ledger: ledger, concurrency: configuration.concurrency,
            hasSettled: hasSettled, hasFixedRate: configuration.rate != nil, nameMatch: configuration.nameMatch,
            existing: configuration.existingWhileSending, setsInactive: configuration.existing.honoursActive,
            absentAt: metadata.listedAt, known: KnownGroups { await others.groups() },
            requestMax: configuration.requestMax, requests: requests, errorLimit: configuration.errorLimit, note: note)
    }
}

extension ImportConfiguration {
    /// What becomes of groups that are found while drafts are sent: under a plan none may be.
    var existingWhileSending: ExistingRule { planPath == nil ? existing : ExistingRule(.fail) }
}
