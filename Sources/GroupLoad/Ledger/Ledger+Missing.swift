import GRDB

extension Ledger {
    private static let missing = """
        temp.target WHERE active = 1
        AND near NOT IN (SELECT near(coalesce(draft_name, name)) FROM record WHERE draft = 1)
        """

    /// Active groups of the target in all, and those of them that no draft names, not even nearly.
    func missingCount() async throws -> (active: Int, missing: Int) {
        try await database.writeWithoutTransaction { database in
            (
                try Int.fetchOne(database, sql: "SELECT count(*) FROM temp.target WHERE active = 1") ?? 0,
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \(Self.missing)") ?? 0
            )
        }
    }

    /// The groups that no draft names, after the id `last`, at most `most`.
    func missing(after last: Int64, most: Int) async throws -> [Decision] {
        try await database.writeWithoutTransaction { database in
            var rows = try LedgerCursor(
                database, "SELECT id, name, rank FROM \(Self.missing) AND id > ? ORDER BY id LIMIT ?",
                [last, Int64(most)])
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

    /// Ends deciding: the groups that no draft names become records of a source of their own, each to be set inactive, and the ledger
    /// keeps that all is decided; both or neither.
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
                        CREATE TEMP TABLE gone AS SELECT row_number() OVER (ORDER BY id) AS number, id, name, rank FROM \(Self.missing);
                        INSERT INTO record (record, source, line, name, rank, draft, draft_rank, draft_active)
                        SELECT \(record) + number, \(source), number, name, CAST(rank AS TEXT), 1, rank, 0 FROM temp.gone;
                        INSERT INTO amendment (record, id, name, from_rank, from_active, to_rank, to_active)
                        SELECT \(record) + number, id, name, rank, 1, rank, 0 FROM temp.gone;
                        DROP TABLE temp.gone;
                        """)
                try database.execute(
                    sql: "INSERT INTO source VALUES (?, ?, ?, ?, ?, NULL)",
                    arguments: [source, missing.path, missing.format, missing.bytes, missing.sha256])
            }
            try Self.set([Key.target: TargetState.decided.rawValue], database)
        }
        try await database.writeWithoutTransaction { try $0.execute(sql: "DROP TABLE temp.target") }
    }

    /// How far the records were compared with the target's list.
    enum TargetState: String, Sendable { case decided }
}
