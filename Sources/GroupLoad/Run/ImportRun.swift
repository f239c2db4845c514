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

    /// Runs to the end.
    ///
    /// - Returns: the summary, whose `exit` is the status to exit with, and the directory that holds the report.
    /// - Throws: ``RunError`` where there is nothing to report on: no run directory, no such file; or where the report can't be written.
    package func run() async throws -> (Summary, RunDirectory) {
        let started = Date()
        var generator = SystemRandomNumberGenerator()
        let directory = try RunDirectory(
            path: configuration.runDirectory, started: started, suffix: generator.next())
        let ledger = try Ledger(path: directory.ledgerPath)
        try await ledger.set("run", directory.run)
        let scope = "\(configuration.client.target) \(configuration.client.credentials.keyID)"
        try await ledger.set("scope", scope)
        try await ledger.set("started", started.formatted(.iso8601))
        let state: State
        do {
            state = try await execute(ledger, KeyedHash(using: &generator))
        } catch let error as DatabaseError {
            throw RunError(.unusable, Ledger.message(of: error) + "; see \(directory.path)")
        }
        progress.update { $0.phase = .reporting }
        try await ledger.set(state.ingest.sources)
        try await ledger.settleRest(message: unprocessedReason(state))
        let summary = try await finish(ledger, directory, state, started)
        try await ledger.close()
        return (summary, directory)
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

    private func execute(_ ledger: Ledger, _ hash: KeyedHash) async throws -> State {
        var state = State()
        if configuration.isPreflighted {
            state.ingest = try await read(into: ledger, hash, feed: nil)
            state.error = state.ingest.damage
            if state.error != nil || stop.reason != nil { return state }
            let invalid = progress.snapshot.outcomes[.invalid]
            if let limit = configuration.errorLimit, limit.isExceeded(errors: invalid, of: Int(state.ingest.read)) {
                stop.stop(
                    .tooManyErrors(
                        "\(invalid) of \(state.ingest.read) records are invalid, more than --max-errors allows; nothing was sent"
                    ))
                return state
            }
            let drafts = try await ledger.draftCount()
            progress.update { $0.draftsTotal = drafts }
            if drafts == 0 { return state }
        }
        let facts = ServerFacts()
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
        let feed = RecordFeed(isComplete: configuration.isPreflighted)
        let submitter = submitter(ledger, facts, gate)
        if configuration.isPreflighted {
            try await submitter.run(feed: feed)
        } else {
            state.ingest = try await stream(ledger, hash, submitter, feed)
            state.error = state.ingest.damage
        }
        state.sending = began.duration(to: .now)
        state.allowance = gate.allowance
        return state
    }

    /// Reads and sends at once.
    private func stream(
        _ ledger: Ledger, _ hash: KeyedHash, _ submitter: Submitter, _ feed: RecordFeed
    ) async throws -> IngestResult {
        async let sent: Void = submitter.run(feed: feed)
        let result: Result<IngestResult, any Error>
        do { result = .success(try await read(into: ledger, hash, feed: feed)) } catch { result = .failure(error) }
        feed.complete()
        try await sent
        return try result.get()
    }

    /// Reads all sources into the ledger, and says what is wrong with the first invalid records.
    private func read(into ledger: Ledger, _ hash: KeyedHash, feed: RecordFeed?) async throws -> IngestResult {
        let tally = InvalidTally(
            names: configuration.sources.map(\.name), nameLengthMax: configuration.nameLengthMax)
        var sink = LedgerSink(
            ledger: ledger, nameLengthMax: configuration.nameLengthMax, progress: progress, feed: feed, note: note,
            tally: tally)
        let ingest = Ingest(
            sources: configuration.sources, options: configuration.decoding,
            validator: RecordValidator(nameLengthMax: configuration.nameLengthMax), nameMatch: configuration.nameMatch,
            hash: hash, progress: progress, stop: stop, note: note)
        let result = try await ingest.run(into: &sink)
        sink.tally.rest.forEach(note)
        return result
    }

    private func submitter(_ ledger: Ledger, _ facts: ServerFacts, _ gate: RequestGate) -> Submitter {
        Submitter(
            client: client, transport: transport, ledger: ledger, concurrency: configuration.concurrency,
            hasFixedRate: configuration.rate != nil, nameMatch: configuration.nameMatch,
            failsExisting: configuration.failsExisting, gate: gate, facts: facts, stop: stop, progress: progress,
            errorLimit: configuration.errorLimit, latency: latency)
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
        _ ledger: Ledger, _ directory: RunDirectory, _ state: State, _ started: Date
    ) async throws -> Summary {
        let files = try await Report(ledger: ledger).writeTables(into: directory.path)
        let counts = try await ledger.counts()
        let counted = progress.snapshot
        let seconds = Double(state.sending.milliseconds) / 1000
        let message = stop.reason?.message ?? state.error?.message
        let summary = Summary(
            run: directory.run, read: Int(state.ingest.read),
            outcomes: Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, counts[$0]) }),
            started: started.formatted(.iso8601), finished: Date().formatted(.iso8601),
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
        try await ledger.set("exit", String(summary.exit))
        let file = try WholeFile(directory.summaryPath)
        let json = try summary.json()
        try file.append { $0.bytes.append(contentsOf: json.utf8) }
        _ = try file.finish()
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

    mutating func accept(_ batch: CheckedBatch) async throws {
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
}
