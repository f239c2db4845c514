/// How what the list says of this run's own groups relates to what their creates said. Pure.
package struct ListRelation: Sendable, Equatable {
    /// A group that this run surely created, as its create and as the list give it.
    package struct Pair: Sendable, Equatable {
        /// The group as the response to its create gave it.
        package var sample: ClockSamples.Sample
        /// `createdOn` as the list gives it, in epoch milliseconds; nil where it doesn't.
        package var createdOn: Int64?
        /// `createdBy` as the list gives it; nil where it doesn't.
        package var createdBy: Int64?

        /// Makes a pair.
        package init(sample: ClockSamples.Sample, createdOn: Int64?, createdBy: Int64?) {
            self.sample = sample
            self.createdOn = createdOn
            self.createdBy = createdBy
        }
    }

    /// Pairs below which nothing is concluded.
    package static let pairsMin = 3

    /// What is added to a create's `createdOn` to give the list's; nil where that isn't known.
    package private(set) var offset: ClosedRange<Int64>?
    /// To how many milliseconds the list gives `createdOn`; at least 1.
    package private(set) var grain: Int64 = 1
    /// The user that the list names for this run's groups; nil unless it is one and the same for all.
    package private(set) var createdBy: Int64?

    /// - Parameter others: further `createdOn` of the list, which tell of its grain.
    package init(_ pairs: [Pair], others: [Int64] = []) {
        let known = pairs.filter { $0.createdOn != nil }
        if pairs.count >= Self.pairsMin, let user = pairs[0].createdBy, user > 0,
            pairs.allSatisfy({ $0.createdBy == user })
        {
            createdBy = user
        }
        guard known.count >= Self.pairsMin else { return }
        grain = Self.grain(of: known.compactMap(\.createdOn) + others)
        let offsets = known.map { ($0.createdOn ?? 0) - $0.sample.createdOn }
        guard let least = offsets.min(), let most = offsets.max() else { return }
        // Where they differ, another group's may differ by as much as a grain more.
        offset = least == most ? least...most : (least...most).widened(by: grain)
    }

    /// The coarsest grain that all instants fit, at most a day.
    package static func grain(of instants: [Int64]) -> Int64 {
        var grain: Int64 = 86_400_000
        for instant in instants {
            var rest = instant.magnitude
            var divisor = UInt64(grain)
            while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
            grain = Int64(divisor)
        }
        return max(1, grain)
    }
}
