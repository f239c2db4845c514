/// What a list asks for; every parameter is optional.
struct ListQuery: Sendable, Equatable {
    /// The column to sort by; groups of the same value go by id.
    enum Sort: String, Sendable {
        case id
        case rank
        case lastUpdatedOn
    }

    static let sizeDefault = 10

    /// Counted from 0.
    var page = 0
    /// 1 to the configured maximum; a larger one is cut to it.
    var size = ListQuery.sizeDefault
    var isActive: Bool?
    var name: String?
    var sort = Sort.id
    var isDescending = false
    /// Groups before the page.
    var offset = 0
}
