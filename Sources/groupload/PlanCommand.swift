import ArgumentParser
import GroupLoad
import RewardsClient

/// `groupload plan FILE...`: what an import would do.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what an import of the lists would do to the target. Nothing is changed.",
        discussion: """
            Examples:
              groupload plan groups.csv --cluster eu
              groupload plan groups.csv --cluster eu --on-existing update -o plan.json

            The target's list is read once. A plan that is saved has a line for every record; groupload import --plan \
            does exactly that, and refuses if the lists or their groups on the target have changed since. Exit status \
            1 if records are invalid, or if their groups exist and --on-existing is fail.
            """)

    @OptionGroup(title: HelpSection.reading) var input: InputOptions
    @OptionGroup(title: HelpSection.target) var target: TargetOptions
    @OptionGroup(title: HelpSection.pace) var pace: PaceOptions
    @OptionGroup(title: HelpSection.safety) var policy: TargetPolicy
    @OptionGroup(title: HelpSection.output) var saving: PlanOutput

    /// Pages read at once.
    private static let pagesAtOnce = 8

    func run() async throws {
        var plan = RunConfiguration()
        // Absolute, so that the plan can be carried out from anywhere.
        plan.inputs = try input.inputs().map { RunConfiguration.Input(given: $0.path, path: $0.path) }
        plan.target = try target.settings(pace.waits)
        plan.rate = pace.rate.limit
        input.apply(to: &plan)
        policy.apply(to: &plan)
        JSONOutput.name(target: plan.target.url)
        var (summary, preview) = try await TargetReading.run(
            target, pace, connections: Self.pagesAtOnce, isShown: saving.screen.isShown
        ) { [plan, output = saving.output] reading in
            var configuration = ImportConfiguration(plan, client: reading.client)
            configuration.concurrency = Self.pagesAtOnce
            return try await Planner(
                configuration, reader: reading.reader, stop: reading.stop, progress: reading.progress, to: output,
                note: reading.note
            )
            .run()
        }
        if saving.screen.isShown {
            Console.note(
                """
                \n\(summary.read) records read, \(summary.groups) groups at \
                \(target.target ?? target.cluster?.target ?? "")\n
                """
            )
            Console.note(PlanText.of(preview) + "\n")
            for line in SummaryText.warnings(
                nearDuplicates: summary.near_duplicates, suspicious: summary.suspicious)
            { Console.note(line + "\n") }
            if policy.deactivateMissing, summary.counts["invalid", default: 0] > 0 {
                Console.note(
                    """
                    An import will do nothing of this while records are invalid: --deactivate-missing needs \
                    a whole list\n
                    """
                )
            }
            if let output = saving.output {
                Console.note("Saved: \(output); to do it: groupload import --plan \(output)\n")
            }
        }
        summary.seconds = JSONOutput.seconds
        if saving.screen.json { try JSONOutput.print(summary) }
        throw ExitCode(summary.exit)
    }
}

/// The flags of a plan that say where it goes.
struct PlanOutput: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Save the plan to this file, for import --plan.", valueName: "file"))
    var output: String?

    @OptionGroup var screen: ScreenOptions
}
