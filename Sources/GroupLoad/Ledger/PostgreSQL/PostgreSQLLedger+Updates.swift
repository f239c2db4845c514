extension PostgreSQLLedger {
    /// Reads updates without an outcome; one that is in `doubt` is marked as in doubt.
    package func updates(after last: Int64, limit: Int) async throws -> [GroupUpdate] {
        try await fetch { session in
            try updates(
                session,
                """
                SELECT a.record, a.id, a.name, from_rank, from_active, to_rank, to_active, d.record, made,
                  draft_rank IS NULL AND NOT EXISTS (SELECT FROM fact WHERE run = \(run) AND key = 'configuration'
                    AND value::json ->> 'emptyRank' = 'clear')
                  OR source IN (SELECT source FROM source \
                WHERE run = \(run) AND format = '\(SourceSummary.missingFormat)')
                FROM change AS a JOIN record AS r ON r.run = a.run AND r.record = a.record
                LEFT JOIN doubt AS d ON d.run = a.run AND d.record = a.record
                WHERE a.run = \(run) AND a.record > $1 AND \(without(oneOf: "outcome", of: "a"))
                ORDER BY a.record LIMIT $2
                """, [.integer(last), .integer(Int64(limit))])
        }
    }

    /// Looks for one row of `group_update` whose record has no outcome.
    package func hasUpdatesLeft() async throws -> Bool {
        try await number(
            "SELECT EXISTS (SELECT FROM group_update AS u WHERE run = \(run) AND \(without("outcome", of: "u")))") == 1
    }

    /// Inserts outcomes for updates of the source of missing groups by the ids in `outcome`, in one transaction.
    package func spareNamed(at now: Int64) async throws -> Int {
        try await change { session in
            let spared = """
                FROM change AS a JOIN record AS r ON r.run = a.run AND r.record = a.record
                JOIN source AS s ON s.run = r.run AND s.source = r.source
                WHERE a.run = \(run) AND s.format = '\(SourceSummary.missingFormat)' AND sent_at IS NULL
                  AND \(without(oneOf: "outcome", of: "a")) AND a.id IN (
                    SELECT id FROM outcome WHERE run = \(run) AND id IS NOT NULL
                    UNION SELECT substring(message FROM '^\(DraftOutcome.takenBy)([0-9]+)')::bigint FROM outcome
                    WHERE run = \(run) AND outcome = 'failed')
                """
            let count = try session.number("SELECT count(*) \(spared)")
            try session.execute(
                """
                INSERT INTO outcome (run, record, outcome, id, message, ended_at)
                SELECT a.run, a.record, 'existing', a.id, '\(GroupUpdate.sparedMessage)', \(now) \(spared)
                """)
            return count
        }
    }

    /// Counts the updates with a `made` that is still their record's outcome.
    package func stillActiveCount() async throws -> Int {
        try await number(
            """
            SELECT count(*) FROM group_update AS u JOIN outcome AS o ON o.run = u.run AND o.record = u.record
            WHERE u.run = \(run) AND outcome = made
            """)
    }

    /// Counts the updates of `updated` records whose two activities differ.
    package func activityChanges() async throws -> (deactivated: Int, reactivated: Int) {
        try await fetch { session in
            var counts = (0, 0)
            try session.rows(
                """
                SELECT count(*) FILTER (WHERE from_active AND NOT to_active),
                  count(*) FILTER (WHERE to_active AND NOT from_active)
                FROM change AS a JOIN outcome AS o ON o.run = a.run AND o.record = a.record
                WHERE a.run = \(run) AND outcome = 'updated'
                """
            ) { counts = (Int($0.integer(0)), Int($0.integer(1))) }
            return counts
        }
    }

    /// Reads the updates of the records from `first` to `last`, both included, with outcome or without.
    package func updates(
        from first: Int64, to last: Int64
    ) async throws -> [Int64: (line: Int64, update: GroupUpdate)] {
        try await fetch { session in
            var found: [Int64: (line: Int64, update: GroupUpdate)] = [:]
            try session.rows(
                """
                SELECT a.record, id, a.name, from_rank, from_active, to_rank, to_active, NULL::bigint, made, false, line
                FROM change AS a JOIN record AS r ON r.run = a.run AND r.record = a.record
                WHERE a.run = \(run) AND a.record BETWEEN $1 AND $2
                """, [.integer(first), .integer(last)]
            ) { found[$0.integer(0)] = ($0.integer(10), GroupUpdate($0)) }
            return found
        }
    }

    /// Joins outcomes with updates, kept forms and found groups: `from` of each result is what this run left, `to`
    /// what was before it.
    package func reversals(
        after last: Int64, limit: Int, withInactive: Bool, withPresent: Bool
    ) async throws -> [GroupUpdate] {
        try await fetch { session in
            let rank = """
                CASE WHEN outcome = 'updated' AND k.record IS NOT NULL THEN k.rank
                  WHEN a.record IS NOT NULL THEN a.to_rank WHEN k.record IS NOT NULL THEN k.rank
                  WHEN outcome = 'present' THEN f.rank ELSE draft_rank END
                """
            return try updates(
                session,
                """
                SELECT o.record, o.id, coalesce(k.name, a.name, CASE WHEN outcome = 'present' THEN f.name END, \
                draft_name, r.name),
                  \(rank),
                  CASE WHEN outcome = 'updated' THEN to_active ELSE made IS NOT NULL OR coalesce(to_active, true) END,
                  CASE WHEN outcome = 'updated' THEN from_rank ELSE \(rank) END,
                  CASE WHEN outcome = 'updated' THEN from_active ELSE false END, NULL::bigint, NULL::text, false
                FROM outcome AS o JOIN record AS r ON r.run = o.run AND r.record = o.record
                LEFT JOIN change AS a ON a.run = o.run AND a.record = o.record
                LEFT JOIN kept AS k ON k.run = o.run AND k.record = o.record
                LEFT JOIN found_group AS f ON f.run = o.run AND f.record = o.record
                WHERE o.run = \(run) AND o.record > $1 AND o.id IS NOT NULL
                  AND (outcome IN ('created', 'confirmed', 'updated')
                    \(withPresent ? "OR outcome = 'present' AND coalesce(f.active, true)" : ""))
                  \(withInactive ? "" : "AND (outcome = 'updated' OR to_active IS NULL OR made IS NOT NULL)")
                ORDER BY o.record LIMIT $2
                """, [.integer(last), .integer(Int64(limit))])
        }
    }

    private func updates(
        _ session: PostgreSQLSession, _ sql: String, _ values: [PostgreSQLValue]
    ) throws -> [GroupUpdate] {
        var updates: [GroupUpdate] = []
        try session.rows(sql, values) { updates.append(GroupUpdate($0)) }
        return updates
    }
}
