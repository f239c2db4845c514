import ArgumentParser
import GroupLoad

/// `groupload runs`: lists runs.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List your runs on this machine with their state, counts and directories, the last one last.",
        discussion: """
            Examples:
              groupload runs
              groupload runs --json | jq '.[] | select(.left > 0) | .run'

            Every command that takes a run takes its id, wherever its directory is. Exit status 3 if the ledger of a \
            run can't be read. The other runs are still listed.
            """)

    @OptionGroup(title: HelpSection.run) var place: RunsPlace
    @OptionGroup(title: HelpSection.output) var output: RunsOutput

    func run() async throws {
        var runs: [RunListing] = []
        var isWhole = true
        let locations = try place.locations()
        for location in locations {
            do throws(RunError) { runs.append(try await RunListing(location)) } catch {
                Console.error("\(error)")
                isWhole = false
            }
        }
        runs.sort { $0.isBefore($1) }
        if output.json {
            try JSONOutput.print(runs)
        } else {
            if runs.isEmpty {
                Console.note("There are no runs\(place.text).\n")
            }
            for run in runs { try Console.data(Self.line(of: run) + "\n") }
        }
        if !isWhole { throw ExitCode(ExitStatus.unusable.rawValue) }
    }

    /// A run for a person.
    private static func line(of run: RunListing) -> String {
        let counts = run.outcomes.filter { $0.value > 0 }.sorted { $0.key < $1.key }
            .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let place = run.directory.isEmpty ? run.ledger ?? "" : run.directory
        return Shown.text(
            """
            \(run.run)  \(run.stateText)  \(run.undoes.map { "undo of \($0), " } ?? "")\(run.read) \
            read\(counts.isEmpty ? "" : ": " + counts)  \(run.target)  \(place)
            """,
            limit: 1000)
    }
}

/// The flags that say where runs are looked for.
struct RunsPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            List only the runs in this directory. Without it: those in groupload-runs here, and all that ran elsewhere.
            """, valueName: "dir"), completion: .directory, transform: parsedPath)
    var directory: String?

    @OptionGroup var database: LedgerOptions

    func validate() throws {
        guard directory == nil || database.ledger == nil else {
            throw ValidationError("--directory and --ledger contradict each other; give one.")
        }
    }

    /// Where they are.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the database can't be used.
    func locations() throws(RunError) -> [RunLocation] {
        if let address = try database.address() {
            return try StoredLedger.runs(at: address).map { RunLocation(of: $0.run, at: address) }
        }
        return directory.map { RunLocation.all(in: $0) } ?? KnownRuns.all(SystemCall.environment)
    }

    /// The place for a person.
    var text: String { directory.map { " in \($0)" } ?? (database.ledger == nil ? " that are known here" : " there") }
}

/// The flag that says how runs are shown.
struct RunsOutput: ParsableArguments {
    @Flag(help: "Print the runs as a JSON array on standard output.")
    var json = false
}
