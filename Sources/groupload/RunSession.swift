import ArgumentParser
import GroupLoad
import RewardsClient

/// What is around a run on the command line: signals, the progress line, and at the end the summary and the exit
/// status.
struct RunSession: Sendable {
    let transport: HTTPTransport
    /// Whether progress, notes and the summary are shown.
    let isShown: Bool
    /// Whose clocks the run and its requests go by.
    let environment = RunEnvironment.system
    let stop = StopSwitch()
    let progress = RunProgress()
    let logger = Console.logger("groupload")

    /// Says what a run has found, if anything is to be shown.
    var note: @Sendable (String) -> Void {
        { [isShown] in if isShown { Console.noteLine($0) } }
    }

    /// - Throws: as ``HTTPTransport/make(_:_:)``.
    init(_ configuration: ClientConfiguration, isShown: Bool) throws(RunError) {
        transport = try HTTPTransport.make(configuration, environment)
        self.isShown = isShown
    }

    /// A client that sends over the session's transport.
    func client(_ configuration: ClientConfiguration) -> RewardsClient {
        RewardsClient(
            configuration: configuration, transport: transport, environment: environment.client, logger: logger)
    }

    /// Carries a run out, closes the transport, and says how the run ended.
    ///
    /// - Parameters:
    ///   - names: what `--map` says of columns, by the roles' indices.
    ///   - correction: gives the command that imports what a run left to correct; nil for none.
    /// - Throws: the run's exit status, as `ExitCode`; what the run throws.
    func run(
        printsJSON: Bool, names: [String?] = [nil, nil, nil],
        correction: (Summary, RunDirectory) -> String? = { _, _ in nil },
        _ body: @escaping @Sendable (RunSession) async throws -> (Summary, RunDirectory)
    ) async throws -> Never {
        let (summary, directory) = try await carryOut(body)
        Watching.keep(summary)
        if let message = summary.message { Console.error(message) }
        if isShown {
            let correction = correction(summary, directory)
            Console.note(
                SummaryText.of(summary, directory: directory.path, correction: correction, names: names),
                JSONLog.attributes(of: summary))
        }
        if printsJSON { try JSONOutput.print(summary) }
        throw ExitCode(summary.exit)
    }

    /// Carries work out with signals and the progress line, and closes the transport.
    ///
    /// - Throws: what `body` throws.
    func carryOut<Value: Sendable>(_ body: @escaping @Sendable (RunSession) async throws -> Value) async throws -> Value
    {
        let result: Result<Value, any Error>
        do {
            let ended = try await SignalWatch.run(stop) {
                try await Watching.whileRunning(progress) {
                    try await ProgressLine(progress: progress).whileRunning(isShown) { try await body(self) }
                }
            }
            result = .success(ended)
        } catch {
            result = .failure(error)
        }
        if let directory = progress.snapshot.runDirectory { JSONOutput.name(runDirectory: directory) }
        try await transport.shutdown()
        return try result.get()
    }
}
