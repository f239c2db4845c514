import ArgumentParser
import Foundation
import GroupLoad
import RewardsSandbox
import ServiceLifecycle

/// `groupload sandbox`: the API on loopback, to rehearse a load.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Serve the reward-groups API on loopback, with a database of its own, to rehearse a load.",
        discussion: """
            Examples:
              groupload sandbox --port 8080 --database sandbox.sqlite
              groupload sandbox --fault 503=3%,lost-after=2% --seed 7

            The first line on standard output is the URL. The sandbox accepts till sandbox.till with password sandbox, \
            and key sandbox with secret sandbox. GET /sandbox/stored returns every group as NDJSON. GET \
            /sandbox/requests returns counts of requests by route and status, and of faults by kind. A request meets \
            at most one fault. Which one depends on the seed, on the content of the request and on how often the same \
            request came before, not on the order of arrival.
            """)

    @OptionGroup(title: "What is served") var serving: SandboxOptions
    @OptionGroup(title: "What goes wrong on purpose") var faults: SandboxFaultOptions

    func run() async throws {
        var configuration = SandboxConfiguration()
        serving.apply(to: &configuration)
        faults.apply(to: &configuration)
        let logger = Console.logger("sandbox")
        let service = SandboxService(sandbox: try Sandbox(configuration: configuration, logger: logger))
        var life = ServiceGroupConfiguration(services: [service], logger: logger)
        life.maximumGracefulShutdownDuration = .seconds(10)
        let group = ServiceGroup(configuration: life)
        try await SignalWatch.run(atFirst: { _ in await group.triggerGracefulShutdown() }) {
            try await Watching.whileServing { try await group.run() }
        }
    }
}

/// Serves, and says where on standard output.
private struct SandboxService: Service {
    let sandbox: Sandbox

    func run() async throws {
        try await sandbox.run { port in
            let url = "http://127.0.0.1:\(port)"
            Watching.serving(at: url)
            do { try Console.data("\(url)\n") } catch { Console.error("\(error)") }
        }
    }
}
