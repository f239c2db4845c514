// What other runs of the database know of this run's names.
extension PostgreSQLLedger {
    /// Joins the drafts with the other runs' outcomes by name, in one statement: a scan of those runs' records.
    package func settleKnown(from runs: [String], at now: Int64) async throws -> Int {
        try await change { session in
            let claims = "SELECT FROM claim WHERE run = \(run) LIMIT 1"
            if try session.number("SELECT count(*) FROM (\(claims)) AS c") > 0 { return 0 }
            return try session.number(
                """
                WITH other AS (
                  SELECT run, name FROM run WHERE name = ANY (string_to_array($1, E'\\n')) AND run != \(run)
                ), last AS (
                  SELECT DISTINCT ON (r.record) r.record, r.draft_rank, r.draft_active, o.id, o.outcome, o.message,
                    other.name AS run_name, k.record AS known_record,
                    CASE WHEN o.outcome = 'updated' THEN c.to_rank ELSE k.draft_rank END AS known_rank,
                    CASE WHEN o.outcome = 'updated' THEN c.to_active ELSE k.draft_active END AS known_active
                  FROM record AS r
                  JOIN record AS k ON coalesce(k.draft_name, k.name) = \(Self.sentName)
                  JOIN other ON other.run = k.run
                  JOIN outcome AS o ON o.run = k.run AND o.record = k.record
                  LEFT JOIN change AS c ON c.run = k.run AND c.record = k.record
                  WHERE r.run = \(run) AND r.draft AND o.id IS NOT NULL
                    AND o.outcome IN ('created', 'confirmed', 'present', 'existing', 'updated')
                    AND \(without("outcome", of: "r")) AND \(without("found_group", of: "r"))
                  ORDER BY r.record, k.run DESC, k.record DESC
                ), settled AS (
                  INSERT INTO outcome (run, record, id, ended_at, outcome, message)
                  SELECT \(run), record, id, $2, 'existing', 'known from record ' || known_record || ' of run '
                    || run_name || ' (' || outcome || '), so that the target was not asked'
                    || CASE WHEN outcome = 'existing' THEN coalesce('; then: ' || message, '') ELSE '' END
                  FROM last
                  WHERE (draft_rank IS NULL OR draft_rank = known_rank)
                    AND coalesce(draft_active, true) = coalesce(known_active, true)
                  RETURNING 1
                )
                SELECT count(*) FROM settled
                """, [.text(runs.joined(separator: "\n")), .integer(now)])
        }
    }
}
