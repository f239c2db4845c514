import ArgumentParser
import Foundation

/// How messages are written to standard error.
enum LogFormat: String, ArgumentWord {
    /// Lines for a person.
    case text
    /// An object a line, for a collector.
    case json

    /// That of this process: read from the arguments as they are, so that what is wrong with them is written so too.
    static let current: LogFormat = {
        let words = CommandLine.arguments.dropFirst().prefix { $0 != "--" }
        let isJSON =
            zip(words, words.dropFirst()).contains { $0 == "--log-format" && $1.lowercased() == "json" }
            || words.contains { $0.lowercased() == "--log-format=json" }
        return isJSON ? .json : .text
    }()
}

/// The flag that says how messages are written.
struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            How messages on standard error are written: as text, or as one JSON object a line with the fields of \
            OpenTelemetry's log data model.
            """, valueName: "format"))
    var logFormat = LogFormat.text
}
