import ArgumentParser
import Foundation
import GroupLoad
import Logging
import RewardsSandbox
import ServiceLifecycle

/// `groupload sandbox`: the API on loopback, to rehearse a load.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Serve the reward-groups API on loopback, with a database of its own, to rehearse a load.",
        discussion: """
            Example:
              groupload sandbox --port 8080 --database sandbox.sqlite
              groupload sandbox --fault 429=2%,503=3%,lost-after=2%,timeout-after=1% --seed 7

            The first line on standard output is the URL. It accepts till sandbox.till with password sandbox, and \
            key sandbox with secret sandbox. GET /sandbox/stored gives every group as NDJSON, GET /sandbox/requests \
            counts of requests by route and status and of faults by kind. At most one fault strikes a request; which \
            one hangs on the seed, on what the request says and on how often the same was said before, not on the \
            order of arrival.
            """)

    @Option(help: "The port; 0 picks a free one.")
    var port = 0

    @Option(help: "The database file; without it the groups are gone when the sandbox ends.")
    var database: String?

    @Option(
        help: "Calls allowed, as N/min or N/s; over it the response is 429.",
        transform: { text in
            guard let rate = RequestRate(text) else {
                throw ValidationError("write N/min or N/s, for example 1000/min")
            }
            return rate
        })
    var rateLimit: RequestRate?

    @Option(
        help: "How long each response is held back, for example 50ms or 1s.",
        transform: { text in
            guard let duration = SandboxCommand.duration(text) else { throw ValidationError("write 50ms or 1s") }
            return duration
        })
    var latency: Duration = .zero

    @Option(help: "Whether names that differ in case are two: case-sensitive or case-insensitive.")
    var names: NameCase = .caseSensitive

    @OptionGroup(title: "What goes wrong on purpose")
    var faults: SandboxFaultOptions

    @Option(help: "The largest page of a list; a larger size is cut to it.")
    var listSizeMax = 100

    @Option(help: "Where an error's code and message stand: in status, flat, or in a list of errors.")
    var errors: ErrorShape = .status

    @Option(help: "The HTTP status of a refused name: 400, 409 or 200.")
    var errorStatus = 400

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port must be from 0 to 65535.") }
        guard (1...10_000).contains(listSizeMax) else {
            throw ValidationError("--list-size-max must be from 1 to 10000.")
        }
        guard SandboxConfiguration.nameRefusalStatuses.contains(errorStatus) else {
            throw ValidationError("--error-status must be 400, 409 or 200.")
        }
    }

    enum NameCase: String, CaseIterable, ExpressibleByArgument {
        case caseSensitive = "case-sensitive"
        case caseInsensitive = "case-insensitive"
    }

    /// Reads `50ms` or `1s`, up to a minute.
    private static func duration(_ text: String) -> Duration? {
        let isMilliseconds = text.hasSuffix("ms")
        // Checked as a number: a duration of infinity, or of none, can't be made.
        guard text.hasSuffix("s"), let count = Double(text.dropLast(isMilliseconds ? 2 : 1)),
            (0...(isMilliseconds ? 60_000 : 60)).contains(count)
        else { return nil }
        return isMilliseconds ? .milliseconds(count) : .seconds(count)
    }

    func run() async throws {
        var configuration = SandboxConfiguration()
        configuration.port = port
        configuration.database = database
        configuration.latency = latency
        configuration.nameCase = names == .caseSensitive ? .caseSensitive : .caseInsensitive
        configuration.rateLimit = rateLimit.map { SandboxConfiguration.RateLimit(countPerMinute: Int($0.perMinute)) }
        faults.apply(to: &configuration)
        configuration.listSizeMax = listSizeMax
        configuration.errorShape = errors
        configuration.nameRefusalStatus = errorStatus
        let logger = Logger(label: "sandbox") { _ in ConsoleLog() }
        let service = SandboxService(sandbox: try Sandbox(configuration: configuration, logger: logger))
        var life = ServiceGroupConfiguration(services: [service], logger: logger)
        life.maximumGracefulShutdownDuration = .seconds(10)
        let group = ServiceGroup(configuration: life)
        try await SignalWatch.run(atFirst: { _ in await group.triggerGracefulShutdown() }) { try await group.run() }
    }
}

extension ErrorShape: ExpressibleByArgument {}

/// Serves, and says where on standard output.
private struct SandboxService: Service {
    let sandbox: Sandbox

    func run() async throws {
        try await sandbox.run { port in
            do { try Console.data("http://127.0.0.1:\(port)\n") } catch { Console.error("\(error)") }
        }
    }
}
