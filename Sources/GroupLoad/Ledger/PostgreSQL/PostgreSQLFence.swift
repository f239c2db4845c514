/// What refuses the writes of a process whose lease was ended.
///
/// Each transaction that writes under a lease counts up `written` of the lease's row with its last statement, which is
/// sent together with `COMMIT`; it fails where the lease has ended, or the count isn't what this process knows. So:
/// - Whoever ends a lease locks its row, and waits for a commit under way; what comes later fails. The row is locked
///   for no longer than the database needs to commit: a process that is stopped within a transaction keeps nobody
///   from ending its lease.
/// - Whether a transaction whose connection was lost has been committed is found out by counting up once more: where
///   that succeeds it wasn't, and can't be any more, though its `COMMIT` may still be on its way. `txid_status` would
///   not tell after a crash of the database, which may give a transaction's number to another.
struct PostgreSQLFence: Sendable {
    /// The lease's number.
    let epoch: Int64
    /// How often this process has counted up.
    private var written: Int64 = 0
    /// Whether the lease was given back.
    var isEnded = false

    /// The fence of a lease that was just taken.
    init(epoch: Int64) { self.epoch = epoch }

    /// What ends a transaction under the lease. Where the lease has ended it fails, with a sentence that the database's
    /// log keeps as well.
    var commit: String {
        """
        WITH fence AS (
          UPDATE lease SET written = \(written + 1)
          WHERE epoch = \(epoch) AND ended_at IS NULL AND written = \(written) RETURNING 1)
        SELECT CAST(CASE count(*) WHEN 1 THEN '1' ELSE 'groupload: lease \(epoch) has ended' END AS integer) FROM fence;
        COMMIT
        """
    }

    /// The SQLSTATE of ``commit`` where the lease has ended.
    static let refusal = "22P02"

    /// The process's lease was ended, so that it may not write.
    static var lost: RunError {
        RunError(
            .leaseLost,
            """
            this process may not write to the ledger any more: its lease has ended, and other processes go on with \
            what it had claimed
            """, remedy: "those look up what it had sent and couldn't record; go on: groupload resume, or work")
    }

    /// Notes that a transaction with ``commit`` was committed.
    mutating func count() { written += 1 }

    /// Whether somebody has ended the lease.
    func hasEnded(_ session: PostgreSQLSession, _ schema: String) throws -> Bool {
        try session.number(
            "SELECT count(*) FROM \(schema).lease WHERE epoch = \(epoch) AND ended_at IS NOT NULL") == 1
    }

    /// Finds out whether a transaction with ``commit`` was committed whose connection was lost; it can't be any more
    /// then. May be called again where it throws.
    mutating func wasCommitted(_ session: PostgreSQLSession, _ schema: String) throws -> Bool {
        // Without BEGIN: nothing is open then if the connection is lost again.
        try session.execute(
            "UPDATE \(schema).lease SET written = \(written + 2) WHERE epoch = \(epoch) AND written = \(written)")
        let found = Int64(try session.number("SELECT written FROM \(schema).lease WHERE epoch = \(epoch)"))
        guard [written + 1, written + 2].contains(found) else { throw Self.lost }
        defer { written = found }
        return found == written + 1
    }
}
