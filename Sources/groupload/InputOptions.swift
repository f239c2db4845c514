import ArgumentParser
import GroupLoad
import RecordFormats

/// The flags that say what is read, and by which rules.
struct InputOptions: ParsableArguments {
    @Argument(help: "Group lists: paths, globs, or - for standard input.")
    var files: [String]

    @Option(help: "csv, json, ndjson or xml, where the suffix or the first bytes don't say.")
    var format: RecordFormat?

    @Option(help: "When two names are the same: exact, or folded (regardless of case and compatibility form).")
    var nameMatch: NameMatch = .exact

    @Option(help: "The longest name, in characters.")
    var nameLengthMax = 255

    @Option(help: "The longest record, in bytes.")
    var recordBytesMax = 1 << 20

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("Name at least one FILE, or - for standard input.") }
        guard (1...100_000).contains(nameLengthMax) else {
            throw ValidationError("--name-length-max must be from 1 to 100000.")
        }
        guard (1024...1 << 30).contains(recordBytesMax) else {
            throw ValidationError("--record-bytes-max must be from 1024 to 1073741824.")
        }
    }

    /// The sources, resolved.
    func sources() throws(RunError) -> [InputSource] { try InputSource.resolve(files, format: format) }

    var limits: DecodingLimits {
        DecodingLimits(recordBytesMax: recordBytesMax)
    }
}

extension RecordFormat: ExpressibleByArgument {}
extension NameMatch: ExpressibleByArgument {}
