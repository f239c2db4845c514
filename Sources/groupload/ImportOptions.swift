import ArgumentParser
import GroupLoad
import RewardsClient

/// The flags of an import that say how fast it goes.
struct ImportPace: ParsableArguments {
    @Option(help: ArgumentHelp("How many creates may be in flight at once, from 1 to 4096.", valueName: "n"))
    var concurrency = 64

    @Option(
        help: ArgumentHelp(
            """
            When to read the target's list before sending, which finds groups that exist without a request for each: \
            auto (if that takes fewer requests than the creates would), always or never.
            """, valueName: "when"))
    var snapshot: SnapshotUse = .auto

    @Flag(
        help: """
            With --ledger: take a group to be on the target, as existing, where another run on the target has it in \
            the same ledger with the same name, rank and activity. Such a record costs no request.
            """)
    var trustLedger = false

    func validate() throws {
        try requireConcurrency(concurrency)
    }
}

/// Makes sure that so many requests may be in flight.
func requireConcurrency(_ concurrency: Int) throws {
    guard (1...ClientConfiguration.connectionsLimit).contains(concurrency) else {
        throw ValidationError("--concurrency must be from 1 to \(ClientConfiguration.connectionsLimit).")
    }
}

/// The flags of an import that say what may happen, and when it stops.
struct ImportSafety: ParsableArguments {
    @Flag(help: "Set groups inactive without asking.")
    var yes = false

    @Option(
        help: ArgumentHelp("Stop once more records than this are failed or invalid, as N or N%.", valueName: "n"),
        transform: parsedLimit)
    var maxErrors: ErrorLimit?

    @Option(
        help: ArgumentHelp(
            """
            Send nothing if the lists have fewer records than this, as N, or as N% of what the last finished run on \
            the target read.
            """, valueName: "n"),
        transform: parsedFloor)
    var minRecords: RecordFloor?

    @Option(
        help: ArgumentHelp(
            "Do exactly what a plan says that groupload plan -o saved, in place of FILE and --target.",
            valueName: "file"), completion: .plans, transform: parsedPath)
    var plan: String?

    @Flag(
        help: """
            Send while the lists are being read. Without this flag, all files are read in full first, so that a \
            damaged list sends nothing.
            """)
    var noPreflight = false
}

/// The flags of an import that say where its report goes.
struct ImportOutput: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The directory for the run's ledger and report (default: groupload-runs/<run id>).", valueName: "dir"),
        completion: .directory, transform: parsedPath)
    var runDir: String?

    @OptionGroup var database: LedgerOptions

    @Option(
        help: ArgumentHelp(
            """
            After the run, remove older runs of the same target beside it, so that this many remain. A run that has \
            not finished is never removed, nor the last that finished.
            """, valueName: "n"))
    var keepRuns: Int?

    @Flag(
        help:
            """
            results.csv: put an apostrophe before names and ranks that a spreadsheet would run as a formula, and \
            quote every field.
            """
    )
    var spreadsheetSafe = false

    @Flag(
        help: """
            Keep no compressed copy of the lists in the run directory. With the copy, verify can prove the run, and \
            resume can finish it, after a list was replaced or removed.
            """)
    var noKeepInput = false

    @OptionGroup var watch: WatchOptions
    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        guard keepRuns ?? 1 >= 1 else { throw ValidationError("--keep-runs must be at least 1.") }
    }
}

/// Reads the least number of records, as `N` or `N%`.
private func parsedFloor(_ text: String) throws -> RecordFloor {
    guard let floor = RecordFloor(text) else { throw ValidationError("write N or N%, for example 1000 or 90%") }
    return floor
}
