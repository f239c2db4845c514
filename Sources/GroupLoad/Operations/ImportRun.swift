package import Logging
package import RewardsClient

/// One execution of `import`: reads, sends, and writes the report, in which every record that was read has one outcome.
package struct ImportRun: Sendable {
    private let configuration: ImportConfiguration
    private let environment: RunEnvironment
    private let client: RewardsClient
    private let makeSender: @Sendable (any CreateQueue) -> CreateSender
    private let stop: StopSwitch
    private let progress: RunProgress
    private let latency = LatencyHistogram()
    private let logger: Logger
    private let note: @Sendable (String) -> Void
    private let approval: @Sendable (PlanPreview) async throws -> Void

    /// - Parameters:
    ///   - makeSender: makes what sends the creates of a queue, over what `client` sends over.
    ///   - stop: what asks the run to end early.
    ///   - progress: what the run counts in, for a display.
    ///   - note: receives messages: what was found in a source that its reader might not expect, and what is wrong
    ///     with records.
    ///   - environment: its clocks, chance and waits, and the variables of the process.
    ///   - approval: receives what would be done where groups are to be set inactive; throws to have nothing done.
    package init(
        _ configuration: ImportConfiguration, client: RewardsClient,
        makeSender: @escaping @Sendable (any CreateQueue) -> CreateSender, stop: StopSwitch, progress: RunProgress,
        logger: Logger, note: @escaping @Sendable (String) -> Void,
        environment: RunEnvironment = .system, approval: @escaping @Sendable (PlanPreview) async throws -> Void
    ) {
        self.configuration = configuration
        self.environment = environment
        self.client = client
        self.makeSender = makeSender
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
        try await lifecycle.run(stages)
    }

    /// Goes on with the run that a ledger holds, whose records are all read, and settles every record: as ``run()``,
    /// but without a directory of the run's own, locks, and a report. For a simulation, whose ledgers are in memory.
    ///
    /// - Returns: the error that ended the run early; nil where none did, or the stop switch says why.
    /// - Throws: what the ledger throws.
    package func run(over ledger: any RunLedger) async throws -> RunError? {
        let run = try await OpenedRun(over: ledger, configuration, environment)
        let totals = try await stages(run)
        try await lifecycle.settle(run, totals)
        try await ledger.set(.finished)
        return totals.error
    }

    private var lifecycle: RunLifecycle {
        RunLifecycle(configuration, environment, stop: stop, progress: progress, latency: latency, note: note)
    }

    private func stages(_ run: OpenedRun) async throws -> RunTotals {
        try await Pipeline(
            configuration: configuration, environment: environment, client: client, makeSender: makeSender, run: run,
            stop: stop, progress: progress, latency: latency, logger: logger, note: note, approval: approval
        )
        .execute()
    }
}
