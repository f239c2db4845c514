import ArgumentParser
import Foundation
import GroupLoad
import RecordFormats

/// `groupload validate FILE...`: reads and checks; no network.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Read the lists, validate every record and find duplicate names. Nothing is sent.",
        discussion: """
            Examples:
              groupload validate groups.csv
              groupload validate 'lists/*.csv' --results checked.csv

            Exit status 0 if every record is valid or a duplicate, 1 if some are invalid, 65 if a list is damaged.
            """)

    @OptionGroup(title: HelpSection.reading) var input: InputOptions
    @OptionGroup(title: HelpSection.reading) var settings: ProfileOption
    @OptionGroup(title: HelpSection.output) var output: ValidateOutput

    func run() async throws {
        let isShown = output.screen.isShown
        let stop = StopSwitch()
        let progress = RunProgress()
        var generator = SystemRandomNumberGenerator()
        var ingest = Ingest(
            sources: try input.sources(), options: input.reading.decoding,
            validator: input.validator, nameMatch: input.nameMatch,
            hash: KeyedHash(using: &generator), progress: progress, stop: stop,
            note: { if isShown { Console.noteLine($0) } })
        ingest.columnPolicy = input.reading.columnPolicy
        ingest.isHashing = output.screen.json
        let validation = Validation(ingest: ingest, resultsPath: output.results)
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
        if isShown { Console.note(text(of: summary)) }
        if output.screen.json { try JSONOutput.print(summary) }
        throw ExitCode(summary.exit)
    }

    private func text(of summary: ValidationSummary) -> String {
        var lines = ["", "\(Shown.count(summary.read, "record")) read"]
        let list = output.results.map { "correct them; \(Shown.text($0)) lists them" }
        for (outcome, word, remark) in [
            ("draft", "valid", nil), ("duplicate", "duplicate", "an earlier record has the same name"),
            ("invalid", "invalid", list ?? "correct them; --results FILE lists them"),
        ] as [(String, String, String?)] {
            let count = summary.outcomes[outcome] ?? 0
            if count > 0 { lines.append(SummaryText.row(count, word, remark)) }
        }
        if let skipped = summary.skippedText { lines.append(skipped) }
        lines += SummaryText.warnings(
            nearDuplicates: summary.near_duplicates, suspicious: summary.suspicious,
            substitutes: summary.substitutes,
            all: output.results.map { Shown.text($0) } ?? "--results FILE")
        lines += SummaryText.warnings(summary.columns, input.reading.decoding.mapping.givenNames, unheeded: 0)
        lines += summary.partial.map { "Warning: \($0.text)" }
        if let first = summary.misread.first {
            lines += summary.misread.map { "Warning: \($0.text)" }
            let words = ["groupload"] + CommandLine.arguments.dropFirst() + ["--encoding", first.encoding]
            lines += ["This reads all of it:", "  " + CorrectionCommand.words(words).joined(separator: " ")]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// The flags that say what a validation writes and shows.
struct ValidateOutput: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write a line for each record to this file, in the columns of results.csv.", valueName: "file"),
        completion: .file(), transform: parsedPath)
    var results: String?

    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        guard !screen.json || results != "-" else {
            throw ValidationError("--json and the results both go to standard output; give --results a file.")
        }
    }
}
