import ArgumentParser
import Foundation
import GroupLoad
import Logging
import RewardsSandbox
import ServiceLifecycle
import UnixSignals

/// `groupload sandbox`: the API on loopback, to rehearse a load.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Serve the reward-groups API on loopback, with a database of its own, to rehearse a load.",
        discussion: """
            Example:
              groupload sandbox --port 8080 --database sandbox.sqlite

            The first line on standard output is the URL. It accepts till sandbox.till with password sandbox, and key \
            sandbox with secret sandbox. GET /sandbox/stored gives every group as NDJSON, GET /sandbox/requests counts.
            """)

    @Option(help: "The port; 0 picks a free one.")
    var port = 0

    @Option(help: "The database file; without it the groups are gone when the sandbox ends.")
    var database: String?

    @Option(
        help: "Calls allowed, as N/min or N/s; over it the answer is 429.",
        transform: { text in
            guard let rate = RequestRate(text) else {
                throw ValidationError("write N/min or N/s, for example 1000/min")
            }
            return rate
        })
    var rateLimit: RequestRate?

    @Option(
        help: "How long each answer is held back, for example 50ms or 1s.",
        transform: { text in
            guard let duration = SandboxCommand.duration(text) else { throw ValidationError("write 50ms or 1s") }
            return duration
        })
    var latency: Duration = .zero

    @Option(help: "Whether names that differ in case are two: case-sensitive or case-insensitive.")
    var names: NameCase = .caseSensitive

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port must be from 0 to 65535.") }
    }

    enum NameCase: String, CaseIterable, ExpressibleByArgument {
        case caseSensitive = "case-sensitive"
        case caseInsensitive = "case-insensitive"
    }

    /// Reads `50ms` or `1s`, up to a minute.
    private static func duration(_ text: String) -> Duration? {
        let isMilliseconds = text.hasSuffix("ms")
        guard text.hasSuffix("s"), let count = Double(text.dropLast(isMilliseconds ? 2 : 1)), count >= 0 else {
            return nil
        }
        let duration = isMilliseconds ? Duration.milliseconds(count) : .seconds(count)
        return duration <= .seconds(60) ? duration : nil
    }

    func run() async throws {
        var configuration = SandboxConfiguration()
        configuration.port = port
        configuration.database = database
        configuration.latency = latency
        configuration.nameCase = names == .caseSensitive ? .caseSensitive : .caseInsensitive
        configuration.rateLimit = rateLimit.map { SandboxConfiguration.RateLimit(countPerMinute: Int($0.perMinute)) }
        let logger = Logger(label: "sandbox") { _ in ConsoleLog() }
        let service = SandboxService(sandbox: try Sandbox(configuration: configuration, logger: logger))
        var life = ServiceGroupConfiguration(
            services: [service], gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
        life.maximumGracefulShutdownDuration = .seconds(10)
        try await ServiceGroup(configuration: life).run()
    }
}

/// Serves, and says where on standard output.
private struct SandboxService: Service {
    let sandbox: Sandbox

    func run() async throws {
        try await sandbox.run { port in Console.data("http://127.0.0.1:\(port)\n") }
    }
}
