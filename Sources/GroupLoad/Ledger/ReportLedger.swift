/// Reading a run for its report.
package protocol ReportLedger: Sendable {
    /// Lends one consistent state of the ledger for as long as `body` runs; what is put in meanwhile is not seen.
    ///
    /// - Throws: what `body` throws.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any LedgerSnapshot) throws -> Value) async throws -> Value
}

/// One consistent state of a ledger. Not to be kept beyond the call that lends it.
///
/// Rows are lent one by one, in the order of their records, and are read where they stand: their bytes must not be kept
/// beyond the call that gets them.
package protocol LedgerSnapshot {
    /// What the ledger keeps of the run as a whole.
    func metadata() throws -> RunMetadata

    /// What is known of the sources, in their order.
    func sources() throws -> [SourceSummary]

    /// Lends every record that has an outcome, with it.
    ///
    /// A row that holds what no ledger does ends this with an error, where the store doesn't keep such rows out itself.
    ///
    /// - Parameters:
    ///   - outcomes: those that are wanted; empty for all.
    ///   - withOwnBytes: whether ``ReportRow/raw`` and ``ReportRow/isActive`` are wanted.
    func forEachRow(
        of outcomes: [Outcome], withOwnBytes: Bool, _ body: (borrowing ReportRow) throws -> Void
    ) throws

    /// Lends how records `first` to `last` stand.
    func forEachStanding(
        from first: Int64, to last: Int64, _ body: (borrowing StandingRow) throws -> Void
    ) throws

    /// The records in the ledger.
    func recordCount() throws -> Int

    /// The count of records by the number of their source.
    func recordsBySource() throws -> [Int64: Int]

    /// Whether any record says whether its group is active.
    func saysActive() throws -> Bool

    /// Where a record stands, and its name as it was read; nil where there is no such record.
    func place(of recordNumber: Int64) throws -> RecordPlace?

    /// Names everything that no sound ledger of a finished run holds, by kinds in the order of ``LedgerFault``.
    func forEachFault(_ body: (LedgerFault) throws -> Void) throws
}

/// Where a record stands in the inputs.
package struct RecordPlace: Sendable, Equatable {
    /// The number of the source, from 0.
    package var source: Int64
    /// The line in the source on which the record begins, from 1.
    package var line: Int64
    /// The name as it was read, which need not be UTF-8; empty where it had none.
    package var name: [UInt8]

    /// Makes a place.
    package init(source: Int64, line: Int64, name: [UInt8]) {
        self.source = source
        self.line = line
        self.name = name
    }
}

/// A record with its outcome, as it is lent to a report.
///
/// To its maintainers: the buffers stand in memory of the store, and only until the call ends that lends the row. A row
/// can't be copied and is borrowed only, so that to have one is safe; what reads a buffer says `unsafe`.
@safe package struct ReportRow: ~Copyable {
    /// The record's number within the run.
    package var recordNumber: Int64
    /// The number of the source, from 0.
    package var source: Int64
    /// The line in the source on which the record begins, from 1.
    package var line: Int64
    /// The outcome's name.
    package let outcome: UnsafeBufferPointer<UInt8>
    /// The group's id, where it is known.
    package var id: Int64?
    /// The HTTP status of the last response; nil where none came.
    package var http: Int64?
    /// The API's code in the last response; nil where it had none.
    package var code: Int64?
    /// What is noted, in UTF-8.
    package var message: UnsafeBufferPointer<UInt8>?
    /// Creates or changes that were sent for the record, from 0.
    package var attempts: Int64
    /// Milliseconds from the first send to the outcome; nil for a record that was not sent.
    package var milliseconds: Int64?
    /// When it ended, in epoch milliseconds, for a record that was sent.
    package var endedAt: Int64?
    /// The number of the first record of that name, for a duplicate.
    package var duplicateOf: Int64?
    /// The name as it was read.
    package var name: ReportValue
    /// The rank as it was read.
    package var rank: ReportValue
    /// The record's own bytes, separated by commas, where name and rank aren't all that it said.
    package var raw: UnsafeBufferPointer<UInt8>?
    /// Whether the record says that its group is active.
    package var isActive: Bool?

    /// The outcome; nil where its name is none's.
    package let kind: Outcome?

    /// Makes a row of what every record has; the rest is put in.
    package init(
        recordNumber: Int64, source: Int64, line: Int64, outcome: UnsafeBufferPointer<UInt8>, name: ReportValue,
        rank: ReportValue
    ) {
        self.recordNumber = recordNumber
        self.source = source
        self.line = line
        unsafe self.outcome = outcome
        // Safe: read within the call only.
        unsafe kind = Outcome(bytes: outcome)
        self.name = name
        self.rank = rank
        attempts = 0
    }
}

/// A value of a record as it was read. Not to be kept, as the row that it is of; what reads its bytes says `unsafe`.
@safe package struct ReportValue {
    /// The bytes; nil where the record doesn't have the value.
    package var bytes: UnsafeBufferPointer<UInt8>?
    /// Whether they are known to be UTF-8.
    package var isText: Bool

    /// Makes a value.
    package init(bytes: UnsafeBufferPointer<UInt8>?, isText: Bool) {
        unsafe self.bytes = bytes
        self.isText = isText
    }
}
