import ArgumentParser
import GroupLoad
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
            With --deactivate-missing: stop where more groups than this would be set inactive, as N or N% of the \
            target's active ones (default: 10%).
            """,
        transform: parsedLimit)
    var maxDeactivate: ErrorLimit?

    @Option(
        help: """
            Whether the target's list is read before anything is sent, which finds groups that are there without a \
            request for each: auto (where that takes fewer requests than the creates would), always or never.
            """)
    var snapshot: SnapshotUse = .auto

    @Option(help: "Do what a plan says that groupload plan -o saved, and nothing else, in place of FILE and --target.")
    var plan: String?

    @Flag(help: "Set groups inactive without asking.")
    var yes = false

    @Option(
        help: """
            Once the run has ended, remove older ones of the same target beside it, but for so many in all; \
            never one that is unfinished.
            """)
    var keepRuns: Int?

    @Flag(help: "Send while reading, rather than reading the files in full first.")
    var noPreflight = false

    @Flag(
        help:
            """
            results.csv: put an apostrophe before names and ranks that a spreadsheet would run as a \
            formula, and quote every field.
            """
    )
    var spreadsheetSafe = false

    @Flag(help: "Show no progress and no summary.")
    var quiet = false

    @Flag(help: "Print the summary as one JSON object on standard output.")
    var json = false

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
        var configuration = try plan.map(planned) ?? settings()
        let client = try target.access.clientConfiguration(of: configuration)
        if plan == nil { configuration.inputs = try input.inputs() }
        var session = ImportSession(configuration: configuration, client: client)
        session.runDirectory = runDir
        session.keepRuns = keepRuns
        (session.isApproved, session.isShown, session.printsJSON) = (yes, !quiet, json)
        try await session.run()
    }

    /// The settings that the options give, without the lists.
    func settings() throws(RunError) -> RunConfiguration {
        var configuration = RunConfiguration()
        configuration.target = try target.settings()
        input.apply(to: &configuration)
        policy.apply(to: &configuration)
        apply(to: &configuration)
        return configuration
    }

    /// Puts the settings into a configuration that only an import has.
    func apply(to configuration: inout RunConfiguration) {
        configuration.concurrency = concurrency
        configuration.rate = rate.limit
        configuration.errorLimit = maxErrors
        if let maxDeactivate { configuration.deactivateLimit = maxDeactivate }
        configuration.snapshot = snapshot
        configuration.skipsPreflight = noPreflight
        configuration.isSpreadsheetSafe = spreadsheetSafe
    }
}

/// Reads a bound on records, as `N` or `N%`.
func parsedLimit(_ text: String) throws -> ErrorLimit {
    guard let limit = ErrorLimit(text) else { throw ValidationError("write N or N%, for example 100 or 5%") }
    return limit
}
