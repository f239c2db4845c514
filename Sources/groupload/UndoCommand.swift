import ArgumentParser
import Foundation
import GroupLoad

/// `groupload undo RUN`: takes back what a run did.
struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract:
            """
            Take back what a run did: set the groups that it created inactive, and give the groups that it changed \
            their earlier rank and activity.
            """,
        discussion: """
            Examples:
              groupload undo --last
              groupload undo 20261231-020000-1a2b --yes

            An undo touches only groups that the run created or changed, by the proof of its ledger. It reads each \
            group first, and leaves it alone if somebody has changed it since. Names are not changed. The command \
            shows what it will do and asks first. An undo is itself a run, with a report, and can be resumed; --redo \
            takes an undo back.
            """)

    @OptionGroup(title: HelpSection.run) var run: RunOptions
    @OptionGroup(title: HelpSection.target) var access: AccessOptions
    @OptionGroup(title: HelpSection.pace) var pace: OtherPaceOptions
    @OptionGroup(title: HelpSection.safety) var safety: UndoSafety
    @OptionGroup(title: HelpSection.output) var output: UndoOutput

    func run() async throws {
        try Watching.begin(output.watch)
        let location = try run.location()
        // What a damaged ledger names may be somebody else's group.
        let ledger = try StoredLedger.read(at: location.ledger)
        try await ReportCheck.whole(ledger)
        try ledger.closeReading()
        let preview = try await UndoPreview(location, withPresent: safety.includePresent)
        guard preview.isRedo == safety.redo else {
            let finding = safety.redo ? "is no undo, so there is nothing to do again" : "is an undo itself"
            throw RunError(
                .usage, "\(preview.run) \(finding)", naming: .path(location.path),
                remedy: safety.redo ? "groupload runs lists them" : "--redo takes it back")
        }
        if output.screen.isShown { Console.note(UndoText.of(preview)) }
        guard preview.count > 0 || output.screen.json else { return }
        if !safety.yes, preview.count > 0 { try Approval.ask() }
        let access = try access.access
        let saved = try await SavedRun(location, access)
        var configuration = saved.configuration
        configuration.undo = RunConfiguration.Undo(
            run: preview.run, path: saved.location.path, isRedo: safety.redo,
            includesPresent: safety.includePresent)
        if case .database(let address, let run) = try saved.location.ledger {
            configuration.ledger = "\(address)"
            configuration.undo?.path = run
        }
        let path = configuration.undo?.path ?? saved.location.path
        configuration.inputs = [RunConfiguration.Input(given: path, path: path)]
        if let rate = pace.rate { configuration.rate = rate.limit }
        var session = UndoSession(
            configuration: configuration, client: try access.clientConfiguration(of: configuration))
        session.runDirectory = output.runDir.map {
            KnownRuns.directory(named: $0, SystemCall.environment)
        }
        session.replacesUnsent = true
        (session.isShown, session.printsJSON) = (output.screen.isShown, output.screen.json)
        try await session.run()
    }
}

/// The flags that say what an undo may do.
struct UndoSafety: ParsableArguments {
    @Flag(help: "Take an undo back, so that its groups are active again. RUN is then the undo.")
    var redo = false

    @Flag(
        help: """
            Also set groups inactive that are present. For these, it is not known whether the run or somebody else \
            created them.
            """)
    var includePresent = false

    @Flag(help: "Do it without asking.")
    var yes = false
}

/// The flags that say where an undo's report goes.
struct UndoOutput: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The directory for the undo's own ledger and report (default: groupload-runs/<run id>).", valueName: "dir"),
        completion: .directory, transform: parsedPath)
    var runDir: String?

    @OptionGroup var watch: WatchOptions
    @OptionGroup var screen: ScreenOptions
}
