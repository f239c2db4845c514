extension PostgreSQLLedger {
    /// Reads all of it from one state of the database.
    package func unfinished() async throws -> UnfinishedRun {
        try await fetch { session in
            UnfinishedRun(
                metadata: try metadata(session), sources: try sources(session),
                lastRecord: Int64(try session.number("SELECT max(record) FROM record WHERE run = \(run)")),
                hasClaims: try session.number("SELECT EXISTS (SELECT FROM claim WHERE run = \(run))") == 1,
                pending: try session.number(
                    """
                    SELECT count(*) FROM record AS r LEFT JOIN outcome AS o ON o.run = r.run AND o.record = r.record
                    WHERE r.run = \(run) AND draft AND (outcome IS NULL OR \(isLeft))
                    """))
        }
    }

    /// Whether an outcome, `o`, is none for good: left out, in doubt, not judged, or made and not yet what its record
    /// says.
    private var isLeft: String {
        """
        (outcome IN ('unprocessed', 'unresolved')
         OR outcome = 'present' AND EXISTS (
           SELECT FROM found_group AS f WHERE f.run = \(run) AND f.record = o.record AND NOT is_judged)
         OR outcome IN ('created', 'confirmed') AND EXISTS (
           SELECT FROM group_update AS u WHERE u.run = \(run) AND u.record = o.record AND made IS NOT NULL))
        """
    }

    /// Looks for updates that were sent, for outcomes that only sending gives, and for claims: those of a finished run
    /// count where a record of theirs isn't `unprocessed`.
    package func hasSent() async throws -> Bool {
        try await number(
            """
            SELECT EXISTS (SELECT FROM update_intent WHERE run = \(run)) OR EXISTS (
                SELECT FROM outcome
                WHERE run = \(run) AND outcome NOT IN ('invalid', 'duplicate', 'existing', 'unprocessed'))
              OR EXISTS (SELECT FROM claim WHERE run = \(run))
                AND coalesce((SELECT value FROM fact WHERE run = \(run) AND key = 'state'), '')
                  != '\(RunPhase.finished.rawValue)'
              OR EXISTS (
                SELECT FROM claim AS c JOIN record AS r ON r.run = c.run AND r.record BETWEEN c.first AND c.last
                LEFT JOIN outcome AS o ON o.run = r.run AND o.record = r.record
                WHERE c.run = \(run) AND draft AND coalesce(outcome, '') != 'unprocessed')
            """) == 1
    }

    /// Moves open claims, unresolved records and sent updates to `doubt`, closes the claims, and deletes the outcomes
    /// that were none for good: one transaction. Under a lease, what other leases have claimed is left alone, and what
    /// is open again is made free claims.
    package func reopenDrafts(until: Int64, requestMax: Int64) async throws {
        let isOpen = ["outcome", "group_update", "found_group"].map { without($0, of: "r") }.joined(separator: " AND ")
        let own = hold.lease?.epoch ?? 0
        let others = "l.ended_at IS NULL AND l.epoch != \(own)"
        let isNobodys = """
            c.is_open AND NOT c.is_free AND NOT EXISTS (SELECT FROM lease AS l WHERE l.epoch = c.lease AND \(others))
            """
        // Of an outcome, `o`: another process has its record.
        let isElsewhere = """
            EXISTS (SELECT FROM claim AS h JOIN lease AS l ON l.epoch = h.lease
              WHERE h.run = \(run) AND h.is_open AND NOT h.is_free AND \(others)
                AND o.record BETWEEN h.first AND h.last)
            """
        // Of an outcome, `o`: nothing was sent since it was put in doubt.
        let isSameDoubt = """
            o.attempts = 0 AND EXISTS (SELECT FROM doubt AS d
              WHERE d.run = \(run) AND d.record = o.record AND d.sent_until IS NOT NULL)
            """
        let plan = hold.lease == nil ? PostgreSQLPlan(purpose: .change) : leaseChange()
        try await writer.transaction(plan) { session in
            try session.execute(
                """
                INSERT INTO doubt (run, record, sent_at, sent_until)
                SELECT \(run), r.record, min(claimed_at), greatest(max(claimed_at), \(until)) FROM claim AS c
                JOIN record AS r ON r.run = c.run AND r.record BETWEEN c.first AND c.last
                WHERE c.run = \(run) AND \(isNobodys) AND draft AND \(isOpen) GROUP BY r.record \(Self.bothDoubts);
                INSERT INTO doubt (run, record, sent_at, sent_until)
                SELECT \(run), o.record, min(claimed_at),
                  greatest(min(claimed_at), coalesce(max(ended_at), \(until))) + \(requestMax)
                FROM outcome AS o JOIN claim AS c ON c.run = o.run AND o.record BETWEEN c.first AND c.last
                WHERE o.run = \(run) AND outcome = 'unresolved' AND \(without("group_update", of: "o"))
                  AND NOT \(isElsewhere) AND NOT (\(isSameDoubt)) GROUP BY o.record \(Self.bothDoubts);
                UPDATE claim AS c SET is_open = false WHERE run = \(run) AND \(isNobodys);
                INSERT INTO doubt (run, record, sent_at) SELECT \(run), i.record, i.sent_at FROM update_intent AS i
                WHERE i.run = \(run) AND NOT EXISTS (SELECT FROM outcome AS o
                  WHERE o.run = \(run) AND o.record = i.record AND outcome != 'unresolved') \(Self.bothDoubts);
                DELETE FROM outcome AS o WHERE run = \(run) AND \(isLeft) AND NOT \(isElsewhere);
                """)
            if hold.lease != nil { try free(isOpen, session) }
        }
    }

    /// Makes free claims of the drafts up to `run.front` that aren't settled: one for each gap between open claims.
    ///
    /// - Parameter isOpen: of a row of `record`, `r`: it isn't settled.
    private func free(_ isOpen: String, _ session: PostgreSQLSession) throws {
        try session.execute(
            """
            INSERT INTO claim (run, first, last, claimed_at, is_free)
            SELECT \(run), min(r.record), max(r.record), \(Self.clock), true FROM (
              SELECT coalesce(lag(last) OVER (ORDER BY first), 0) + 1 AS start, first - 1 AS stop
              FROM claim WHERE run = \(run) AND is_open
              UNION ALL
              SELECT coalesce((SELECT max(last) FROM claim WHERE run = \(run) AND is_open), 0) + 1, front
              FROM run WHERE run = \(run)) AS gap
            JOIN record AS r ON r.run = \(run) AND r.record BETWEEN start AND stop
            WHERE draft AND \(isOpen) GROUP BY start
            """)
    }

    /// Counts the rows of `doubt` whose record has neither an outcome nor a found group.
    package func doubtCount() async throws -> Int {
        try await number(
            """
            SELECT count(*) FROM doubt AS d
            WHERE run = \(run) AND \(without("outcome", of: "d")) AND \(without("found_group", of: "d"))
            """)
    }

    /// Looks for rows that no ledger has and that the tables' types allow; a second for a million records.
    package func checkSoundness(sparingRows: Bool) async throws {
        let outcomes = Outcome.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let unsound = [
            ("record", "record < 1 OR source < 0 OR draft AND name IS NULL AND draft_name IS NULL"),
            ("claim", "first < 1 OR last < first"), ("outcome", "outcome NOT IN (\(outcomes)) OR attempts < 0"),
            ("group_update", "made NOT IN (\(outcomes))"),
        ]
        do {
            try await fetch { session in
                for (table, condition) in unsound {
                    let sql = "SELECT EXISTS (SELECT FROM \(table) WHERE run = \(run) AND (\(condition)))"
                    if try session.number(sql) == 1 {
                        throw LedgerError(reason: "its table \(table) holds what a ledger doesn't")
                    }
                }
            }
        } catch {
            throw LedgerError.unreadable(address.description, error)
        }
    }
}
