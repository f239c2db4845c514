/// What OTLP's messages of spans and metrics are made of, as its JSON has it: ids in hexadecimal digits, whole numbers
/// of 64 bits as text, enumerations as numbers.
///
/// Source: `opentelemetry/proto` 1.x, and "JSON Protobuf Encoding" of the OTLP specification.
enum OTLPMessage {
    /// One of the forms of a value; the others are nil.
    struct Value: Encodable, Equatable {
        var stringValue: String?
        var intValue: String?
        var doubleValue: Double?
        var boolValue: Bool?

        static func text(_ text: String) -> Value { Value(stringValue: text) }
        static func number(_ number: Int64) -> Value { Value(intValue: String(number)) }
    }

    /// A name and its value.
    struct Attribute: Encodable, Equatable {
        var key: String
        var value: Value
    }

    /// Something that happened within a span.
    struct Event: Encodable {
        var timeUnixNano: String
        var name: String
        var attributes: [Attribute]
    }

    /// How a span ended: 1 for well, 2 for an error.
    struct Status: Encodable {
        var code: Int
        var message: String?
    }

    /// A span that has ended.
    struct Span: Encodable {
        var traceId: String
        var spanId: String
        var parentSpanId: String?
        var traceState: String?
        /// The trace's flags, and whether the parent is in another process (bits 8 and 9).
        var flags: Int
        var name: String
        var kind: Int
        var startTimeUnixNano: String
        var endTimeUnixNano: String
        var attributes: [Attribute]
        var events: [Event]
        var droppedEventsCount: Int
        var status: Status?
    }

    /// A figure of a gauge.
    struct Point: Encodable {
        var attributes: [Attribute]
        var timeUnixNano: String
        var asDouble: Double
    }

    /// The figures of a gauge.
    struct Gauge: Encodable { var dataPoints: [Point] }

    /// A metric.
    struct Metric: Encodable {
        var name: String
        var description: String
        var gauge: Gauge
    }

    /// What the figures and spans are of.
    struct Resource: Encodable { var attributes: [Attribute] }

    /// What made them.
    struct Scope: Encodable {
        var name = "groupload"
        var version: String
    }

    /// Spans of one scope.
    struct ScopeSpans: Encodable {
        var scope: Scope
        var spans: [Span]
    }

    /// Spans of one resource.
    struct ResourceSpans: Encodable {
        var resource: Resource
        var scopeSpans: [ScopeSpans]
    }

    /// An `ExportTraceServiceRequest`.
    struct Traces: Encodable { var resourceSpans: [ResourceSpans] }

    /// Metrics of one scope.
    struct ScopeMetrics: Encodable {
        var scope: Scope
        var metrics: [Metric]
    }

    /// Metrics of one resource.
    struct ResourceMetrics: Encodable {
        var resource: Resource
        var scopeMetrics: [ScopeMetrics]
    }

    /// An `ExportMetricsServiceRequest`.
    struct Metrics: Encodable { var resourceMetrics: [ResourceMetrics] }

    /// The response to either: what of it was rejected, where something was.
    struct Response: Decodable {
        /// How many were rejected, as text or as a number, and why.
        struct PartialSuccess: Decodable {
            var rejectedSpans: Count?
            var rejectedDataPoints: Count?
            var errorMessage: String?
        }

        /// A whole number of 64 bits, which JSON may have as text.
        struct Count: Decodable {
            var value: Int64

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                do { value = try container.decode(Int64.self) } catch {
                    value = Int64(try container.decode(String.self)) ?? 0
                }
            }
        }

        var partialSuccess: PartialSuccess?
    }
}
