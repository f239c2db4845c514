import GRDB

extension SQLiteLedger {
    /// Runs `body` in one read transaction, on a connection for reading.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any LedgerSnapshot) throws -> Value
    ) async throws -> Value {
        try await fetch { try body(SQLiteSnapshot(database: $0)) }
    }
}

/// A reading transaction, through which a report reads.
struct SQLiteSnapshot: LedgerSnapshot {
    let database: Database

    func metadata() throws -> RunMetadata { try SQLiteLedger.metadata(database) }

    func sources() throws -> [SourceSummary] { try SQLiteLedger.sources(database) }

    func forEachRow(
        of outcomes: [Outcome], withOwnBytes: Bool, _ body: (borrowing ReportRow) throws -> Void
    ) throws {
        let list = outcomes.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        var rows = try LedgerCursor(
            database,
            """
            SELECT o.record, outcome, id, http, code, message, attempts, ms, duplicate_of, source, line, name, rank
            \(withOwnBytes ? ", raw, draft_active" : "")
            FROM outcome AS o CROSS JOIN record AS r ON r.record = o.record
            \(list.isEmpty ? "" : "WHERE outcome IN (\(list))") ORDER BY o.record
            """)
        while try rows.next() {
            // Safe: the row is lent until the cursor goes on, which is as long as its bytes stand there.
            var row = unsafe ReportRow(
                recordNumber: rows.integer(0), source: rows.integer(9), line: rows.integer(10), outcome: rows.bytes(1),
                name: rows.value(11), rank: rows.value(12))
            row.id = rows.optional(2)
            row.http = rows.optional(3)
            row.code = rows.optional(4)
            unsafe row.message = rows.optionalBytes(5)
            row.attempts = rows.integer(6)
            row.milliseconds = rows.optional(7)
            row.duplicateOf = rows.optional(8)
            if withOwnBytes {
                unsafe row.raw = rows.optionalBytes(13)
                row.isActive = rows.optional(14).map { $0 == 1 }
            }
            try body(row)
        }
    }

    func forEachOutcome(_ body: (borrowing OutcomeRow) throws -> Void) throws {
        var rows = try LedgerCursor(
            database, "SELECT outcome, message, http, code, record, attempts, ms, ended_at FROM outcome ORDER BY record"
        )
        while try rows.next() {
            // Safe: as above.
            guard let outcome = unsafe Outcome(bytes: rows.bytes(0)) else { continue }
            var row = OutcomeRow(recordNumber: rows.integer(4), outcome: outcome, attempts: rows.integer(5))
            unsafe row.message = rows.optionalBytes(1)
            row.http = rows.optional(2)
            row.code = rows.optional(3)
            row.milliseconds = rows.optional(6)
            row.endedAt = rows.optional(7)
            try body(row)
        }
    }

    func endedBounds() throws -> ClosedRange<Int64>? {
        var rows = try LedgerCursor(
            database, "SELECT min(ended_at), max(ended_at) FROM outcome WHERE attempts > 0")
        guard try rows.next(), let first = rows.optional(0), let last = rows.optional(1) else { return nil }
        return first...max(first, last)
    }

    func recordsBySource() throws -> [Int64: Int] {
        var counts: [Int64: Int] = [:]
        var rows = try LedgerCursor(database, "SELECT source, count(*) FROM record GROUP BY source")
        while try rows.next() { counts[rows.integer(0)] = Int(rows.integer(1)) }
        return counts
    }

    func saysActive() throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM record WHERE draft_active IS NOT NULL)") ?? false
    }

    func place(of recordNumber: Int64) throws -> RecordPlace? {
        var rows = try LedgerCursor(database, "SELECT source, line, name FROM record WHERE record = ?", [recordNumber])
        guard try rows.next() else { return nil }
        // Safe: the bytes are copied before the cursor goes on.
        return unsafe RecordPlace(source: rows.integer(0), line: rows.integer(1), name: Array(rows.bytes(2)))
    }

    func forEachFault(_ body: (LedgerFault) throws -> Void) throws {
        func each(_ sql: String, _ fault: (borrowing LedgerCursor) -> LedgerFault) throws {
            var rows = try LedgerCursor(database, sql)
            while try rows.next() { try body(fault(rows)) }
        }
        try each("SELECT record FROM record WHERE record NOT IN (SELECT record FROM outcome) ORDER BY record") {
            .noOutcome(recordNumber: $0.integer(0))
        }
        try each("SELECT record FROM outcome WHERE record NOT IN (SELECT record FROM record) ORDER BY record") {
            .noRecord(outcomeOf: $0.integer(0))
        }
        try each(
            "SELECT record FROM outcome WHERE outcome IN ('created', 'confirmed') AND id IS NULL ORDER BY record"
        ) { .noID(recordNumber: $0.integer(0)) }
        // To count the ids costs a third of grouping by them.
        let claims = "FROM outcome WHERE outcome IN ('created', 'confirmed') AND id IS NOT NULL"
        if try Bool.fetchOne(database, sql: "SELECT count(DISTINCT id) < count(id) \(claims)") ?? true {
            try each(
                "SELECT id, min(record), max(record) \(claims) GROUP BY id HAVING count(*) > 1 ORDER BY id"
            ) { .claimedTwice(id: $0.integer(0), first: $0.integer(1), last: $0.integer(2)) }
        }
        try each("SELECT coalesce(max(record), 0), count(*) FROM record HAVING count(*) != coalesce(max(record), 0)") {
            .gaps(last: $0.integer(0), count: $0.integer(1))
        }
    }
}

extension LedgerCursor {
    /// A column's bytes, which stand there until the next row; nil where it is null.
    fileprivate func optionalBytes(_ column: Int32) -> UnsafeBufferPointer<UInt8>? {
        // Safe: the caller lends them no longer.
        unsafe isNull(column) ? nil : bytes(column)
    }

    /// A column that need not be text.
    fileprivate func value(_ column: Int32) -> ReportValue {
        // Safe: as above.
        unsafe isNull(column)
            ? ReportValue(bytes: nil, isText: true) : ReportValue(bytes: bytes(column), isText: isText(column))
    }
}

extension Outcome {
    private static let byBytes = allCases.map { (Array($0.rawValue.utf8), $0) }

    /// The outcome whose name is in `bytes`, as the ledger has it.
    fileprivate init?(bytes: UnsafeBufferPointer<UInt8>) {
        // Safe: read within the call only.
        guard let found = Self.byBytes.first(where: { unsafe $0.0.count == bytes.count && $0.0.elementsEqual(bytes) })
        else {
            return nil
        }
        self = found.1
    }
}
