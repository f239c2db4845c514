import ArgumentParser
import GroupLoad
import RewardsClient

/// `groupload send FILE...`: reads, validates and sends, and keeps nothing. Not shown in the help: it is what
/// `Scripts/benchmarks/benchmark-ledger` holds an import against.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send the lists' drafts once, without a ledger or a report.",
        shouldDisplay: false)

    @OptionGroup var input: InputOptions
    @OptionGroup var target: TargetOptions
    @OptionGroup var pace: PaceOptions

    @Option(help: ArgumentHelp("Creates in flight at once, at most; from 1 to 4096.", valueName: "n"))
    var concurrency = 64

    func run() async throws {
        var kept = RunConfiguration()
        kept.target = try target.settings(pace.waits)
        kept.concurrency = concurrency
        let client = try target.access.clientConfiguration(of: kept)
        kept.inputs = try input.inputs()
        input.apply(to: &kept)
        var configuration = ImportConfiguration(kept, client: client)
        configuration.concurrency = client.connectionsMax
        let transport = try HTTPTransport.make(client)
        let logger = Console.logger("groupload")
        let counts = try await Sending(
            configuration, client: RewardsClient(configuration: client, transport: transport, logger: logger),
            transport: transport
        )
        .run()
        try await transport.shutdown()
        try Console.data(try counts.json())
    }
}
