import Logging
import RewardsClient

/// What an import is, stage by stage. `Ingest` runs the first four as one stream of batches, and `Submitter` claims
/// while `DraftFlow` submits; everything else begins when the stage before has its results in the ledger.
///
/// | stage | takes | gives | file |
/// |---|---|---|---|
/// | read | bytes of the sources | ``ReadBatch`` | `Ingest/SourceReader`, over the decoders of RecordFormats |
/// | validate | ``ReadBatch`` | ``CheckedRecord`` | `Validate/RecordChecker` |
/// | index | ``CheckedRecord`` | ``CheckedBatch``: draft, duplicate or invalid | `Ingest/DuplicateFinder` |
/// | record | ``CheckedBatch`` | rows of the ledger | `Run/RecordIntake`, the sink of `Ingest/Ingest` |
/// | connect | configuration | ``RunRequests``: pace, retries, facts of the server | `Pace/TargetCheck` |
/// | compare | ``DraftCandidate`` | ``Decision``: create, leave, update, refuse | `Run/ComparisonStage` |
/// | claim | rows of the ledger | ``Draft`` | `Submit/Submitter` |
/// | submit | ``Draft`` | ``DraftOutcome``; ``FoundGroup`` after a lost response | `Submit/DraftFlow` |
/// | judge | ``FoundGroup`` | ``DraftOutcome`` | `Submit/ProvenanceJudge` |
/// | update | ``GroupUpdate`` | ``DraftOutcome`` | `Update/GroupUpdater` |
/// | report | rows of the ledger | `results.csv` and the other files | `Report/Report`, called by `Run/RunLifecycle` |
///
/// A record's name goes from ``SourceReader`` to the arena of a ``RecordBatch``, is trimmed and hashed by
/// ``RecordChecker``, written by ``RecordIntake``, claimed as a ``Draft`` by ``Submitter``, queued in ``DraftFlow``,
/// and sent by RewardsClient's `CreateWorker`, which takes it from ``DraftFlow/next()``. The response comes back to
/// ``DraftFlow/ended(_:_:)``; if it doesn't settle the draft, ``Submission`` decides what to do next.
///
/// Where the inputs can't be read in full beforehand (standard input, `--no-preflight`), read and submit run at once.
struct Pipeline: Sendable {
    let configuration: ImportConfiguration
    let environment: RunEnvironment
    let client: RewardsClient
    let makeSender: @Sendable (any CreateQueue) -> CreateSender
    let run: OpenedRun
    let stop: StopSwitch
    let progress: RunProgress
    let latency: LatencyHistogram
    let logger: Logger
    let note: @Sendable (String) -> Void
    let approval: @Sendable (PlanPreview) async throws -> Void

    /// What is known once reading has ended, or has been put off.
    struct Input: Sendable {
        var resumePoint: ResumePoint
        /// Whether all records are in the ledger; else they are read while others are sent.
        var isRead: Bool
        /// Drafts that have no outcome; 0 where not all records are in the ledger.
        var pending = 0
    }

    /// Runs the stages that are left to do. A stage that gives nil or false ends the run early: `totals` or the stop
    /// switch says why, or nothing is left to do.
    func execute() async throws -> RunTotals {
        var totals = RunTotals()
        guard let input = try await read(&totals) else { return totals }
        let requests = RunRequests(
            configuration, environment, under: run.lease, knowing: try await run.ledger.clockSamples(), stop: stop,
            progress: progress, latency: latency, note: note)
        try await run.whilePaced(requests.gate, stop) { try await send(input, requests, &totals) }
        return totals
    }

    /// Does what needs the target.
    private func send(_ input: Input, _ requests: RunRequests, _ totals: inout RunTotals) async throws {
        guard try await connect(requests, &totals) else { return }
        let began = environment.now
        guard try await compare(input, requests, &totals) else { return }
        try await submit(input, requests, &totals)
        try await judge(requests)
        try await update(requests)
        totals.sending = began.duration(to: environment.now)
        totals.allowance = requests.gate.allowance
    }

    /// Read, validate, index and record; what an earlier process has read is taken as it is.
    private func read(_ totals: inout RunTotals) async throws -> Input? {
        let resumePoint = try await ResumePoint(run, configuration, note)
        let others = otherRuns
        if let remark = others.remark(besides: run.earlier?.metadata.startedAt) { note(remark) }
        try await run.takeUp(progress, requestMax: configuration.requestMax, note: note)
        var input = Input(
            resumePoint: resumePoint, isRead: resumePoint.isRead || configuration.isPreflighted)
        totals.ingest = resumePoint.ingest
        if !resumePoint.isRead, configuration.isPreflighted {
            totals.ingest = try await intake.read(into: run.ledger, feed: nil, resumePoint)
            totals.error = totals.ingest.damage
            if totals.error != nil || stop.reason != nil { return nil }
        }
        guard isWithinErrorLimit(totals.ingest.read) else { return nil }
        if input.isRead, run.earlier?.hasClaims != true { totals.error = await lengthError(totals.ingest, others) }
        guard totals.error == nil else { return nil }
        guard input.isRead else { return input }
        let drafts = try await run.ledger.draftCount()
        if drafts == 0, configuration.deactivatesMissing {
            totals.error = TargetComparison.emptyList
            return nil
        }
        progress.update { $0.draftsTotal = drafts }
        input.pending = try await run.ledger.unfinished().pending
        return input.pending > 0 ? input : nil
    }

    /// Asks the target for one group, so that nothing is sent to one that can't be used; false where it can't.
    private func connect(_ requests: RunRequests, _ totals: inout RunTotals) async throws -> Bool {
        try await run.ledger.set(.sending)
        totals.error = await TargetCheck(client: client, requests: requests, logger: logger).run()
        guard totals.error == nil, stop.reason == nil else { return false }
        progress.update { $0.phase = .sending }
        return true
    }

    /// Compares the drafts with the target's list; false where nothing may be sent.
    private func compare(_ input: Input, _ requests: RunRequests, _ totals: inout RunTotals) async throws -> Bool {
        // Workers may have claimed what would be decided on.
        guard input.isRead, run.lease?.state?.isOpen != true else { return true }
        let stage = ComparisonStage(
            configuration: configuration, client: client, ledger: run.ledger, requests: requests, note: note,
            approval: approval)
        do { try await stage.run(pending: input.pending, &totals) } catch let error as RunError {
            totals.error = error
        }
        return totals.error == nil && stop.reason == nil
    }

    /// Claims and sends all drafts, together with workers where the ledger is shared.
    private func submit(_ input: Input, _ requests: RunRequests, _ totals: inout RunTotals) async throws {
        if input.isRead { try await run.lease?.openToWorkers() }
        try await sendDrafts(input, requests, &totals)
        guard let lease = run.lease else { return }
        try await lease.closeToWorkers()
        let counts = try await run.ledger.counts()
        progress.update { ($0.outcomes, $0.elsewhere) = (counts, OutcomeCounts()) }
        requests.count(0, .failed, configuration.errorLimit)
        requests.facts.know(try await run.ledger.clockSamples())
    }

    /// Claims and sends all drafts; reads the records meanwhile where that was put off.
    private func sendDrafts(_ input: Input, _ requests: RunRequests, _ totals: inout RunTotals) async throws {
        let feed = RecordFeed(isComplete: input.isRead)
        let submitter = try await submitter(requests)
        if input.isRead { return try await submitter.run(feed: feed) }
        async let sent: Void = submitter.run(feed: feed)
        let ingest: Result<IngestResult, any Error>
        do { ingest = .success(try await intake.read(into: run.ledger, feed: feed, input.resumePoint)) } catch {
            ingest = .failure(error)
        }
        feed.complete()
        if case .success = ingest { try await run.lease?.openToWorkers() }
        try await sent
        totals.ingest = try ingest.get()
        totals.error = totals.ingest.damage
        if totals.error == nil, stop.reason == nil { _ = await lengthError(totals.ingest, otherRuns) }
    }

    /// Judges who made the groups that were found for creates whose responses were lost.
    private func judge(_ requests: RunRequests) async throws {
        try await ProvenanceJudge(
            client: client, ledger: run.ledger, requests: requests, existing: configuration.existingWhileSending,
            nameMatch: configuration.nameMatch, setsInactive: configuration.existing.honoursActive,
            errorLimit: configuration.errorLimit, ownElsewhere: { try await otherRuns.ownIDs(among: $0) }
        )
        .run()
    }

    /// Makes the updates that comparing or submitting has found.
    private func update(_ requests: RunRequests) async throws {
        guard stop.reason == nil, try await run.ledger.hasUpdatesLeft() else { return }
        if configuration.deactivatesMissing {
            let spared = try await run.ledger.spareNamed(at: environment.epochMilliseconds)
            requests.count(spared, .existing, configuration.errorLimit)
        }
        await GroupUpdater(
            client: client, ledger: run.ledger, concurrency: configuration.updatesAtOnce,
            rule: configuration.planPath == nil ? .override : .plan, requests: requests,
            errorLimit: configuration.errorLimit, note: note
        )
        .run()
    }
}

extension Pipeline {
    private var intake: RecordIntake {
        RecordIntake(
            configuration: configuration, random: environment.random, progress: progress, stop: stop, note: note,
            copies: configuration.kept.keepsNoInput ? nil : InputCopies(directory: run.directory.path))
    }

    /// Says where the lists are much shorter than last time.
    ///
    /// - Returns: why they are too short for anything to be sent; nil where they aren't.
    private func lengthError(_ ingest: IngestResult, _ others: ScopeRuns) async -> RunError? {
        let isCorrection = ingest.sources.contains(where: \.isCorrection)
        let length = ListLength(read: Int(ingest.read), last: isCorrection ? nil : await others.last())
        if let remark = length.remark(for: configuration.recordFloor) { note(remark) }
        do throws(RunError) { try length.require(configuration.recordFloor) } catch { return error }
        return nil
    }

    /// Whether no more records are invalid than may be; else the run is stopped before anything is sent.
    private func isWithinErrorLimit(_ read: Int64) -> Bool {
        let invalid = progress.snapshot.outcomes[.invalid]
        guard configuration.isPreflighted, let limit = configuration.errorLimit,
            limit.isExceeded(errors: invalid, of: Int(read))
        else { return true }
        stop.stop(
            .tooManyErrors(
                """
                \(Shown.number(invalid)) of \(Shown.count(read, "record")) \(invalid == 1 ? "is" : "are") invalid, \
                more than --max-errors allows; nothing was sent
                """))
        return false
    }

    private func submitter(_ requests: RunRequests) async throws -> Submitter {
        let metadata = try await run.ledger.metadata()
        var submitter = Submitter(
            configuration, client: client, makeSender: makeSender, ledger: run.ledger, metadata,
            hasSettled: run.earlier != nil || metadata.isCompared == true || configuration.kept.trustsLedger,
            others: otherRuns, requests: requests, note: note)
        if let lease = run.lease {
            submitter.sharing = Submitter.Sharing(
                isOver: { [ledger = run.ledger] in try await !ledger.isHeldElsewhere() },
                wait: { [stop] in await lease.waitToLook(stop) },
                waitsFor: "what other processes have claimed, or may have sent before they ended")
        }
        return submitter
    }

    /// The other runs on the target that are known.
    private var otherRuns: ScopeRuns {
        ScopeRuns(
            scope: configuration.scope, environment: environment.variables, excluding: run.directory.path,
            ledger: run.directory.ledger, note: note)
    }
}
