import Synchronization
import Tracing

/// A span of a ``RunTracer``. Of its events it keeps the first ``eventsMax`` and counts the rest.
final class RunSpan: Tracing.Span {
    /// The most events of a span by OpenTelemetry's own default.
    private static let eventsMax = 128

    private struct State {
        var span: OTLPMessage.Span
        var attributes: SpanAttributes = [:]
        var isEnded = false
    }

    let context: InstrumentationContext
    private let state: Mutex<State>
    private let ended: @Sendable (OTLPMessage.Span) -> Void

    init(
        _ span: OTLPMessage.Span, _ context: InstrumentationContext,
        ended: @escaping @Sendable (OTLPMessage.Span) -> Void
    ) {
        state = Mutex(State(span: span))
        self.context = context
        self.ended = ended
    }

    var operationName: String {
        get { state.withLock { $0.span.name } }
        set { state.withLock { $0.span.name = newValue } }
    }

    var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { state.withLock { $0.attributes = newValue } }
    }

    var isRecording: Bool { state.withLock { !$0.isEnded } }

    func setStatus(_ status: SpanStatus) {
        let code = status.code == .error ? 2 : 1
        state.withLock { $0.span.status = OTLPMessage.Status(code: code, message: status.message) }
    }

    func addEvent(_ event: SpanEvent) {
        state.withLock { state in
            guard state.span.events.count < Self.eventsMax else { return state.span.droppedEventsCount += 1 }
            state.span.events.append(
                OTLPMessage.Event(
                    timeUnixNano: "\(event.nanosecondsSinceEpoch)", name: event.name,
                    attributes: event.attributes.messages))
        }
    }

    func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    /// No span of a run is linked to another.
    func addLink(_ link: SpanLink) {}

    func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let time = instant().nanosecondsSinceEpoch
        let span: OTLPMessage.Span? = state.withLock { state in
            guard !state.isEnded else { return nil }
            state.isEnded = true
            // The wall clock may have been set back meanwhile.
            state.span.endTimeUnixNano = "\(max(time, UInt64(state.span.startTimeUnixNano) ?? 0))"
            state.span.attributes = state.attributes.messages
            return state.span
        }
        if let span { ended(span) }
    }
}

extension SpanAttributes {
    /// As OTLP has them, by name.
    fileprivate var messages: [OTLPMessage.Attribute] {
        var messages: [OTLPMessage.Attribute] = []
        forEach { name, attribute in
            let value: OTLPMessage.Value =
                switch attribute {
                case .int32(let number): .number(Int64(number))
                case .int64(let number): .number(number)
                case .double(let number): OTLPMessage.Value(doubleValue: number)
                case .bool(let truth): OTLPMessage.Value(boolValue: truth)
                case .string(let text): .text(text)
                default: .text("\(attribute)")
                }
            messages.append(OTLPMessage.Attribute(key: name, value: value))
        }
        return messages.sorted { $0.key < $1.key }
    }
}
