import GRDB
import RewardsClient

/// What the target has, beside what the ledger holds: a table of the connection that writes, in a temporary file of
/// SQLite's, so that
/// it takes no memory to speak of, and goes with the process.
extension Ledger {
    /// The path of the source that stands for groups which no list names.
    package static let missingSource = "(groups that the lists don't have)"
    /// The format of that source.
    static let missingFormat = "target"

    /// Begins with an empty table.
    func beginTarget() async throws {
        try await database.writeWithoutTransaction { database in
            database.add(
                function: DatabaseFunction("near", argumentCount: 1, pure: true) { values in
                    String.fromDatabaseValue(values[0]).map(NearName.form(of:))
                })
            try database.execute(
                sql: """
                    DROP TABLE IF EXISTS temp.target;
                    CREATE TEMP TABLE target (
                      id INTEGER PRIMARY KEY, name TEXT NOT NULL, near TEXT NOT NULL, rank INTEGER, active INTEGER NOT NULL
                    );
                    """)
        }
    }

    /// Puts groups of the target in.
    func put(_ groups: [RewardGroup]) async throws {
        try await database.write { database in
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

    /// Makes the groups findable by their near names.
    func endTarget() async throws {
        try await database.writeWithoutTransaction { try $0.execute(sql: "CREATE INDEX temp.near ON target (near)") }
    }

    /// Makes all drafts undecided again. Only where nothing was ever sent.
    func forgetDecisions() async throws {
        try await database.write { database in
            try database.execute(
                sql:
                    "DELETE FROM outcome WHERE record IN (SELECT record FROM record WHERE draft = 1); DELETE FROM amendment; DELETE FROM finding"
            )
        }
    }

    /// The records after `last`, at most `limit`, in their order, each with the groups that have a near name. Records
    /// that are settled, in doubt or to be changed are left out, except duplicates and invalid ones.
    ///
    /// - Returns: `last` is the last record that was looked at; nil at the end.
    func candidates(after last: Int64, limit: Int) async throws -> (candidates: [DraftCandidate], last: Int64?) {
        try await database.writeWithoutTransaction { database in
            var rows = try LedgerCursor(
                database,
                """
                SELECT r.record, r.source, r.line, coalesce(r.draft_name, r.name), r.draft_rank, r.draft_active,
                  o.outcome, o.message,
                  r.record IN (SELECT record FROM doubt) OR r.record IN (SELECT record FROM amendment)
                    OR r.record IN (SELECT record FROM finding),
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
                let outcome = rows.text(6).flatMap { Outcome(rawValue: $0) }
                if outcome == nil ? rows.integer(8) != 0 : outcome != .duplicate && outcome != .invalid { continue }
                if !isSame { candidates.append(Self.candidate(rows, outcome)) }
                if !rows.isNull(9) { candidates[candidates.endIndex - 1].groups.append(Self.group(rows)) }
            }
            return (candidates, reached)
        }
    }

    private static func candidate(_ row: borrowing LedgerCursor, _ outcome: Outcome?) -> DraftCandidate {
        DraftCandidate(
            record: row.integer(0), source: row.integer(1), line: row.integer(2),
            name: String(decoding: row.bytes(3), as: UTF8.self), rank: row.optional(4),
            isInactive: row.optional(5) == 0, settled: outcome.map { ($0, row.text(7)) })
    }

    private static func group(_ row: borrowing LedgerCursor) -> TargetGroup {
        TargetGroup(
            id: row.integer(9), name: row.text(10) ?? "",
            state: GroupState(rank: row.optional(11), isActive: row.integer(12) == 1))
    }
}
