import Foundation
import GroupLoad
import Testing

/// Small values: counts, limits, notices, differences, texts of times.
@Suite struct ValueTests {
    @Test(
        "--max-errors",
        arguments: [
            ("0", ErrorLimit.count(0)), ("12", .count(12)), ("5%", .percent(5)), ("0.5%", .percent(0.5)),
            ("100%", .percent(100)), ("-1", nil), ("101%", nil), ("-1%", nil), ("", nil), ("%", nil), ("1.5", nil),
        ])
    func limits(text: String, limit: ErrorLimit?) { #expect(ErrorLimit(text) == limit) }

    @Test(
        "what is too many",
        arguments: [
            (ErrorLimit.count(3), 3, 1_000, false), (.count(3), 4, 4, true), (.percent(10), 99, 99, false),
            (.percent(10), 10, 100, false), (.percent(10), 11, 100, true), (.percent(0), 1, 100, true),
        ])
    func exceeds(limit: ErrorLimit, errors: Int, ended: Int, isExceeded: Bool) {
        #expect(limit.isExceeded(errors: errors, ended: ended) == isExceeded)
    }

    @Test("a percentage of a whole list is judged however short it is") func whole() {
        #expect(ErrorLimit.percent(10).isExceeded(errors: 1, of: 9))
        #expect(!ErrorLimit.percent(10).isExceeded(errors: 1, of: 10))
    }

    @Test("counts of outcomes: each its own, the sum, and those that are done") func outcomeCounts() {
        var counts = OutcomeCounts()
        for (number, outcome) in Outcome.allCases.enumerated() { counts[outcome] = 1 << number }
        for (number, outcome) in Outcome.allCases.enumerated() { #expect(counts[outcome] == 1 << number) }
        #expect(counts.sum == 1 << Outcome.allCases.count - 1)
        let done = Outcome.allCases.filter(\.isDone).reduce(0) { $0 + counts[$1] }
        #expect(counts.done == done)
        #expect(Outcome.allCases.filter { !$0.isDone } == [.invalid, .failed, .unresolved, .unprocessed])
    }

    @Test("of many notices the first ten are noted, and how many more there were", arguments: [0, 10, 11, 1_000])
    func notices(count: Int) {
        let told = Notes()
        var notices = CappedNotices(note: { told.add($0) })
        for number in 0..<count { notices.add("notice \(number)") }
        notices.tellRest("like these")
        #expect(told.all.prefix(10) == (0..<min(10, count)).map { "notice \($0)" }[...])
        #expect(told.all.dropFirst(10) == (count > 10 ? ["and \(count - 10) more like these"] : [])[...])
    }

    @Test("differences are counted by kind, and the first ten of each shown") func differences() {
        var differences = Differences()
        for number in 0..<12 { differences.add("names", "name \(number)") }
        differences.add("ranks", "rank")
        #expect(differences.count == 13)
        #expect(differences.counts.map(\.kind) == ["names", "ranks"])
        #expect(differences.shown == (0..<10).map { "name \($0)" } + ["rank"])
        #expect(differences.rest == ["and 2 more: names"])
    }

    @Test(
        "percentiles are the upper bounds of their buckets",
        arguments: [
            ([Int](), [0.0, 0, 0, 0]), ([4], [4, 4, 4, 4]),
            ([0, 0, 0, 1_000_000], [0, 1_000_000, 1_000_000, 1_000_000]),
        ])
    func latencies(milliseconds: [Int], expected: [Double]) {
        let histogram = LatencyHistogram()
        for value in milliseconds { histogram.record(.milliseconds(value)) }
        let summary = histogram.summary
        #expect([summary.p50, summary.p95, summary.p99, summary.max] == expected)
    }

    @Test("a percentile is at most a sixteenth of an octave off") func latencyError() {
        let histogram = LatencyHistogram()
        for value in 1...10_000 { histogram.record(.microseconds(value * 37)) }
        let summary = histogram.summary
        for (found, exact) in [(summary.p50, 185.0), (summary.p95, 351.5), (summary.p99, 366.3)] {
            #expect(found >= exact && found <= exact * 17 / 16)
        }
        #expect(summary.max == 370)
    }

    @Test(
        "lengths of time for a person",
        arguments: [
            (Duration.seconds(90), "90s"), (.seconds(120), "2m"), (.seconds(3_600), "1h"), (.seconds(5_400), "90m"),
            (.milliseconds(1_001), "2s"), (.zero, "0s"),
        ])
    func lengths(duration: Duration, text: String) { #expect(WallTime.length(duration) == text) }

    @Test("a time of another day has its date") func wallTimes() {
        let noon = Calendar.current.startOfDay(for: Date(timeIntervalSince1970: 1_700_000_000))
            .addingTimeInterval(43_200)
        #expect(WallTime.text(in: .seconds(60), now: noon) == "12:01:00")
        #expect(WallTime.text(in: .seconds(86_400), now: noon).hasSuffix(" 12:00:00"))
        #expect(WallTime.text(in: .seconds(86_400), now: noon).count == 19)
    }

    @Test(
        "claims grow while they are quick, and shrink when they are slow",
        arguments: [(10, 512), (99, 512), (100, 256), (400, 256), (401, 128)])
    func claims(milliseconds: Int, expected: Int) {
        var size = ClaimSize()
        size.lasted(.milliseconds(milliseconds))
        #expect(size.value == expected)
    }

    @Test("claims have bounds") func claimBounds() {
        var (quick, slow) = (ClaimSize(), ClaimSize())
        for _ in 0..<20 {
            quick.lasted(.zero)
            slow.lasted(.seconds(9))
        }
        #expect(quick.value == 8_192 && slow.value == 16)
    }
}
