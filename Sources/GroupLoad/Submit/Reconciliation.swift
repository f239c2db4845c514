package import RewardsClient

/// Decides what a group that was found under a draft's name means for the draft. Pure; asks nothing, sends nothing.
///
/// A group is this run's own when an answer to a create was lost, the group was created after the first create was sent, by
/// the server's clock, and by the user that this run creates as, where that is known. How exactly the server's clock is known
/// decides how near the sending a group may have been created: nearer than the bounds on the clock are apart, it is
/// taken for this run's own where that is at most ``doubtMax``, and for unclear where it is more.
package struct Reconciliation: Sendable {
    /// What was decided.
    package enum Decision: Sendable, Equatable {
        case confirmed
        case existing
        /// The name is on the server, and nothing tells yet whether this run or somebody else put it there.
        case unclear(String)
    }

    /// The milliseconds within which a group of the same name and user is rather this run's own than somebody else's.
    package static let doubtMax: Int64 = 250

    /// Whether an answer to an earlier create of this draft was lost.
    package var hasLostAnswer: Bool
    /// When the first create was sent, in epoch milliseconds by this machine's clock.
    package var sentAt: Int64
    /// What is known of the server's clock.
    package var clock: ServerClock
    /// The `createdBy` of groups that this run surely created; nil while there is none.
    package var createdBy: Int64?

    package init(hasLostAnswer: Bool, sentAt: Int64, clock: ServerClock, createdBy: Int64?) {
        self.hasLostAnswer = hasLostAnswer
        self.sentAt = sentAt
        self.clock = clock
        self.createdBy = createdBy
    }

    /// The decision for `group`.
    package func decide(_ group: RewardGroup) -> Decision {
        guard hasLostAnswer else { return .existing }
        if let own = createdBy, let other = group.createdBy, own != other { return .existing }
        guard let createdOn = group.createdOn else {
            return .unclear("the server does not say when the group was created")
        }
        guard let difference = clock.difference else {
            return .unclear("the server's clock is not known")
        }
        if createdOn >= sentAt + difference.upperBound { return .confirmed }
        if createdOn < sentAt + difference.lowerBound { return .existing }
        return difference.upperBound - difference.lowerBound <= Self.doubtMax
            ? .confirmed
            : .unclear("it was created about when the create was sent, by a clock that is not known well")
    }
}
