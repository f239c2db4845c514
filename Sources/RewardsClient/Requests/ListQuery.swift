/// The query of a list call. A nil member is left out of the request, so that the server's default holds.
package struct ListQuery: Sendable, Equatable {
    /// The direction of the order.
    package enum Order: String, Sendable { case ascending = "ASC", descending = "DESC" }
    /// What the groups are ordered by.
    package enum Sort: String, Sendable { case rank = "RANK", lastUpdated = "LAST_UPDATED_ON" }

    /// Counted from 0.
    package var page: Int
    /// Groups a page; the server's default is 10, its maximum is undocumented.
    package var size: Int
    /// Only groups whose `isActive` is this.
    package var active: Bool?
    /// Groups by name; whether exact or containing is undocumented, so compare what comes back.
    package var name: String?
    /// The direction of the order.
    package var order: Order?
    /// What the groups are ordered by.
    package var sort: Sort?

    /// A query for the first 100 groups, where nothing else is given.
    package init(
        page: Int = 0, size: Int = 100, active: Bool? = nil, name: String? = nil, order: Order? = nil, sort: Sort? = nil
    ) {
        self.page = page
        self.size = size
        self.active = active
        self.name = name
        self.order = order
        self.sort = sort
    }

    /// The query with everything but RFC 3986's unreserved characters percent-encoded.
    var encoded: String {
        var items = ["page=\(page)", "size=\(size)"]
        if let active { items.append("active=\(active)") }
        if let name { items.append("name=\(Self.percentEncoded(name))") }
        if let order { items.append("orderBy=\(order.rawValue)") }
        if let sort { items.append("sortBy=\(sort.rawValue)&sortOn=\(sort.rawValue)") }
        return items.joined(separator: "&")
    }

    private static func percentEncoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 3)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                Hexadecimal.append(byte, isUppercase: true, to: &bytes)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
