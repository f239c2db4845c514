import GRDB
import RewardsClient

/// What the target has, beside what the ledger holds: a table of the connection that writes, in a temporary file of
/// SQLite's, so that
/// it takes no memory to speak of, and goes with the process.
extension Ledger {
    /// The path of the source that stands for groups which no list names.
    package static let missingSource = "(groups that the lists don't have)"
    /// The format of that source.
    static let missingFormat = "target"

    /// Begins with an empty table.
    func beginTarget() async throws {
        try await database.writeWithoutTransaction { database in
            database.add(
                function: DatabaseFunction("near", argumentCount: 1, pure: true) { values in
                    String.fromDatabaseValue(values[0]).map(NearName.form(of:))
                })
            try database.execute(
                sql: """
                    DROP TABLE IF EXISTS temp.target;
                    CREATE TEMP TABLE target (
                      id INTEGER PRIMARY KEY, name TEXT NOT NULL, near TEXT NOT NULL, rank INTEGER, active INTEGER NOT NULL
                    );
                    """)
        }
    }

    /// Puts groups of the target in.
    func put(_ groups: [RewardGroup]) async throws {
        try await database.write { database in
            let insert = try LedgerStatement(database, "INSERT OR REPLACE INTO temp.target VALUES (?, ?, ?, ?, ?)")
            for group in groups {
                let state = GroupState(group)
                insert.bind(1, group.id)
                insert.bind(2, group.name)
                insert.bind(3, NearName.form(of: group.name))
                insert.bind(4, state.rank)
                insert.bind(5, state.isActive ? 1 : 0)
                try insert.run()
            }
        }
    }

    /// Makes the groups findable by their near names.
    func endTarget() async throws {
        try await database.writeWithoutTransaction { try $0.execute(sql: "CREATE INDEX temp.near ON target (near)") }
    }

    /// Makes all drafts undecided again. Only where nothing was ever sent.
    func forgetDecisions() async throws {
        try await database.write { database in
            try database.execute(
                sql:
                    "DELETE FROM outcome WHERE record IN (SELECT record FROM record WHERE draft = 1); DELETE FROM amendment; DELETE FROM finding"
            )
        }
    }

    /// What becomes of the records after `last`, at most `most`, in their order: those that are settled, in doubt or
    /// to be amended are
    /// passed over, but for repeats and invalid ones.
    func decisions(
        after last: Int64, most: Int, _ existing: ExistingPolicy, _ nameMatch: NameMatch
    ) async throws -> (decisions: [Decision], last: Int64?) {
        try await database.writeWithoutTransaction { database in
            var rows = try LedgerCursor(
                database,
                """
                SELECT r.record, r.source, r.line, coalesce(r.draft_name, r.name), r.draft_rank, r.draft_active, o.outcome, o.message,
                  r.record IN (SELECT record FROM doubt) OR r.record IN (SELECT record FROM amendment)
                    OR r.record IN (SELECT record FROM finding),
                  t.id, t.name, t.rank, t.active
                FROM (SELECT * FROM record WHERE record > ? ORDER BY record LIMIT ?) AS r
                LEFT JOIN outcome AS o ON o.record = r.record
                LEFT JOIN temp.target AS t
                  ON r.draft = 1 AND o.record IS NULL AND t.near = near(coalesce(r.draft_name, r.name))
                ORDER BY r.record, t.id
                """, [last, Int64(most)])
            var decisions: [Decision] = []
            var reached: Int64?
            var candidates = DraftCandidates()
            while try rows.next() {
                let record = rows.integer(0)
                if reached != record, let decision = candidates.take(existing, nameMatch) { decisions.append(decision) }
                reached = record
                if let outcome = rows.text(6) {
                    guard outcome == Outcome.duplicate.rawValue || outcome == Outcome.invalid.rawValue else { continue }
                    decisions.append(
                        Decision(
                            record: record, source: rows.integer(1), line: rows.integer(2),
                            name: String(decoding: rows.bytes(3), as: UTF8.self),
                            action: outcome == Outcome.invalid.rawValue ? .invalid : .duplicate, note: rows.text(7)))
                } else if rows.integer(8) == 0 {
                    candidates.add(rows)
                }
            }
            if let decision = candidates.take(existing, nameMatch) { decisions.append(decision) }
            return (decisions, reached)
        }
    }

    /// Carries decisions out as far as no request is needed: outcomes of records whose group is there, and amendments
    /// to come.
    ///
    /// - Returns: how many records have which outcome.
    func apply(_ decisions: [Decision]) async throws -> [Outcome: Int] {
        var counts: [Outcome: Int] = [:]
        var outcomes: [DraftOutcome] = []
        for decision in decisions {
            guard decision.record > 0, let group = decision.group else { continue }
            var outcome = DraftOutcome(
                record: decision.record, outcome: .existing, id: group.id, message: decision.note)
            switch decision.action {
            case .existing: break
            case .failed: outcome.outcome = .failed
            case .update, .reactivate, .deactivate:
                guard let to = decision.to else { continue }
                outcome.amendment = Amendment(
                    record: decision.record, id: group.id, name: group.name, from: group.state, to: to)
            case .create, .duplicate, .invalid: continue
            }
            if outcome.amendment == nil { counts[outcome.outcome, default: 0] += 1 }
            outcomes.append(outcome)
        }
        if !outcomes.isEmpty { try await settle(outcomes) }
        return counts
    }
}
