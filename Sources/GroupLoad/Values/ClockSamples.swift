/// What creates with a plain success show of the clock that `createdOn` is read from: bounds on what is added to this
/// machine's clock to give the server's, in milliseconds. Pure.
///
/// The server stamps a group between the sending of its create and the coming of the response, so that each create
/// bounds the difference from both sides: `createdOn - responded <= difference <= createdOn - sent`. All bounds of one
/// clock have something in common, about as wide as the fastest response took. Where they have nothing in common,
/// there are several clocks (nodes), or one that was stepped, or `createdOn` is cut to a coarser grain: then the
/// difference is anywhere from the one to the other.
///
/// Clocks drift, so samples count only near the time that they are asked for; those further away are widened by
/// ``slewMax``.
package struct ClockSamples: Sendable, Equatable {
    /// How far outside the bounds a group must have been created to be somebody else's, in milliseconds: no node of a
    /// service has a clock that is so far off.
    package static let margin: Int64 = 12 * 3_600_000
    /// Samples below which nothing is this run's own.
    package static let samplesMin = 3

    /// One create that had a plain success. Instants are epoch milliseconds: `createdOn` by the server's clock, the
    /// others by this machine's.
    package struct Sample: Sendable, Equatable {
        /// The record's number within the run.
        package var recordNumber: Int64
        /// The id of the group that it created.
        package var id: Int64
        /// `createdOn` of the response, by the server's clock.
        package var createdOn: Int64
        /// When the create was sent, by this machine's clock.
        package var sent: Int64
        /// When the response was there, by this machine's clock.
        package var responded: Int64

        /// Makes a sample; instants are epoch milliseconds.
        package init(recordNumber: Int64, id: Int64, createdOn: Int64, sent: Int64, responded: Int64) {
            self.recordNumber = recordNumber
            self.id = id
            self.createdOn = createdOn
            self.sent = sent
            self.responded = responded
        }

        /// The bounds that it sets.
        var bounds: ClosedRange<Int64> { createdOn - responded...createdOn - sent }
    }

    /// The samples of ``spanMilliseconds``, as far as they are needed.
    package struct Bucket: Sendable, Equatable {
        /// When it begins, a multiple of ``ClockSamples/spanMilliseconds``.
        package var start: Int64
        /// Samples in the bucket, from 1.
        package var count: Int
        /// The bounds whose lower end is the highest, and those whose upper end is the lowest.
        package var highest: ClosedRange<Int64>, lowest: ClosedRange<Int64>
        /// When the first response came, and when the last create was sent.
        package var respondedFirst: Int64, sentLast: Int64

        /// Makes a bucket as a ledger keeps it.
        package init(
            start: Int64, count: Int, highest: ClosedRange<Int64>, lowest: ClosedRange<Int64>, respondedFirst: Int64,
            sentLast: Int64
        ) {
            self.start = start
            self.count = count
            self.highest = highest
            self.lowest = lowest
            self.respondedFirst = respondedFirst
            self.sentLast = sentLast
        }

        fileprivate mutating func add(_ other: Bucket, widenedBy slack: Int64 = 0) {
            count += other.count
            (respondedFirst, sentLast) = (min(respondedFirst, other.respondedFirst), max(sentLast, other.sentLast))
            let (high, low) = (other.highest.widened(by: slack), other.lowest.widened(by: slack))
            if high.lowerBound > highest.lowerBound { highest = high }
            if low.upperBound < lowest.upperBound { lowest = low }
        }
    }

    /// The difference near an instant, and what it rests on.
    package struct Difference: Sendable, Equatable {
        /// What the difference may be.
        package var range: ClosedRange<Int64>
        /// Samples that were taken.
        package var count: Int
        /// Whether all of them agree, as those of one clock do.
        package var isSteady: Bool
        /// From the first response to the sending of the last create; negative where all were under way at once.
        package var spanMilliseconds: Int64
    }

    /// How long a bucket is.
    package static let spanMilliseconds: Int64 = 5_000
    /// Buckets that are kept; of more, every other one is dropped.
    package static let bucketsMax = 4_096
    /// How far from an instant samples are looked for, nearest first, and how many suffice.
    private static let reaches: [Int64] = [5_000, 30_000, 120_000]
    private static let countWanted = 16
    /// The age that is no node's clock's; and how far apart creates are sent that have the same clock, in milliseconds.
    private static let oddAgeMin: Int64 = 3_000, spanOfOthers: Int64 = 30_000
    /// The most by which two clocks that are kept right drift apart: each is slewed by 500 ppm at most
    /// (ntp_adjtime(2)).
    private static let slewMax = 0.001

    /// Samples that are kept to be looked up in the list: the first so many, then the first of each bucket; of more,
    /// every other one is dropped.
    private static let examplesFirst = 16
    /// The most examples that are kept.
    package static let examplesMax = 256

    /// In the order of their starts.
    package private(set) var buckets: [Bucket]
    /// In the order in which they were added.
    package private(set) var examples: [Sample]

    /// Makes samples of what a ledger keeps; buckets may come in any order.
    package init(_ buckets: [Bucket] = [], examples: [Sample] = []) {
        self.buckets = buckets.sorted { $0.start < $1.start }
        self.examples = examples
    }

    /// Adds a sample; one whose response came before it was sent, by a clock that was set back meanwhile, says nothing.
    package mutating func add(_ sample: Sample) {
        guard sample.sent <= sample.responded else { return }
        let start = Self.start(of: sample.sent)
        let bounds = sample.bounds
        let new = Bucket(
            start: start, count: 1, highest: bounds, lowest: bounds, respondedFirst: sample.responded,
            sentLast: sample.sent)
        let isFirst = examples.count < Self.examplesFirst
        if isFirst { examples.append(sample) }
        if let last = buckets.indices.last, buckets[last].start == start {
            buckets[last].add(new)
        } else if let index = buckets.firstIndex(where: { $0.start >= start }) {
            if buckets[index].start == start { buckets[index].add(new) } else { buckets.insert(new, at: index) }
        } else {
            buckets.append(new)
            if !isFirst { examples.append(sample) }
            if buckets.count > Self.bucketsMax { Self.halve(&buckets) }
            if examples.count > Self.examplesMax { Self.halve(&examples) }
        }
    }

    private static func halve<Element>(_ elements: inout [Element]) {
        elements = elements.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    }

    /// When the bucket of an instant begins.
    package static func start(of instant: Int64) -> Int64 {
        instant - (instant % spanMilliseconds + spanMilliseconds) % spanMilliseconds
    }

    /// The bucket that was added to last, to be kept.
    var latest: Bucket? { buckets.last }

    /// The difference for what happened between two instants of this machine's clock; nil without a sample.
    package func difference(from: Int64, until: Int64) -> Difference? {
        var near: Bucket?
        for reach in Self.reaches {
            near = gathered(from: from, until: until, reach: reach)
            if let near, near.count >= Self.countWanted { break }
        }
        var found = near
        if near?.count ?? 0 < Self.samplesMin { found = gathered(from: from, until: until, reach: .max) }
        guard let found else { return nil }
        let isNear = found.count == near?.count
        let (high, low) = (found.highest.lowerBound, found.lowest.upperBound)
        // Nothing near: a step may lie in between, too.
        let isSteady = high <= low && isNear
        let hull = min(found.lowest.lowerBound, high)...max(found.highest.upperBound, low)
        return Difference(
            range: isSteady ? high...low : hull, count: found.count, isSteady: isSteady,
            spanMilliseconds: found.sentLast - found.respondedFirst)
    }

    private func gathered(from: Int64, until: Int64, reach: Int64) -> Bucket? {
        var sum: Bucket?
        for bucket in buckets {
            let distance = max(0, bucket.start - until, from - (bucket.start + Self.spanMilliseconds))
            guard distance <= reach else { continue }
            let slack = distance <= Self.spanMilliseconds ? 0 : Int64(Double(distance) * Self.slewMax)
            if sum == nil {
                sum = bucket
                sum?.highest = bucket.highest.widened(by: slack)
                sum?.lowest = bucket.lowest.widened(by: slack)
            } else {
                sum?.add(bucket, widenedBy: slack)
            }
        }
        return sum
    }

    /// The least that the difference is about an instant by the last two buckets; nil where they are long past.
    func latestDifference(before instant: Int64) -> Int64? {
        guard let last = buckets.last, instant - last.start < 3 * Self.spanMilliseconds else { return nil }
        let previous =
            buckets.dropLast().last.map { last.start - $0.start <= Self.spanMilliseconds ? $0 : last } ?? last
        return min(last.highest.lowerBound, previous.highest.lowerBound)
    }

    /// The examples whose groups were there before their creates: older by ``oddAgeMin`` than all others that were sent
    /// about then, of which there are ``samplesMin`` at least. When they came, the first of all or the first after a
    /// pause, nothing was known that could tell.
    package var tooOld: [Sample] {
        var (left, found) = (examples, [Sample]())
        while let index = left.firstIndex(where: { isOlder($0, than: left) }) { found.append(left.remove(at: index)) }
        return found
    }

    private func isOlder(_ sample: Sample, than all: [Sample]) -> Bool {
        let others = all.filter { $0 != sample && abs($0.sent - sample.sent) <= Self.spanOfOthers }
        return others.count >= Self.samplesMin
            && others.allSatisfy { $0.bounds.lowerBound - sample.bounds.upperBound > Self.oddAgeMin }
    }

    /// At most `limit` samples to look up, those nearest to any of the instants first.
    package func examples(near instants: [Int64], limit: Int) -> [Sample] {
        func distance(_ sample: Sample) -> Int64 { instants.map { abs($0 - sample.sent) }.min() ?? 0 }
        return Array(examples.sorted { distance($0) < distance($1) }.prefix(limit))
    }
}

extension ClosedRange<Int64> {
    /// The range with both ends moved outwards.
    func widened(by slack: Int64) -> ClosedRange<Int64> { lowerBound - slack...upperBound + slack }
}
