/// A reward group as the server holds it, read from the response of create, get, update or list.
///
/// Only `id` is certain: a response without it is not a group. Instants ending in `On` are milliseconds since
/// 1970-01-01T00:00:00Z; those ending in `DateTime` are the server's own text (`2025-03-17T02:58:47Z`), unparsed.
package struct RewardGroup: Sendable, Equatable {
    /// The server's identity for the group.
    package var id: Int64
    /// The organisation that owns the group.
    package var orgId: Int64?
    /// The name as the server keeps it; empty where the response left it out. It may differ from the one that was sent.
    package var name: String
    /// The rank; nil where the group has none.
    package var rank: Int64?
    /// Whether the group is in use; nil where the response doesn't say.
    package var isActive: Bool?
    /// The user who created the group. With `createdOn` it distinguishes a group of this run from one that existed
    /// before.
    package var createdBy: Int64?
    /// A digest of what stands for that user where it isn't an integer, 2⁶² at least; nil for an integer, null or
    /// nothing.
    package var createdByDigest: Int64?
    /// When the group was created, in epoch milliseconds; read from ``createdOnDateTime`` where that alone is given,
    /// in RFC 3339's form.
    package var createdOn: Int64?
    /// When the group was created, as the server wrote it.
    package var createdOnDateTime: String?
    /// The user who last changed the group.
    package var lastUpdatedBy: Int64?
    /// When the group was last changed, in epoch milliseconds.
    package var lastUpdatedOn: Int64?
    /// When the group was last changed, as the server wrote it.
    package var lastUpdatedOnDateTime: String?

    /// What tells the user who created the group from others: the API's page gives no type for it.
    package var creator: Int64? { createdBy ?? createdByDigest }

    /// A group without the members that are not given.
    package init(
        id: Int64, orgId: Int64? = nil, name: String, rank: Int64? = nil, isActive: Bool? = nil,
        createdBy: Int64? = nil, createdOn: Int64? = nil, createdOnDateTime: String? = nil,
        lastUpdatedBy: Int64? = nil, lastUpdatedOn: Int64? = nil, lastUpdatedOnDateTime: String? = nil
    ) {
        self.id = id
        self.orgId = orgId
        self.name = name
        self.rank = rank
        self.isActive = isActive
        self.createdBy = createdBy
        self.createdOn = createdOn
        self.createdOnDateTime = createdOnDateTime
        self.lastUpdatedBy = lastUpdatedBy
        self.lastUpdatedOn = lastUpdatedOn
        self.lastUpdatedOnDateTime = lastUpdatedOnDateTime
    }
}
