/// Where elements and attributes stand that would identify records, but are not where a record has its members: the
/// names of the elements from the root to the object that they are of. It is used for messages only.
struct XMLDeepNames {
    /// Places that are distinguished.
    private static let placesMax = 32

    private var open: [String] = []
    /// The places in the order in which they came up: how many names there are, and the record that the first is in.
    private(set) var places: [(path: String, count: Int, recordNumber: Int64?)] = []
    /// Whether the first name is an attribute of an element that stands for a field: `<COLUMN NAME="NAME">`.
    private(set) var isOfFields = false

    /// Elements that stand for a field, in lower case.
    private static let fieldElements: Set<String> = [
        "column", "col", "field", "cell", "property", "prop", "attribute", "attr", "param", "parameter", "data",
        "value",
        "var",
    ]

    /// Notes that an element begins.
    mutating func begin(_ name: String) { open.append(name) }

    /// Notes that the last element that has begun ends.
    mutating func end() { _ = open.popLast() }

    /// Counts a name: of the last element that has begun, or of the one around it.
    ///
    /// - Parameters:
    ///   - isOwn: whether it is an attribute of the element.
    ///   - record: the record that it is in, if any.
    mutating func count(isOwn: Bool, recordNumber: Int64?) {
        if places.isEmpty, isOwn, let element = open.last {
            isOfFields = Self.fieldElements.contains(element.lowercased())
        }
        let path = (isOwn ? open : open.dropLast()).joined(separator: "/")
        if let index = places.firstIndex(where: { $0.path == path }) {
            places[index].count += 1
        } else if places.count < Self.placesMax {
            places.append((path, 1, recordNumber))
        }
    }

    /// The place that most names stand at; of several the first.
    var best: String? {
        var best: (path: String, count: Int)?
        for place in places where place.count > best?.count ?? 0 { best = (place.path, place.count) }
        return best?.path
    }
}
