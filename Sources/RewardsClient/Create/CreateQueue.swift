/// Gives a ``CreateSender`` its creates, and receives their replies.
///
/// The sender calls it on its own threads; a call must neither wait nor take long.
package protocol CreateQueue: Sendable {
    /// Gives the creates that are to be sent now, and says what the sender does then. For each create that is given
    /// here the sender calls ``ended(_:_:)`` once.
    ///
    /// - Parameters:
    ///   - count: how many creates may be given, at least 1.
    ///   - creates: has those appended that are to be sent now, in their order; none where nothing may be sent.
    func next(atMost count: Int, _ creates: inout [PendingCreate]) -> CreateStep
    /// Receives the reply to a create, also to one that ``CreateSender/cancel()`` ended.
    ///
    /// A group in a reply has at least ``RewardGroup/id``, ``RewardGroup/name``, ``RewardGroup/rank``,
    /// ``RewardGroup/createdBy``, ``RewardGroup/createdOn`` and ``RewardGroup/lastUpdatedOn`` where the response has
    /// them; other members may be missing. The name is the one that was sent, or a form of it (``NameForm``).
    func ended(_ create: PendingCreate, _ reply: Reply<RewardGroup>)
}

/// What a ``CreateSender`` does once it has sent what it was given.
package enum CreateStep: Sendable {
    /// Ask again at once, or where the one that asked has no room for more, have another ask: there is more to send.
    case more
    /// Ask again after this time, or when a response has come.
    case wait(Duration)
    /// There is nothing more to send before a response comes or ``CreateSender/wake()`` is called.
    case rest
}

/// A create that waits to be sent, or for its response.
package struct PendingCreate: Sendable {
    /// The queue's own number of the create.
    package var tag: Int64
    /// The group's name.
    package var name: String
    /// The group's rank; nil sends null.
    package var rank: Int32?
    /// When the queue gave it, in epoch milliseconds.
    package var sentAt: Int64
    /// The id of its span in the client's trace; 0 where requests belong to none.
    package var span: Int64

    /// A create of a group with this name and rank.
    package init(tag: Int64, name: String, rank: Int32?, sentAt: Int64, span: Int64 = 0) {
        self.tag = tag
        self.name = name
        self.rank = rank
        self.sentAt = sentAt
        self.span = span
    }
}
