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
            SELECT o.record, outcome, id, http, code, message, attempts, ms, duplicate_of, source, line, name, rank,
              ended_at\(withOwnBytes ? ", raw, draft_active" : "")
            FROM outcome AS o CROSS JOIN record AS r ON r.record = o.record
            \(list.isEmpty ? "" : "WHERE outcome IN (\(list))") ORDER BY o.record
            """)
        // A row is lent until the cursor goes on.
        while try rows.next() { try body(ReportRow(rows, withOwnBytes: withOwnBytes)) }
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
