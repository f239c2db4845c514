extension PostgreSQLLedger {
    /// Counts the rows of `found_group` whose record has no outcome.
    package func foundGroupCount() async throws -> Int {
        try await number("SELECT count(*) FROM found_group AS f WHERE run = \(run) AND \(without("outcome", of: "f"))")
    }

    /// Joins `found_group` with `record`, at most `limit` rows.
    package func foundGroups(after last: Int64, limit: Int) async throws -> [PendingJudgement] {
        try await fetch { session in
            var found: [PendingJudgement] = []
            try session.rows(
                """
                SELECT f.record, f.id, f.name, f.rank, f.active, created_on, created_by, place, sent_from, sent_until,
                  absent_at, is_named, http, code, attempts, ms, ended_at, \(Self.sentName), draft_rank, draft_active,
                  sure_from, is_taken
                FROM found_group AS f JOIN record AS r ON r.run = f.run AND r.record = f.record
                WHERE f.run = \(run) AND f.record > $1 AND \(without(oneOf: "outcome", of: "f"))
                  AND \(without(oneOf: "group_update", of: "f")) ORDER BY f.record LIMIT $2
                """, [.integer(last), .integer(Int64(limit))]
            ) { found.append(PendingJudgement($0)) }
            return found
        }
    }

    /// Puts found groups in; a record has one.
    func insert(foundGroupsOf outcomes: [DraftOutcome], _ session: PostgreSQLSession) throws {
        let records = outcomes.compactMap { $0.foundGroup?.recordNumber }
        if records.isEmpty { return }
        try session.run("DELETE FROM found_group WHERE run = \(run) AND record = ANY ($1)", [.integers(records)])
        var rows = CopyRows(columns: 20)
        for outcome in outcomes {
            guard let found = outcome.foundGroup else { continue }
            rows.begin()
            rows.append(number: run)
            let numbers: [Int64?] = [
                found.recordNumber, found.id, found.state.rank, found.createdOn, found.createdBy,
                found.sent.lowerBound, found.sent.upperBound, found.sureFrom, found.absentAt,
                outcome.http.map(Int64.init), outcome.code.map(Int64.init), Int64(outcome.attempts),
                outcome.milliseconds, outcome.endedAt,
            ]
            for number in numbers { rows.append(number) }
            for truth in [found.state.isActive, found.isNamed, found.isTaken] { rows.append(truth) }
            rows.append(bytes: Optional(found.name.utf8))
            rows.append(found.place.rawValue)
        }
        try session.copy(
            into: """
                found_group (run, record, id, rank, created_on, created_by, sent_from, sent_until, sure_from, \
                absent_at, http, code, attempts, ms, ended_at, active, is_named, is_taken, name, place)
                """, rows)
    }

    /// Marks the found groups as judged and inserts the outcomes, in one transaction.
    package func judge(_ outcomes: [DraftOutcome]) async throws {
        try await change { session in
            try session.run(
                "UPDATE found_group SET is_judged = true WHERE run = \(run) AND record = ANY ($1)",
                [.integers(outcomes.map(\.recordNumber))])
            try insert(outcomes, session)
        }
    }

    /// Looks up the drafts by the names of unjudged groups whose own record has another name. One scan of the drafts
    /// where there are such groups, and none where there are none.
    package func draftsOfFoundNames() async throws -> [String: Int64] {
        try await fetch { session in
            var names: [[UInt8]] = []
            try session.rows(
                """
                SELECT f.name FROM found_group AS f JOIN record AS r ON r.run = f.run AND r.record = f.record
                WHERE f.run = \(run) AND NOT f.is_judged AND f.name != \(Self.sentName)
                """
            ) { names.append(unsafe Array($0.bytes(0))) }
            var records: [String: Int64] = [:]
            if names.isEmpty { return records }
            try session.rows(
                """
                SELECT \(Self.sentName), record FROM record AS r
                WHERE run = \(run) AND draft AND \(Self.sentName) IN (SELECT unnest($1::bytea[]))
                """, [.byteStrings(names)]
            ) { records[$0.text(0) ?? ""] = $0.integer(1) }
            return records
        }
    }
}
