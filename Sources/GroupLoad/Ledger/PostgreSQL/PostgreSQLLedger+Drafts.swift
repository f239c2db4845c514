extension PostgreSQLLedger {
    /// Reads the next drafts and inserts one `claim` row over them, in a transaction that is on disk then.
    package func claim(after last: Int64, limit: Int, now: Int64, hasSettled: Bool) async throws -> [Draft] {
        try await changeDurably { session in
            func doubt(_ column: String) -> String {
                hasSettled ? "(SELECT \(column) FROM doubt AS d WHERE d.run = \(run) AND d.record = r.record)" : "NULL"
            }
            let isOpen = ["outcome", "group_update", "found_group"].map { "AND \(without(oneOf: $0, of: "r"))" }
            var drafts: [Draft] = []
            drafts.reserveCapacity(limit)
            try session.rows(
                """
                SELECT r.record, \(Self.sentName), draft_rank, \(doubt("sent_at"))::bigint,
                  \(doubt("sent_until"))::bigint, draft_active
                FROM record AS r WHERE r.run = \(run) AND r.record > $1 AND draft
                \(hasSettled ? isOpen.joined(separator: " ") : "") ORDER BY r.record LIMIT $2
                """, [.integer(last), .integer(Int64(limit))]
            ) { row in
                var draft = Draft(
                    recordNumber: row.integer(0), name: row.text(1) ?? "",
                    rank: row.optional(2).map(Int32.init(clamping:)),
                    doubt: row.optional(3).map { $0...max($0, row.optional(4) ?? now) })
                draft.isInactive = row.optional(5) == 0
                drafts.append(draft)
            }
            if let first = drafts.first, let last = drafts.last {
                try session.run(
                    "INSERT INTO claim (run, first, last, claimed_at) VALUES (\(run), $1, $2, $3)",
                    [.integer(first.recordNumber), .integer(last.recordNumber), .integer(now)])
            }
            return drafts
        }
    }

    /// Inserts the outcomes, updates, found groups and kept forms in one transaction.
    package func settle(_ outcomes: [DraftOutcome]) async throws { try await change { try insert(outcomes, $0) } }

    func insert(_ outcomes: [DraftOutcome], _ session: PostgreSQLSession) throws {
        try insert(outcomes.compactMap(\.update), session)
        try insert(foundGroupsOf: outcomes, session)
        try insert(keptOf: outcomes, session)
        let made = outcomes.filter { $0.isLast && $0.isMadeAndDone }.map(\.recordNumber)
        if !made.isEmpty {
            try session.run(
                "UPDATE group_update SET made = NULL WHERE run = \(run) AND record = ANY ($1)", [.integers(made)])
        }
        var rows = CopyRows(columns: 10, capacity: 128 * outcomes.count)
        for outcome in outcomes where outcome.isLast {
            rows.begin()
            rows.append(number: run)
            rows.append(outcome.recordNumber)
            rows.append(Int64(outcome.attempts))
            rows.append(outcome.id)
            rows.append(outcome.milliseconds)
            rows.append(outcome.endedAt)
            rows.append(outcome.http.map(Int64.init))
            rows.append(outcome.code.map(Int64.init))
            rows.append(outcome.outcome.rawValue)
            rows.append(outcome.message)
        }
        try session.copy(
            into: "outcome (run, record, attempts, id, ms, ended_at, http, code, outcome, message)", rows)
    }

    /// Puts in in which form the server keeps groups of this run, where that isn't the one that was sent.
    private func insert(keptOf outcomes: [DraftOutcome], _ session: PostgreSQLSession) throws {
        let kept = outcomes.filter { $0.kept != nil }
        if kept.isEmpty { return }
        try session.run(
            "DELETE FROM kept WHERE run = \(run) AND record = ANY ($1)", [.integers(kept.map(\.recordNumber))])
        var rows = CopyRows(columns: 5)
        for outcome in kept {
            rows.begin()
            rows.append(number: run)
            rows.append(outcome.recordNumber)
            rows.append(outcome.kept?.id)
            rows.append(outcome.kept?.rank)
            rows.append(bytes: outcome.kept?.name.utf8)
        }
        try session.copy(into: "kept (run, record, id, rank, name)", rows)
    }

    /// Inserts an outcome for each record without one: updates first, then found groups, doubts and the rest.
    package func settleRest(_ reasons: RestReasons) async throws {
        try await change { session in
            try session.run(
                """
                INSERT INTO outcome (run, record, outcome, message, id) SELECT run, record, made, $1, id
                FROM group_update AS u WHERE run = \(run) AND made IS NOT NULL AND \(without("outcome", of: "u"))
                """, [.text(reasons.leftActive)])
            try session.run(
                """
                INSERT INTO outcome (run, record, outcome, message, id, http, code, attempts, ms, ended_at)
                SELECT run, record, 'present', $1, id, http, code, attempts, ms, ended_at FROM found_group AS f
                WHERE run = \(run) AND \(without("outcome", of: "f")) AND \(without("group_update", of: "f"))
                """, [.text(reasons.unjudged)])
            for (table, outcome, message) in [
                ("doubt", Outcome.unresolved, reasons.inDoubt), ("record", .unprocessed, reasons.unsent),
            ] {
                try session.run(
                    """
                    INSERT INTO outcome (run, record, outcome, message, id)
                    SELECT r.run, r.record, '\(outcome.rawValue)', $1, u.id FROM \(table) AS r
                    LEFT JOIN group_update AS u ON u.run = r.run AND u.record = r.record
                    WHERE r.run = \(run) AND \(without("outcome", of: "r"))
                    """, [.text(message)])
            }
        }
    }

    /// Adds up unresolved outcomes, found groups, open claims and doubts.
    package func unclearCount() async throws -> Int {
        func isOpen(_ alias: String, _ tables: String...) -> String {
            tables.map { without($0, of: alias) }.joined(separator: " AND ")
        }
        return try await number(
            """
            SELECT (SELECT count(*) FROM outcome WHERE run = \(run) AND outcome = 'unresolved')
            + (SELECT count(*) FROM found_group AS f WHERE run = \(run) AND \(isOpen("f", "outcome", "group_update")))
            + (SELECT count(*) FROM claim AS c
               JOIN record AS r ON r.run = c.run AND r.record BETWEEN c.first AND c.last
               WHERE c.run = \(run) AND is_open AND draft
                 AND \(isOpen("r", "outcome", "group_update", "found_group")))
            + (SELECT count(*) FROM doubt AS d WHERE run = \(run) AND \(isOpen("d", "outcome", "found_group")))
            """)
    }
}
