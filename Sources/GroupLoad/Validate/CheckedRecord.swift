/// The result of the check of one record.
package struct CheckedRecord: Sendable {
    /// Draft, duplicate or invalid.
    package enum Standing: Sendable, Equatable {
        case draft
        /// The name stood in the record of this number; what that one says where this one says something else.
        case duplicate(of: Int64, differsFrom: GroupValues?)
        case invalid
    }

    /// What a record says of its group beside the name.
    package struct GroupValues: Sendable, Equatable, CustomStringConvertible {
        /// The rank; nil for none.
        package var rank: Int32?
        /// Whether the group is to be active; nil where the record doesn't say.
        package var isActive: Bool?

        /// Makes values.
        package init(rank: Int32?, isActive: Bool? = nil) {
            self.rank = rank
            self.isActive = isActive
        }

        /// The values for a person: `rank 5`, `no rank, not active`.
        package var description: String {
            (rank.map { "rank \($0)" } ?? "no rank") + (isActive == false ? ", not active" : "")
        }

        /// Whether a group would be the same by these values as by others: one that isn't said to be active is made so.
        func agrees(with other: Self) -> Bool {
            rank == other.rank && (isActive ?? true) == (other.isActive ?? true)
        }
    }

    /// Whether it is a draft, a duplicate or invalid.
    package var standing: Standing
    /// The trimmed name, the rank and the violations.
    package var fields: RecordValidator.Fields
    /// The key that the name is known by; ``NameIndex/Key/none`` for an invalid record whose name isn't valid.
    package var key: NameIndex.Key
}

extension CheckedRecord {
    /// The rank and activity.
    var values: GroupValues { GroupValues(rank: fields.rank, isActive: fields.active) }

    /// What is noted of a duplicate that says something else than the record of its name that counts.
    ///
    /// - Parameter first: what that one says; nil where it says the same.
    func note(first recordNumber: Int64, differsFrom first: GroupValues?) -> String? {
        guard let first else { return nil }
        var parts: [String] = []
        if first.rank != fields.rank {
            parts.append(
                "rank differs from record \(recordNumber), which has \(first.rank.map(String.init) ?? "none")")
        }
        if (first.isActive ?? true) != (fields.active ?? true) {
            parts.append(
                "isActive differs from record \(recordNumber), which has \(first.isActive.map(String.init) ?? "none")")
        }
        return parts.joined(separator: "; ")
    }
}
