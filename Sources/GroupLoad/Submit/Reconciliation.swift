package import RewardsClient

/// Decides what a group that was found under a draft's name means for the draft. Pure; asks nothing, sends nothing.
///
/// A group is this run's own when an answer to a create was lost, the group was created after the first create was sent (by
/// the server's clock, less a tolerance), and by the user that this run creates as, where that is known.
package struct Reconciliation: Sendable {
    /// What was decided.
    package enum Decision: Sendable, Equatable {
        case confirmed
        case existing
        /// The name is on the server, and nothing tells whether this run or somebody else put it there.
        case unclear(String)
    }

    /// How much earlier than the intent a group of this run's own may seem to be: the `Date` header has whole seconds.
    package static let toleranceMilliseconds: Int64 = 2000

    /// Whether an answer to an earlier create of this draft was lost.
    package var hasLostAnswer: Bool
    /// When the first create was sent, in epoch milliseconds by this machine's clock.
    package var sentAt: Int64
    /// What is added to this machine's clock to give the server's, in milliseconds; nil while it isn't known.
    package var serverClockOffset: Int64?
    /// The `createdBy` of groups that this run surely created; nil while there is none.
    package var createdBy: Int64?

    package init(hasLostAnswer: Bool, sentAt: Int64, serverClockOffset: Int64?, createdBy: Int64?) {
        self.hasLostAnswer = hasLostAnswer
        self.sentAt = sentAt
        self.serverClockOffset = serverClockOffset
        self.createdBy = createdBy
    }

    /// The decision for `group`.
    package func decide(_ group: RewardGroup) -> Decision {
        guard hasLostAnswer else { return .existing }
        if let own = createdBy, let other = group.createdBy, own != other { return .existing }
        guard let createdOn = group.createdOn else {
            return .unclear("the server does not say when the group was created")
        }
        guard let offset = serverClockOffset else {
            return .unclear("the server's clock is not known")
        }
        return createdOn >= sentAt + offset - Self.toleranceMilliseconds ? .confirmed : .existing
    }
}
