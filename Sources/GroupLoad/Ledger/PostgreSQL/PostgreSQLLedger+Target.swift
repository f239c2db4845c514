package import RewardsClient

/// What the target has, beside what the ledger holds: rows of the table `target`, which go when they have been
/// compared. Not a temporary table, which PgBouncer's transaction mode doesn't keep, nor an unlogged one, which is
/// empty after a crash of the database while the process goes on.
extension PostgreSQLLedger {
    /// Deletes the run's rows of `target`, which a process that was killed may have left.
    package func beginTarget() async throws {
        try await change { try $0.execute("DELETE FROM target WHERE run = \(run)") }
    }

    /// Inserts or replaces the groups by id, each with its near name.
    package func put(_ groups: [RewardGroup]) async throws {
        let last = Dictionary(groups.map { ($0.id, $0) }) { $1 }
        try await change { session in
            try session.run(
                "DELETE FROM target WHERE run = \(run) AND id = ANY ($1)", [.integers(Array(last.keys))])
            var rows = CopyRows(columns: 6)
            for group in last.values {
                let state = GroupState(group)
                rows.begin()
                rows.append(number: run)
                rows.append(group.id)
                rows.append(state.rank)
                rows.append(state.isActive)
                rows.append(bytes: Optional(group.name.utf8))
                rows.append(bytes: Optional(NearName.form(of: group.name).utf8))
            }
            try session.copy(into: "target (run, id, rank, active, name, near)", rows)
        }
    }

    /// Does nothing: near names have an index from the start.
    package func endTarget() async throws {}

    /// Deletes the drafts' outcomes, all updates and all found groups in one transaction.
    package func forgetDecisions() async throws {
        try await change { session in
            try session.execute(
                """
                DELETE FROM outcome AS o USING record AS r
                WHERE o.run = \(run) AND r.run = \(run) AND r.record = o.record AND draft;
                DELETE FROM update_intent WHERE run = \(run); DELETE FROM group_update WHERE run = \(run);
                DELETE FROM found_group WHERE run = \(run);
                UPDATE run SET front = 0 WHERE run = \(run);
                UPDATE claim SET is_open = false
                WHERE run = \(run) AND is_open AND (is_free OR lease = \(hold.lease?.epoch ?? 0))
                """)
        }
    }

    /// Reads at most `limit` records, then the groups of their near names. The array may be shorter than `limit`, even
    /// empty, before the end.
    package func candidates(after last: Int64, limit: Int) async throws -> (candidates: [DraftCandidate], last: Int64?)
    {
        try await fetch { session in
            var candidates: [DraftCandidate] = []
            var reached: Int64?
            try session.rows(
                """
                SELECT r.record, source, line, \(Self.sentName), draft_rank, draft_active, draft, outcome, message,
                  \(["doubt", "group_update", "found_group"].map { without(oneOf: $0, of: "r") }
                    .joined(separator: " AND "))
                FROM record AS r LEFT JOIN outcome AS o ON o.run = r.run AND o.record = r.record
                WHERE r.run = \(run) AND r.record > $1 ORDER BY r.record LIMIT $2
                """, [.integer(last), .integer(Int64(limit))]
            ) { row in
                reached = row.integer(0)
                let outcome = row.outcome(7)
                guard outcome.map({ $0 == .duplicate || $0 == .invalid }) ?? row.isTrue(9) else { return }
                var candidate = DraftCandidate(
                    recordNumber: row.integer(0), source: row.integer(1), line: row.integer(2), name: row.text(3) ?? "")
                candidate.rank = row.optional(4)
                candidate.isInactive = row.optional(5) == 0
                candidate.settled = outcome.map { ($0, row.text(8)) }
                candidates.append(candidate)
            }
            let groups = try groups(near: candidates.filter { $0.settled == nil }.map(\.name), session)
            for index in candidates.indices where candidates[index].settled == nil {
                candidates[index].groups = groups[Array(NearName.form(of: candidates[index].name).utf8)] ?? []
            }
            return (candidates, reached)
        }
    }

    /// The target's groups by their near names, those that have one of these names' forms; in the order of their ids.
    private func groups(near names: [String], _ session: PostgreSQLSession) throws -> [[UInt8]: [TargetGroup]] {
        var groups: [[UInt8]: [TargetGroup]] = [:]
        if names.isEmpty { return groups }
        try session.rows(
            """
            SELECT t.near, t.id, t.name, t.rank, t.active FROM (SELECT DISTINCT unnest($1::bytea[]) AS near) AS n
            JOIN target AS t ON t.near = n.near WHERE t.run = \(run) ORDER BY t.id
            """, [.byteStrings(names.map { Array(NearName.form(of: $0).utf8) })]
        ) { row in
            let group = TargetGroup(
                id: row.integer(1), name: row.text(2) ?? "",
                state: GroupState(rank: row.optional(3), isActive: row.isTrue(4)))
            // Safe: the bytes are copied while the row is lent.
            unsafe groups[Array(row.bytes(0)), default: []].append(group)
        }
        return groups
    }
}
