import GRDB

/// A group as the database holds it.
struct StoredGroup: Sendable {
    /// The columns in the order that ``init(row:)`` reads.
    static let columns = "id, name, rank, isActive, createdBy, createdOn, lastUpdatedBy, lastUpdatedOn, sent, origin"

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
    /// The name that the create asked for.
    let sent: String
    let origin: GroupOrigin
}

/// Whose create a group came of.
enum GroupOrigin: Int64, Sendable {
    /// A create that was sent.
    case create
    /// Somebody else's, some time before one that was sent (the fault `foreign`).
    case foreign
    /// Somebody else's, just after one that was sent (the fault `foreign-after`).
    case foreignAfter
}

extension StoredGroup {
    /// Reads a row of ``columns``.
    init(row: Row) {
        self.init(
            id: row[0], name: row[1], rank: row[2], isActive: row[3], createdBy: row[4], createdOn: row[5],
            lastUpdatedBy: row[6], lastUpdatedOn: row[7], sent: row[8] ?? row[1],
            origin: GroupOrigin(rawValue: row[9]) ?? .create)
    }
}
