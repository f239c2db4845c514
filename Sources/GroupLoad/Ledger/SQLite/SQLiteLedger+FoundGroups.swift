import GRDB

extension SQLiteLedger {
    /// Counts the rows of `found_group` whose record has no outcome.
    package func foundGroupCount() async throws -> Int {
        try await number("SELECT count(*) FROM found_group WHERE record NOT IN (SELECT record FROM outcome)")
    }

    /// Joins `found_group` with `record`, at most `limit` rows.
    package func foundGroups(after last: Int64, limit: Int) async throws -> [PendingJudgement] {
        try await fetch { database in
            var found: [PendingJudgement] = []
            var rows = try LedgerCursor(
                database,
                """
                SELECT record, f.id, f.name, f.rank, f.active, created_on, created_by, place, sent_from, \
                sent_until, absent_at, is_named,
                  http, code, attempts, ms, ended_at, coalesce(draft_name, r.name), draft_rank, draft_active,
                  sure_from, is_taken
                FROM found_group AS f JOIN record AS r USING (record)
                WHERE record > ? AND record NOT IN (SELECT record FROM outcome)
                  AND record NOT IN (SELECT record FROM group_update) ORDER BY record LIMIT ?
                """, [last, Int64(limit)])
            while try rows.next() { found.append(PendingJudgement(rows)) }
            return found
        }
    }

    /// Puts found groups in; a record has one.
    static func insert(foundGroupsOf outcomes: [DraftOutcome], _ database: Database) throws {
        let outcomes = outcomes.rare { $0.$foundGroup }
        guard !outcomes.isEmpty else { return }
        let insert = try LedgerStatement(
            database,
            """
            INSERT OR REPLACE INTO found_group VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
            """)
        for outcome in outcomes {
            guard let found = outcome.foundGroup else { continue }
            insert.bind(1, found.recordNumber)
            insert.bind(2, found.id)
            insert.bind(3, found.name)
            insert.bind(4, found.state.rank)
            insert.bind(5, found.state.isActive ? 1 : 0)
            insert.bind(6, found.createdOn)
            insert.bind(7, found.createdBy)
            insert.bind(8, found.place.rawValue)
            insert.bind(9, found.sent.lowerBound)
            insert.bind(10, found.sent.upperBound)
            insert.bind(11, found.sureFrom)
            insert.bind(12, found.absentAt)
            insert.bind(13, found.isNamed ? 1 : 0)
            insert.bind(14, found.isTaken ? 1 : 0)
            insert.bind(15, outcome.http)
            insert.bind(16, outcome.code)
            insert.bind(17, Int64(outcome.attempts))
            insert.bind(18, outcome.milliseconds)
            insert.bind(19, outcome.endedAt)
            try insert.run()
        }
    }

    /// Marks the found groups as judged and inserts the outcomes, in one transaction.
    package func judge(_ outcomes: [DraftOutcome]) async throws {
        try await change { database in
            let judged = try LedgerStatement(database, "UPDATE found_group SET is_judged = 1 WHERE record = ?")
            for outcome in outcomes {
                judged.bind(1, outcome.recordNumber)
                try judged.run()
            }
            try Self.insert(outcomes, database)
        }
    }

    /// Looks up the drafts by the names of unjudged groups whose own record has another name.
    package func draftsOfFoundNames() async throws -> [String: Int64] {
        try await fetch { database in
            var records: [String: Int64] = [:]
            var rows = try LedgerCursor(
                database,
                """
                WITH other (name) AS (
                  SELECT f.name FROM found_group AS f JOIN record AS r USING (record)
                  WHERE NOT f.is_judged AND f.name != coalesce(r.draft_name, r.name))
                SELECT coalesce(draft_name, name), record FROM record
                WHERE draft = 1 AND EXISTS (SELECT 1 FROM other)
                  AND coalesce(draft_name, name) IN (SELECT name FROM other)
                """)
            while try rows.next() { records[rows.text(0) ?? ""] = rows.integer(1) }
            return records
        }
    }
}
