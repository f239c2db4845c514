/// Who works on a run, from the rows of its leases.
extension PostgreSQLLedger {
    /// What the database knows of the processes on a run.
    ///
    /// - Parameter key: what their pace is kept under.
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    static func activity(
        on run: String, pacedBy key: String, at address: PostgreSQLAddress
    ) throws(RunError) -> LedgerActivity {
        try reading(run, at: address) { ledger, session in
            var activity = LedgerActivity()
            try session.rows(
                """
                SELECT role, name, coalesce(requests, 0), (extract(epoch FROM expires_at) * 1000)::bigint, \(isLive)
                FROM lease AS l WHERE run = \(ledger.run) AND ended_at IS NULL ORDER BY epoch
                """
            ) { row in
                activity.processes.append(
                    LedgerProcess(
                        role: row.text(0) ?? "", name: row.text(1) ?? "", requests: Int(row.integer(2)),
                        seen: row.integer(3) - Lease.length.milliseconds, is_live: row.isTrue(4)))
            }
            try session.rows(
                """
                SELECT coalesce(sum(requests), 0)::bigint FROM lease WHERE run = \(ledger.run) AND ended_at IS NOT NULL
                """
            ) { row in activity.requestsBefore = Int(row.integer(0)) }
            try session.rows(
                "SELECT paused_until::bigint, pause_message FROM pace WHERE key = $1 AND paused_until > \(clock)",
                [.text(key)]
            ) { row in (activity.pausedUntil, activity.pauseMessage) = (row.integer(0), row.text(1)) }
            return activity
        }
    }
}
