import Foundation

/// Whom OpenTelemetry's variables name for a process to tell of its runs, and how: those of the OTLP exporter that
/// concern OTLP/HTTP with JSON, and those of the SDK that turn it off.
///
/// Source: "OpenTelemetry Protocol Exporter" and "Environment Variable Specification" of OpenTelemetry's specification,
/// 1.50.
struct OTLPSettings: Sendable {
    /// Where one signal goes.
    struct Endpoint: Sendable {
        var address: WatcherAddress
        /// The path and the query.
        var path: String
        /// Further headers, which may be credentials.
        var headers: [(String, String)]
        /// How long the export may take, retries included.
        var timeMax: Duration
        /// A file of certificates that are trusted besides the system's.
        var certificates: String?
    }

    /// Where spans go, and where metrics go; nil for nowhere.
    let traces: Endpoint?, metrics: Endpoint?
    /// What is said of the process beside its own: `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME`.
    let resource: [String: String]

    /// - Parameter note: receives what can't be used, which is then as if it weren't set or, where something would be
    ///   told to the wrong one, keeps anything from being exported.
    init(_ environment: [String: String], note: @escaping (String) -> Void) {
        let variables = Variables(environment, note: note)
        let isDisabled = environment["OTEL_SDK_DISABLED"]?.lowercased() == "true"
        traces = isDisabled ? nil : variables.endpoint("TRACES", path: "/v1/traces")
        metrics = isDisabled ? nil : variables.endpoint("METRICS", path: "/v1/metrics")
        var resource: [String: String] = [:]
        if traces != nil || metrics != nil, let text = variables["OTEL_RESOURCE_ATTRIBUTES"] {
            if let pairs = Variables.pairs(text) {
                resource = Dictionary(pairs) { $1 }
            } else {
                note("OTEL_RESOURCE_ATTRIBUTES is ignored: it isn't NAME=VALUE,…")
            }
        }
        if let name = variables["OTEL_SERVICE_NAME"] { resource["service.name"] = name }
        self.resource = resource
    }
}

/// The variables of an environment, of which an empty one is none.
private struct Variables {
    private static let timeDefault = Duration.seconds(10), timeLimit = Duration.seconds(600)

    private let environment: [String: String]
    private let note: (String) -> Void

    init(_ environment: [String: String], note: @escaping (String) -> Void) {
        self.environment = environment
        self.note = note
    }

    subscript(name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The variable of one signal, or else of all; with its name.
    private func exporter(_ signal: String, _ what: String) -> (name: String, value: String)? {
        for name in ["OTEL_EXPORTER_OTLP_\(signal)_\(what)", "OTEL_EXPORTER_OTLP_\(what)"] {
            if let value = self[name] { return (name, value) }
        }
        return nil
    }

    /// Where a signal goes; nil where it isn't to be exported, or can't be.
    func endpoint(_ signal: String, path: String) -> OTLPSettings.Endpoint? {
        guard let given = exporter(signal, "ENDPOINT"), isExported(signal) else { return nil }
        func refuse(_ message: String) -> OTLPSettings.Endpoint? {
            note(message)
            return nil
        }
        guard let address = WatcherAddress(given.value) else {
            return refuse(
                "nothing is exported to \(given.name): it isn't an address; write http://host:4318, without a user")
        }
        if let wanted = exporter(signal, "PROTOCOL"), wanted.value != "http/json" {
            return refuse(
                """
                nothing is exported: \(wanted.name)=\(Shown.text(wanted.value)) isn't supported; set it to http/json, \
                and \(given.name) to the port for HTTP (4318)
                """)
        }
        var headers: [(String, String)] = []
        if let text = exporter(signal, "HEADERS") {
            guard let pairs = Self.pairs(text.value) else {
                return refuse("nothing is exported: \(text.name) isn't NAME=VALUE,…")
            }
            headers = pairs
        }
        let isOfSignal = given.name != "OTEL_EXPORTER_OTLP_ENDPOINT"
        let base = address.path.hasSuffix("/") ? String(address.path.dropLast()) : address.path
        let whole = isOfSignal ? (address.path.isEmpty ? "/" : address.path) : base + path
        return OTLPSettings.Endpoint(
            address: address, path: whole + address.query, headers: headers, timeMax: timeMax(signal),
            certificates: exporter(signal, "CERTIFICATE")?.value)
    }

    private func isExported(_ signal: String) -> Bool {
        let name = "OTEL_\(signal)_EXPORTER"
        guard let value = self[name] else { return true }
        if value == "otlp" { return true }
        if value != "none" { note("\(name)=\(Shown.text(value)) isn't supported: set it to otlp or none") }
        return false
    }

    private func timeMax(_ signal: String) -> Duration {
        guard let given = exporter(signal, "TIMEOUT") else { return Self.timeDefault }
        guard let milliseconds = Int64(given.value), milliseconds > 0 else {
            note("\(given.name) is ignored: it isn't a number of milliseconds")
            return Self.timeDefault
        }
        return min(.milliseconds(milliseconds), Self.timeLimit)
    }

    /// `NAME=VALUE,NAME=VALUE`, both percent-encoded; nil where the text isn't that.
    static func pairs(_ text: String) -> [(String, String)]? {
        var pairs: [(String, String)] = []
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { side in
                side.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            }
            guard sides.count == 2, !sides[0].isEmpty, let name = String(sides[0]).removingPercentEncoding,
                let value = String(sides[1]).removingPercentEncoding
            else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }
}
