import GRDB

/// A group as the database holds it.
struct StoredGroup: Sendable {
    /// The columns in the order that ``init(row:)`` reads.
    static let columns = "id, name, rank, isActive, createdBy, createdOn, lastUpdatedBy, lastUpdatedOn"

    let id: Int64
    let name: String
    let rank: Int32?
    let isActive: Bool
    let createdBy: Int64
    /// Milliseconds since 1970.
    let createdOn: Int64
    let lastUpdatedBy: Int64
    /// Milliseconds since 1970.
    let lastUpdatedOn: Int64
}

extension StoredGroup {
    /// Reads a row of ``columns``.
    init(row: Row) {
        self.init(
            id: row[0], name: row[1], rank: row[2], isActive: row[3], createdBy: row[4], createdOn: row[5],
            lastUpdatedBy: row[6], lastUpdatedOn: row[7])
    }
}

/// A change to the stored groups, with who asked for it and when (milliseconds since 1970).
struct GroupChange: Sendable {
    enum Kind: Sendable {
        case create(name: String, rank: Int32?)
        /// An absent rank or activity stays as it is; `.some(nil)` clears the rank.
        case update(id: Int64, name: String, rank: Int32??, isActive: Bool?)
    }

    let kind: Kind
    let userID: Int64
    let timestamp: Int64
}

/// How a change ended.
enum GroupChangeResult: Sendable {
    /// Committed.
    case stored(StoredGroup)
    /// The UNIQUE constraint refused the name.
    case nameTaken
    /// No group has the id.
    case unknownID
    /// As many changes as the queue may hold are waiting; nothing was changed.
    case queueFull
    /// The database failed; nothing was changed.
    case failed(String)
}
