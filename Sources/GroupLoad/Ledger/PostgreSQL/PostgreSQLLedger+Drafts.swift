extension PostgreSQLLedger {
    /// Reads the next drafts and inserts one `claim` row over them, in a transaction that is on disk then. Under a
    /// lease, what others left comes first.
    package func claim(after last: Int64, limit: Int, now: Int64, hasSettled: Bool) async throws -> [Draft] {
        if let lease = hold.lease {
            return try await claim(under: lease, limit: limit, now: now, hasSettled: hasSettled)
        }
        let plan = PostgreSQLPlan(purpose: .durableChange, opening: Self.inKeyOrder)
        return try await writer.transaction(plan) { session in
            let drafts = try drafts(last + 1...Int64.max, limit, now, hasSettled: hasSettled, session)
            if let first = drafts.first, let last = drafts.last {
                try session.run(
                    "INSERT INTO claim (run, first, last, claimed_at) VALUES (\(run), $1, $2, $3)",
                    [.integer(first.recordNumber), .integer(last.recordNumber), .integer(now)])
            }
            return drafts
        }
    }

    /// Inserts a row for each, in one transaction.
    package func keep(_ spans: [CreateSpans]) async throws {
        try await change { session in
            var rows = CopyRows(columns: 6)
            for spans in spans {
                rows.begin()
                rows.append(number: run)
                for number in [spans.span, spans.first, spans.last, spans.givenAt] { rows.append(number) }
                rows.append(spans.trace)
            }
            try session.copy(into: "create_span (run, span, first, last, given_at, trace)", rows)
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

    /// Inserts an outcome for each record without one: updates first, then found groups, doubts and the rest. Under a
    /// lease, those of others that have claims are ended before.
    package func settleRest(_ reasons: RestReasons) async throws {
        try await writer.transaction(hold.lease == nil ? PostgreSQLPlan(purpose: .change) : leaseChange()) { session in
            if let own = hold.lease?.epoch { try endOthers(by: own, session) }
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

    /// Adds up unresolved outcomes, found groups, open claims that aren't free, and doubts.
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
               WHERE c.run = \(run) AND is_open AND NOT is_free AND draft
                 AND \(isOpen("r", "outcome", "group_update", "found_group")))
            + (SELECT count(*) FROM doubt AS d WHERE run = \(run) AND \(isOpen("d", "outcome", "found_group")))
            """)
    }
}
