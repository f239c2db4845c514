import ArgumentParser
import GroupLoad

/// `groupload resume RUN`: finishes an interrupted run.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Finish an interrupted run, with the options that it was started with.",
        discussion: """
            Examples:
              groupload resume --last
              groupload resume groupload-runs/monday --rate 500/min

            Creates that were sent and had no response are looked up first. What was not sent is sent. Records that \
            have an outcome are left alone. Where a list has changed or is gone since, and the run holds a copy of it, \
            the run goes on with what it read. The credentials come from the environment, from --credentials or from a \
            --profile again. A list on standard input that had not been read to its end must be piped again, the same \
            one. The same import with the same --run-dir does the same, but refuses a list that has changed.
            """)

    @OptionGroup(title: HelpSection.run) var run: PlacedRunOptions
    @OptionGroup(title: HelpSection.target) var access: AccessOptions
    @OptionGroup(title: HelpSection.pace) var pace: OtherPaceOptions
    @OptionGroup(title: HelpSection.safety) var safety: ResumeSafety
    @OptionGroup(title: HelpSection.output) var watch: WatchOptions
    @OptionGroup(title: HelpSection.output) var screen: ScreenOptions

    func run() async throws {
        try Watching.begin(watch)
        let access = try access.access
        let saved = try await SavedRun(try run.location(), access)
        let client = try access.clientConfiguration(of: saved.configuration)
        try RunDirectory.make(for: saved.location)
        if saved.configuration.undo != nil {
            var session = UndoSession(configuration: saved.configuration, client: client)
            (session.rate, session.runDirectory) = (pace.rate, saved.location.path)
            (session.isShown, session.printsJSON) = (screen.isShown, screen.json)
            return try await session.run()
        }
        var session = ImportSession(configuration: saved.configuration, client: client)
        (session.rate, session.runDirectory) = (pace.rate, saved.location.path)
        (session.isApproved, session.acceptsChangedInput) = (safety.yes, safety.changedInput)
        session.acceptsCopies = true
        session.credentials = access.credentials
        session.errorLimit = safety.maxErrors
        (session.isShown, session.printsJSON) = (screen.isShown, screen.json)
        try await session.run()
    }
}

/// The flags that say what a resumed run may do.
struct ResumeSafety: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Another limit of failed records than the run was started with, as N or N%; those so far count.",
            valueName: "n"), transform: parsedLimit)
    var maxErrors: ErrorLimit?

    @Flag(
        help: "Finish the run with the records that it has read, although the lists have changed since or are damaged.")
    var changedInput = false

    @Flag(
        help: """
            Set groups inactive without asking, if the run was started with --deactivate-missing and had not asked yet.
            """)
    var yes = false
}
