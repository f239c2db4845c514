package import RewardsClient
import Synchronization
import Tracing

/// What OpenTelemetry is told of a process that sends to the target: a span for the process and one for each phase of
/// its run, an event for each create that failed, and the figures of the run. It is kept in memory, within bounds, and
/// exported once, at the end of the process.
package final class RunTelemetry: Sendable {
    private struct State {
        var phase: RunSpan?
        /// Whether the end was exported.
        var isOver = false
    }

    /// The trace that requests belong to; nil where there is none.
    package let trace: RequestTrace?
    private let settings: OTLPSettings
    private let version: String
    private let tracer: RunTracer?
    private let root: RunSpan?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - environment: the variables of the process.
    ///   - command: what it does, as its user calls it.
    ///   - started: when it began, in epoch milliseconds.
    ///   - note: receives what of the variables can't be used.
    package init(
        _ environment: [String: String], command: String, version: String, startedAt started: Int64,
        note: @escaping (String) -> Void
    ) {
        settings = OTLPSettings(environment, note: note)
        self.version = version
        let given = RequestTrace.given(in: environment, note: note)
        trace = given ?? (settings.traces == nil ? nil : RequestTrace.begun())
        // Whoever began the trace says whether it is recorded.
        guard let trace, settings.traces != nil, trace.flags & 1 == 1 else {
            (tracer, root) = (nil, nil)
            return
        }
        let tracer = RunTracer(trace)
        var context = InstrumentationContext.topLevel
        tracer.extract(environment, into: &context, using: VariableExtractor())
        root = tracer.startSpan("groupload \(command)", context: context, at: EpochMilliseconds(started))
        self.tracer = tracer
    }

    /// What a run tells while it goes on; nil where no spans are exported.
    package var watcher: RunProgress.Watcher? {
        guard tracer != nil else { return nil }
        return RunProgress.Watcher(entered: { self.enter($0) }, failed: { self.failed($0) })
    }

    private func enter(_ phase: RunPhase) {
        guard let tracer, let root else { return }
        state.withLock { state in
            state.phase?.end()
            state.phase = tracer.startSpan(phase.rawValue, context: root.context)
        }
    }

    /// Names are left out: they stay on the machine.
    private func failed(_ outcome: DraftOutcome) {
        guard let span = state.withLock({ $0.phase }) ?? root else { return }
        var attributes: SpanAttributes = [
            "groupload.record": .int64(outcome.recordNumber), "groupload.outcome": .string(outcome.outcome.rawValue),
            "groupload.attempts": .int64(Int64(outcome.attempts)),
        ]
        if let http = outcome.http { attributes["http.response.status_code"] = Int64(http) }
        if let code = outcome.code { attributes["groupload.code"] = Int64(code) }
        span.addEvent(SpanEvent(name: "create failed", at: EpochMilliseconds(outcome.endedAt), attributes: attributes))
    }

    /// Exports all, each signal within its time.
    ///
    /// - Parameters:
    ///   - run: the run's id; nil where there is none.
    ///   - summary: what the run says at its end; nil where it says nothing.
    ///   - figures: those of the run; nil where there is none.
    /// - Returns: what went wrong, a sentence each.
    package func end(
        _ status: Int32, run: String?, _ summary: Summary?, _ figures: RunFigures?
    ) async -> [String] {
        guard
            !state.withLock({ state in
                defer { state.isOver = true }
                state.phase?.end()
                return state.isOver
            })
        else { return [] }
        endRoot(status, run, summary)
        let resource = resource(run)
        async let spans = export(spans: resource)
        async let metrics = export(figures, resource)
        return await [spans, metrics].compactMap(\.self)
    }

    private func endRoot(_ status: Int32, _ run: String?, _ summary: Summary?) {
        guard let root else { return }
        root.attributes["process.exit.code"] = Int64(status)
        if let run { root.attributes["groupload.run.id"] = run }
        if let summary {
            root.attributes["groupload.target"] = summary.target
            root.attributes["groupload.records.read"] = Int64(summary.read)
            for outcome in Outcome.allCases where summary.count(outcome) > 0 {
                root.attributes["groupload.records.\(outcome.rawValue)"] = Int64(summary.count(outcome))
            }
        }
        root.setStatus(status == 0 ? SpanStatus(code: .ok) : SpanStatus(code: .error, message: "exit status \(status)"))
        root.end()
    }

    private func export(spans resource: OTLPMessage.Resource) async -> String? {
        guard let endpoint = settings.traces, let spans = tracer?.spans else { return nil }
        let message = OTLPMessage.Traces(
            resourceSpans: [
                OTLPMessage.ResourceSpans(
                    resource: resource,
                    scopeSpans: [OTLPMessage.ScopeSpans(scope: OTLPMessage.Scope(version: version), spans: spans)])
            ])
        return await send(message, to: endpoint, "spans")
    }

    private func export(_ figures: RunFigures?, _ resource: OTLPMessage.Resource) async -> String? {
        guard let endpoint = settings.metrics, let figures else { return nil }
        let time = "\(Int64(figures.updated * 1000) * 1_000_000)"
        let metrics = RunMetric.all(figures).filter { !$0.values.isEmpty }.map { metric in
            let points = metric.values.map { value in
                OTLPMessage.Point(
                    attributes: value.label.map { [OTLPMessage.Attribute(key: $0.name, value: .text($0.value))] } ?? [],
                    timeUnixNano: time, asDouble: value.number)
            }
            return OTLPMessage.Metric(
                name: metric.name, description: metric.help, gauge: OTLPMessage.Gauge(dataPoints: points))
        }
        let message = OTLPMessage.Metrics(
            resourceMetrics: [
                OTLPMessage.ResourceMetrics(
                    resource: resource,
                    scopeMetrics: [
                        OTLPMessage.ScopeMetrics(scope: OTLPMessage.Scope(version: version), metrics: metrics)
                    ])
            ])
        return await send(message, to: endpoint, "metrics")
    }

    private func send(
        _ message: some Encodable & Sendable, to endpoint: OTLPSettings.Endpoint, _ what: String
    ) async -> String? {
        let exporter = OTLPExporter(endpoint: endpoint, userAgent: "groupload/\(version)")
        return await exporter.send(message).map { "the export of \(what) to \(endpoint.address) failed: \($0)" }
    }

    private func resource(_ run: String?) -> OTLPMessage.Resource {
        var attributes = [
            "service.name": "groupload", "service.version": version, "telemetry.sdk.name": "groupload",
            "telemetry.sdk.language": "swift", "telemetry.sdk.version": version,
        ]
        attributes["service.instance.id"] = run
        attributes.merge(settings.resource) { $1 }
        return OTLPMessage.Resource(
            attributes: attributes.sorted { $0.key < $1.key }.map {
                OTLPMessage.Attribute(key: $0.key, value: .text($0.value))
            })
    }
}

extension RequestTrace {
    /// A trace that this process begins, and that is recorded.
    fileprivate static func begun() -> RequestTrace {
        let random = RandomSource.system
        // An id of nothing but 0 is none.
        let (high, low) = (random.next(), random.next() | 1)
        func digits(_ number: UInt64) -> String {
            let text = String(number, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return RequestTrace(id: digits(high) + digits(low), flags: 1, state: nil)
    }
}

/// An instant of the wall clock, in epoch milliseconds.
private struct EpochMilliseconds: TracerInstant {
    let nanosecondsSinceEpoch: UInt64

    init(_ milliseconds: Int64) { nanosecondsSinceEpoch = UInt64(max(0, milliseconds)) * 1_000_000 }

    static func < (one: Self, other: Self) -> Bool { one.nanosecondsSinceEpoch < other.nanosecondsSinceEpoch }
}
