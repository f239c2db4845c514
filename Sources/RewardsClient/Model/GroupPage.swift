/// One page of a list.
package struct GroupPage: Sendable, Equatable {
    /// The groups in the server's order.
    package var groups: [RewardGroup]
    /// The page's number, counted from 0, as the server says.
    package var number: Int?
    /// Whether the server says that no page follows; nil where it doesn't say.
    package var isLast: Bool?
    /// The most groups of a page, as the server says: it may be fewer than the query's size.
    package var size: Int?
    /// How many groups the query matches in all.
    package var totalElements: Int64?
    /// How many pages the query has at this size.
    package var totalPages: Int?

    /// A page of which the server says nothing more than what is given.
    package init(
        groups: [RewardGroup], number: Int? = nil, isLast: Bool? = nil, size: Int? = nil, totalElements: Int64? = nil,
        totalPages: Int? = nil
    ) {
        self.groups = groups
        self.number = number
        self.isLast = isLast
        self.size = size
        self.totalElements = totalElements
        self.totalPages = totalPages
    }
}
