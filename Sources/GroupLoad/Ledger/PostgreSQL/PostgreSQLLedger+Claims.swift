// Claims of processes that share a run. They are made with the run's row locked, one process after another.
extension PostgreSQLLedger {
    /// Takes the first free claims, then the next drafts after `run.front`, which moves on; both until there are
    /// `limit`. Closes those of the lease's claims that are settled.
    func claim(
        under lease: PostgreSQLHold.Lease, limit: Int, now: Int64, hasSettled: Bool
    ) async throws -> [Draft] {
        let settled = """
            \(Self.inKeyOrder);
            UPDATE claim AS c SET is_open = false WHERE run = \(run) AND lease = \(lease.epoch) AND is_open
              AND NOT is_free AND NOT \(Self.hasUnsettled(in: run))
            """
        return try await writer.transaction(leaseChange(opening: settled)) { session in
            var (front, last, isOpen, hasFree) = (Int64(0), Int64(0), false, false)
            // The last record is read before the drafts are: all up to it are seen then.
            try session.rows(
                """
                SELECT front, is_open, (SELECT max(record) FROM record WHERE run = \(run)),
                  EXISTS (SELECT FROM claim AS c WHERE \(isRipe)) FROM run WHERE run = \(run)
                """
            ) { (front, isOpen, last, hasFree) = ($0.integer(0), $0.isTrue(1), $0.integer(2), $0.isTrue(3)) }
            guard isOpen || lease.role == .importer else { return [] }
            var drafts: [Draft] = []
            drafts.reserveCapacity(limit)
            if hasFree { try takeFree(lease.epoch, limit, now, into: &drafts, session) }
            let room = limit - drafts.count
            guard room > 0 else { return drafts }
            // What a coordinator has compared with the target, it alone knows.
            let next = try self.drafts(
                front + 1...max(front + 1, last), room, now, hasSettled: hasSettled || lease.role == .worker, session)
            let reached = next.count < room ? max(front, last) : next.last?.recordNumber ?? front
            if let first = next.first?.recordNumber, let last = next.last?.recordNumber {
                try session.run(
                    """
                    WITH front AS (UPDATE run SET front = $1 WHERE run = \(run))
                    INSERT INTO claim (run, first, last, claimed_at, lease) VALUES (\(run), $2, $3, $4, \(lease.epoch))
                    """, [reached, first, last, now].map { .integer($0) })
            } else if reached > front {
                try session.run("UPDATE run SET front = $1 WHERE run = \(run)", [.integer(reached)])
            }
            return drafts + next
        }
    }

    /// Of a row of `claim`, `c`: it is free, and nothing of it that an ended process may have sent can still be on its
    /// way. Looked up before that, a group may be missing that is made afterwards.
    private var isRipe: String {
        """
        c.run = \(run) AND is_open AND is_free AND NOT EXISTS (
          SELECT FROM doubt AS d WHERE d.run = \(run) AND d.record BETWEEN c.first AND c.last
            AND sent_until >= \(Self.clock))
        """
    }

    /// Takes free claims, or the first part of one, as claims of this lease.
    private func takeFree(
        _ epoch: Int64, _ limit: Int, _ now: Int64, into drafts: inout [Draft], _ session: PostgreSQLSession
    ) throws {
        while drafts.count < limit {
            var free: (claim: Int64, records: ClosedRange<Int64>)?
            try session.rows(
                """
                SELECT claim, first, last FROM claim AS c WHERE \(isRipe) ORDER BY first LIMIT 1
                """
            ) { free = ($0.integer(0), $0.integer(1)...max($0.integer(1), $0.integer(2))) }
            guard let free else { return }
            let room = limit - drafts.count
            let taken = try self.drafts(free.records, room, now, hasSettled: true, session)
            // Rows of their own for the rest of it and for what is taken: what was claimed before, and when, stays to
            // be seen.
            try session.run(
                "UPDATE claim SET is_open = false WHERE run = \(run) AND claim = $1", [.integer(free.claim)])
            if taken.count == room, let last = taken.last?.recordNumber, last < free.records.upperBound {
                try session.run(
                    """
                    INSERT INTO claim (run, first, last, claimed_at, lease, is_free)
                    SELECT run, $1, last, claimed_at, lease, true FROM claim WHERE run = \(run) AND claim = $2
                    """, [.integer(last + 1), .integer(free.claim)])
            }
            guard let first = taken.first?.recordNumber, let last = taken.last?.recordNumber else { continue }
            try session.run(
                "INSERT INTO claim (run, first, last, claimed_at, lease) VALUES (\(run), $1, $2, $3, \(epoch))",
                [first, last, now].map { .integer($0) })
            drafts += taken
        }
    }

    /// Has rows of a long table read in the order of its key, of which the first are wanted. The planner, which knows
    /// nothing of a table that was just filled, may read and sort all of them for each claim.
    static let inKeyOrder = "SET LOCAL enable_sort TO off"

    /// The drafts of `records`, at most `limit`, in their order; ``inKeyOrder`` is set.
    ///
    /// - Parameter hasSettled: whether those are left out that are settled, and doubts are looked up.
    func drafts(
        _ records: ClosedRange<Int64>, _ limit: Int, _ now: Int64, hasSettled: Bool, _ session: PostgreSQLSession
    ) throws -> [Draft] {
        func doubt(_ column: String) -> String {
            hasSettled ? "(SELECT \(column) FROM doubt AS d WHERE d.run = \(run) AND d.record = r.record)" : "NULL"
        }
        var drafts: [Draft] = []
        try session.rows(
            """
            SELECT r.record, \(Self.sentName), draft_rank, \(doubt("sent_at"))::bigint,
              \(doubt("sent_until"))::bigint, draft_active
            FROM record AS r WHERE r.run = \(run) AND r.record BETWEEN $1 AND $2 AND draft
            \(hasSettled ? "AND \(Self.isUnsettled(in: run))" : "") ORDER BY r.record LIMIT $3
            """, [.integer(records.lowerBound), .integer(records.upperBound), .integer(Int64(limit))]
        ) { row in
            var draft = Draft(
                recordNumber: row.integer(0), name: row.text(1) ?? "",
                rank: row.optional(2).map(Int32.init(clamping:)),
                doubt: row.optional(3).map { $0...max($0, row.optional(4) ?? now) })
            draft.isInactive = row.optional(5) == 0
            drafts.append(draft)
        }
        return drafts
    }
}
