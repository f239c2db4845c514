import Foundation
import RecordFormats
import RewardsClient

/// What every run has around its own work: the lock on its scope, the directory with the ledger, and at the end the
/// report, in which each record has one outcome.
struct RunLifecycle: Sendable {
    private let configuration: ImportConfiguration
    private let environment: RunEnvironment
    private let stop: StopSwitch
    private let progress: RunProgress
    private let latency: LatencyHistogram
    private let note: @Sendable (String) -> Void

    init(
        _ configuration: ImportConfiguration, _ environment: RunEnvironment, stop: StopSwitch, progress: RunProgress,
        latency: LatencyHistogram, note: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.environment = environment
        self.stop = stop
        self.progress = progress
        self.latency = latency
        self.note = note
    }

    /// Runs to the end, or goes on with a run that the configuration's directory holds.
    ///
    /// - Parameter execute: the run's own work, on the opened ledger.
    /// - Returns: the summary, whose `exit` is the status to exit with, and the directory that holds the report.
    /// - Throws: ``RunError`` where there is nothing to report on: no run directory, no such file, another run on the
    ///   same scope; or where the report can't be written.
    func run(_ execute: (OpenedRun) async throws -> RunTotals) async throws -> (Summary, RunDirectory) {
        let began = environment.now
        let lock = configuration.kept.ledger == nil ? try lockScope() : nil
        defer { withExtendedLifetime(lock) {} }
        let run = try await OpenedRun(configuration, environment, note: note)
        defer { withExtendedLifetime(run.lock) {} }
        progress.update { ($0.run, $0.runDirectory) = (run.directory.run, run.directory.path) }
        do {
            guard let lease = run.lease else { return try await work(on: run, since: began, execute) }
            return try await lease.whileRenewed(progress, stop) { try await work(on: run, since: began, execute) }
        } catch {
            await run.giveUp(sent: progress.snapshot.requests)
            if error is LedgerError { throw LedgerError.lost(to: error, in: run.directory.path) }
            throw error
        }
    }

    private func work(
        on run: OpenedRun, since began: RunEnvironment.Instant, _ execute: (OpenedRun) async throws -> RunTotals
    ) async throws -> (Summary, RunDirectory) {
        if let summary = try await finishedSummary(run) { return (summary, run.directory) }
        var state = try await execute(run)
        try await run.lease?.closeToWorkers()
        if stop.reason?.isFromOutside == true, state.error == nil {
            let left = try await run.ledger.unfinished()
            state.isStoppedInVain = left.isRead && left.pending == 0
        }
        if try await run.ledger.hasMoved(), state.error == nil { state.error = Self.moved(run) }
        try await settle(run, state)
        let summary = try await finish(run, state, began)
        if summary.exit == ExitStatus.done.rawValue, try await run.ledger.hasMoved() { throw Self.moved(run) }
        try await run.ledger.close()
        return (summary, run.directory)
    }

    /// What keeps others on this machine off the scope.
    private func lockScope() throws(RunError) -> ScopeLock {
        try ScopeLock.acquire(
            scope: configuration.scope, run: configuration.runDirectory ?? "under \(RunLocation.runsDirectory)",
            environment: environment.variables)
    }

    /// Gives each record that has no outcome one that says why; the run's own work is over.
    ///
    /// - Throws: what the ledger throws.
    func settle(_ run: OpenedRun, _ totals: RunTotals) async throws {
        progress.update { $0.phase = .reporting }
        try await run.ledger.set(.reporting)
        try await run.ledger.settleRest(restReasons(totals))
    }

    /// Why a run whose ledger isn't in its place any more didn't end well.
    private static func moved(_ run: OpenedRun) -> RunError {
        RunError(
            .ledgerMoved,
            """
            \(run.directory.ledger) was removed or replaced while the run was going on, so that nothing can be \
            proved or gone on with
            """, naming: .path("\(run.directory.ledger)"), remedy: "the report is what the run wrote")
    }

    /// The summary of a run that has ended with every record settled.
    private func finishedSummary(_ run: OpenedRun) async throws -> Summary? {
        guard let earlier = run.earlier, earlier.pending == 0, earlier.isRead,
            earlier.metadata.phase == .finished,
            let data = SystemCall.contents(run.directory.summaryPath)
        else { return nil }
        for (number, source) in earlier.sources.enumerated() where !configuration.acceptsChangedInput {
            try ResumePoint.refuseChanged(source, number, configuration, in: run.directory.path)
        }
        note(
            """
            this run has finished already, so nothing was done; to load the lists again, import them with another \
            --run-dir
            """)
        try await run.ledger.close()
        return try JSONDecoder().decode(Summary.self, from: data)
    }

    /// What is noted of records that have no outcome at the end.
    private func restReasons(_ state: RunTotals) -> RestReasons {
        let reason = unprocessedReason(state)
        return RestReasons(
            leftActive: "it could not be set inactive, as the list says: \(reason)",
            unjudged: "who made the group was not judged: \(reason)",
            inDoubt: "it may have been sent before the run was killed, and was not looked up: \(reason)",
            unsent: reason)
    }

    private func unprocessedReason(_ state: RunTotals) -> String {
        if let damage = state.ingest.damage, [.suspiciousNames, .otherEncoding, .partialList].contains(damage.code) {
            return damage.headline
        }
        if state.ingest.damage?.status == .damagedInput {
            return "the input is damaged further on; nothing more was sent"
        }
        if let error = state.error { return error.headline }
        return stop.reason?.message ?? "the run stopped before its turn"
    }

    /// Why the run ended before its work was done; nil where it was done, or an error ended it.
    private func reason(_ state: RunTotals) -> StopReason? { state.isStoppedInVain ? nil : stop.reason }

    /// The exit status: what ended the run early, else what its records say.
    private func status(_ state: RunTotals, _ counts: OutcomeCounts, stillActive: Int) -> ExitStatus {
        if let reason = reason(state) { return reason.status }
        if let error = state.error { return error.status }
        if counts[.unresolved] > 0 { return .unresolved }
        return counts.done == counts.sum && stillActive == 0 ? .done : .finishedWithFailures
    }

    /// How many `existing` records have groups that differ from what they say.
    private func existingDiffering(_ ledger: any RunLedger) async throws -> Int {
        try await ledger.read { ledger in
            var count = 0
            try ledger.forEachRow(of: [.existing], withOwnBytes: false) { row in
                // Safe: the row is lent while its message is looked at.
                if let message = unsafe row.message, unsafe ExistingRule.isNote(message) { count += 1 }
            }
            return count
        }
    }

    private func finish(
        _ run: OpenedRun, _ state: RunTotals, _ began: RunEnvironment.Instant
    ) async throws -> Summary {
        let (ledger, directory) = (run.ledger, run.directory)
        let report = Report(ledger: ledger)
        let tables = try await report.writeTables(into: directory.path)
        let counts = tables.figures.counts
        let counted = progress.snapshot
        var own = RunMetadata()
        (own.requests, own.retries, own.throttled) = (counted.requests, counted.retries, counted.throttled)
        try await ledger.merge(own)
        let seconds = Double(state.sending.milliseconds) / 1000
        let stillActive = try await ledger.stillActiveCount()
        let leftActive =
            stillActive > 0
            ? """
            \(Shown.count(stillActive, "group was created but is", "groups were created but are")) still active, \
            against the list: groupload resume \(directory.path)
            """
            : nil
        let message = reason(state)?.message ?? state.error?.description ?? leftActive
        let activity = try await ledger.activityChanges()
        let metadata = try await ledger.metadata()
        let requests = metadata.requests ?? 0
        let finishedAt = environment.epochMilliseconds
        progress.update { $0.finishedAt = finishedAt }
        var summary = Summary(
            run: directory.run, undoes: configuration.kept.undo?.run, corrects: metadata.corrects,
            trace_id: configuration.client.trace?.id, target: configuration.kept.target.url,
            run_dir: directory.absolutePath, read: Int(state.ingest.read),
            outcomes: Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, counts[$0]) }),
            deactivated: activity.deactivated, reactivated: activity.reactivated,
            started: run.started,
            finished: Date(timeIntervalSince1970: Double(finishedAt) / 1000).formatted(.iso8601),
            seconds: Double(began.duration(to: environment.now).milliseconds) / 1000,
            inputs: SummaryInput.all(state.ingest.sources, metadata.copies),
            unread: metadata.reading == .reading ? true : nil,
            exit: status(state, counts, stillActive: stillActive).rawValue, message: message,
            error: (reason(state)?.error ?? state.error).map(SummaryError.init),
            requests: requests, retries: metadata.retries ?? 0, throttled: metadata.throttled ?? 0,
            rate_per_minute: seconds > 0 ? (Double(requests) / seconds * 600).rounded() / 10 : 0,
            rate_learned: state.allowance.map { Int($0) },
            latency_ms: latency.summary, near_duplicates: state.ingest.nearDuplicates,
            suspicious: state.ingest.suspicious, activity_unheeded: state.ingest.activityUnheeded,
            substitutes: state.ingest.notedNames.substituteCount,
            differing_duplicates: state.ingest.notedNames.differingCount,
            existing_differing: metadata.corrects == nil ? nil : try await existingDiffering(ledger),
            misread: state.ingest.misread.isEmpty ? nil : state.ingest.misread,
            partial: state.ingest.partial.isEmpty ? nil : state.ingest.partial,
            columns: metadata.columns, altered: try await ledger.alteredCount(), files: tables.digests)
        summary.set(state.ingest.rows)
        guard counts.sum == summary.read else {
            throw RunError(
                .internal,
                "\(Shown.count(summary.read, "record was", "records were")) read, but \(counts.sum) have an outcome",
                naming: .path(directory.path), remedy: "keep \(directory.path) and report this")
        }
        // The page shows the summary, and the summary has the page's hash.
        var ended = RunMetadata(summary: try summary.json())
        ended.exit = summary.exit
        ended.rows = state.ingest.rows
        try await ledger.merge(ended)
        summary.files[Report.pageName] = try await report.writePage(to: directory.pagePath, tables.figures)
        try await ledger.merge(RunMetadata(summary: try summary.json()))
        let file = try AtomicFile(directory.summaryPath)
        let json = try summary.json()
        try file.append { $0.bytes.append(contentsOf: json.utf8) }
        _ = try file.finish()
        try await ledger.set(.finished)
        return summary
    }
}
