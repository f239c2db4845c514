/// A run's figures as Prometheus reads them: the text exposition format, version 0.0.4.
///
/// All are gauges, for each tells of one run and begins anew with the next. They have one label of their own, `load`,
/// which tells the files of several jobs on one machine apart; what changes from run to run is a value and no label,
/// so that the number of series doesn't grow.
package enum MetricsText {
    /// The content of a file.
    ///
    /// - Parameter load: the job's name, the value of the label `load`.
    package static func text(_ figures: RunFigures, load: String) -> String {
        var text = ""
        for metric in RunMetric.all(figures) where !metric.values.isEmpty {
            text += "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) gauge\n"
            for value in metric.values {
                let label = value.label.map { ",\($0.name)=\"\(escaped($0.value))\"" } ?? ""
                text += "\(metric.name){load=\"\(escaped(load))\"\(label)} \(number(value.number))\n"
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
    static func key(_ name: String, load: String) -> String { "\(RunMetric.name(name)){load=\"\(escaped(load))\"}" }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ label: String) -> String {
        label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
