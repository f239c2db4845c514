/// How much of several kinds was found in the lists of a run, and where the first of each kind stand.
package struct KindCounts: Sendable, Codable, Equatable {
    /// Where one stands.
    package struct Place: Sendable, Codable, Equatable {
        /// The kind's key in ``KindCounts/counts``.
        package var kind: String
        /// The list's path as given, or `-`.
        package var path: String
        /// The line in the list, from 1.
        package var line: Int64
    }

    /// Places that are kept of a kind.
    private static let placesMax = 10

    /// The number of each kind, also where it is 0.
    package var counts: [String: Int]
    /// The first of each kind, in the order of the lists and their lines.
    package var places: [Place] = []

    /// The counts and places that a summary holds.
    package init(counts: [String: Int], places: [Place]) {
        self.counts = counts
        self.places = places
    }

    /// Nothing of the kinds was found.
    init(kinds: [String]) { counts = Dictionary(uniqueKeysWithValues: kinds.map { ($0, 0) }) }

    /// The number of all kinds together.
    package var total: Int { counts.values.reduce(0, +) }

    /// Adds what was found in a list.
    /// - Parameter lines: the lines of the first, from 1.
    mutating func add(_ found: [(kind: String, count: Int, lines: [Int64])], of path: String) {
        var further: [Place] = []
        for (kind, count, lines) in found {
            let room = Self.placesMax - places.count { $0.kind == kind }
            counts[kind, default: 0] += count
            further += lines.prefix(max(0, room)).map { Place(kind: kind, path: path, line: $0) }
        }
        places += further.sorted { $0.line < $1.line }
    }
}
