import GroupLoad
import Logging

/// Writes warnings and errors to standard error, a line each; what is below a warning goes nowhere.
struct ConsoleLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        Console.error("\(event.level): \(event.message)")
    }
}
