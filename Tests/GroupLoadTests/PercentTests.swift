import GroupLoad
import TestSupport
import Testing

/// Percentages as they are meant: at most, and at least, to the record.
@Suite struct PercentTests {
    /// Percentages in tenths, and numbers that they are taken of.
    private static let tenths = Array(1...1_000), totals = [1, 7, 10, 33, 100, 999, 1_000, 3_000, 70_000, 1_000_000]

    @Test("no more than so many percent may fail: exactly as many are not too many", arguments: totals)
    func most(total: Int) {
        for tenths in Self.tenths {
            let limit = ErrorLimit.percent(Double(tenths) / 10)
            let most = total * tenths / 1_000
            #expect(!limit.isExceeded(errors: most, of: total), "\(limit.text) of \(total)")
            #expect(limit.isExceeded(errors: most + 1, of: total), "\(limit.text) of \(total)")
        }
    }

    @Test("a list must have so many percent of the last: exactly as many are enough", arguments: totals)
    func least(total: Int) {
        for tenths in Self.tenths {
            let floor = RecordFloor.percent(Double(tenths) / 10)
            #expect(floor.least(last: total) == (total * tenths + 999) / 1_000, "\(floor.text) of \(total)")
        }
    }

    @Test(
        "small and large ones",
        arguments: [
            (0.0, 1_000_000, 0), (0.001, 1_000_000, 10), (0.001, 100_000, 1), (33.333, 3_000, 999),
            (99.999, 100_000, 99_999),
            (100.0, 5, 5), (100.0, Int.max, Int.max), (50.0, 0, 0),
        ])
    func edges(percent: Double, total: Int, most: Int) {
        let limit = ErrorLimit.percent(percent)
        #expect(!limit.isExceeded(errors: most, of: total))
        if most < Int.max { #expect(limit.isExceeded(errors: most + 1, of: total)) }
    }

    @Test("before a hundred records have ended a percentage says nothing", arguments: [(99, false), (100, true)])
    func sample(ended: Int, isExceeded: Bool) {
        #expect(ErrorLimit.percent(10).isExceeded(errors: ended, ended: ended) == isExceeded)
        #expect(ErrorLimit.count(10).isExceeded(errors: ended, ended: ended))
    }

    @Test("percentiles are the upper bounds of buckets a sixteenth of an octave wide") func latencies() {
        var generator = SeededGenerator(state: 5)
        let histogram = LatencyHistogram()
        var all: [Int] = []
        for _ in 0..<20_000 {
            let microseconds = Int(1) << Int.random(in: 0...24, using: &generator)
            let value = Int.random(in: microseconds...microseconds * 2, using: &generator)
            all.append(value)
            histogram.record(.microseconds(value))
        }
        all.sort()
        let summary = histogram.summary
        for (found, fraction) in [(summary.p50, 0.5), (summary.p95, 0.95), (summary.p99, 0.99)] {
            let exact = Double(all[Int(Double(all.count) * fraction) - 1]) / 1_000
            #expect((exact...exact * 1.0626).contains(found), "\(fraction)")
        }
        #expect(summary.max == Double(all.last ?? 0) / 1_000)
        let none = LatencyHistogram().summary
        #expect(none.p50 == 0 && none.p99 == 0 && none.max == 0)
    }
}
