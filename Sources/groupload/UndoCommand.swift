import ArgumentParser
import GroupLoad

/// `groupload undo RUN`: takes back what a run did.
struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract:
            """
            Take back what a run did: set the groups that it created inactive, and give those that it \
            changed back what they were.
            """,
        discussion: """
            Example:
              groupload undo --last
              groupload undo --last --redo

            Only groups that the run's ledger proves it created are touched, or changed. Each is read first, and \
            left alone if somebody has changed it since; names stay. What will be done is shown, and asked for \
            unless --yes is given. An undo is itself a run, with a report, which can be resumed; --redo takes an \
            undo back.
            """)

    @OptionGroup var run: RunOptions
    @OptionGroup var access: AccessOptions

    @Flag(help: "RUN is an undo: take it back, so that the groups are active again.")
    var redo = false

    @Flag(
        help:
            """
            Also set inactive groups that are present: of those it can't be told whether the run or \
            somebody else created them.
            """
    )
    var includePresent = false

    @Flag(help: "Go on without asking.")
    var yes = false

    @Option(help: "The undo's own run directory; by default groupload-runs/<run id>.")
    var runDir: String?

    @Option(help: "Another pace than the run was started with, as N/min, N/s or auto.")
    var rate: ImportCommand.Rate?

    @Flag(help: "Show no plan, no progress and no summary.")
    var quiet = false

    @Flag(help: "Print the summary as one JSON object on standard output.")
    var json = false

    func run() async throws {
        let location = try run.location()
        // What a damaged ledger names may be somebody else's group.
        let ledger = try StoredLedger.read(at: location.ledgerPath)
        try await Report(ledger: ledger).check()
        try ledger.closeReading()
        let preview = try await UndoPreview(location, withPresent: includePresent)
        guard preview.isRedo == redo else {
            let finding = redo ? "is no undo, so there is nothing to do again" : "is an undo itself"
            throw RunError(
                .usage, "\(preview.run) \(finding)", naming: .path(location.path),
                remedy: redo ? "groupload runs lists them" : "--redo takes it back")
        }
        if !quiet { Console.note(UndoText.of(preview)) }
        guard preview.count > 0 || json else { return }
        if !yes, preview.count > 0 { try Approval.ask() }
        let access = access.access
        let saved = try await SavedRun(location, access)
        var configuration = saved.configuration
        configuration.undo = RunConfiguration.Undo(
            run: preview.run, path: saved.location.path, isRedo: redo, includesPresent: includePresent)
        configuration.inputs = [RunConfiguration.Input(given: saved.location.path, path: saved.location.path)]
        if let rate { configuration.rate = rate.limit }
        var session = UndoSession(
            configuration: configuration, client: try access.clientConfiguration(of: configuration))
        session.runDirectory = runDir
        (session.isShown, session.printsJSON) = (!quiet, json)
        try await session.run()
    }
}
