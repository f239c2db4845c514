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
        var last: Int64 = 0
        try LentRows.forEach(
            database,
            """
            o.record, outcome, id, http, code, message, attempts, ms, duplicate_of, source, line, name, rank, ended_at\
            \(withOwnBytes ? ", raw, draft_active, draft, draft_name, draft_rank" : "")
            """,
            from: """
                outcome AS o CROSS JOIN record AS r ON r.record = o.record
                WHERE \(list.isEmpty ? "true" : "outcome IN (\(list))")
                """
        ) { lent in
            let row = ReportRow(lent, withOwnBytes: withOwnBytes)
            guard row.recordNumber > last, Self.isSound(row), try !withOwnBytes || isSoundDraft(lent, row),
                !lent.isBlob(5), lent.isSound
            else {
                throw DatabaseError(
                    resultCode: .SQLITE_CORRUPT, message: "what it holds behind record \(last) is no ledger's")
            }
            last = row.recordNumber
            try body(row)
        }
    }

    /// Whether a row's numbers are a ledger's.
    private static func isSound(_ row: borrowing ReportRow) -> Bool {
        func isWhole(_ number: Int64?) -> Bool { number.map { 0...(1 << 52) ~= $0 } ?? true }
        return row.kind != nil && 0...1_000_000 ~= row.source && isWhole(row.http) && isWhole(row.attempts)
            && isWhole(row.milliseconds) && isWhole(row.duplicateOf) && isWhole(row.endedAt)
    }

    /// Whether what a record says of its draft is a ledger's. A rank may be wider than a list's where the record stands
    /// for a group of the target.
    private func isSoundDraft(_ lent: borrowing LentRow, _ row: borrowing ReportRow) throws -> Bool {
        let (active, draft, rank) = (lent.optional(15), lent.optional(16), lent.optional(18))
        // Safe: that there are bytes is asked.
        guard 0...1 ~= active ?? 0, 0...1 ~= draft ?? 0, !lent.isBlob(17),
            unsafe draft != 1 || row.name.bytes != nil || lent.optionalBytes(17) != nil
        else { return false }
        guard let rank, Int32(exactly: rank) == nil else { return true }
        var updates = try LedgerCursor(
            database, "SELECT 1 FROM group_update WHERE record = ?", [row.recordNumber])
        return try updates.next()
    }

    func forEachStanding(
        from first: Int64, to last: Int64, _ body: (borrowing StandingRow) throws -> Void
    ) throws {
        try LentRows.forEach(
            database,
            """
            record, draft, coalesce(draft_name, name), draft_rank,
            CASE WHEN draft THEN NULL ELSE (SELECT duplicate_of FROM outcome AS o WHERE o.record = r.record) END
            """, from: "record AS r WHERE record BETWEEN ?2 AND ?3", [first, last]
        ) { try body(StandingRow($0)) }
    }

    func recordCount() throws -> Int { try Int.fetchOne(database, sql: "SELECT count(*) FROM record") ?? 0 }

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
        let claims = "outcome WHERE outcome IN ('created', 'confirmed')"
        var ids: [Int64] = []
        try LentRows.forEach(database, "record, id", from: claims) { row in
            if let id = row.optional(1) { ids.append(id) } else { try body(.noID(recordNumber: row.integer(0))) }
        }
        // To sort the ids and look for equal neighbours costs a tenth of grouping by them.
        ids.sort()
        if zip(ids, ids.dropFirst()).contains(where: { $0 == $1 }) {
            try each(
                """
                SELECT id, min(record), max(record) FROM \(claims) AND id IS NOT NULL
                GROUP BY id HAVING count(*) > 1 ORDER BY id
                """
            ) { .claimedTwice(id: $0.integer(0), first: $0.integer(1), last: $0.integer(2)) }
        }
        try each("SELECT coalesce(max(record), 0), count(*) FROM record HAVING count(*) != coalesce(max(record), 0)") {
            .gaps(last: $0.integer(0), count: $0.integer(1))
        }
    }
}
