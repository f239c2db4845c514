import Foundation
import GRDB
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
    /// - Throws: ``RunError`` where there is nothing to report on: no run directory, no such file, another run on the same scope; or
    ///   where the report can't be written.
    package func run() async throws -> (Summary, RunDirectory) {
        var generator = SystemRandomNumberGenerator()
        let lock = try ScopeLock.acquire(
            scope: configuration.scope, run: configuration.runDirectory ?? "of its own directory",
            environment: configuration.environment)
        defer { withExtendedLifetime(lock) {} }
        let run = try await OpenedRun(configuration, started: Date(), suffix: generator.next())
        do {
            if let summary = try await finishedSummary(run) { return (summary, run.directory) }
            let state = try await execute(run, KeyedHash(using: &generator))
            progress.update { $0.phase = .reporting }
            try await run.ledger.set(.reporting)
            try await run.ledger.settleRest(message: unprocessedReason(state))
            let summary = try await finish(run, state)
            try await run.ledger.close()
            return (summary, run.directory)
        } catch let error as DatabaseError {
            throw RunError(.unusable, Ledger.message(of: error) + "; see \(run.directory.path)")
        }
    }

    /// What the stages came to.
    private struct State {
        var ingest = IngestResult()
        /// How long drafts were sent for.
        var sending = Duration.zero
        /// Requests a minute that the target was found to allow.
        var allowance: Double?
        var error: RunError?
    }

    /// The summary of a run that has ended with every record settled.
    private func finishedSummary(_ run: OpenedRun) async throws -> Summary? {
        guard let earlier = run.earlier, earlier.pending == 0, earlier.isRead,
            earlier.facts[Ledger.Key.state] == Ledger.RunState.finished.rawValue,
            let data = FileManager.default.contents(atPath: run.directory.summaryPath)
        else { return nil }
        try await run.ledger.close()
        return try JSONDecoder().decode(Summary.self, from: data)
    }

    private func execute(_ run: OpenedRun, _ hash: KeyedHash) async throws -> State {
        let ledger = run.ledger
        var state = State()
        let continuation = try await Continuation(run, configuration)
        if let earlier = run.earlier { try await takeUp(earlier, ledger) }
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
        let submitter = submitter(ledger, facts, gate, isResumed: run.earlier != nil)
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

    /// Takes up what an earlier process counted, and makes the ledger ready to go on.
    private func takeUp(_ earlier: Unfinished, _ ledger: Ledger) async throws {
        try await ledger.reopenDrafts()
        let counts = try await ledger.counts()
        func fact(_ key: String) -> Int { earlier.facts[key].flatMap { Int($0) } ?? 0 }
        let (requests, retries, throttled) = (
            fact(Ledger.Key.requests), fact(Ledger.Key.retries), fact(Ledger.Key.throttled)
        )
        note(
            "going on with run \(earlier.facts[Ledger.Key.run] ?? ""): \(counts.sum) records are settled, \(earlier.pending) are left, "
                + "\(try await ledger.doubtCount()) of which may have been sent and are looked up first")
        progress.update {
            $0.outcomes = counts
            $0.read = Int(earlier.lastRecord)
            ($0.requests, $0.retries, $0.throttled) = (requests, retries, throttled)
        }
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

    private func submitter(
        _ ledger: Ledger, _ facts: ServerFacts, _ gate: RequestGate, isResumed: Bool
    ) -> Submitter {
        Submitter(
            client: client, transport: transport, ledger: ledger, concurrency: configuration.concurrency,
            isResumed: isResumed, hasFixedRate: configuration.rate != nil, nameMatch: configuration.nameMatch,
            failsExisting: configuration.failsExisting, gate: gate, facts: facts, stop: stop, progress: progress,
            errorLimit: configuration.errorLimit, latency: latency, note: note)
    }

    private func unprocessedReason(_ state: State) -> String {
        if state.ingest.damage?.status == .damagedInput {
            return "the input is damaged further on; nothing more was sent"
        }
        if let error = state.error { return error.message }
        return stop.reason?.message ?? "the run stopped before its turn"
    }

    /// The exit status: what ended the run early, else what its records say.
    private func status(_ state: State, _ counts: OutcomeCounts) -> ExitStatus {
        if let reason = stop.reason { return reason.status }
        if let error = state.error { return error.status }
        if counts[.unresolved] > 0 { return .unresolved }
        return counts.done == counts.sum ? .done : .finishedWithFailures
    }

    private func finish(
        _ run: OpenedRun, _ state: State
    ) async throws -> Summary {
        let (ledger, directory) = (run.ledger, run.directory)
        let files = try await Report(ledger: ledger).writeTables(into: directory.path)
        let counts = try await ledger.counts()
        let counted = progress.snapshot
        let seconds = Double(state.sending.milliseconds) / 1000
        let message = stop.reason?.message ?? state.error?.message
        var summary = Summary(
            run: directory.run, read: Int(state.ingest.read),
            outcomes: Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, counts[$0]) }),
            started: run.started, finished: Date().formatted(.iso8601),
            inputs: state.ingest.sources.map(SummaryInput.init),
            exit: status(state, counts).rawValue, message: message,
            requests: counted.requests, retries: counted.retries, throttled: counted.throttled,
            rate_per_minute: seconds > 0 ? (Double(counted.requests) / seconds * 600).rounded() / 10 : 0,
            rate_learned: state.allowance.map { Int($0) },
            latency_ms: latency.summary, near_duplicates: state.ingest.nearDuplicates, files: files)
        guard counts.sum == summary.read else {
            throw RunError(
                .internalError,
                "\(summary.read) records were read but \(counts.sum) have an outcome; keep \(directory.path) and report this"
            )
        }
        try await ledger.set([
            Ledger.Key.exit: String(summary.exit), Ledger.Key.requests: String(summary.requests),
            Ledger.Key.retries: String(summary.retries), Ledger.Key.throttled: String(summary.throttled),
        ])
        // The page shows the summary, and the summary has the page's hash.
        try await ledger.set([Ledger.Key.summary: try summary.json()])
        summary.files[Report.pageName] = try await Report(ledger: ledger).writePage(to: directory.pagePath)
        try await ledger.set([Ledger.Key.summary: try summary.json()])
        let file = try WholeFile(directory.summaryPath)
        let json = try summary.json()
        try file.append { $0.bytes.append(contentsOf: json.utf8) }
        _ = try file.finish()
        try await ledger.set(.finished)
        return summary
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
