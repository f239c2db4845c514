import GroupLoad
import TestSupport
import Testing

/// The figures of the report's page: times in buckets, and causes.
@Suite struct PageFigureTests {
    @Test(
        "a span of time is cut into sixty buckets at most, of a round width, that begin at a multiple of it",
        arguments: [
            100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000, 300_000, 3_600_000, 43_200_000, 86_400_000, 172_800_000,
        ] as [Int64])
    func spans(width: Int64) {
        for last in [width * 58, width * 59 - 1, width * 59, width * 59 + 1, width * 60 - 1, width * 60] {
            // Begun late in a bucket, so that it reaches into one more.
            let first = width * 7 - 1
            var buckets = TimeBuckets(from: first, to: first + last)
            #expect(buckets.done.count <= 60, "\(last)")
            #expect(buckets.start <= first && first < buckets.start + buckets.width)
            #expect(buckets.start % buckets.width == 0 && buckets.width >= width / 3)
            buckets.add(.created, endedAt: first)
            buckets.add(.failed, endedAt: first + last)
            #expect(buckets.done.first == 1 && buckets.failed.last == 1)
        }
    }

    @Test(
        "counted while the span isn't known yet, records come into the same buckets",
        arguments: [1, 5_000, 29_499, 29_500, 29_501, 2_000_000, 200_000_000, 3_000_000_000, 90_000_000_000] as [Int64])
    func tallied(span: Int64) {
        var generator = SeededGenerator(state: UInt64(span))
        let start: Int64 = 1_700_000_000_123
        var ends = [start, start + span] + (0..<500).map { _ in start + .random(in: 0...span, using: &generator) }
        for isSorted in [true, false] {
            if isSorted { ends.sort() } else { ends.shuffle(using: &generator) }
            var (tally, expected) = (EndTally(), TimeBuckets(from: start, to: start + span))
            for (number, end) in ends.enumerated() {
                let outcome: Outcome = number % 3 == 0 ? .failed : .created
                tally.add(outcome, endedAt: end)
                expected.add(outcome, endedAt: end)
            }
            #expect(tally.buckets() == expected)
        }
    }

    @Test("what ended outside the span counts to its ends") func outside() {
        var buckets = TimeBuckets(from: 1_000, to: 2_000)
        for instant in [-5_000, 0, 9_000] as [Int64] { buckets.add(.existing, endedAt: instant) }
        #expect(buckets.done.first == 2 && buckets.done.last == 1 && buckets.failed.allSatisfy { $0 == 0 })
        #expect(TimeBuckets(from: 5, to: 5).done.count == 1 && TimeBuckets(from: 5, to: 1).done.count == 1)
    }

    @Test(
        "a duration at a bound is in the bucket that begins there",
        arguments: [(0, 0), (1, 1), (2, 2), (4, 3), (5, 4), (599_999, 30), (600_000, 31), (.max, 31)] as [(Int64, Int)])
    func durations(milliseconds: Int64, bucket: Int) {
        var buckets = DurationBuckets()
        #expect(buckets.occupied.isEmpty)
        buckets.add(milliseconds: milliseconds)
        #expect(buckets.occupied == bucket..<bucket + 1 && buckets.counts[bucket] == 1)
    }

    /// The causes of failures with these messages, of records from 1.
    private static func causes(_ messages: [String]) -> [Cause] {
        var tally = CauseTally()
        for (index, message) in messages.enumerated() {
            Array(message.utf8).withUnsafeBufferPointer {
                tally.add(.failed, http: 400, code: nil, message: $0, recordNumber: Int64(index) + 1)
            }
        }
        return tally.sorted
    }

    @Test(
        "messages that differ in quoted values and numbers only are of one cause",
        arguments: [
            (["rank \"x\" is not an integer", "rank \"y z\" is not an integer"], "rank \"…\" is not an integer"),
            (["name \"a\"b\" is taken", "name \"c\" is taken"], "name \"…\" is taken"),
            (["no \"a\", but \"b\"", "no \"\", but \"d\""], "no \"…\", but \"…\""),
            (["took 5 ms", "took 17 ms", "took 0 ms"], "took … ms"), (["gone", "gone"], "gone"),
            (["took 5 ms", "took 5 ms"], "took 5 ms"), (["ends \"open", "ends \"other"], "ends \"…"),
        ])
    func patterns(messages: [String], message: String) {
        let causes = Self.causes(messages)
        #expect(causes.map(\.message) == [message] && causes.first?.count == messages.count)
    }

    @Test("causes come by how many records they befell, then by the first of those; three are shown of each")
    func order() {
        let causes = Self.causes(["a", "b", "c", "b", "d", "c", "e", "c", "c"])
        #expect(causes.map(\.message) == ["c", "b", "a", "d", "e"])
        #expect(causes[0].examples.map(\.recordNumber) == [3, 6, 8] && causes[0].count == 4)
    }

    @Test("a thousand causes are distinguished; the others are one", arguments: [0, 1, 2, 30])
    func many(others: Int) {
        func letters(_ number: Int) -> String {
            String(String.UnicodeScalarView((0..<5).map { Unicode.Scalar(UInt8(97 + number >> ($0 * 3) & 7)) }))
        }
        let causes = Self.causes((0..<CauseTally.causesMax + others).map(letters))
        #expect(causes.count == CauseTally.causesMax + min(others, 1))
        #expect(causes.first { $0.message == "other messages" }?.count ?? 0 == others)
    }
}
