import ArgumentParser
import Foundation
import GroupLoad

/// `groupload validate FILE...`: reads and checks; no network.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Read the lists, validate every record and find duplicate names; nothing is sent.",
        discussion: """
            Example:
              groupload validate groups.csv --results checked.csv

            Exit status 0 if every record is a draft or a duplicate, 1 if some are invalid, 65 if a list is damaged.
            """)

    @OptionGroup var input: InputOptions

    @Option(help: "Write a line for each record to this file, in the columns of results.csv.")
    var results: String?

    @Flag(help: "Show no progress, no messages and no summary.")
    var quiet = false

    @Flag(help: "Print the summary as one JSON object on standard output.")
    var json = false

    func run() async throws {
        let isShown = !quiet
        let stop = StopSwitch()
        let progress = RunProgress()
        var generator = SystemRandomNumberGenerator()
        var ingest = Ingest(
            sources: try input.sources(), options: input.reading.decoding,
            validator: RecordValidator(nameLengthMax: input.nameLengthMax), nameMatch: input.nameMatch,
            hash: KeyedHash(using: &generator), progress: progress, stop: stop,
            note: { if isShown { Console.noteLine($0) } })
        ingest.columnPolicy = input.reading.columnPolicy
        let validation = Validation(ingest: ingest, resultsPath: results)
        var summary = try await SignalWatch.run(stop) {
            try await ProgressLine(progress: progress).whileRunning(isShown) {
                try await validation.run { message in
                    if isShown { Console.noteLine(message) }
                }
            }
        }
        summary.seconds = JSONOutput.seconds
        if let reason = stop.reason {
            (summary.exit, summary.error) = (reason.status.rawValue, SummaryError(reason.error))
        }
        if let message = summary.message { Console.error(message) }
        if !quiet { Console.note(text(of: summary)) }
        if json { try JSONOutput.print(summary) }
        throw ExitCode(summary.exit)
    }

    private func text(of summary: ValidationSummary) -> String {
        var lines = ["", "\(summary.read) records read"]
        for (word, remark) in [
            ("draft", "could be sent"), ("duplicate", "the name stood earlier"),
            ("invalid", results == nil ? "to be corrected; --results FILE lists all" : "to be corrected"),
        ] {
            let count = summary.outcomes[word] ?? 0
            if count > 0 { lines.append(SummaryText.row(count, word, remark)) }
        }
        if summary.near_duplicates > 0 { lines.append(SummaryText.nearDuplicates(summary.near_duplicates)) }
        return lines.joined(separator: "\n") + "\n"
    }
}
