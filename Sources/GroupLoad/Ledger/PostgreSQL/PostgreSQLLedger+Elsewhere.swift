// What is left of a run, and who has it.
extension PostgreSQLLedger {
    /// Looks for open claims with drafts that aren't settled, of other leases or of none.
    package func isHeldElsewhere() async throws -> Bool {
        let own = hold.lease?.epoch ?? 0
        return try await number(
            """
            SELECT EXISTS (SELECT FROM claim AS c WHERE run = \(run) AND is_open
              AND (is_free OR lease IS DISTINCT FROM \(own)) AND \(Self.hasUnsettled(in: run)))
            """) == 1
    }

    /// Looks for open claims of live leases, but its own, with drafts that aren't settled.
    package func isClaimedElsewhere() async throws -> Bool {
        try await number(
            """
            SELECT EXISTS (SELECT FROM claim AS c JOIN lease AS l ON l.epoch = c.lease WHERE c.run = \(run)
              AND is_open AND NOT is_free AND l.epoch != \(hold.lease?.epoch ?? 0) AND \(Self.isLive)
              AND \(Self.hasUnsettled(in: run)))
            """) == 1
    }

    /// Counts rows of `record`.
    package func unsettledCount(atMost most: Int) async throws -> Int {
        try await number(
            """
            SELECT count(*) FROM (
              SELECT FROM record AS r WHERE run = \(run) AND draft AND \(Self.isUnsettled(in: run)) LIMIT \(most)
            ) AS s
            """)
    }

    /// The runs of a database that are open to workers, in the order in which they were made; none where there are no
    /// tables yet.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` where the database can't be used.
    package static func openRuns(at address: PostgreSQLAddress) throws(RunError) -> [OpenRun] {
        try opening(address) { connection in
            guard try found(&connection, isOldFit: false) != nil else { return [] }
            return try connection.transaction(for: .reading) { session in
                var runs: [OpenRun] = []
                try session.rows(
                    """
                    SELECT name, value, EXISTS (SELECT FROM claim AS c WHERE c.run = r.run AND is_open AND is_free)
                      OR EXISTS (SELECT FROM record AS d WHERE d.run = r.run AND d.record > r.front AND draft)
                    FROM run AS r LEFT JOIN fact AS f ON f.run = r.run AND f.key = 'scope' WHERE is_open ORDER BY r.run
                    """
                ) { row in
                    runs.append(OpenRun(name: row.text(0) ?? "", scope: row.text(1) ?? "", hasWork: row.isTrue(2)))
                }
                return runs
            }
        }
    }
}
