import ArgumentParser
import GroupLoad
import RecordFormats
import RewardsClient

/// `groupload plan FILE...`: what an import would do.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what an import of the lists would do to the target. Nothing is changed.",
        discussion: """
            Examples:
              groupload plan groups.csv --cluster eu --on-existing update -o plan.json
              groupload plan --show plan.json

            The target's list is read once. A plan that is saved has a line for every record; groupload import --plan \
            does exactly that, and refuses if the lists or their groups on the target have changed since.

            Exit status: 0 if an import would end with every record done; 1 if records are invalid, or if their groups \
            exist and --on-existing is fail; 2 if --deactivate-missing is given and the list names no group; 3 if the \
            target can't be used; 65 if a list is damaged, or a file is no plan.
            """)

    @OptionGroup(title: HelpSection.reading) var input: InputOptions
    @OptionGroup(title: HelpSection.reading) var saved: SavedPlanOptions
    @OptionGroup(title: HelpSection.target) var target: TargetOptions
    @OptionGroup(title: HelpSection.pace) var pace: PaceOptions
    @OptionGroup(title: HelpSection.safety) var policy: TargetPolicy
    @OptionGroup(title: HelpSection.output) var saving: PlanOutput

    /// Pages read at once.
    private static let pagesAtOnce = 8

    func validate() throws {
        guard saved.show == nil || (saved.again == nil && saving.output == nil && input.files.isEmpty) else {
            throw ValidationError("--show shows a plan and does nothing else; give it alone.")
        }
        guard saved.show == nil || !saving.screen.json else {
            throw ValidationError("--json doesn't go with --show: the plan's file is a JSON document.")
        }
        guard saved.show != nil || saved.again != nil || !input.files.isEmpty else {
            throw ValidationError("Name at least one file, or - for standard input.")
        }
        guard policy.deactivateMissing || policy.maxDeactivate == nil || saved.again != nil else {
            throw ValidationError("--max-deactivate goes with --deactivate-missing.")
        }
    }

    func run() async throws {
        if let show = saved.show { return try PlanShow.print(show) }
        let plan = try saved.again.map(planned) ?? settings()
        JSONOutput.name(target: plan.target.url)
        var result = try await TargetReading.run(
            plan.target, try target.access, connections: Self.pagesAtOnce, rate: plan.rate,
            isShown: saving.screen.isShown
        ) { [plan, output = saving.output, again = saved.again, json = saving.screen.json] reading in
            var configuration = ImportConfiguration(plan, client: reading.client)
            configuration.concurrency = Self.pagesAtOnce
            return try await Planner(
                configuration, reader: reading.reader, stop: reading.stop, progress: reading.progress, to: output,
                note: reading.note
            )
            .run(comparedWith: again.map { PlanFile($0) }) { if !json { try Console.data($0 + "\n") } }
        }
        if saving.screen.isShown { tell(result, plan) }
        result.summary.seconds = JSONOutput.seconds
        if saving.screen.json { try JSONOutput.print(result.summary) }
        throw ExitCode(result.summary.exit)
    }

    /// The settings of the import that is planned.
    private func settings() throws -> RunConfiguration {
        var plan = RunConfiguration()
        // Absolute, so that the plan can be carried out from anywhere.
        plan.inputs = try input.inputs().map { RunConfiguration.Input(given: $0.path, path: $0.path) }
        plan.target = try target.settings(pace.waits)
        plan.rate = pace.rate.limit
        plan.ledger = try saving.database.address().map { "\($0)" }
        input.apply(to: &plan)
        policy.apply(to: &plan)
        return plan
    }

    /// The settings of a saved plan, with the options that are given here.
    private func planned(_ path: String) throws -> RunConfiguration {
        try PlannedSettings.read(path, files: input.files, target, pace.waits) {
            $0.rate = pace.rate.limit
            $0.ledger = try saving.database.address().map { "\($0)" }
            policy.applyLimit(to: &$0)
        }
    }

    /// Says what would be done, and what to do next.
    private func tell(_ result: Planner.Result, _ plan: RunConfiguration) {
        let (summary, preview) = (result.summary, result.preview)
        if let again = saved.again {
            for path in result.changedLists {
                Console.note("\(Shown.text(path)) has changed since \(again) was made: compare the counts\n")
            }
            if let differences = summary.differences {
                Console.note("differences from \(again): \(differences)\n")
            }
        }
        Console.note(
            """
            \n\(Shown.count(summary.read, "record")) read, \(Shown.count(summary.groups, "group")) at \
            \(Shown.text(plan.target.url))\n
            """)
        Console.noteColoured(PlanText.of(preview) + "\n")
        if let skipped = summary.skippedText { Console.note(skipped + "\n") }
        for line in SummaryText.warnings(
            nearDuplicates: summary.near_duplicates, suspicious: summary.suspicious,
            substitutes: summary.substitutes,
            all: "groupload validate --results FILE")
            + SummaryText.warnings(
                summary.columns, plan.reading.decoding.mapping.givenNames, unheeded: summary.activity_unheeded)
        { Console.note(line + "\n") }
        if preview.refusal == nil, preview.missing > 0 {
            Console.note("An import asks before it sets these groups inactive, unless --yes is given\n")
        }
        guard let output = saving.output, output != "-" else {
            return Console.note("Nothing was changed. To save the plan, and see all of it: -o plan.json\n")
        }
        let file = ShellWord.quoted(output)
        Console.note(
            """
            Nothing was changed. Saved: \(output)
            To see all of it: groupload plan --show \(file)
            To do just that:  groupload import --plan \(file)\n
            """)
    }
}

/// The flags of a plan that take a saved one in place of lists.
struct SavedPlanOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Show a plan that -o saved, every line of it, on standard output, in place of FILE. Needs no network.
            """, valueName: "plan"), completion: .plans, transform: parsedPath)
    var show: String?

    @Option(
        help: ArgumentHelp(
            """
            Plan again with the lists, the target and the options of a saved plan, in place of FILE, and show on \
            standard output all that differs from it.
            """, valueName: "plan"), completion: .plans, transform: parsedPath)
    var again: String?
}

/// The flags of a plan that say where it goes.
struct PlanOutput: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Save the plan to this file, for import --plan.", valueName: "file"), completion: .plans,
        transform: parsedPath)
    var output: String?

    @OptionGroup var database: LedgerOptions

    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        guard !screen.json || output != "-" else {
            throw ValidationError("--json and the plan both go to standard output; give --output a file.")
        }
    }
}
