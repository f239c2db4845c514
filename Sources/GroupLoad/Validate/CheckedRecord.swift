/// The result of the check of one record.
package struct CheckedRecord: Sendable {
    /// Draft, duplicate or invalid.
    package enum Standing: Sendable, Equatable {
        case draft
        /// The name stood in the record of this number; whether this one's rank is another, and what that one's was.
        case duplicate(of: Int64, rankDiffers: Bool, firstRank: Int32?)
        case invalid
    }

    /// Whether it is a draft, a duplicate or invalid.
    package var standing: Standing
    /// The trimmed name, the rank and the violations.
    package var fields: RecordValidator.Fields
    /// The key that the ledger knows the draft's name by; meaningless for an invalid record.
    package var key: NameIndex.Key
}

extension CheckedRecord {
    /// What is noted of a duplicate whose rank is another than the first's.
    static func rankNote(first: Int64, rank: Int32?) -> String {
        "rank differs from record \(first), which has \(rank.map(String.init) ?? "none")"
    }
}
