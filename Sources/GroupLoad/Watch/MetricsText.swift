/// A run's figures as Prometheus reads them: the text exposition format, version 0.0.4.
///
/// All are gauges, for each tells of one run and begins anew with the next. They have one label of their own, `load`,
/// which tells the files of several jobs on one machine apart; what changes from run to run is a value and no label,
/// so that the number of series doesn't grow.
package enum MetricsText {
    /// A metric: its name, what it is, and its values by the labels that it has besides `load`.
    private struct Metric {
        var name: String
        var help: String
        var values: [(labels: String, value: Double)]

        init(_ name: String, _ help: String, _ value: Double?) {
            self.init(name, help, values: value.map { [("", $0)] } ?? [])
        }

        init(_ name: String, _ help: String, values: [(labels: String, value: Double)]) {
            (self.name, self.help, self.values) = ("groupload_run_\(name)", help, values)
        }
    }

    /// The content of a file.
    ///
    /// - Parameter load: the job's name, the value of the label `load`.
    package static func text(_ figures: RunFigures, load: String) -> String {
        var text = ""
        for metric in metrics(figures) where !metric.values.isEmpty {
            text += "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) gauge\n"
            for (labels, value) in metric.values {
                text += "\(metric.name){load=\"\(escaped(load))\"\(labels)} \(number(value))\n"
            }
        }
        return text
    }

    /// The values that a file holds, by their names with all labels, as they stand there; what is no value is passed
    /// over.
    package static func values(in text: String) -> [String: Double] {
        text.split(separator: "\n").reduce(into: [:]) { values, line in
            guard !line.hasPrefix("#"), let blank = line.lastIndex(of: " ") else { return }
            values[String(line[..<blank])] = Double(line[line.index(after: blank)...])
        }
    }

    /// How a metric without labels but `load` stands in a file.
    static func key(_ name: String, load: String) -> String { "groupload_run_\(name){load=\"\(escaped(load))\"}" }

    private static func metrics(_ figures: RunFigures) -> [Metric] {
        let outcomes = Outcome.allCases.map { (",outcome=\"\($0.rawValue)\"", Double(figures.outcomes[$0] ?? 0)) }
        let responses = figures.responses.sorted { $0.key < $1.key }.map { status, count in
            (",status=\"\(status == 0 ? "none" : "\(status)")\"", Double(count))
        }
        return [
            Metric("active", "Whether a run goes on (1), or has ended (0).", figures.isActive ? 1 : 0),
            Metric("started_timestamp_seconds", "When the last run began.", figures.started),
            Metric("updated_timestamp_seconds", "Of when these figures are.", figures.updated),
            Metric("records", "Records of the last run by their outcome so far.", values: outcomes),
            Metric("records_left", "Records of the last run that were read and have no outcome.", Double(figures.left)),
            Metric("requests", "Requests that the last run sent, retries included.", Double(figures.requests)),
            Metric("retries", "Requests that the last run sent again.", Double(figures.retries)),
            Metric("responses", "Responses that the last run had, by their HTTP status.", values: responses),
            Metric(
                "throttled_seconds", "Seconds in which the target had the last run wait.", figures.pausedSeconds),
            Metric(
                "rate_learned_per_minute", "Requests a minute that the target was found to allow.",
                figures.rateLearned.map(Double.init)),
            Metric("exit", "The exit status of the last run that ended.", figures.end.map { Double($0.exit) }),
            Metric("duration_seconds", "How long the last run took that ended.", figures.end?.seconds),
            Metric("finished_timestamp_seconds", "When a run last ended.", figures.end?.finished),
            Metric(
                "last_success_timestamp_seconds", "When a run last ended with every record done.", figures.lastSuccess),
        ]
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ label: String) -> String {
        label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
