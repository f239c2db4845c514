// What keeps two importers from one run, and from one scope.
extension PostgreSQLLedger {
    /// A lease that somebody holds.
    private struct Holder {
        var epoch: Int64
        var run: Int32
        var runName: String
        var name: String
        /// ISO 8601 in UTC, and in how many seconds.
        var until: String, seconds: Int64
        var isLive: Bool

        /// Who it is, for the other's message.
        var description: String {
            "run \(Shown.text(runName)) by \(Shown.text(name)), whose lease lasts until \(until) (\(seconds) s)"
        }
    }

    private static func holder(
        where condition: String, _ values: [PostgreSQLValue], _ session: PostgreSQLSession
    ) throws -> Holder? {
        var holder: Holder?
        try session.rows(
            """
            SELECT l.epoch, l.run, r.name, l.name,
              to_char(date_trunc('second', l.expires_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
              greatest(0, ceil(extract(epoch FROM l.expires_at - clock_timestamp())))::bigint, \(isLive)
            FROM lease AS l JOIN run AS r ON r.run = l.run WHERE l.ended_at IS NULL AND \(condition)
            """, values
        ) { row in
            holder = Holder(
                epoch: row.integer(0), run: Int32(row.integer(1)), runName: row.text(2) ?? "",
                name: row.text(3) ?? "", until: row.text(4) ?? "", seconds: row.integer(5), isLive: row.isTrue(6))
        }
        return holder
    }

    /// Makes sure that no other importer has the run; expired leases on it have been ended.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/busy``.
    func requireNoImporter(_ session: PostgreSQLSession) throws {
        guard let holder = try Self.holder(where: "l.run = \(run) AND l.role = 'importer'", [], session) else { return }
        throw RunError(
            .busy, "another process works on this run: \(holder.description)",
            remedy: "wait for it to end, or stop it")
    }

    /// Makes sure that nobody holds the scope, without a change.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/busy``.
    static func checkFree(_ scope: String, _ session: PostgreSQLSession) throws {
        let held = "l.epoch = (SELECT epoch FROM scope_lock WHERE scope = $1)"
        if let holder = try holder(where: held, [.text(scope)], session), holder.isLive { throw busy(holder) }
    }

    private static func busy(_ holder: Holder) -> RunError {
        RunError(
            .busy, "another run works on this target with these credentials: \(holder.description)",
            remedy: "wait for it to end, or stop it")
    }

    /// Locks the scope's row until the transaction ends, and makes sure that nobody holds the scope: a holder whose
    /// lease has expired is ended.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/busy``.
    func requireFree(_ scope: String, _ session: PostgreSQLSession) throws {
        try session.run(
            "INSERT INTO scope_lock (scope, epoch) VALUES ($1, 0) ON CONFLICT (scope) DO NOTHING", [.text(scope)])
        let held = try session.number("SELECT epoch FROM scope_lock WHERE scope = $1 FOR UPDATE", [.text(scope)])
        guard let holder = try Self.holder(where: "l.epoch = $1", [.integer(Int64(held))], session) else { return }
        guard !holder.isLive else { throw Self.busy(holder) }
        // Another run than this: of this one, those that expired have been ended.
        try session.run("SELECT FROM run WHERE run = \(holder.run) FOR UPDATE")
        try end(
            leasesThat: "epoch = \(holder.epoch) AND expires_at < clock_timestamp()", of: holder.run, by: nil, session)
    }
}
