import ArgumentParser
import Foundation
import GroupLoad
import Logging
import RewardsClient

/// `groupload import FILE...`: the main job.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Create the groups of the lists, and write a report in which every record has one outcome.",
        discussion: """
            Example:
              export GROUPLOAD_TILL=my.till GROUPLOAD_PASSWORD=...
              groupload import groups.csv --cluster eu --rate 1000/min

            Files are read once in full before anything is sent. The report goes to the run directory: results.csv \
            (every record), failed.csv (to correct and feed back), unprocessed.csv and summary.json.
            """)

    @OptionGroup var input: InputOptions
    @OptionGroup var target: TargetOptions

    @Option(help: "Creates in flight at once, at most; from 1 to 4096.")
    var concurrency = 64

    @Option(help: "The allowance to spend evenly, as N/min or N/s; auto finds it out from the target's 429s.")
    var rate = Rate.auto

    @Option(
        help: "Stop once more records than this have failed, as N or N%.",
        transform: { text in
            guard let limit = ErrorLimit(text) else { throw ValidationError("write N or N%, for example 100 or 5%") }
            return limit
        })
    var maxErrors: ErrorLimit?

    @Option(help: "The run directory; by default groupload-runs/<run id>.")
    var runDir: String?

    @Option(help: "What a group that is there already counts as: skip (existing) or fail (failed).")
    var onExisting: OnExisting = .skip

    @Flag(help: "Send while reading, rather than reading the files in full first.")
    var noPreflight = false

    @Flag(help: "Show no progress and no summary.")
    var quiet = false

    @Flag(help: "Print the summary as one JSON object on standard output.")
    var json = false

    /// What a run that is resumed was told, and whether changed input is accepted; nil for a new run.
    var resumed: (plan: RunPlan, acceptsChangedInput: Bool)?

    /// All but what belongs to ``resumed``, which is no option.
    private enum CodingKeys: CodingKey {
        case input, target, concurrency, rate, maxErrors, runDir, onExisting, noPreflight, quiet, json
    }

    /// What `--rate` may be.
    enum Rate: ExpressibleByArgument {
        case auto
        case given(RequestRate)

        init?(argument: String) {
            if argument == "auto" {
                self = .auto
            } else if let rate = RequestRate(argument) {
                self = .given(rate)
            } else {
                return nil
            }
        }

        /// As it is given.
        var argument: String {
            switch self {
            case .auto: "auto"
            case .given(let rate): "\(rate.perMinute)/min"
            }
        }

        var defaultValueDescription: String { "auto" }
    }

    enum OnExisting: String, CaseIterable, ExpressibleByArgument { case skip, fail }

    func validate() throws {
        guard (1...ClientConfiguration.connectionsLimit).contains(concurrency) else {
            throw ValidationError("--concurrency must be from 1 to \(ClientConfiguration.connectionsLimit).")
        }
    }

    func run() async throws {
        let client = try await target.clientConfiguration(connectionsMax: concurrency)
        let plan =
            try resumed?.plan
            ?? RunPlan(
                arguments: Array(CommandLine.arguments.dropFirst(2)), headers: Array(target.headerNames),
                directory: FileManager.default.currentDirectoryPath, inputs: input.sources().map(\.path))
        var configuration = try importConfiguration(plan, client: client)
        configuration.acceptsChangedInput = resumed?.acceptsChangedInput ?? false
        let (transport, isShown) = (try target.transport(client), !quiet)
        try await RunSession(transport: transport, isShown: isShown).run(printsJSON: json) {
            [configuration] session in
            try await ImportRun(
                configuration, client: session.client(client), transport: transport, stop: session.stop,
                progress: session.progress, logger: session.logger, note: session.note
            )
            .run()
        }
    }

    /// What these options come to, of the inputs that `plan` names.
    func importConfiguration(_ plan: RunPlan, client: ClientConfiguration) throws -> ImportConfiguration {
        let sources = plan.inputs.map { InputSource(path: $0, format: input.reading.format) }
        var configuration = ImportConfiguration(sources: sources, client: client, plan: plan)
        configuration.environment = ProcessInfo.processInfo.environment
        configuration.concurrency = concurrency
        if case .given(let rate) = rate { configuration.rate = rate }
        configuration.errorLimit = maxErrors
        configuration.nameMatch = input.nameMatch
        configuration.nameLengthMax = input.nameLengthMax
        configuration.decoding = input.reading.decoding
        configuration.hasPreflight = !noPreflight
        configuration.failsExisting = onExisting == .fail
        configuration.runDirectory = runDir
        return configuration
    }
}
