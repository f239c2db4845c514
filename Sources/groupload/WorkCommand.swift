import ArgumentParser
import GroupLoad
import RewardsClient

/// `groupload work [RUN] --ledger URL`: joins a run as a further worker.
struct WorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work",
        abstract: "Join a run whose ledger is in a database, as a further worker.",
        discussion: """
            Examples:
              groupload work --ledger postgresql://host/loads
              groupload work --ledger postgresql://host/loads --for 10m

            A worker sends records that an import with --ledger has read, by that import's settings and at its pace. \
            Any number may work on one run, on any machine; the import, or its resume, writes the report. Without \
            RUN it takes a run of the same till or key that has records left to send. The credentials come from the \
            environment, from --credentials or from a --profile. Exit status 0 if the run has nothing left to send, or \
            --for is over; 75 if there is nothing to do and records are left.
            """)

    @OptionGroup(title: HelpSection.run) var work: WorkOptions
    @OptionGroup(title: HelpSection.target) var access: AccessOptions
    @OptionGroup(title: HelpSection.pace) var pace: WorkPace
    @OptionGroup(title: HelpSection.output) var log: LogOptions
    @OptionGroup(title: HelpSection.output) var screen: ScreenOptions

    func run() async throws {
        Watching.begin()
        let access = try access.access
        let saved = try await SavedRun(try work.location(access), access)
        var settings = saved.configuration
        settings.concurrency = pace.concurrency ?? settings.concurrency
        let client = try access.clientConfiguration(of: settings)
        var configuration = ImportConfiguration(settings, client: client)
        configuration.concurrency = client.connectionsMax
        JSONOutput.name(target: settings.target.url)
        let session = try RunSession(client, isShown: screen.isShown)
        let summary = try await session.carryOut { [configuration, duration = work.for] session in
            let client = session.client(client)
            return try await WorkRun(
                configuration, on: saved.location, for: duration, client: client,
                makeSender: { CreateSender(client: client, transport: session.transport, queue: $0) },
                stop: session.stop, progress: session.progress, logger: session.logger, note: session.note,
                environment: session.environment
            )
            .run()
        }
        if let message = summary.message, summary.error != nil { Console.error(message) }
        session.note(summary.text)
        if screen.json { try JSONOutput.print(summary) }
        throw ExitCode(summary.exit)
    }
}

/// The run that a worker joins, and for how long.
struct WorkOptions: ParsableArguments {
    @Argument(
        help: """
            The run, by its id, as groupload runs --ledger shows it, or by its directory. By default any that has work.
            """)
    var run: String?

    @OptionGroup var database: LedgerOptions

    @Option(
        help: ArgumentHelp(
            "How long to work at most: 90s, 10m or 2h. By default until the run has nothing left to send.",
            valueName: "time"),
        transform: parsedWait)
    var `for`: Duration?

    func validate() throws {
        guard database.ledger != nil else {
            throw ValidationError("A run with workers has its ledger in a database: give --ledger.")
        }
    }

    /// Where the run's ledger is.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/busy`` where no run is named, and none has work for these credentials.
    func location(_ access: ClientAccess) throws -> RunLocation {
        guard let address = try database.address() else { throw RunError(.usage, "no --ledger") }
        if let run { return try RunLocation.run(named: run, at: address) }
        let key = try access.readCredentials().keyID
        let runs = try StoredLedger.openRuns(at: address)
        guard let found = runs.first(where: { $0.hasWork && Scope(text: $0.scope).keyID == key }) else {
            throw RunError(
                .nothingToDo, "no run in \(address) has work for \(Shown.text(key)) now",
                remedy: "name the run, to wait until its lists are read; groupload runs --ledger shows them")
        }
        return RunLocation(of: found.name, at: address)
    }
}

/// How many requests a worker sends at once.
struct WorkPace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many creates may be in flight at once here, from 1 to 4096. By default as many as in the import.",
            valueName: "n"))
    var concurrency: Int?

    func validate() throws { if let concurrency { try requireConcurrency(concurrency) } }
}
