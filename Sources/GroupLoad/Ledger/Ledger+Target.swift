import GRDB
import RewardsClient

/// What the target has, beside what the ledger holds: a table of the connection that writes, in a temporary file of SQLite's, so that
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

    /// What becomes of the records after `last`, at most `most`, in their order: those that are settled, in doubt or to be amended are
    /// passed over, but for repeats and invalid ones.
    func decisions(
        after last: Int64, most: Int, _ existing: ExistingPolicy, _ nameMatch: NameMatch
    ) async throws -> (decisions: [Decision], last: Int64?) {
        try await database.writeWithoutTransaction { database in
            var rows = try LedgerCursor(
                database,
                """
                SELECT r.record, r.source, r.line, coalesce(r.draft_name, r.name), r.draft_rank, r.draft_active, o.outcome, o.message,
                  r.record IN (SELECT record FROM doubt) OR r.record IN (SELECT record FROM amendment),
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

    /// Carries decisions out as far as no request is needed: outcomes of records whose group is there, and amendments to come.
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

/// The groups that have a near name of one draft, as the rows of a query give them.
private struct DraftCandidates {
    private var draft: Decision?
    private var groups: [TargetGroup] = []

    /// Takes a row in.
    mutating func add(_ row: borrowing LedgerCursor) {
        if draft == nil {
            draft = Decision(
                record: row.integer(0), source: row.integer(1), line: row.integer(2),
                name: String(decoding: row.bytes(3), as: UTF8.self), action: .create, rank: row.optional(4))
            draft?.isInactive = row.optional(5) == 0
        }
        if !row.isNull(9) {
            groups.append(
                TargetGroup(
                    id: row.integer(9), name: row.text(10) ?? "",
                    state: GroupState(rank: row.optional(11), isActive: row.integer(12) == 1)))
        }
    }

    /// Decides on the draft whose rows were added, if any were.
    mutating func take(_ existing: ExistingPolicy, _ nameMatch: NameMatch) -> Decision? {
        defer { (draft, groups) = (nil, []) }
        guard var decision = draft else { return nil }
        let name = decision.name
        let folded = NameFolding.fold(name)
        let found =
            groups.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
            ?? (nameMatch == .folded ? groups.firstIndex { NameFolding.fold($0.name) == folded } : nil)
        if let found { decision.group = groups.remove(at: found) }
        guard let group = decision.group else {
            decision.near = groups
            return decision
        }
        switch existing.standing(
            rank: decision.rank.map { Int32(truncatingIfNeeded: $0) }, isInactive: decision.isInactive, on: group.state)
        {
        case .existing(let note): (decision.action, decision.note) = (.existing, note)
        case .refused(let reason): (decision.action, decision.note) = (.failed, reason)
        case .differs(let to):
            let isBack = to.isActive && !group.state.isActive
            (decision.action, decision.to) = (isBack ? .reactivate : to.isActive ? .update : .deactivate, to)
        }
        return decision
    }
}

extension Ledger {
    /// Makes all drafts undecided again. Only where nothing was ever sent.
    func forgetDecisions() async throws {
        try await database.write { database in
            try database.execute(
                sql:
                    "DELETE FROM outcome WHERE record IN (SELECT record FROM record WHERE draft = 1); DELETE FROM amendment"
            )
        }
    }

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
