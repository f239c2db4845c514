import ArgumentParser
import Foundation
import GroupLoad
import RecordFormats

/// `groupload convert IN OUT`: one format to another.
struct ConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write the names, ranks and activities of a list in another format, as they were read.",
        discussion: """
            Examples:
              groupload convert groups.xml groups.csv
              groupload convert export.csv.gz - --to ndjson --encoding windows-1252

            Records are neither validated nor changed. A record that can't be read, or that the other format can't \
            hold, is left out with a message; the exit status is then 1. Exit status 65 if the list is damaged; then \
            no file is written. A file with the suffix .gz or .zst is compressed.
            """)

    @Argument(help: "The list: a path, a glob, or - for standard input.", completion: .lists, transform: parsedPath)
    var input: String

    @Argument(help: "The file to write: a path, or - for standard output.", completion: .file(), transform: parsedPath)
    var output: String

    @OptionGroup(title: HelpSection.reading) var reading: ReadingOptions
    @OptionGroup(title: HelpSection.reading) var settings: ProfileOption
    @OptionGroup(title: HelpSection.output) var writing: ConvertOutput

    func validate() throws {
        guard format != nil else {
            throw ValidationError("Give the format of \(output) with --to: csv, json, ndjson, xml or xlsx.")
        }
        guard !writing.spreadsheetSafe || format == .csv else {
            throw ValidationError("--spreadsheet-safe is for CSV only.")
        }
    }

    private var format: RecordFormat? { writing.to ?? RecordFormat.ofOutput(output) }

    func run() async throws {
        guard let format else { return }
        let isShown = writing.quietness.isShown
        let stop = StopSwitch()
        let progress = RunProgress()
        let conversion = Converter(
            sources: try InputSource.resolve([input], format: reading.format), options: reading.decoding, to: output,
            format: format, isSpreadsheetSafe: writing.spreadsheetSafe, columnPolicy: reading.columnPolicy,
            progress: progress, stop: stop,
            note: { if isShown { Console.noteLine($0) } })
        let summary = try await SignalWatch.run(stop) {
            try await ProgressLine(progress: progress).whileRunning(isShown) { try await conversion.run() }
        }
        if isShown {
            if let skipped = summary.rows.skipped.skippedText { Console.note(skipped + "\n") }
            Console.note("\(Shown.count(summary.read, "record")) read, \(Shown.number(summary.written)) written\n")
        }
        if summary.written < summary.read { throw ExitCode(ExitStatus.finishedWithFailures.rawValue) }
    }
}

/// The flags that say what a conversion writes and shows.
struct ConvertOutput: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The format to write, where the output's suffix doesn't show it: csv, json, ndjson, xml or xlsx.",
            valueName: "format"))
    var to: RecordFormat?

    @Flag(help: "CSV: put an apostrophe before names and ranks that a spreadsheet would run as a formula.")
    var spreadsheetSafe = false

    @OptionGroup var quietness: QuietOptions
}
