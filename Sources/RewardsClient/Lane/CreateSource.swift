/// A create that a lane is to send.
package struct LaneCreate: Sendable {
    /// What its sender knows it by.
    package var tag: Int64
    package var name: String
    package var rank: Int32?
    /// When it was handed out, in epoch milliseconds.
    package var sentAt: Int64

    package init(tag: Int64, name: String, rank: Int32?, sentAt: Int64) {
        self.tag = tag
        self.name = name
        self.rank = rank
        self.sentAt = sentAt
    }
}

/// Where a lane gets its creates from, and who is told of the answers.
///
/// Both are called on the lane's own thread, one call at a time; they must neither wait nor take long.
package protocol CreateSource: Sendable {
    /// What to do now. Each create that is given here is heard of once in ``ended(_:_:)``.
    func next() -> CreateStep
    /// Takes in what came of a create; one that was cut off by ``CreateLane/cancel()`` too.
    ///
    /// Of the group in a response ``RewardGroup/id``, ``RewardGroup/name``, ``RewardGroup/rank``,
    /// ``RewardGroup/createdBy``, ``RewardGroup/createdOn`` and ``RewardGroup/lastUpdatedOn`` may be relied on; other
    /// members may be missing. The name is the one that was sent, or what the server made of it (``NameForm``).
    func ended(_ create: LaneCreate, _ reply: Reply<RewardGroup>)
}

/// What a lane is to do next.
package enum CreateStep: Sendable {
    case send(LaneCreate)
    /// Ask again then, or when an answer has come.
    case wait(Duration)
    /// There is nothing to send before an answer comes or somebody calls ``CreateLane/poke()``.
    case rest
}
