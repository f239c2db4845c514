import GRDB

extension SQLiteLedger {
    /// Reads updates without an outcome; one that is in `doubt` is marked as in doubt.
    package func updates(after last: Int64, limit: Int) async throws -> [GroupUpdate] {
        try await fetch { database in
            try Self.updates(
                database,
                """
                SELECT record, id, a.name, from_rank, from_active, to_rank, to_active, doubt.record, made,
                  draft_rank IS NULL AND NOT EXISTS (SELECT 1 FROM run WHERE key = 'configuration'
                    AND json_extract(value, '$.emptyRank') = 'clear')
                  OR source IN (SELECT source FROM source \
                WHERE format = '\(SourceSummary.missingFormat)')
                FROM group_update AS a JOIN record USING (record) LEFT JOIN doubt USING (record)
                WHERE record > ? AND record NOT IN (SELECT record FROM outcome) ORDER BY record LIMIT ?
                """, [last, Int64(limit)])
        }
    }

    /// Looks for one row of `group_update` whose record has no outcome.
    package func hasUpdatesLeft() async throws -> Bool {
        try await number("SELECT EXISTS (SELECT 1 FROM group_update WHERE record NOT IN (SELECT record FROM outcome))")
            == 1
    }

    /// Inserts outcomes for updates of the source of missing groups by the ids in `outcome`, in one statement.
    package func spareNamed(at now: Int64) async throws -> Int {
        try await change { database in
            try database.execute(
                sql: """
                    INSERT INTO outcome (record, outcome, id, message, ended_at)
                    SELECT record, 'existing', id, '\(GroupUpdate.sparedMessage)', \(now)
                    FROM group_update JOIN record USING (record)
                    WHERE source IN (SELECT source FROM source WHERE format = '\(SourceSummary.missingFormat)')
                      AND sent_at IS NULL AND record NOT IN (SELECT record FROM outcome)
                      AND id IN (SELECT id FROM outcome WHERE id IS NOT NULL
                        UNION SELECT CAST(substr(message, \(DraftOutcome.takenBy.count + 1)) AS INTEGER) FROM outcome
                        WHERE outcome = 'failed' AND message GLOB '\(DraftOutcome.takenBy)*')
                    """)
            return database.changesCount
        }
    }

    /// Counts the updates with a `made` that is still their record's outcome. CROSS, here and below, has SQLite begin
    /// with the updates: there are few, and left to itself it reads all outcomes.
    package func stillActiveCount() async throws -> Int {
        try await number(
            """
            SELECT count(*) FROM group_update CROSS JOIN outcome USING (record)
            WHERE made IS NOT NULL AND outcome = made
            """)
    }

    /// Counts the updates of `updated` records whose two activities differ.
    package func activityChanges() async throws -> (deactivated: Int, reactivated: Int) {
        try await fetch { database in
            var rows = try LedgerCursor(
                database,
                """
                SELECT coalesce(sum(from_active > to_active), 0), coalesce(sum(from_active < to_active), 0)
                FROM group_update CROSS JOIN outcome USING (record) WHERE outcome = 'updated'
                """)
            return try rows.next() ? (Int(rows.integer(0)), Int(rows.integer(1))) : (0, 0)
        }
    }

    /// Reads the updates of the records from `first` to `last`, both included, with outcome or without.
    package func updates(
        from first: Int64, to last: Int64
    ) async throws -> [Int64: (line: Int64, update: GroupUpdate)] {
        try await fetch { database in
            var found: [Int64: (line: Int64, update: GroupUpdate)] = [:]
            var rows = try LedgerCursor(
                database,
                """
                SELECT record, id, a.name, from_rank, from_active, to_rank, to_active, NULL, made, 0, line
                FROM group_update AS a JOIN record USING (record) WHERE record BETWEEN ? AND ?
                """, [first, last])
            while try rows.next() { found[rows.integer(0)] = (rows.integer(10), GroupUpdate(rows)) }
            return found
        }
    }

    /// Joins outcomes with updates, kept forms and found groups: `from` of each result is what this run left, `to`
    /// what was before it.
    package func reversals(
        after last: Int64, limit: Int, withInactive: Bool, withPresent: Bool
    ) async throws -> [GroupUpdate] {
        try await fetch { database in
            let rank = """
                CASE WHEN outcome = 'updated' AND k.record IS NOT NULL THEN k.rank
                  WHEN a.record IS NOT NULL THEN a.to_rank WHEN k.record IS NOT NULL THEN k.rank
                  WHEN outcome = 'present' THEN f.rank ELSE draft_rank END
                """
            return try Self.updates(
                database,
                """
                SELECT record, o.id, coalesce(k.name, a.name, iif(outcome = 'present', f.name, NULL), \
                draft_name, r.name),
                  \(rank), iif(outcome = 'updated', to_active, \
                iif(made IS NULL, coalesce(to_active, 1), 1)),
                  iif(outcome = 'updated', from_rank, \(rank)), iif(outcome = 'updated', from_active, 0), NULL, NULL, 0
                FROM outcome AS o JOIN record AS r USING (record) LEFT JOIN group_update AS a USING (record)
                LEFT JOIN kept AS k USING (record) LEFT JOIN found_group AS f USING (record)
                WHERE record > ? AND o.id IS NOT NULL AND (outcome IN ('created', 'confirmed', 'updated')
                  \(withPresent ? "OR outcome = 'present' AND coalesce(f.active, 1) = 1" : ""))
                \(withInactive ? "" : "AND (outcome = 'updated' OR to_active IS NULL OR made IS NOT NULL)") \
                ORDER BY record LIMIT ?
                """, [last, Int64(limit)])
        }
    }

    private static func updates(_ database: Database, _ sql: String, _ arguments: [Int64]) throws -> [GroupUpdate] {
        var updates: [GroupUpdate] = []
        var rows = try LedgerCursor(database, sql, arguments)
        while try rows.next() { updates.append(GroupUpdate(rows)) }
        return updates
    }

    static let insertUpdate = """
        INSERT INTO group_update (record, id, name, from_rank, from_active, to_rank, to_active, made) VALUES \
        (?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// Puts in what is to be done to the groups of drafts, of which nothing was sent.
    static func insert(_ updates: [GroupUpdate], _ database: Database) throws {
        if updates.isEmpty { return }
        let insert = try LedgerStatement(database, insertUpdate)
        let clear = try LedgerStatement(database, "DELETE FROM doubt WHERE record = ?")
        for update in updates {
            try insert.insert(update)
            clear.bind(1, update.recordNumber)
            try clear.run()
        }
    }

    /// Inserts a record and an update for each, in one transaction; the new numbers are consecutive.
    package func put(_ updates: [GroupUpdate], from first: Int64) async throws {
        try await change { database in
            let insert = try LedgerStatement(
                database,
                "INSERT INTO record (record, source, line, name, rank, draft, draft_rank) VALUES (?, 0, ?, ?, ?, 1, ?)")
            let insertUpdate = try LedgerStatement(database, Self.insertUpdate)
            for (offset, update) in updates.enumerated() {
                let recordNumber = first + Int64(offset)
                insert.bind(1, recordNumber)
                insert.bind(2, update.recordNumber)
                insert.bind(3, update.name)
                insert.bind(4, update.to.rank.map(String.init))
                insert.bind(5, update.to.rank)
                try insert.run()
                var numbered = update
                numbered.recordNumber = recordNumber
                try insertUpdate.insert(numbered)
            }
        }
    }

    /// Keeps all three in one transaction, which is synced to the disk where there are intents.
    package func keep(
        intents: [(update: GroupUpdate, at: Int64)], outcomes: [DraftOutcome], metadata: RunMetadata
    ) async throws {
        if intents.isEmpty {
            try await change { try Self.keep(intents, outcomes, metadata, $0) }
        } else {
            try await changeDurably { try Self.keep(intents, outcomes, metadata, $0) }
        }
    }

    private static func keep(
        _ intents: [(update: GroupUpdate, at: Int64)], _ outcomes: [DraftOutcome], _ metadata: RunMetadata,
        _ database: Database
    ) throws {
        let intend = try LedgerStatement(
            database,
            "UPDATE group_update SET sent_at = ?, from_rank = ?, from_active = ?, to_rank = ? WHERE record = ?")
        for intent in intents {
            intend.bind(1, intent.at)
            intend.bind(2, intent.update.from.rank)
            intend.bind(3, intent.update.from.isActive ? 1 : 0)
            intend.bind(4, intent.update.to.rank)
            intend.bind(5, intent.update.recordNumber)
            try intend.run()
        }
        try insert(outcomes, database)
        try merge(metadata, database)
    }
}

extension LedgerStatement {
    /// Runs ``SQLiteLedger/insertUpdate`` for one.
    func insert(_ update: GroupUpdate) throws {
        bind(1, update.recordNumber)
        bind(2, update.id)
        bind(3, update.name)
        bind(4, update.from.rank)
        bind(5, update.from.isActive ? 1 : 0)
        bind(6, update.to.rank)
        bind(7, update.to.isActive ? 1 : 0)
        bind(8, update.made?.rawValue)
        try run()
    }
}
