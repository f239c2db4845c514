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
            Example:
              groupload convert groups.xml groups.csv
              groupload convert export.csv.gz - --to ndjson --encoding windows-1252

            Nothing is validated, trimmed or dropped but records that the other format can't hold and those that \
            can't be read, which are told; exit status 1 if there were any, 65 if the list is damaged (then no file \
            is written). With a suffix .gz or .zst the output is compressed.
            """)

    @Argument(help: "The list: a path, a glob, or - for standard input.")
    var input: String

    @Argument(help: "Where to write: a path, or - for standard output.")
    var output: String

    @OptionGroup var reading: ReadingOptions

    @Option(help: "csv, json, ndjson or xml, where the output's suffix doesn't say.")
    var to: RecordFormat?

    @Flag(help: "CSV: put an apostrophe before names and ranks that a spreadsheet would run as a formula.")
    var spreadsheetSafe = false

    @Flag(help: "Show no progress, no messages and no summary.")
    var quiet = false

    func validate() throws {
        guard format != nil else {
            throw ValidationError("Say with --to in which format \(output) is to be written.")
        }
        guard !spreadsheetSafe || format == .csv else {
            throw ValidationError("--spreadsheet-safe is for CSV only.")
        }
    }

    private var format: RecordFormat? { to ?? RecordFormat.ofOutput(output) }

    func run() async throws {
        guard let format else { return }
        let isShown = !quiet
        let stop = StopSwitch()
        let progress = RunProgress()
        let conversion = Converter(
            sources: try InputSource.resolve([input], format: reading.format), options: reading.decoding, to: output,
            format: format, isSpreadsheetSafe: spreadsheetSafe, columnPolicy: reading.columnPolicy, progress: progress,
            stop: stop,
            note: { if isShown { Console.noteLine($0) } })
        let summary = try await SignalWatch.run(stop) {
            try await ProgressLine(progress: progress).whileRunning(isShown) { try await conversion.run() }
        }
        if isShown {
            Console.note("\(summary.read) records read, \(summary.written) written\n")
        }
        if summary.written < summary.read { throw ExitCode(ExitStatus.finishedWithFailures.rawValue) }
    }
}
