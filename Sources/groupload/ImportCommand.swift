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
        transform: parsedLimit)
    var maxErrors: ErrorLimit?

    @Option(help: "The run directory; by default groupload-runs/<run id>.")
    var runDir: String?

    @OptionGroup var policy: TargetPolicy

    @Option(
        help: """
            With --deactivate-missing: stop where more groups than this would be set inactive, as N or N% of the target's active \
            ones (default: 10%).
            """,
        transform: parsedLimit)
    var maxDeactivate: ErrorLimit?

    @Option(
        help: """
            Whether the target's list is read before anything is sent, which finds groups that are there without a request for each: \
            auto (where that takes fewer requests than the creates would), always or never.
            """)
    var snapshot: SnapshotUse = .auto

    @Option(help: "Do what a plan says that groupload plan -o saved, and nothing else, in place of FILE and --target.")
    var plan: String?

    @Flag(help: "Set groups inactive without asking.")
    var yes = false

    @Option(
        help: """
            Once the run has ended, remove older ones of the same target beside it, but for so many in all; never one that is unfinished.
            """)
    var keepRuns: Int?

    @Flag(help: "Send while reading, rather than reading the files in full first.")
    var noPreflight = false

    @Flag(
        help:
            "results.csv: put an apostrophe before names and ranks that a spreadsheet would run as a formula, and quote every field."
    )
    var spreadsheetSafe = false

    @Flag(help: "Show no progress and no summary.")
    var quiet = false

    @Flag(help: "Print the summary as one JSON object on standard output.")
    var json = false

    /// What a run that is resumed was told, and whether changed input is accepted; nil for a new run.
    var resumed: (plan: RunConfiguration, acceptsChangedInput: Bool)?

    /// All but what belongs to ``resumed``, which is no option.
    private enum CodingKeys: CodingKey {
        case input, keepRuns, target, concurrency, rate, maxErrors, runDir, policy, maxDeactivate, snapshot, plan, yes,
            noPreflight, spreadsheetSafe, quiet, json
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

        /// The rate that was given; nil to find it out.
        var limit: RequestRate? { if case .given(let rate) = self { rate } else { nil } }

        /// As it is given.
        var argument: String {
            switch self {
            case .auto: "auto"
            case .given(let rate): "\(rate.perMinute)/min"
            }
        }

        var defaultValueDescription: String { "auto" }
    }

    func validate() throws {
        guard (1...ClientConfiguration.connectionsLimit).contains(concurrency) else {
            throw ValidationError("--concurrency must be from 1 to \(ClientConfiguration.connectionsLimit).")
        }
        guard keepRuns ?? 1 >= 1 else { throw ValidationError("--keep-runs must be at least 1.") }
        guard plan != nil || !input.files.isEmpty else {
            throw ValidationError("Name at least one file, - for standard input, or a --plan.")
        }
        guard policy.deactivateMissing || plan != nil || (maxDeactivate == nil && !yes) else {
            throw ValidationError("--max-deactivate and --yes go with --deactivate-missing.")
        }
        guard !policy.deactivateMissing || snapshot != .never else {
            throw ValidationError("--deactivate-missing needs the target's list, which --snapshot never forbids.")
        }
    }

    func run() async throws {
        if let plan, resumed == nil { return try await planned(plan).run() }
        var own = self
        own.concurrency = OpenFiles.connections(concurrency, note: Console.noteLine)
        let client = try await target.clientConfiguration(connectionsMax: own.concurrency)
        let plan =
            try resumed?.plan
            ?? RunConfiguration(
                arguments: Array(CommandLine.arguments.dropFirst(2)), headers: Array(target.headerNames),
                directory: FileManager.default.currentDirectoryPath, inputs: input.sources().map(\.path))
        var configuration = try own.importConfiguration(plan, client: client)
        configuration.acceptsChangedInput = resumed?.acceptsChangedInput ?? false
        let (transport, isShown) = (try target.transport(client), !quiet)
        try await RunSession(transport: transport, isShown: isShown).run(printsJSON: json) {
            [configuration, keepRuns] session in
            let ended = try await ImportRun(
                configuration, client: session.client(client), transport: transport, stop: session.stop,
                progress: session.progress, logger: session.logger, note: session.note,
                approval: { [yes] in try Approval.ask($0, isGiven: yes, isShown: isShown) }
            )
            .run()
            if let keepRuns {
                for directory in await RunPruning.prune(
                    beside: ended.1.path, keeping: keepRuns, note: session.note)
                {
                    session.note("removed the old run \(directory)")
                }
            }
            return ended
        }
    }

    /// What these options come to, of the inputs that `plan` names.
    func importConfiguration(_ plan: RunConfiguration, client: ClientConfiguration) throws -> ImportConfiguration {
        let sources = plan.inputs.map { InputSource(path: $0, format: input.reading.format) }
        var configuration = ImportConfiguration(sources: sources, client: client, plan: plan)
        configuration.concurrency = concurrency
        configuration.waitMax = target.waitMax
        configuration.rate = rate.limit
        configuration.errorLimit = maxErrors
        configuration.nameMatch = input.nameMatch
        configuration.nameLengthMax = input.nameLengthMax
        configuration.decoding = input.reading.decoding
        configuration.hasPreflight = !noPreflight
        policy.apply(to: &configuration)
        if let maxDeactivate { configuration.deactivateLimit = maxDeactivate }
        configuration.snapshot = snapshot
        configuration.planPath = self.plan
        configuration.isSpreadsheetSafe = spreadsheetSafe
        configuration.runDirectory = runDir
        return configuration
    }
}

/// Reads a bound on records, as `N` or `N%`.
func parsedLimit(_ text: String) throws -> ErrorLimit {
    guard let limit = ErrorLimit(text) else { throw ValidationError("write N or N%, for example 100 or 5%") }
    return limit
}
