/// A figure of a run, as every monitoring system has it.
struct RunMetric {
    /// A value, and what tells it from the metric's others: a name and what it is here.
    struct Value {
        var label: (name: String, value: String)?
        var number: Double
    }

    /// Begins with `groupload_run_`.
    var name: String
    /// What it is, in a sentence.
    var help: String
    var values: [Value]

    private init(_ name: String, _ help: String, _ number: Double?) {
        self.init(name, help, number.map { [Value(number: $0)] } ?? [])
    }

    private init(_ name: String, _ help: String, _ values: [Value]) {
        (self.name, self.help, self.values) = (Self.name(name), help, values)
    }

    /// The whole name of a metric.
    static func name(_ name: String) -> String { "groupload_run_\(name)" }

    /// All metrics of a run.
    static func all(_ figures: RunFigures) -> [RunMetric] {
        let outcomes = Outcome.allCases.map { outcome in
            Value(label: ("outcome", outcome.rawValue), number: Double(figures.outcomes[outcome] ?? 0))
        }
        let waits = RunWait.allCases.map { reason in
            Value(label: ("reason", reason.rawValue), number: figures.waiting == reason ? 1 : 0)
        }
        let responses = figures.responses.sorted { $0.key < $1.key }.map { status, count in
            Value(label: ("status", status == 0 ? "none" : "\(status)"), number: Double(count))
        }
        return [
            RunMetric("active", "Whether a run goes on (1), or has ended (0).", figures.isActive ? 1 : 0),
            RunMetric("started_timestamp_seconds", "When the last run began.", figures.started),
            RunMetric("updated_timestamp_seconds", "Of when these figures are.", figures.updated),
            RunMetric("waiting", "Whether the run waits (1), by what for: answer, pause or trouble.", waits),
            RunMetric("records", "Records of the last run by their outcome so far.", outcomes),
            RunMetric(
                "records_left", "Records of the last run that were read and have no outcome.", Double(figures.left)),
            RunMetric("requests", "Requests that the last run sent, retries included.", Double(figures.requests)),
            RunMetric("retries", "Requests that the last run sent again.", Double(figures.retries)),
            RunMetric("responses", "Responses that the last run had, by their HTTP status.", responses),
            RunMetric(
                "throttled_seconds", "Seconds in which the target had the last run wait.", figures.pausedSeconds),
            RunMetric(
                "rate_learned_per_minute", "Requests a minute that the target was found to allow.",
                figures.rateLearned.map(Double.init)),
            RunMetric("exit", "The exit status of the last run that ended.", figures.end.map { Double($0.exit) }),
            RunMetric("duration_seconds", "How long the last run took that ended.", figures.end?.seconds),
            RunMetric("finished_timestamp_seconds", "When a run last ended.", figures.end?.finished),
            RunMetric(
                "last_success_timestamp_seconds", "When a run last ended with every record done.", figures.lastSuccess),
        ]
    }
}
