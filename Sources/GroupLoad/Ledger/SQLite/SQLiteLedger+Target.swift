import GRDB
package import RewardsClient

/// What the target has, beside what the ledger holds: a table of the connection that writes, in a temporary file of
/// SQLite's, so that it takes no memory to speak of, and goes with the process.
extension SQLiteLedger {
    /// Makes the temporary table `target`, and the SQL function `near` over ``NearName/form(of:)``.
    package func beginTarget() async throws {
        try await withWriter { database in
            database.add(
                function: DatabaseFunction("near", argumentCount: 1, pure: true) { values in
                    String.fromDatabaseValue(values[0]).map(NearName.form(of:))
                })
            try database.execute(
                sql: """
                    DROP TABLE IF EXISTS temp.target;
                    CREATE TEMP TABLE target (
                      id INTEGER PRIMARY KEY, name TEXT NOT NULL, near TEXT NOT NULL, rank INTEGER, \
                    active INTEGER NOT NULL
                    );
                    """)
        }
    }

    /// Inserts or replaces the groups by id, each with its near name.
    package func put(_ groups: [RewardGroup]) async throws {
        try await change { database in
            let insert = try LedgerStatement(database, "INSERT OR REPLACE INTO temp.target VALUES (?, ?, ?, ?, ?)")
            for group in groups {
                let state = GroupState(group)
                insert.bind(1, group.id)
                insert.bind(2, group.name)
                insert.bind(3, NearName.form(of: group.name))
                insert.bind(4, state.rank)
                insert.bind(5, state.isActive ? 1 : 0)
                try insert.run()
            }
        }
    }

    /// Makes the index of near names.
    package func endTarget() async throws {
        try await withWriter { try $0.execute(sql: "CREATE INDEX temp.near ON target (near)") }
    }

    /// Deletes the drafts' outcomes, all updates and all found groups in one transaction.
    package func forgetDecisions() async throws {
        try await change { database in
            try database.execute(
                sql:
                    """
                    DELETE FROM outcome WHERE record IN (SELECT record FROM record WHERE draft = 1); \
                    DELETE FROM group_update; DELETE FROM found_group
                    """
            )
        }
    }

    /// Joins at most `limit` records with the groups of their near name. The array may be shorter than `limit`, even
    /// empty, before the end.
    package func candidates(after last: Int64, limit: Int) async throws -> (candidates: [DraftCandidate], last: Int64?)
    {
        try await withWriter { database in
            var rows = try LedgerCursor(
                database,
                """
                SELECT r.record, r.source, r.line, coalesce(r.draft_name, r.name), r.draft_rank, r.draft_active,
                  o.outcome, o.message,
                  r.record IN (SELECT record FROM doubt) OR r.record IN (SELECT record FROM group_update)
                    OR r.record IN (SELECT record FROM found_group),
                  t.id, t.name, t.rank, t.active
                FROM (SELECT * FROM record WHERE record > ? ORDER BY record LIMIT ?) AS r
                LEFT JOIN outcome AS o ON o.record = r.record
                LEFT JOIN temp.target AS t
                  ON r.draft = 1 AND o.record IS NULL AND t.near = near(coalesce(r.draft_name, r.name))
                ORDER BY r.record, t.id
                """, [last, Int64(limit)])
            var candidates: [DraftCandidate] = []
            var reached: Int64?
            while try rows.next() {
                let isSame = reached == rows.integer(0)
                reached = rows.integer(0)
                let outcome = rows.outcome(6)
                if outcome == nil ? rows.integer(8) != 0 : outcome != .duplicate && outcome != .invalid { continue }
                if !isSame { candidates.append(Self.candidate(rows, outcome)) }
                if !rows.isNull(9) { candidates[candidates.endIndex - 1].groups.append(Self.group(rows)) }
            }
            return (candidates, reached)
        }
    }

    private static func candidate(_ row: borrowing LedgerCursor, _ outcome: Outcome?) -> DraftCandidate {
        // Safe: the bytes are copied before the cursor goes on.
        var candidate = unsafe DraftCandidate(
            recordNumber: row.integer(0), source: row.integer(1), line: row.integer(2),
            name: String(decoding: row.bytes(3), as: UTF8.self))
        candidate.rank = row.optional(4)
        candidate.isInactive = row.optional(5) == 0
        candidate.settled = outcome.map { ($0, row.text(7)) }
        return candidate
    }

    private static func group(_ row: borrowing LedgerCursor) -> TargetGroup {
        TargetGroup(
            id: row.integer(9), name: row.text(10) ?? "",
            state: GroupState(rank: row.optional(11), isActive: row.isTrue(12)))
    }
}
