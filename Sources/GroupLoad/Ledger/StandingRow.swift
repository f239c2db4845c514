/// How a record stands in the ledger, as it is lent. Not to be kept, as a ``ReportRow``; what reads its bytes says
/// `unsafe`.
@safe package struct StandingRow: ~Copyable {
    /// The record's number within the run.
    package let recordNumber: Int64
    /// Whether it is sent.
    package let isDraft: Bool
    /// The name that a draft is sent under, in UTF-8.
    package let name: UnsafeBufferPointer<UInt8>
    /// The rank that a draft is sent with.
    package let rank: Int32?
    /// The number of the first record of that name, for a duplicate.
    package let duplicateOf: Int64?

    /// Makes a row.
    package init(
        recordNumber: Int64, isDraft: Bool, name: UnsafeBufferPointer<UInt8>, rank: Int32?, duplicateOf: Int64?
    ) {
        self.recordNumber = recordNumber
        self.isDraft = isDraft
        unsafe self.name = name
        self.rank = rank
        self.duplicateOf = duplicateOf
    }

    /// The same, to be kept.
    package var standing: RecordedStanding {
        // Safe: the bytes are copied while the row is lent.
        if isDraft { return unsafe .draft(Array(name), rank) }
        return duplicateOf.map { .duplicate(of: $0) } ?? .invalid
    }
}

extension StandingRow {
    /// Reads the record, whether it is a draft, the name and the rank that it is sent with, and the first record of its
    /// name. It is lent as long as `row`.
    init(_ row: borrowing some LedgerRow & ~Copyable) {
        // Safe: the bytes stand there as long as the row is lent, and this is lent no longer.
        unsafe self.init(
            recordNumber: row.integer(0), isDraft: row.optional(1).map { $0 != 0 } ?? false, name: row.bytes(2),
            rank: row.optional(3).map(Int32.init(clamping:)), duplicateOf: row.optional(4))
    }
}
