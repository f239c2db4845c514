import GroupLoad
import RewardsClient

/// What a command has around it that reads the target and changes nothing: a transport that is closed at its end,
/// signals, and the progress line.
struct TargetReading: Sendable {
    let client: ClientConfiguration
    let reader: PageReader
    let stop: StopSwitch
    let progress: RunProgress
    /// Says what is found, if anything is to be shown.
    let note: @Sendable (String) -> Void

    /// Carries `body` out.
    ///
    /// - Parameter connections: requests under way at once, at most.
    /// - Throws: ``RunError`` where the target's options are wrong; what `body` throws.
    static func run<Value: Sendable>(
        _ target: TargetOptions, _ pace: PaceOptions, connections: Int, isShown: Bool,
        _ body: @escaping @Sendable (TargetReading) async throws -> Value
    ) async throws -> Value {
        try await run(
            try target.settings(pace.waits), try target.access, connections: connections, rate: pace.rate.limit,
            isShown: isShown, body)
    }

    /// As ``run(_:_:connections:isShown:_:)``, for a target whose settings are known.
    static func run<Value: Sendable>(
        _ settings: RunConfiguration.Target, _ access: ClientAccess, connections: Int, rate: RequestRate?,
        isShown: Bool, _ body: @escaping @Sendable (TargetReading) async throws -> Value
    ) async throws -> Value {
        let connections = OpenFiles.connections(connections, note: Console.noteLine)
        let configuration = try access.clientConfiguration(settings, connectionsMax: connections)
        let transport = try HTTPTransport.make(configuration)
        let (stop, progress) = (StopSwitch(), RunProgress())
        let client = RewardsClient(
            configuration: configuration, transport: transport, logger: Console.logger("groupload")
        )
        let note: @Sendable (String) -> Void = { if isShown { Console.noteLine($0) } }
        let reading = TargetReading(
            client: configuration,
            reader: PageReader(
                client: client, rate: rate, environment: .system, stop: stop, progress: progress,
                waitMax: .seconds(settings.waitMaxSeconds), note: note),
            stop: stop, progress: progress, note: note)
        let result: Result<Value, any Error>
        do {
            result = .success(
                try await SignalWatch.run(stop) {
                    try await ProgressLine(progress: progress).whileRunning(isShown) { try await body(reading) }
                })
        } catch {
            result = .failure(error)
        }
        try await transport.shutdown()
        return try result.get()
    }
}
