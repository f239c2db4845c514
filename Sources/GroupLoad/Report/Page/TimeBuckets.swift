/// Records that were sent, counted by when they ended.
package struct TimeBuckets: Sendable {
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
        let bucket = min(max(Int((endedAt - start) / width), 0), done.count - 1)
        if outcome.isDone { done[bucket] += 1 } else { failed[bucket] += 1 }
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
