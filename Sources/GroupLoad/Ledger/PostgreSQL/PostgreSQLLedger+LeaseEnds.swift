// Ending the leases of other processes, with the run's row locked.
extension PostgreSQLLedger {
    /// Of a row of `record`, `r`: it has no outcome, isn't to be updated, and no group was found for it. Looked up
    /// record by record.
    static func isUnsettled(in run: Int32) -> String {
        ["outcome", "group_update", "found_group"].map { table in
            "(SELECT x.record FROM \(table) AS x WHERE x.run = \(run) AND x.record = r.record) IS NULL"
        }.joined(separator: " AND ")
    }

    /// Of a row of `claim`, `c`: it has drafts that aren't settled.
    static func hasUnsettled(in run: Int32) -> String {
        """
        EXISTS (SELECT FROM record AS r WHERE r.run = \(run) AND r.record BETWEEN c.first AND c.last AND draft
          AND \(isUnsettled(in: run)))
        """
    }

    /// What becomes of a doubt that there is already: it has both times.
    static let bothDoubts = """
        ON CONFLICT (run, record) DO UPDATE SET sent_at = least(doubt.sent_at, EXCLUDED.sent_at),
          sent_until = CASE WHEN doubt.sent_until IS NOT NULL AND EXCLUDED.sent_until IS NOT NULL
            THEN greatest(doubt.sent_until, EXCLUDED.sent_until) END
        """

    /// Keeps since when, and until when, drafts may have been carried out.
    func insert(inDoubt drafts: [Draft], _ session: PostgreSQLSession) throws {
        let sent = drafts.compactMap(\.doubt)
        if sent.isEmpty { return }
        try session.run(
            """
            INSERT INTO doubt (run, record, sent_at, sent_until)
            SELECT \(run), * FROM unnest($1, $2, $3) \(Self.bothDoubts)
            """,
            [drafts.map(\.recordNumber), sent.map(\.lowerBound), sent.map(\.upperBound)].map { .integers($0) })
    }

    /// Ends all leases on the run that have expired.
    ///
    /// - Parameter epoch: the lease of whoever ends them; nil for one that takes its lease.
    func endExpired(by epoch: Int64?, _ session: PostgreSQLSession) throws {
        try end(
            leasesThat: "expires_at < clock_timestamp() AND epoch != \(epoch ?? 0)", of: run, by: epoch, session)
    }

    /// Ends the leases of other processes that hold claims with drafts which aren't settled; free claims are closed,
    /// for nobody goes on with the run now.
    func endOthers(by epoch: Int64, _ session: PostgreSQLSession) throws {
        let claims = "FROM claim AS c WHERE c.run = \(run) AND c.lease = lease.epoch AND is_open AND NOT is_free"
        try end(
            leasesThat: "epoch != \(epoch) AND EXISTS (SELECT \(claims) AND \(Self.hasUnsettled(in: run)))", of: run,
            by: epoch, session)
        try session.execute("UPDATE claim SET is_open = false WHERE run = \(run) AND is_open AND is_free")
    }

    /// Ends leases: what they had claimed and not settled is in doubt from the time of the claim until a request can't
    /// be carried out any more that was sent when the lease expired, and is free.
    ///
    /// A statement of its own locks their rows, so that those after it see all that was written under them.
    func end(
        leasesThat condition: String, of run: Int32, by epoch: Int64?, _ session: PostgreSQLSession
    ) throws {
        var ended: [Int64] = []
        try session.rows(
            """
            SELECT epoch FROM lease WHERE run = \(run) AND ended_at IS NULL AND \(condition) ORDER BY epoch FOR UPDATE
            """
        ) { ended.append($0.integer(0)) }
        if ended.isEmpty { return }
        try session.run(
            """
            INSERT INTO doubt (run, record, sent_at, sent_until)
            SELECT \(run), r.record, min(claimed_at), greatest(max(claimed_at),
              max((extract(epoch FROM expires_at) * 1000)::bigint + request_max))
            FROM lease AS l JOIN claim AS c ON c.run = l.run AND c.lease = l.epoch
            JOIN record AS r ON r.run = c.run AND r.record BETWEEN c.first AND c.last
            WHERE l.run = \(run) AND l.epoch = ANY ($1) AND is_open AND NOT is_free AND draft
              AND \(Self.isUnsettled(in: run))
            GROUP BY r.record \(Self.bothDoubts)
            """, [.integers(ended)])
        try release(ended, of: run, session)
        try session.run(
            "UPDATE lease SET ended_at = clock_timestamp(), ended_by = \(epoch ?? 0) WHERE epoch = ANY ($1)",
            [.integers(ended)])
    }

    /// Frees the claims of leases, as far as they have drafts that aren't settled, and closes the others.
    func release(_ epochs: [Int64], of run: Int32, _ session: PostgreSQLSession) throws {
        try session.run(
            """
            UPDATE claim AS t SET is_open = rest, is_free = rest FROM (
              SELECT claim, \(Self.hasUnsettled(in: run)) AS rest FROM claim AS c
              WHERE run = \(run) AND lease = ANY ($1) AND is_open AND NOT is_free) AS s
            WHERE t.run = \(run) AND t.claim = s.claim
            """, [.integers(epochs)])
    }
}
