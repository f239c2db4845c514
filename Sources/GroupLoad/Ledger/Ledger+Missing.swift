import GRDB

extension Ledger {
    /// Finds the active groups of the target that no draft names, not even nearly; each has a number from 1 on then.
    func findMissing() async throws {
        try await database.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    DROP TABLE IF EXISTS temp.missing;
                    CREATE TEMP TABLE missing AS SELECT row_number() OVER (ORDER BY id) AS number, id, name, rank
                    FROM temp.target WHERE active = 1
                    AND near NOT IN (SELECT near(coalesce(draft_name, name)) FROM record WHERE draft = 1);
                    CREATE UNIQUE INDEX temp.missing_number ON missing (number);
                    """)
        }
    }

    /// Active groups of the target in all, and those of them that ``findMissing()`` found.
    func missingCount() async throws -> (active: Int, missing: Int) {
        try await database.writeWithoutTransaction { database in
            (
                try Int.fetchOne(database, sql: "SELECT count(*) FROM temp.target WHERE active = 1") ?? 0,
                try Int.fetchOne(database, sql: "SELECT count(*) FROM temp.missing") ?? 0
            )
        }
    }

    /// The groups that no draft names, after the number `last`, at most `limit`.
    func missing(after last: Int64, limit: Int) async throws -> [Decision] {
        try await database.writeWithoutTransaction { database in
            var rows = try LedgerCursor(
                database, "SELECT id, name, rank FROM temp.missing WHERE number > ? ORDER BY number LIMIT ?",
                [last, Int64(limit)])
            var decisions: [Decision] = []
            while try rows.next() {
                let name = rows.text(1) ?? ""
                let rank = rows.optional(2)
                decisions.append(
                    Decision(
                        record: 0, source: 0, line: 0, name: name, action: .deactivate,
                        group: TargetGroup(
                            id: rows.integer(0), name: name, state: GroupState(rank: rank, isActive: true)),
                        to: GroupState(rank: rank, isActive: false)))
            }
            return decisions
        }
    }

    /// Ends deciding: the groups that no draft names become records of a source of their own, each to be set inactive,
    /// and the ledger keeps that all is decided; both or neither.
    ///
    /// - Parameters:
    ///   - missing: the source that stands for those groups; nil where they are none of this run's business.
    ///   - record: the last record.
    func endDecisions(_ missing: SourceSummary?, after record: Int64) async throws {
        try await database.write { database in
            if let missing {
                let source = try Int.fetchOne(database, sql: "SELECT count(*) FROM source") ?? 0
                try database.execute(
                    sql: """
                        INSERT INTO record (record, source, line, name, rank, draft, draft_rank, draft_active)
                        SELECT \(record) + number, \(source), number, name, CAST(rank AS TEXT), 1, rank, 0 FROM temp.missing;
                        INSERT INTO amendment (record, id, name, from_rank, from_active, to_rank, to_active)
                        SELECT \(record) + number, id, name, rank, 1, rank, 0 FROM temp.missing;
                        """)
                try database.execute(
                    sql: "INSERT INTO source VALUES (?, ?, ?, ?, ?, NULL)",
                    arguments: [source, missing.path, missing.format, missing.bytes, missing.sha256])
            }
            try Self.set([Key.target: TargetState.decided.rawValue], database)
        }
        try await database.writeWithoutTransaction {
            try $0.execute(sql: "DROP TABLE temp.target; DROP TABLE IF EXISTS temp.missing")
        }
    }

    /// How far the records were compared with the target's list.
    enum TargetState: String, Sendable { case decided }
}
