extension PostgreSQLLedger {
    /// Runs `body` in one transaction that reads one state, on the connection for reading.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any LedgerSnapshot) throws -> Value
    ) async throws -> Value {
        try await fetchOnce { try body(PostgreSQLSnapshot(ledger: self, session: $0)) }
    }
}

/// A reading transaction, through which a report reads.
struct PostgreSQLSnapshot: LedgerSnapshot {
    let ledger: PostgreSQLLedger
    let session: PostgreSQLSession

    private var run: Int32 { ledger.run }

    func metadata() throws -> RunMetadata { try ledger.metadata(session) }

    func sources() throws -> [SourceSummary] { try ledger.sources(session) }

    func forEachRow(
        of outcomes: [Outcome], withOwnBytes: Bool, _ body: (borrowing ReportRow) throws -> Void
    ) throws {
        let list = outcomes.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        try session.manyRows(
            """
            SELECT o.record, outcome, id, http, code, message, attempts, ms, duplicate_of, source, line, name, rank,
              ended_at\(withOwnBytes ? ", raw, draft_active" : "")
            FROM outcome AS o JOIN record AS r ON r.run = o.run AND r.record = o.record
            WHERE o.run = \(run) \(list.isEmpty ? "" : "AND outcome IN (\(list))") ORDER BY o.record
            """
        ) { columns in
            try body(ReportRow(columns, withOwnBytes: withOwnBytes))
        }
    }

    func forEachStanding(
        from first: Int64, to last: Int64, _ body: (borrowing StandingRow) throws -> Void
    ) throws {
        try session.rows(
            """
            SELECT r.record, draft, \(PostgreSQLLedger.sentName), draft_rank, duplicate_of FROM record AS r
            LEFT JOIN outcome AS o ON o.run = r.run AND o.record = r.record
            WHERE r.run = \(run) AND r.record BETWEEN $1 AND $2 ORDER BY r.record
            """, [.integer(first), .integer(last)]
        ) { try body(StandingRow($0)) }
    }

    func recordCount() throws -> Int { try session.number("SELECT count(*) FROM record WHERE run = \(run)") }

    func recordsBySource() throws -> [Int64: Int] {
        var counts: [Int64: Int] = [:]
        try session.rows("SELECT source, count(*) FROM record WHERE run = \(run) GROUP BY source") { row in
            counts[row.integer(0)] = Int(row.integer(1))
        }
        return counts
    }

    func saysActive() throws -> Bool {
        try session.number("SELECT EXISTS (SELECT FROM record WHERE run = \(run) AND draft_active IS NOT NULL)") == 1
    }

    func place(of recordNumber: Int64) throws -> RecordPlace? {
        var place: RecordPlace?
        try session.rows(
            "SELECT source, line, name FROM record WHERE run = \(run) AND record = $1", [.integer(recordNumber)]
        ) { row in
            // Safe: the bytes are copied while the row is lent.
            place = unsafe RecordPlace(source: row.integer(0), line: row.integer(1), name: Array(row.bytes(2)))
        }
        return place
    }

    func forEachFault(_ body: (LedgerFault) throws -> Void) throws {
        func each(_ sql: String, _ fault: (PostgreSQLRow) -> LedgerFault) throws {
            try session.manyRows(sql) { try body(fault($0)) }
        }
        func each(in table: String, without other: String, _ fault: (PostgreSQLRow) -> LedgerFault) throws {
            let condition = ledger.without(other, of: "t")
            try each("SELECT record FROM \(table) AS t WHERE run = \(run) AND \(condition) ORDER BY record", fault)
        }
        try each(in: "record", without: "outcome") { .noOutcome(recordNumber: $0.integer(0)) }
        try each(in: "outcome", without: "record") { .noRecord(outcomeOf: $0.integer(0)) }
        let made = "FROM outcome WHERE run = \(run) AND outcome IN ('created', 'confirmed')"
        try each("SELECT record \(made) AND id IS NULL ORDER BY record") { .noID(recordNumber: $0.integer(0)) }
        try each(
            """
            SELECT id, min(record), max(record) \(made) AND id IS NOT NULL
            GROUP BY id HAVING count(*) > 1 ORDER BY id
            """
        ) { .claimedTwice(id: $0.integer(0), first: $0.integer(1), last: $0.integer(2)) }
        try each(
            """
            SELECT coalesce(max(record), 0), count(*) FROM record WHERE run = \(run)
            HAVING count(*) != coalesce(max(record), 0)
            """
        ) { .gaps(last: $0.integer(0), count: $0.integer(1)) }
    }
}
