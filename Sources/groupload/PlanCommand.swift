import ArgumentParser
import GroupLoad
import RewardsClient

/// `groupload plan FILE...`: what an import would do.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what an import of the lists would do to the target; nothing is changed.",
        discussion: """
            Example:
              groupload plan groups.csv --cluster eu --on-existing update -o plan.json
              groupload import --plan plan.json

            The target's list is read once, page by page. A saved plan has a line for every record; import --plan \
            does exactly that, and refuses where the lists or what they touch on the target have changed since. Exit \
            status 1 if records are invalid, or are there and must not be.
            """)

    @OptionGroup var input: InputOptions
    @OptionGroup var target: TargetOptions
    @OptionGroup var policy: TargetPolicy

    @Option(name: [.customShort("o"), .customLong("output")], help: "Save the plan to this file, for import --plan.")
    var output: String?

    @Option(help: "The allowance to spend evenly, as N/min or N/s; auto finds it out from the target's 429s.")
    var rate = ImportCommand.Rate.auto

    @Flag(help: "Show no progress and no plan.")
    var quiet = false

    @Flag(help: "Print the counts as one JSON object on standard output.")
    var json = false

    /// Pages read at once.
    private static let pagesAtOnce = 8

    func run() async throws {
        var plan = RunConfiguration()
        // Absolute, so that the plan can be carried out from anywhere.
        plan.inputs = try input.inputs().map { RunConfiguration.Input(given: $0.path, path: $0.path) }
        plan.target = try target.settings()
        plan.rate = rate.limit
        input.apply(to: &plan)
        policy.apply(to: &plan)
        JSONOutput.name(target: plan.target.url)
        var (summary, preview) = try await TargetReading.run(
            target, connections: Self.pagesAtOnce, rate: rate, isShown: !quiet
        ) { [plan, output] reading in
            var configuration = ImportConfiguration(plan, client: reading.client)
            configuration.concurrency = Self.pagesAtOnce
            return try await Planner(
                configuration, reader: reading.reader, stop: reading.stop, progress: reading.progress, to: output,
                note: reading.note
            )
            .run()
        }
        if !quiet {
            Console.note(
                """
                \n\(summary.read) records read, \(summary.groups) groups at \
                \(target.target ?? target.cluster?.target ?? "")\n
                """
            )
            Console.note(PlanText.of(preview) + "\n")
            if summary.near_duplicates > 0 { Console.note(SummaryText.nearDuplicates(summary.near_duplicates) + "\n") }
            if policy.deactivateMissing, summary.counts["invalid", default: 0] > 0 {
                Console.note(
                    """
                    An import will do nothing of this while records are invalid: --deactivate-missing needs \
                    a whole list\n
                    """
                )
            }
            if let output { Console.note("Saved: \(output); to do it: groupload import --plan \(output)\n") }
        }
        summary.seconds = JSONOutput.seconds
        if json { try JSONOutput.print(summary) }
        throw ExitCode(summary.exit)
    }
}
