/// Records that were sent, counted by when they ended.
package struct TimeBuckets: Sendable, Equatable {
    /// Buckets at most.
    private static let countMax = 60
    /// How wide a bucket may be, in milliseconds; where that isn't enough, a whole number of days.
    private static let widths: [Int64] =
        [100, 200, 500]
        + [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200].map { $0 * 1000 }
    private static let day: Int64 = 86_400_000

    /// When the first bucket begins, in epoch milliseconds, and how wide each is.
    package let start: Int64, width: Int64
    /// Records that are done, and records that are not, by bucket.
    package private(set) var done: [Int], failed: [Int]

    /// Buckets for records that ended from `first` to `last`, in epoch milliseconds.
    package init(from first: Int64, to last: Int64) {
        let span = max(last - first, 0) + 1
        let days = (span - 1) / (Int64(Self.countMax - 1) * Self.day) + 1
        width = Self.widths.first { span <= $0 * Int64(Self.countMax - 1) } ?? days * Self.day
        start = first - first % width
        let count = Int((last - start) / width) + 1
        done = Array(repeating: 0, count: count)
        failed = done
    }

    /// Counts a record.
    package mutating func add(_ outcome: Outcome, endedAt: Int64) {
        add(done: outcome.isDone ? 1 : 0, failed: outcome.isDone ? 0 : 1, endedAt: endedAt)
    }

    /// Counts so many records.
    mutating func add(done: Int, failed: Int, endedAt: Int64) {
        let bucket = min(max(Int((endedAt - start) / width), 0), self.done.count - 1)
        self.done[bucket] += done
        self.failed[bucket] += failed
    }
}

/// When records ended, counted while it isn't known yet over how long a time: by instants of a grain that coarsens with
/// that time, and that the width of the buckets is a multiple of in the end.
package struct EndTally {
    /// The grains, each a multiple of the one before it, and how long a time is the least for the next one: so long
    /// that its buckets are as wide as that.
    private static let grains: [(width: Int64, spanMax: Int64)] = [
        (100, 59 * 500), (1000, 59 * 30_000), (60_000, 59 * 1_800_000), (3_600_000, 59 * 43_200_000),
        (86_400_000, .max),
    ]

    private var ends: [Int64: (done: Int, failed: Int)] = [:]
    private var grain = grains[0]
    private var first = Int64.max, last = Int64.min
    /// The instant of the record that was added last, and what is still to be put into ``ends`` of it.
    private var instant: Int64 = 0, current = (done: 0, failed: 0)

    /// A tally of nothing.
    package init() {}

    /// Counts a record that ended at `endedAt`, in epoch milliseconds.
    package mutating func add(_ outcome: Outcome, endedAt: Int64) {
        if endedAt < first || endedAt > last {
            (first, last) = (min(first, endedAt), max(last, endedAt))
            while last - first >= grain.spanMax { coarsen() }
        }
        if !(instant..<instant + grain.width ~= endedAt) {
            flush()
            instant = endedAt - endedAt % grain.width
        }
        if outcome.isDone { current.done += 1 } else { current.failed += 1 }
    }

    /// The buckets; nil where no record was added.
    package mutating func buckets() -> TimeBuckets? {
        guard first <= last else { return nil }
        flush()
        var buckets = TimeBuckets(from: first, to: last)
        for (instant, counts) in ends { buckets.add(done: counts.done, failed: counts.failed, endedAt: instant) }
        return buckets
    }

    private mutating func flush() {
        let counts = ends[instant, default: (0, 0)]
        ends[instant] = (counts.done + current.done, counts.failed + current.failed)
        current = (0, 0)
    }

    private mutating func coarsen() {
        flush()
        grain = Self.grains.first { $0.width > grain.width } ?? grain
        let finer = ends
        ends.removeAll()
        for (start, counts) in finer {
            let sum = ends[start - start % grain.width, default: (0, 0)]
            ends[start - start % grain.width] = (sum.done + counts.done, sum.failed + counts.failed)
        }
        instant -= instant % grain.width
    }
}

/// How long records took from the first send to their outcome, by buckets that widen as times do.
package struct DurationBuckets: Sendable {
    /// The upper bounds, exclusive, in milliseconds; the last bucket has none.
    package static let bounds: [Int64] = [
        1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10_000,
        15_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
    ]

    /// Records by bucket; the last is of those at the last bound or above.
    package private(set) var counts = Array(repeating: 0, count: bounds.count + 1)

    /// Buckets that hold nothing.
    package init() {}

    /// Counts a record.
    package mutating func add(milliseconds: Int64) {
        counts[Self.bounds.firstIndex { milliseconds < $0 } ?? Self.bounds.count] += 1
    }

    /// The buckets from the first to the last that holds something.
    package var occupied: Range<Int> {
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
            return 0..<0
        }
        return first..<last + 1
    }
}
