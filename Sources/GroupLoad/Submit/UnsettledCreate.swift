import RewardsClient

/// A draft that needs more than one plain response.
package struct UnsettledCreate: Sendable {
    var draft: Draft
    /// How its first create ended; nil for a draft that is in doubt, which is looked up first.
    var reply: Reply<RewardGroup>?
    /// When the create was sent, and when it ended, in epoch milliseconds.
    var sentAt: Int64, endedAt: Int64
    /// Whether the age of the group in the response doesn't contradict that this create made it.
    var isPlain = true
}
