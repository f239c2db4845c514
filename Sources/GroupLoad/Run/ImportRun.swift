package import Logging
import RecordFormats
package import RewardsClient

/// One execution of `import`: reads, sends, and writes the report, in which every record that was read has one outcome.
package struct ImportRun: Sendable {
    private let configuration: ImportConfiguration
    private let client: RewardsClient
    private let transport: HTTPTransport
    private let stop: StopSwitch
    private let progress: RunProgress
    private let latency = LatencyHistogram()
    private let logger: Logger
    private let note: @Sendable (String) -> Void

    /// - Parameters:
    ///   - transport: the one that `client` sends over.
    ///   - stop: what asks the run to end early.
    ///   - progress: what the run counts in, for a display.
    ///   - note: is told what was found out of a source that its reader might not expect, and what is wrong with records.
    package init(
        _ configuration: ImportConfiguration, client: RewardsClient, transport: HTTPTransport, stop: StopSwitch,
        progress: RunProgress, logger: Logger, note: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.client = client
        self.transport = transport
        self.stop = stop
        self.progress = progress
        self.logger = logger
        self.note = note
    }

    /// Runs to the end, or goes on with a run that the configuration's directory holds.
    ///
    /// - Returns: the summary, whose `exit` is the status to exit with, and the directory that holds the report.
    /// - Throws: as ``RunFrame/run(_:)``.
    package func run() async throws -> (Summary, RunDirectory) {
        try await RunFrame(configuration, stop: stop, progress: progress, latency: latency).run { run in
            var generator = SystemRandomNumberGenerator()
            return try await execute(run, KeyedHash(using: &generator))
        }
    }

    private func execute(_ run: OpenedRun, _ hash: KeyedHash) async throws -> RunState {
        let ledger = run.ledger
        var state = RunState()
        let continuation = try await Continuation(run, configuration)
        try await run.takeUp(progress, note: note)
        if continuation.isRead {
            state.ingest = continuation.ingest
        } else if configuration.isPreflighted {
            state.ingest = try await read(into: ledger, hash, feed: nil, continuation)
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
        if continuation.isRead || configuration.isPreflighted {
            let drafts = try await ledger.draftCount()
            progress.update { $0.draftsTotal = drafts }
            if try await ledger.unfinished().pending == 0 { return state }
        }
        try await ledger.set(.sending)
        let facts = ServerFacts(kept: run.earlier?.facts[Ledger.Key.server] ?? "")
        let gate = RequestGate(rate: configuration.rate, stop: stop)
        let check = TargetCheck(
            client: client, facts: facts, gate: gate, stop: stop, progress: progress, logger: logger)
        if let error = await check.run() {
            state.error = error
            return state
        }
        if stop.reason != nil { return state }
        let began = ContinuousClock.now
        progress.update { $0.phase = .sending }
        let isRead = continuation.isRead || configuration.isPreflighted
        let feed = RecordFeed(isComplete: isRead)
        let submitter = submitter(
            ledger,
            RunRequests(gate: gate, facts: facts, stop: stop, progress: progress, latency: latency),
            isResumed: run.earlier != nil)
        if isRead {
            try await submitter.run(feed: feed)
        } else {
            state.ingest = try await stream(ledger, hash, submitter, feed, continuation)
            state.error = state.ingest.damage
        }
        state.sending = began.duration(to: .now)
        state.allowance = gate.allowance
        return state
    }

    /// Reads and sends at once.
    private func stream(
        _ ledger: Ledger, _ hash: KeyedHash, _ submitter: Submitter, _ feed: RecordFeed, _ continuation: Continuation
    ) async throws -> IngestResult {
        async let sent: Void = submitter.run(feed: feed)
        let result: Result<IngestResult, any Error>
        do { result = .success(try await read(into: ledger, hash, feed: feed, continuation)) } catch {
            result = .failure(error)
        }
        feed.complete()
        try await sent
        return try result.get()
    }

    /// Reads all sources into the ledger, and says what is wrong with the first invalid records.
    private func read(
        into ledger: Ledger, _ hash: KeyedHash, feed: RecordFeed?, _ continuation: Continuation
    ) async throws -> IngestResult {
        let tally = InvalidTally(
            names: configuration.sources.map(\.name), nameLengthMax: configuration.nameLengthMax)
        var sink = LedgerSink(
            ledger: ledger, nameLengthMax: configuration.nameLengthMax, progress: progress, feed: feed, note: note,
            tally: tally, lastRecord: continuation.lastRecord)
        let ingest = Ingest(
            sources: configuration.sources, options: configuration.decoding,
            validator: RecordValidator(nameLengthMax: configuration.nameLengthMax), nameMatch: configuration.nameMatch,
            hash: hash, progress: progress, stop: stop, note: note)
        let result = try await ingest.run(into: &sink)
        sink.tally.rest.forEach(note)
        // What was not read to its end for a stop is read again by whoever goes on.
        guard stop.reason == nil || result.damage != nil else {
            try await ledger.set(result.sources)
            return result
        }
        try await ledger.setRead(result)
        return result
    }

    private func submitter(_ ledger: Ledger, _ requests: RunRequests, isResumed: Bool) -> Submitter {
        Submitter(
            client: client, transport: transport, ledger: ledger, concurrency: configuration.concurrency,
            isResumed: isResumed, hasFixedRate: configuration.rate != nil, nameMatch: configuration.nameMatch,
            failsExisting: configuration.failsExisting, requests: requests, errorLimit: configuration.errorLimit,
            note: note)
    }
}

/// Puts checked batches in the ledger.
private struct LedgerSink: RecordSink {
    let ledger: Ledger
    let nameLengthMax: Int
    let progress: RunProgress
    let feed: RecordFeed?
    let note: @Sendable (String) -> Void
    var tally: InvalidTally
    /// The last record that the ledger holds already.
    let lastRecord: Int64

    mutating func accept(_ batch: CheckedBatch) async throws {
        var batch = batch
        if let first = batch.batch.records.first, batch.recordBase + first.ordinal <= lastRecord {
            try await passOver(&batch)
            if batch.batch.isEmpty { return }
        }
        try await ledger.put(batch, nameLengthMax: nameLengthMax)
        var invalid = 0
        var duplicates = 0
        for (record, checked) in zip(batch.batch.records, batch.checked) {
            switch checked.verdict {
            case .invalid:
                invalid += 1
                if let message = tally.add(record, checked.finding.violations, in: batch) { note(message) }
            case .duplicate: duplicates += 1
            case .draft: break
            }
        }
        progress.update { [invalid, duplicates] in
            $0.outcomes[.invalid] += invalid
            $0.outcomes[.duplicate] += duplicates
        }
        feed?.more()
    }

    /// Takes the records out that the ledger holds, once it is sure that they are the same.
    private func passOver(_ batch: inout CheckedBatch) async throws {
        let records = batch.batch.records
        let count = records.firstIndex { [base = batch.recordBase] in base + $0.ordinal > lastRecord } ?? records.count
        guard count > 0 else { return }
        let (first, last) = (batch.recordBase + records[0].ordinal, batch.recordBase + records[count - 1].ordinal)
        let names = try await ledger.draftNames(from: first, to: last)
        for (record, checked) in zip(records, batch.checked).prefix(count) {
            let name = checked.verdict == .draft ? checked.finding.name : nil
            let bytes = name.map { Array(batch.batch.arena[$0.start..<$0.end]) }
            guard names[batch.recordBase + record.ordinal] == bytes else {
                throw RunError(
                    .damagedInput,
                    "record \(batch.recordBase + record.ordinal) isn't the one that was read before: give the same input, or go on with what was read by --changed-input"
                )
            }
        }
        batch.batch.records.removeFirst(count)
        batch.checked.removeFirst(count)
    }
}
