import ArgumentParser
import GroupLoad

/// `groupload resume RUN`: finishes an interrupted run.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Finish an interrupted run, with the options that it was started with.",
        discussion: """
            Example:
              groupload resume --last

            What was sent and had no response is looked up first; what was left out is sent; what is settled is not \
            touched. Credentials come from the environment again. A list from standard input must be piped again \
            where it hadn't been read to its end. The same import with the same --run-dir does the same.
            """)

    @OptionGroup var run: RunOptions

    @OptionGroup var access: AccessOptions

    @Option(help: "Another pace than the run was started with, as N/min, N/s or auto.")
    var rate: ImportCommand.Rate?

    @Flag(help: "Go on with what was read, though the files have changed since or are damaged.")
    var changedInput = false

    @Flag(
        help:
            """
            Set groups inactive without asking, where the run was started with --deactivate-missing and had \
            not asked yet.
            """
    )
    var yes = false

    @Flag(help: "Show no progress and no summary.")
    var quiet = false

    @Flag(help: "Print the summary as one JSON object on standard output.")
    var json = false

    func run() async throws {
        let access = access.access
        let saved = try await SavedRun(try run.location(), access)
        let client = try access.clientConfiguration(of: saved.configuration)
        if saved.configuration.undo != nil {
            var session = UndoSession(configuration: saved.configuration, client: client)
            (session.rate, session.runDirectory) = (rate, saved.location.path)
            (session.isShown, session.printsJSON) = (!quiet, json)
            return try await session.run()
        }
        var session = ImportSession(configuration: saved.configuration, client: client)
        (session.rate, session.runDirectory) = (rate, saved.location.path)
        (session.isApproved, session.acceptsChangedInput) = (yes, changedInput)
        (session.isShown, session.printsJSON) = (!quiet, json)
        try await session.run()
    }
}
