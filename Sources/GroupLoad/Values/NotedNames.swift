/// The first records whose names are noted, in input order: suspicious ones, near-duplicates, those of invalid records
/// too, and duplicates that differ.
package struct NotedNames: Sendable, Codable, Equatable {
    /// A record whose name is noted.
    package struct Entry: Sendable, Codable, Equatable {
        /// The record's number.
        package var record: Int64
        /// The list's path as given, or `-`.
        package var path: String
        /// The line in the list, from 1.
        package var line: Int64
        /// The name as it is read, at most ``characterMax`` characters of it.
        package var name: String
        /// What is said of the name, as the end of a sentence that the name begins.
        package var remark: String

        /// Notes the name of a record.
        package init(record: Int64, path: String, line: Int64, name: String, remark: String) {
            self.record = record
            self.path = path
            self.line = line
            self.name = String(name.prefix(NotedNames.characterMax))
            self.remark = remark
        }
    }

    /// Entries of each kind that are kept.
    package static let entriesMax = 100
    /// Characters of a name that are kept.
    package static let characterMax = 255

    /// The suspicious names (``NameSuspicion``).
    package var suspicious: [Entry] = []
    /// The names that have the near form of an earlier one (``NearName``).
    package var near: [Entry] = []

    /// Records of one name of which one is invalid and the other is loaded in its place.
    package var substitutes: [Entry] = []
    /// How many of those there are.
    package var substituteCount = 0
    /// Duplicates that say another rank or activity than the record of their name that is loaded.
    package var differing: [Entry] = []
    /// How many of those there are.
    package var differingCount = 0

    /// Nothing is noted.
    package init() {}

    private enum CodingKeys: String, CodingKey {
        case suspicious, near, substitutes, substituteCount, differing, differingCount
    }

    /// Decodes what a ledger holds; one of an earlier version lacks the later kinds.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func entries(_ key: CodingKeys) throws -> [Entry] {
            try container.decodeIfPresent([Entry].self, forKey: key) ?? []
        }
        (suspicious, near) = (try entries(.suspicious), try entries(.near))
        (substitutes, differing) = (try entries(.substitutes), try entries(.differing))
        substituteCount = try container.decodeIfPresent(Int.self, forKey: .substituteCount) ?? 0
        differingCount = try container.decodeIfPresent(Int.self, forKey: .differingCount) ?? 0
    }

    /// Keeps an entry where there is room.
    static func keep(_ entry: Entry, in entries: inout [Entry]) {
        if entries.count < entriesMax { entries.append(entry) }
    }
}
