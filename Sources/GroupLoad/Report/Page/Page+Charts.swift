import Foundation

extension Page {
    /// When records ended, and how long they took.
    func appendCharts(to html: inout HTML) {
        let charts = [throughputChart, durationChart].compactMap(\.self)
        guard !charts.isEmpty else { return }
        Self.section("How it went over time", id: "time", to: &html) { html in
            html.element("div", ["class": "charts"]) { html in
                for chart in charts { chart.append(to: &html) }
            }
        }
    }

    private var throughputChart: BarChart? {
        guard let buckets = figures.throughput else { return nil }
        let isFine = buckets.width < 1000
        let times = buckets.done.indices.map { buckets.start + Int64($0) * buckets.width }
        let bars = zip(times, zip(buckets.done, buckets.failed)).map { time, values in
            BarChart.Bar(
                label: PageText.time(time, isFine: isFine), values: [values.0, values.1],
                remark: perMinute(values.0 + values.1, buckets.width))
        }
        let totals = zip(buckets.done, buckets.failed).map(+)
        let highest = totals.max() ?? 0
        let width = PageText.duration(milliseconds: Double(buckets.width)).replacingOccurrences(of: ".0 ", with: " ")
        let end = (times.last ?? buckets.start) + buckets.width
        let isOneDay = PageText.day(buckets.start) == PageText.day(end)
        func tick(_ time: Int64) -> String {
            (isOneDay ? "" : PageText.day(time) + " ") + PageText.time(time, isFine: isFine)
        }
        return BarChart(
            title: "Records that ended, every \(width)",
            summary:
                """
                Records that were sent, by when they ended, every \(width) from \(tick(buckets.start)) to \
                \(tick(end)) 
                """
                    + "UTC on \(PageText.day(buckets.start)); \(PageText.count(highest)) at most. The figures follow.",
            parts: [("Done", Outcome.created.rawValue), ("Not done", Outcome.failed.rawValue)], bars: bars,
            labelTitle: "From (UTC)", remarkTitle: "A minute",
            axis: (PageText.count(highest), highest > 1 ? PageText.count(highest / 2) : ""),
            ticks: [tick(buckets.start), tick(end) + " UTC"])
    }

    private func perMinute(_ count: Int, _ width: Int64) -> String {
        PageText.count(Int((Double(count) * 60_000 / Double(width)).rounded()))
    }

    private var durationChart: BarChart? {
        let occupied = figures.durations.occupied
        guard !occupied.isEmpty else { return nil }
        let counts = figures.durations.counts[occupied]
        let total = counts.reduce(0, +)
        let highest = counts.max() ?? 0
        let bars = occupied.map { index in
            BarChart.Bar(
                label: Self.durationLabel(index), values: [figures.durations.counts[index]],
                remark: PageText.share(figures.durations.counts[index], of: total))
        }
        let ticks = [Self.bound(occupied.lowerBound - 1), Self.bound(occupied.upperBound - 1)]
        return BarChart(
            title: "How long a record took, from its first send to its outcome",
            summary: "Records by how long they took, waits and retries included, from \(ticks[0]) to \(ticks[1]); "
                + "the most, \(PageText.count(highest)), took "
                + "\(bars.first { $0.values[0] == highest }?.label ?? ""). The figures follow.",
            parts: [("Records", Outcome.existing.rawValue)], bars: bars, labelTitle: "Took", remarkTitle: "Share",
            axis: (PageText.count(highest), highest > 1 ? PageText.count(highest / 2) : ""), ticks: ticks)
    }

    private static func durationLabel(_ index: Int) -> String {
        if index == 0 { return "less than 1 ms" }
        if index == DurationBuckets.bounds.count { return "\(bound(index - 1)) or more" }
        return "\(bound(index - 1)) to \(bound(index))"
    }

    /// The upper bound of a bucket.
    private static func bound(_ index: Int) -> String {
        guard index >= 0 else { return "0" }
        guard index < DurationBuckets.bounds.count else { return "more" }
        let milliseconds = DurationBuckets.bounds[index]
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        if milliseconds < 60_000 {
            return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(Double(milliseconds) / 1000) s"
        }
        return "\(milliseconds / 60_000) min"
    }
}
