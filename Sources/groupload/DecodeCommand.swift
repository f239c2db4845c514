import ArgumentParser
import GroupLoad

/// `groupload decode FILE...`: reads and counts, and no more. Not shown in the help: it is what
/// `Scripts/benchmarks/benchmark-ingest` holds against parsers that do no more either.
struct DecodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Read the lists and count their records.", shouldDisplay: false)

    @Argument(
        help: ArgumentHelp("The lists: paths, globs, or - for standard input.", valueName: "file"),
        completion: .lists, transform: parsedPath)
    var files: [String]

    @OptionGroup var reading: ReadingOptions

    func run() async throws {
        let sources = try InputSource.resolve(files, format: reading.format)
        let counts = try await Decoding(sources: sources, options: reading.decoding).run()
        try Console.data(try counts.json())
    }
}
