import GRDB

extension SQLiteLedger {
    /// Fills the temporary table `missing` with the groups that it numbers from 1.
    package func findMissing() async throws {
        try await withWriter { database in
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

    /// Counts the active rows of `target`, and the rows of `missing`.
    package func missingCount() async throws -> (active: Int, missing: Int) {
        try await withWriter { database in
            (
                try Int.fetchOne(database, sql: "SELECT count(*) FROM temp.target WHERE active = 1") ?? 0,
                try Int.fetchOne(database, sql: "SELECT count(*) FROM temp.missing") ?? 0
            )
        }
    }

    /// Reads at most `limit` rows of `missing`; all are active.
    package func missing(after last: Int64, limit: Int) async throws -> [TargetGroup] {
        try await withWriter { database in
            var rows = try LedgerCursor(
                database, "SELECT id, name, rank FROM temp.missing WHERE number > ? ORDER BY number LIMIT ?",
                [last, Int64(limit)])
            var groups: [TargetGroup] = []
            while try rows.next() {
                groups.append(
                    TargetGroup(
                        id: rows.integer(0), name: rows.text(1) ?? "",
                        state: GroupState(rank: rows.optional(2), isActive: true)))
            }
            return groups
        }
    }

    /// Makes records, updates and a source of `missing` in one transaction, then drops the temporary tables.
    package func endComparison(_ missing: SourceSummary?, after recordNumber: Int64) async throws {
        try await change { database in
            if let missing {
                let source = try Int.fetchOne(database, sql: "SELECT count(*) FROM source") ?? 0
                try database.execute(
                    sql: """
                        INSERT INTO record (record, source, line, name, rank, draft, draft_rank, draft_active)
                        SELECT \(recordNumber) + number, \(source), number, name, CAST(rank AS TEXT), 1, rank, 0 \
                        FROM temp.missing;
                        INSERT INTO group_update (record, id, name, from_rank, from_active, to_rank, to_active)
                        SELECT \(recordNumber) + number, id, name, rank, 1, rank, 0 FROM temp.missing;
                        """)
                try Self.insert(missing, source, database)
            }
            var compared = RunMetadata()
            compared.isCompared = true
            try Self.merge(compared, database)
        }
        try await withWriter {
            try $0.execute(sql: "DROP TABLE temp.target; DROP TABLE IF EXISTS temp.missing")
        }
    }
}
