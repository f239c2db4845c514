import ArgumentParser
import GroupLoad
import RecordFormats

/// The flags that say what is read, and by which rules.
struct InputOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The lists: paths, globs, or - for standard input.", valueName: "file"),
        completion: .lists, transform: parsedPath)
    var files: [String] = []

    @OptionGroup var reading: ReadingOptions

    @Option(
        help: ArgumentHelp(
            """
            When two names count as the same: exact, or folded (regardless of case, of a character's form, of how many \
            blanks are inside, and of characters that can't be seen).
            """, valueName: "rule"))
    var nameMatch: NameMatch = .exact

    @Option(help: ArgumentHelp("The longest name that is valid, in characters.", valueName: "n"))
    var nameLengthMax = 255

    @Option(
        name: .customLong("null"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            """
            A word that means an empty rank, activity or name, as it is written, for example NULL or '\\N'; may be \
            given several times.
            """, valueName: "text"))
    var nullWords: [String] = []

    func validate() throws {
        guard (1...100_000).contains(nameLengthMax) else {
            throw ValidationError("--name-length-max must be from 1 to 100000.")
        }
        guard nullWords.allSatisfy({ !$0.allSatisfy(\.isWhitespace) }) else {
            throw ValidationError("--null needs a word: what is empty is so without it.")
        }
    }

    /// The sources, resolved.
    func sources() throws(RunError) -> [InputSource] {
        guard !files.isEmpty else {
            throw RunError(.usage, "no list is given", remedy: "name at least one FILE, or - for standard input")
        }
        return try InputSource.resolve(files, format: reading.format)
    }

    /// The sources as a run keeps them.
    func inputs() throws(RunError) -> [RunConfiguration.Input] {
        try sources().map { RunConfiguration.Input(given: $0.path, path: Paths.absolute($0.path)) }
    }

    /// Puts the settings but the sources into a configuration.
    func apply(to configuration: inout RunConfiguration) {
        configuration.reading = RunConfiguration.Reading(
            format: reading.format, reading.decoding, recordsAt: reading.recordsAt)
        configuration.reading.isStrict = reading.isStrict
        configuration.nameMatch = nameMatch
        configuration.nameLengthMax = nameLengthMax
        configuration.nullWords = nullWords
    }

    /// What checks records.
    var validator: RecordValidator { RecordValidator(nameLengthMax: nameLengthMax, nullWords: nullWords) }
}

extension NameMatch: ArgumentWord {}
