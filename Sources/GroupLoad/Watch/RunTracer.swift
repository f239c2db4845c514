import RewardsClient
import Synchronization
import Tracing

/// Makes the spans of a process and keeps those that have ended, until they are exported. All are of one trace.
struct RunTracer: Tracer {
    /// Spans that are kept; more aren't.
    private static let spansMax = 256

    let trace: RequestTrace
    private let ended = EndedSpans()

    init(_ trace: RequestTrace) { self.trace = trace }

    /// The spans that have ended, in the order in which they did.
    var spans: [OTLPMessage.Span] { ended.spans.withLock { $0 } }

    func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> RunSpan {
        var context = context()
        let parent = context[SpanPlace.self]
        let place = SpanPlace.Value(span: RequestTrace.text(span: trace.newSpans()), isRemote: false)
        context[SpanPlace.self] = place
        // Bit 8: it is known whether the parent is in another process; bit 9: it is.
        let flags = Int(trace.flags) | 1 << 8 | (parent?.isRemote == true ? 1 << 9 : 0)
        let start = "\(instant().nanosecondsSinceEpoch)"
        let span = OTLPMessage.Span(
            traceId: trace.id, spanId: place.span, parentSpanId: parent?.span, traceState: trace.state, flags: flags,
            name: operationName, kind: Self.number(of: kind), startTimeUnixNano: start, endTimeUnixNano: start,
            attributes: [], events: [], droppedEventsCount: 0)
        return RunSpan(span, context) { [ended] span in
            ended.spans.withLock { if $0.count < Self.spansMax { $0.append(span) } }
        }
    }

    func forceFlush() {}

    /// Puts in the span that the carrier's `traceparent` names, where it is one of this trace.
    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let text = extractor.extract(key: "traceparent", from: carrier),
            let parent = TraceParent(text, state: nil), parent.trace == trace.id
        else { return }
        context[SpanPlace.self] = SpanPlace.Value(span: parent.span, isRemote: true)
    }

    /// Requests have spans of their own, see ``RequestTrace``.
    func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {}

    private static func number(of kind: SpanKind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}

/// The spans of a ``RunTracer``.
private final class EndedSpans: Sendable {
    let spans = Mutex<[OTLPMessage.Span]>([])
}

/// Which span a context is in.
private enum SpanPlace: InstrumentationContextKey {
    struct Value: Sendable {
        var span: String
        /// Whether it is another process's.
        var isRemote: Bool
    }
}

/// Reads the variables of an environment, whose names are those of the headers in capitals.
struct VariableExtractor: Extractor {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key.uppercased()] }
}
