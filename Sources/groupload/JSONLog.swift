import Foundation
import GroupLoad
import Logging

/// Writes log records to standard error as JSON, an object a line, with the fields of OpenTelemetry's log data model:
/// <https://opentelemetry.io/docs/specs/otel/logs/data-model/>. Each has the run's id, once there is one.
struct JSONLog: LogHandler {
    /// A value of an attribute.
    enum Value: Encodable {
        case text(String)
        case number(Int)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            }
        }
    }

    private struct Record: Encodable {
        var timestamp: String
        var severityText: String
        var severityNumber: Int
        var body: String
        var traceID: String?
        var attributes: [String: Value]
        let resource: [String: Value] = [
            "service.name": .text("groupload"), "service.version": .text(Version.text),
            "process.pid": .number(Int(getpid())),
        ]

        enum CodingKeys: String, CodingKey {
            case timestamp = "Timestamp"
            case severityText = "SeverityText"
            case severityNumber = "SeverityNumber"
            case body = "Body"
            case traceID = "TraceId"
            case attributes = "Attributes"
            case resource = "Resource"
        }
    }

    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let given = metadata.merging(event.metadata ?? [:]) { $1 }
        Self.write(event.level, "\(event.message)", given.mapValues { .text("\($0)") })
    }

    /// Writes a record.
    static func write(_ level: Logger.Level, _ message: String, _ attributes: [String: Value] = [:]) {
        var attributes = attributes
        if let run = Watching.run { attributes["groupload.run.id"] = .text(run) }
        let (text, number) = severity(of: level)
        let record = Record(
            timestamp: Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)),
            severityText: text, severityNumber: number, body: body(of: message),
            traceID: Watching.traceID, attributes: attributes)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { Console.raw(Shown.json(String(decoding: try encoder.encode(record), as: UTF8.self)) + "\n") } catch {
            // All of it is text and numbers.
            assertionFailure("\(error)")
        }
    }

    /// The message without what shows where it comes from, and that it has lines of its own.
    private static func body(of message: String) -> String {
        let text = message.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.hasPrefix("groupload: ") ? String(text.dropFirst("groupload: ".count)) : text
    }

    /// The severities as the data model names them, and the number that it gives each.
    private static func severity(of level: Logger.Level) -> (String, Int) {
        switch level {
        case .trace: ("TRACE", 1)
        case .debug: ("DEBUG", 5)
        case .info: ("INFO", 9)
        case .notice: ("INFO2", 10)
        case .warning: ("WARN", 13)
        case .error: ("ERROR", 17)
        case .critical: ("FATAL", 21)
        }
    }
}
