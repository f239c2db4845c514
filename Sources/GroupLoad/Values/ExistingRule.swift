/// `--empty-rank`: what a record without a rank says of a group that is there, under ``ExistingPolicy/update``.
package enum EmptyRank: String, CaseIterable, Sendable, Codable {
    /// Nothing: the group keeps its rank.
    case keep
    /// That the group is to have none.
    case clear
}

/// What becomes of a draft whose group is on the target already.
package struct ExistingRule: Sendable, Equatable {
    /// Whether the group is left alone, refused or updated.
    package var policy: ExistingPolicy
    /// What a draft without a rank says where it is updated.
    package var emptyRank: EmptyRank

    /// Makes a rule; by default an empty rank says nothing.
    package init(_ policy: ExistingPolicy, emptyRank: EmptyRank = .keep) {
        self.policy = policy
        self.emptyRank = emptyRank
    }

    /// Whether an empty rank takes a group's rank away.
    package var clearsRanks: Bool { policy == .update && emptyRank == .clear }

    /// Whether the list's activities count.
    package var honoursActive: Bool { policy == .update }
}
