import ArgumentParser
import GroupLoad

/// `groupload report RUN`: writes the report again.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a run's report again, or a part of it, from its ledger.",
        discussion: """
            Examples:
              groupload report --last
              groupload report --last --format csv --outcome failed,unresolved

            Without --format, the command writes the files of a finished run again into its directory. Where runs have \
            corrected its failed.csv, it says what became of the list as a whole. With --format, \
            it writes one of them to standard output or to -o FILE, also while the run has not finished.
            """)

    @OptionGroup(title: HelpSection.run) var run: PlacedRunOptions
    @OptionGroup(title: HelpSection.output) var output: ReportOutput

    func run() async throws {
        let location = try run.location()
        let ledger = try StoredLedger.read(at: location.ledger)
        let report = Report(ledger: ledger)
        switch output.format {
        case nil:
            try await report.writeAgain(into: location).forEach(Console.noteLine)
            Console.note("Report: \(location.path)\n")
            if let whole = try await whole(of: location) { Console.note(SummaryText.of(whole)) }
            for run in try await ledger.metadata().corrects ?? [] {
                Console.noteLine("It corrects run \(run); of the list as a whole: groupload report \(run)")
            }
        case .csv:
            let table = RecordTable(form: .results, outcomes: output.outcome, isSpreadsheetSafe: output.spreadsheetSafe)
            try await report.write(table, to: output.output)
        case .ndjson: try await report.write(RecordTable(form: .ndjson, outcomes: output.outcome), to: output.output)
        case .html:
            try await ReportCheck.whole(ledger)
            try await report.writePage(to: output.output)
        case .json:
            try await ReportCheck.whole(ledger)
            try await report.writeSummary(of: location, whole: try await whole(of: location), to: output.output)
        }
        if output.format != nil, let stale = Report.staleText(try await report.staleFiles(in: location)) {
            Console.noteLine("\(location.path): the run has not finished; \(stale)")
        }
        try ledger.closeReading()
    }

    /// What became of a run's list as a whole; nil where no run corrects it.
    private func whole(of location: RunLocation) async throws -> WholeList? {
        try await WholeList.find(of: location, SystemCall.environment, note: Console.noteLine)
    }
}

/// The flags that say what of a report is written, and where.
struct ReportOutput: ParsableArguments {
    /// What is written.
    enum Format: String, ArgumentWord { case csv, ndjson, html, json }

    @Option(
        help: ArgumentHelp(
            """
            What to write: csv (the columns of results.csv), ndjson (the same as objects), html (the page) or json \
            (the summary).
            """, valueName: "format"))
    var format: Format?

    @Option(
        help: ArgumentHelp(
            "csv and ndjson: only records with these outcomes, for example failed,unresolved.", valueName: "outcomes"),
        transform: { text in
            try text.split(separator: ",").map { part in
                let name = part.drop { $0 == " " }.lowercased()
                guard let outcome = Outcome(rawValue: name) else {
                    throw ValidationError(
                        "\(name) is no outcome; write \(Outcome.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return outcome
            }
        })
    var outcome: [Outcome] = []

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The file to write (default: standard output).", valueName: "file"), completion: .file(),
        transform: parsedPath)
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
}
