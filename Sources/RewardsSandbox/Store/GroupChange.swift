/// A change to the stored groups, with who asked for it and when (milliseconds since 1970).
struct GroupChange: Sendable {
    /// A group to store, by the form of its name that is stored and the one that was sent.
    struct Creation: Sendable {
        let name: String
        let sent: String
        let rank: Int32?
        var origin = GroupOrigin.create
    }

    enum Kind: Sendable {
        case create(Creation)
        /// An absent rank or activity stays as it is; `.some(nil)` clears the rank.
        case update(id: Int64, name: String, rank: Int32??, isActive: Bool?)
    }

    let kind: Kind
    let userID: Int64
    /// What `createdOn` or `lastUpdatedOn` will say.
    let timestamp: Int64
    /// The machine's clock.
    let now: Int64
}

/// How a change ended.
enum GroupChangeResult: Sendable {
    /// Committed.
    case stored(StoredGroup)
    /// Nothing was changed: a group of the name to create is there, and creates give such a group.
    case found(StoredGroup)
    /// The UNIQUE constraint refused the name.
    case nameTaken
    /// No group has the id.
    case unknownID
    /// As many changes as the queue may hold are waiting; nothing was changed.
    case queueFull
    /// The database failed; nothing was changed.
    case failed(String)
}
