extension PostgreSQLLedger {
    /// How many drafts' names are compared at once.
    private static let namesAtOnce = 10_000

    /// Marks the groups that drafts name, and numbers the other active ones from 1, in one transaction.
    package func findMissing() async throws {
        try await change { session in
            try session.execute(
                "UPDATE target SET is_named = false, number = NULL WHERE run = \(run) AND (is_named OR number > 0)")
            var last: Int64 = 0
            while true {
                var (nears, count): (Set<[UInt8]>, Int) = ([], 0)
                try session.rows(
                    """
                    SELECT record, \(Self.sentName) FROM record AS r WHERE run = \(run) AND record > $1 AND draft
                    ORDER BY record LIMIT \(Self.namesAtOnce)
                    """, [.integer(last)]
                ) { row in
                    (last, count) = (row.integer(0), count + 1)
                    nears.insert(Array(NearName.form(of: row.text(1) ?? "").utf8))
                }
                if !nears.isEmpty {
                    try session.run(
                        """
                        UPDATE target AS t SET is_named = true FROM (SELECT unnest($1::bytea[]) AS near) AS n
                        WHERE t.near = n.near AND t.run = \(run) AND NOT is_named
                        """, [.byteStrings(Array(nears))])
                }
                if count < Self.namesAtOnce { break }
            }
            try session.execute(
                """
                UPDATE target AS t SET number = n.number FROM (
                  SELECT id, row_number() OVER (ORDER BY id) AS number FROM target
                  WHERE run = \(run) AND active AND NOT is_named) AS n
                WHERE t.run = \(run) AND t.id = n.id
                """)
        }
    }

    /// Counts the active rows of `target`, and those that have a number.
    package func missingCount() async throws -> (active: Int, missing: Int) {
        try await fetch { session in
            var counts = (0, 0)
            try session.rows("SELECT count(*), count(number) FROM target WHERE run = \(run) AND active") { row in
                counts = (Int(row.integer(0)), Int(row.integer(1)))
            }
            return counts
        }
    }

    /// Reads at most `limit` groups that have a number; all are active.
    package func missing(after last: Int64, limit: Int) async throws -> [TargetGroup] {
        try await fetch { session in
            var groups: [TargetGroup] = []
            try session.rows(
                "SELECT id, name, rank FROM target WHERE run = \(run) AND number > $1 ORDER BY number LIMIT $2",
                [.integer(last), .integer(Int64(limit))]
            ) { row in
                groups.append(
                    TargetGroup(
                        id: row.integer(0), name: row.text(1) ?? "",
                        state: GroupState(rank: row.optional(2), isActive: true)))
            }
            return groups
        }
    }

    /// Makes records, updates and a source of the missing groups, and deletes what is known of the target, in one
    /// transaction.
    package func endComparison(_ missing: SourceSummary?, after recordNumber: Int64) async throws {
        try await change { session in
            if let missing {
                let source = try session.number("SELECT count(*) FROM source WHERE run = \(run)")
                try session.execute(
                    """
                    INSERT INTO record (run, record, source, line, name, rank, draft, draft_rank, draft_active)
                    SELECT run, \(recordNumber) + number, \(source), number, name, convert_to(rank::text, 'UTF8'), \
                    true, rank, false FROM target WHERE run = \(run) AND number IS NOT NULL;
                    INSERT INTO group_update (run, record, id, name, from_rank, from_active, to_rank, to_active)
                    SELECT run, \(recordNumber) + number, id, name, rank, true, rank, false
                    FROM target WHERE run = \(run) AND number IS NOT NULL;
                    """)
                try insert(missing, source, session)
            }
            try session.execute("DELETE FROM target WHERE run = \(run)")
            var compared = RunMetadata()
            compared.isCompared = true
            try merge(compared, session)
        }
    }
}
