/// A row of a query, as a store lends it: columns are counted from 0. What the stores ask for in the same columns is
/// read here.
protocol LedgerRow: ~Copyable {
    /// Whether a column holds nothing.
    func isNull(_ column: Int32) -> Bool

    /// A column's whole number or truth value; 0 where it is null.
    func integer(_ column: Int32) -> Int64

    /// A column's bytes, which stand there as long as the row is lent; none where it is null.
    func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8>

    /// A column that need not be text.
    func value(_ column: Int32) -> ReportValue

    /// A column's whole number, or nil.
    func optional(_ column: Int32) -> Int64?

    /// A column's bytes, which stand there as long as the row is lent; nil where it is null.
    func optionalBytes(_ column: Int32) -> UnsafeBufferPointer<UInt8>?
}

extension LedgerRow where Self: ~Copyable {
    /// Asks whether it is null, then for it.
    func optional(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    /// Whether a column is true; false where it is null.
    func isTrue(_ column: Int32) -> Bool { integer(column) != 0 }

    /// Asks whether it is null, then for it.
    func optionalBytes(_ column: Int32) -> UnsafeBufferPointer<UInt8>? {
        // Safe: the caller lends them no longer.
        unsafe isNull(column) ? nil : bytes(column)
    }

    /// A column's text, or nil. Bytes that are no UTF-8 are replaced.
    func text(_ column: Int32) -> String? {
        // Safe: the bytes are copied.
        unsafe isNull(column) ? nil : String(decoding: bytes(column), as: UTF8.self)
    }

    /// A column's outcome; nil where it is null, or has no outcome's name.
    func outcome(_ column: Int32) -> Outcome? {
        // Safe: read within the call only.
        unsafe Outcome(bytes: bytes(column))
    }
}

extension Outcome {
    private static let byBytes = allCases.map { (Array($0.rawValue.utf8), $0) }

    /// The outcome whose name is in `bytes`, as the ledger has it.
    init?(bytes: UnsafeBufferPointer<UInt8>) {
        // Safe: read within the call only.
        let name = unsafe bytes.span
        for (bytes, outcome) in Self.byBytes where bytes.count == name.count {
            if name.indices.allSatisfy({ name[$0] == bytes[$0] }) {
                self = outcome
                return
            }
        }
        return nil
    }
}

extension PendingJudgement {
    /// Reads the record, the group's id, name, rank, activity, `createdOn`, `createdBy` and place, from when and until
    /// when its create was sent, when its name was absent, whether it is named, the response's status and code, the
    /// attempts, milliseconds and end, the draft's name, rank and activity, since when it is sure, and whether the name
    /// is taken.
    init(_ row: borrowing some LedgerRow & ~Copyable) {
        let from = row.integer(8)
        var found = FoundGroup(
            recordNumber: row.integer(0), id: row.integer(1), name: row.text(2) ?? "",
            state: GroupState(rank: row.optional(3), isActive: row.isTrue(4)), createdOn: row.optional(5),
            createdBy: row.optional(6), place: row.text(7).flatMap { FoundGroup.Place(rawValue: $0) } ?? .list,
            sent: from...max(from, row.integer(9)))
        found.absentAt = row.optional(10)
        found.isNamed = row.isTrue(11)
        found.sureFrom = row.integer(20)
        found.isTaken = row.isTrue(21)
        let outcome = DraftOutcome(
            recordNumber: found.recordNumber, outcome: .present, id: found.id, http: row.optional(12).map(Int.init),
            code: row.optional(13).map(Int.init), message: nil, attempts: Int(row.integer(14)),
            milliseconds: row.optional(15), endedAt: row.optional(16) ?? found.sent.upperBound)
        var draft = Draft(
            recordNumber: found.recordNumber, name: row.text(17) ?? "",
            rank: row.optional(18).map { Int32(clamping: $0) })
        draft.isInactive = row.optional(19) == 0
        found.seenAt = outcome.endedAt
        self.init(found: found, outcome: outcome, draft: draft)
    }
}

extension GroupUpdate {
    /// Reads the record, the group's id and name, its rank and activity before and after, the record again where the
    /// update is in doubt, the outcome that made the group, and whether its rank is kept.
    init(_ row: borrowing some LedgerRow & ~Copyable) {
        self.init(
            recordNumber: row.integer(0), id: row.integer(1), name: row.text(2) ?? "",
            from: GroupState(rank: row.optional(3), isActive: row.isTrue(4)),
            to: GroupState(rank: row.optional(5), isActive: row.isTrue(6)), isInDoubt: !row.isNull(7))
        made = row.outcome(8)
        keepsRank = row.isTrue(9)
    }
}

extension ReportRow {
    /// Reads the record, its outcome, id, status, code, message, attempts, milliseconds, first record of the name,
    /// source, line, name, rank and end, and where they are wanted its own bytes and activity. It is lent as long as
    /// `row`.
    init(_ row: borrowing some LedgerRow & ~Copyable, withOwnBytes: Bool) {
        // Safe: the bytes stand there as long as the row is lent, and this is lent no longer.
        unsafe self.init(
            recordNumber: row.integer(0), source: row.integer(9), line: row.integer(10), outcome: row.bytes(1),
            name: row.value(11), rank: row.value(12))
        id = row.optional(2)
        http = row.optional(3)
        code = row.optional(4)
        unsafe message = row.optionalBytes(5)
        attempts = row.integer(6)
        milliseconds = row.optional(7)
        duplicateOf = row.optional(8)
        endedAt = row.optional(13)
        if withOwnBytes {
            unsafe raw = row.optionalBytes(14)
            isActive = row.optional(15).map { $0 == 1 }
        }
    }
}
