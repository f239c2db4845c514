import ArgumentParser
import GroupLoad

/// `groupload report RUN`: writes the report again.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a run's report again, or a part of it, from its ledger.",
        discussion: """
            Example:
              groupload report --last --format ndjson --outcome failed,unresolved | jq ._message

            Without --format the files of a finished run are written again into its directory. With it, one goes to \
            standard output or to -o FILE, also of a run that has not finished.
            """)

    /// What is written.
    enum Format: String, CaseIterable, ExpressibleByArgument { case csv, ndjson, html, json }

    @OptionGroup var run: RunOptions

    @Option(
        help: "csv (the columns of results.csv), ndjson (the same as objects), html (the page) or json (the summary).")
    var format: Format?

    @Option(
        help: "csv and ndjson: only records that ended so, for example failed,unresolved.",
        transform: { text in
            try text.split(separator: ",").map { name in
                guard let outcome = Outcome(rawValue: String(name)) else {
                    throw ValidationError(
                        "\(name) is no outcome; write \(Outcome.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return outcome
            }
        })
    var outcome: [Outcome] = []

    @Option(name: [.customShort("o"), .customLong("output")], help: "The file to write; by default standard output.")
    var output: String?

    @Flag(help: "csv: put an apostrophe before names and ranks that a spreadsheet would run as a formula.")
    var spreadsheetSafe = false

    func validate() throws {
        guard !spreadsheetSafe || format == .csv else {
            throw ValidationError("--spreadsheet-safe goes with --format csv.")
        }
        guard outcome.isEmpty || format == .csv || format == .ndjson else {
            throw ValidationError("--outcome goes with --format csv or ndjson.")
        }
        guard output == nil || format != nil else { throw ValidationError("-o goes with --format.") }
    }

    func run() async throws {
        let location = try run.location()
        let ledger = try StoredLedger.read(at: location.ledgerPath)
        let report = Report(ledger: ledger)
        try await report.check()
        switch format {
        case nil:
            try await report.writeAgain(into: location)
            Console.note("Report: \(location.path)\n")
        case .csv:
            let table = RecordTable(form: .results, outcomes: outcome, isSpreadsheetSafe: spreadsheetSafe)
            try await report.write(table, to: output)
        case .ndjson: try await report.write(RecordTable(form: .ndjson, outcomes: outcome), to: output)
        case .html: try await report.writePage(to: output)
        case .json: try await report.writeSummary(to: output)
        }
        try ledger.closeReading()
    }
}
