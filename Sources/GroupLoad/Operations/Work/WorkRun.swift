package import Logging
package import RewardsClient

/// A further process on a run whose ledger several share: claims drafts that an importer has read, sends them by the
/// run's own settings, and writes how they ended. The importer judges, and writes the report.
package struct WorkRun: Sendable {
    private let configuration: ImportConfiguration
    private let location: RunLocation
    private let duration: Duration?
    private let environment: RunEnvironment
    private let client: RewardsClient
    private let makeSender: @Sendable (any CreateQueue) -> CreateSender
    private let stop: StopSwitch
    private let progress: RunProgress
    private let logger: Logger
    private let note: @Sendable (String) -> Void

    /// - Parameters: as ``ImportRun``, and:
    ///   - configuration: the settings that the run's ledger keeps.
    ///   - location: the run, in a database.
    ///   - duration: how long to work at most; nil for until the run is settled.
    package init(
        _ configuration: ImportConfiguration, on location: RunLocation, for duration: Duration?, client: RewardsClient,
        makeSender: @escaping @Sendable (any CreateQueue) -> CreateSender, stop: StopSwitch, progress: RunProgress,
        logger: Logger, note: @escaping @Sendable (String) -> Void, environment: RunEnvironment = .system
    ) {
        (self.configuration, self.location, self.duration) = (configuration, location, duration)
        (self.client, self.makeSender, self.stop, self.progress) = (client, makeSender, stop, progress)
        (self.logger, self.note, self.environment) = (logger, note, environment)
    }

    /// Works until nothing is left to do, the time is over, or `stop` asks it to end.
    ///
    /// - Throws: ``RunError``: with ``ExitStatus/configuration`` where the run has another scope, with
    ///   ``ExitStatus/busy`` for an undo, and with ``ExitStatus/unusable`` where the target or the ledger can't be
    ///   used, or where somebody else has ended the lease.
    package func run() async throws -> WorkSummary {
        let began = environment.now
        let place = try location.ledger
        guard let ledger = try StoredLedger.resume(at: place) as? any SharedLedger else {
            throw RunError(.usage, "\(place) has no workers", remedy: "import with --ledger URL")
        }
        do {
            let metadata = try await ledger.metadata()
            try requireFit(metadata)
            let lease = try await RunLease(.worker, on: ledger, configuration, environment)
            let known = try await ledger.counts()
            progress.update { ($0.run, $0.outcomes) = (metadata.run, known) }
            let returned = ReturnedDrafts()
            let error = try await lease.whileRenewed(progress, stop) {
                try await work(under: lease, metadata, returned)
            }
            // Nothing renews it any more, which would find it ended.
            try await ledger.endLease(inDoubt: returned.inDoubt)
            return try await summary(of: ledger, metadata, since: began, known, error)
        } catch let error as LedgerError {
            throw LedgerError.lost(to: error)
        }
    }

    /// Makes sure that the run is one for this process.
    private func requireFit(_ metadata: RunMetadata) throws(RunError) {
        let run = metadata.run ?? ""
        let (own, given) = (Scope(text: metadata.scope ?? ""), Scope(text: configuration.scope))
        guard own == given else {
            throw RunError(
                .configuration,
                """
                run \(run) is worked on at \(own.target) as \(own.keyID), not at \(given.target) as \(given.keyID)
                """, remedy: "give the credentials that it was started with")
        }
        guard configuration.kept.undo == nil else {
            throw RunError(.nothingToDo, "run \(run) is an undo, which has no workers", remedy: "wait for it to end")
        }
    }

    /// Waits until the run is open, and works.
    ///
    /// - Parameter returned: gets what isn't settled at the end, and may have been sent.
    /// - Returns: the error that makes the target unusable; nil for none.
    private func work(
        under lease: RunLease, _ metadata: RunMetadata, _ returned: ReturnedDrafts
    ) async throws -> RunError? {
        // Ends with this method.
        async let _ = stopInTime()
        guard try await isOpened(lease, metadata.run ?? "") else { return nil }
        return try await send(lease, metadata, returned)
    }

    private func stopInTime() async {
        guard let duration else { return }
        await environment.wait(for: duration)
        if !Task.isCancelled { stop.stop(.timeIsOver) }
    }

    /// Waits while an importer reads and compares; false where the run isn't opened any more.
    private func isOpened(_ lease: RunLease, _ run: String) async throws -> Bool {
        var isTold = false
        while stop.reason == nil {
            let state = try await lease.renew(LeaseFigures())
            if state.isOpen { return true }
            guard state.hasLiveImporter, state.phase == .reading || state.phase == .sending,
                try await lease.ledger.unsettledCount(atMost: 1) > 0 || state.phase == .reading
            else { return false }
            if !isTold { note("waiting for run \(run), whose lists are being read or compared") }
            isTold = true
            await lease.waitToLook(stop)
        }
        return false
    }

    private func send(_ lease: RunLease, _ metadata: RunMetadata, _ returned: ReturnedDrafts) async throws -> RunError?
    {
        let ledger = lease.ledger
        let (read, drafts) = (try await ledger.recordCount(), try await ledger.draftCount())
        progress.update { ($0.phase, $0.read, $0.draftsTotal) = (.sending, read, drafts) }
        note("joined run \(metadata.run ?? "") at \(metadata.target)")
        let requests = RunRequests(
            configuration, environment, under: lease, knowing: try await ledger.clockSamples(), stop: stop,
            progress: progress, latency: LatencyHistogram(), note: note)
        return try await lease.whilePaced(requests.gate, stop) {
            let check = TargetCheck(client: client, requests: requests, logger: logger)
            if let error = await check.run() { return error }
            var submitter = Submitter(
                configuration, client: client, makeSender: makeSender, ledger: ledger, metadata, hasSettled: true,
                others: try others, requests: requests, note: note)
            submitter.sharing = Submitter.Sharing(
                isOver: { try await isOver(lease) }, wait: { [stop] in await lease.waitToLook(stop) },
                waitsFor: "the importer and other workers", returned: returned)
            try await submitter.run(feed: RecordFeed(isComplete: true))
            return nil
        }
    }

    /// Whether nothing will come any more that could be claimed.
    private func isOver(_ lease: RunLease) async throws -> Bool {
        let state = try await lease.renew(LeaseFigures(progress.snapshot))
        if !state.isOpen { return true }
        if state.hasLiveImporter { return false }
        if try await lease.ledger.isHeldElsewhere() { return false }
        note("no importer works on this run; groupload resume judges its last records and writes its report")
        return true
    }

    /// The other runs on the target that are known.
    private var others: ScopeRuns {
        get throws(RunError) {
            ScopeRuns(
                scope: configuration.scope, environment: environment.variables, excluding: location.path,
                ledger: try location.ledger, note: note)
        }
    }

    private func summary(
        of ledger: any SharedLedger, _ metadata: RunMetadata, since began: RunEnvironment.Instant,
        _ known: OutcomeCounts, _ error: RunError?
    ) async throws -> WorkSummary {
        let counted = progress.snapshot
        let left = try await ledger.unsettledCount(atMost: .max)
        var outcomes: [String: Int] = [:]
        for outcome in Outcome.allCases where counted.outcomes[outcome] > known[outcome] {
            outcomes[outcome.rawValue] = counted.outcomes[outcome] - known[outcome]
        }
        var summary = WorkSummary(
            run: metadata.run ?? "", target: metadata.target, outcomes: outcomes, left: left,
            requests: counted.requests, retries: counted.retries, throttled: counted.throttled,
            seconds: Double(began.duration(to: environment.now).milliseconds) / 1000,
            exit: ExitStatus.done.rawValue, message: nil, error: nil)
        if let error = stop.reason?.error ?? error ?? rest(left, metadata.run ?? "") {
            summary.exit = error.status.rawValue
            summary.error = error.status == .done ? nil : SummaryError(error)
            summary.message = stop.reason == nil ? "\(error)" : stop.reason?.message
        }
        return summary
    }

    /// What is to be said of records that are left though there is nothing to do.
    private func rest(_ left: Int, _ run: String) -> RunError? {
        guard left > 0 else { return nil }
        return RunError(
            .nothingToDo, "run \(run) isn't open to workers, and \(Shown.count(left, "record is", "records are")) left",
            remedy: "go on with it: groupload resume \(run) --ledger URL")
    }
}
