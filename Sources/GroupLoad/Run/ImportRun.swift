package import Logging
import RecordFormats
package import RewardsClient

/// One execution of `import`: reads, sends, and writes the report, in which every record that was read has one outcome.
package struct ImportRun: Sendable {
    let configuration: ImportConfiguration
    let client: RewardsClient
    private let transport: HTTPTransport
    let stop: StopSwitch
    let progress: RunProgress
    private let latency = LatencyHistogram()
    private let logger: Logger
    let note: @Sendable (String) -> Void
    let approval: @Sendable (PlanPreview) async throws -> Void

    /// - Parameters:
    ///   - transport: the one that `client` sends over.
    ///   - stop: what asks the run to end early.
    ///   - progress: what the run counts in, for a display.
    ///   - note: is told what was found out of a source that its reader might not expect, and what is wrong with
    ///     records.
    ///   - approval: is shown what would be done where groups are to be set inactive; throws to have nothing done.
    package init(
        _ configuration: ImportConfiguration, client: RewardsClient, transport: HTTPTransport, stop: StopSwitch,
        progress: RunProgress, logger: Logger, note: @escaping @Sendable (String) -> Void,
        approval: @escaping @Sendable (PlanPreview) async throws -> Void
    ) {
        self.configuration = configuration
        self.client = client
        self.transport = transport
        self.stop = stop
        self.progress = progress
        self.logger = logger
        self.note = note
        self.approval = approval
    }

    /// Runs to the end, or goes on with a run that the configuration's directory holds.
    ///
    /// - Returns: the summary, whose `exit` is the status to exit with, and the directory that holds the report.
    /// - Throws: as ``RunLifecycle/run(_:)``.
    package func run() async throws -> (Summary, RunDirectory) {
        try await RunLifecycle(configuration, stop: stop, progress: progress, latency: latency, note: note).run { run in
            var generator = SystemRandomNumberGenerator()
            return try await execute(run, KeyedHash(using: &generator))
        }
    }

    private func execute(_ run: OpenedRun, _ hash: KeyedHash) async throws -> RunTotals {
        let ledger = run.ledger
        var state = RunTotals()
        let resumePoint = try await ResumePoint(run, configuration)
        try await run.takeUp(progress, requestMax: configuration.requestMax, note: note)
        if resumePoint.isRead {
            state.ingest = resumePoint.ingest
        } else if configuration.isPreflighted {
            state.ingest = try await intake.read(into: ledger, hash, feed: nil, resumePoint)
            state.error = state.ingest.damage
            if state.error != nil || stop.reason != nil { return state }
        }
        let invalid = progress.snapshot.outcomes[.invalid]
        if configuration.isPreflighted, let limit = configuration.errorLimit,
            limit.isExceeded(errors: invalid, of: Int(state.ingest.read))
        {
            stop.stop(
                .tooManyErrors(
                    "\(invalid) of \(state.ingest.read) records are invalid, more than --max-errors allows; nothing was sent"
                ))
            return state
        }
        var pending = 0
        if resumePoint.isRead || configuration.isPreflighted {
            let drafts = try await ledger.draftCount()
            if drafts == 0, configuration.deactivatesMissing {
                state.error = TargetComparison.emptyList
                return state
            }
            progress.update { $0.draftsTotal = drafts }
            pending = try await ledger.unfinished().pending
            if pending == 0 { return state }
        }
        try await ledger.set(.sending)
        let gate = RequestGate(rate: configuration.rate, stop: stop, waitMax: configuration.waitMax, note: note)
        let requests = RunRequests(
            gate: gate, facts: ServerFacts(samples: try await ledger.clockSamples()), stop: stop, progress: progress,
            latency: latency)
        let check = TargetCheck(client: client, requests: requests, logger: logger)
        if let error = await check.run() {
            state.error = error
            return state
        }
        if stop.reason != nil { return state }
        let began = ContinuousClock.now
        progress.update { $0.phase = .sending }
        let isRead = resumePoint.isRead || configuration.isPreflighted
        if isRead {
            do { try await compare(ledger, requests, pending: pending, &state) } catch let error as RunError {
                state.error = error
            }
            if state.error != nil || stop.reason != nil { return state }
        }
        let kept = try await ledger.facts()
        let feed = RecordFeed(isComplete: isRead)
        var submitter = submitter(
            run, requests, hasSettled: run.earlier != nil || kept[Ledger.Key.target] != nil)
        submitter.absentAt = kept[Ledger.Key.listed].flatMap { Int64($0) }
        if isRead {
            try await submitter.run(feed: feed)
        } else {
            state.ingest = try await stream(ledger, hash, submitter, feed, resumePoint)
            state.error = state.ingest.damage
        }
        try await judge(run, requests)
        try await updateGroups(ledger, requests)
        state.sending = began.duration(to: .now)
        state.allowance = gate.allowance
        return state
    }

    private var intake: RecordIntake {
        RecordIntake(configuration: configuration, progress: progress, stop: stop, note: note)
    }

    /// Reads and sends at once.
    private func stream(
        _ ledger: Ledger, _ hash: KeyedHash, _ submitter: Submitter, _ feed: RecordFeed, _ resumePoint: ResumePoint
    ) async throws -> IngestResult {
        async let sent: Void = submitter.run(feed: feed)
        let result: Result<IngestResult, any Error>
        do { result = .success(try await intake.read(into: ledger, hash, feed: feed, resumePoint)) } catch {
            result = .failure(error)
        }
        feed.complete()
        try await sent
        return try result.get()
    }

    /// The other runs on the target that are known.
    private func otherRuns(_ directory: RunDirectory) -> ScopeRuns {
        ScopeRuns(
            scope: configuration.scope, environment: configuration.environment, excluding: directory.path, note: note)
    }

    private func submitter(_ run: OpenedRun, _ requests: RunRequests, hasSettled: Bool) -> Submitter {
        Submitter(
            client: client, transport: transport, ledger: run.ledger, concurrency: configuration.concurrency,
            hasSettled: hasSettled, hasFixedRate: configuration.rate != nil, nameMatch: configuration.nameMatch,
            existing: policy, setsInactive: configuration.existing == .update,
            known: KnownGroups { await otherRuns(run.directory).groups() },
            requestMax: configuration.requestMax, requests: requests, errorLimit: configuration.errorLimit, note: note)
    }

    /// What becomes of groups that are found while drafts are sent: under a plan none may be.
    private var policy: ExistingPolicy { configuration.planPath == nil ? configuration.existing : .fail }

    /// Judges who made the groups that were found for creates whose responses were lost.
    private func judge(_ run: OpenedRun, _ requests: RunRequests) async throws {
        try await ProvenanceJudge(
            client: client, ledger: run.ledger, requests: requests, existing: policy,
            nameMatch: configuration.nameMatch, setsInactive: configuration.existing == .update,
            errorLimit: configuration.errorLimit,
            ownElsewhere: { try await otherRuns(run.directory).ownIDs(among: $0) }
        )
        .run()
    }
}
