/// A run's ledger in a PostgreSQL database, which any number of runs share.
///
/// Reading has a connection of its own, so that nobody who claims or settles waits for a long query. A claim is on the
/// database's disk before any of its drafts is sent (`synchronous_commit`), and with it all that was committed before.
/// What its tables hold is in <doc:Ledger>.
package struct PostgreSQLLedger: RunLedger {
    /// Where the database is.
    let address: PostgreSQLAddress
    /// The run's name, by which people and other ledgers know it.
    let name: String
    /// The run's number in the tables.
    let run: Int32
    /// The lease that it writes under; empty where it has none.
    let hold: PostgreSQLHold
    /// All that is written goes through this, one transaction after another.
    let writer: PostgreSQLQueue
    /// The lease's renewals and the shared pace, which wait for nothing else.
    let beats: PostgreSQLQueue
    private let reader: PostgreSQLQueue

    private init(_ address: PostgreSQLAddress, _ name: String, _ run: Int32) {
        (self.address, self.name, self.run, hold) = (address, name, run, PostgreSQLHold())
        (writer, beats, reader) = (PostgreSQLQueue(address), PostgreSQLQueue(address), PostgreSQLQueue(address))
    }

    /// Makes a new run's ledger, and the tables where there are none yet.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite`` when there is a run of that name, and with
    ///   ``ExitStatus/unusable`` when the database can't be used.
    package init(making name: String, at address: PostgreSQLAddress) throws(RunError) {
        let number = try Self.opening(address) { connection in
            try Self.migrate(&connection)
            return try connection.transaction(for: .durableChange) { session in
                try session.number(
                    "INSERT INTO run (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING run", [.text(name)])
            }
        }
        guard number > 0 else {
            throw RunError(
                .cannotWrite, "the ledger \(address) has a run \(name) already", naming: .path(address.description),
                remedy: "resume that run, or let the new one have a name of its own")
        }
        self.init(address, name, Int32(number))
    }

    /// Opens the ledger of a run that is to go on, or to be read; end with ``closeReading()`` then.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` where there is no such run, and with ``ExitStatus/unusable``
    ///   if the database can't be used, or its tables are not those of this version.
    package init(opening name: String, at address: PostgreSQLAddress) throws(RunError) {
        self = try Self.reading(name, at: address) { ledger, _ in ledger }
    }

    /// Finds a run, and reads of it in the same transaction. The caller waits.
    ///
    /// - Throws: as ``init(opening:at:)``.
    static func reading<Value>(
        _ name: String, at address: PostgreSQLAddress, _ body: (PostgreSQLLedger, PostgreSQLSession) throws -> Value
    ) throws(RunError) -> Value {
        try opening(address) { connection in
            try checkVersion(&connection)
            return try connection.transaction(for: .reading) { session in
                let number = try session.number("SELECT run FROM run WHERE name = $1", [.text(name)])
                guard number > 0 else {
                    throw RunError(
                        .noRun, "the ledger \(address) has no run \(name)", naming: .path(address.description),
                        remedy: "see which runs it has: groupload runs --ledger '\(address)'")
                }
                return try body(PostgreSQLLedger(address, name, Int32(number)), session)
            }
        }
    }

    /// Runs `body` on a connection of its own, which is closed then. The caller waits.
    static func opening<Value>(
        _ address: PostgreSQLAddress, _ body: (inout PostgreSQLConnection) throws -> Value
    ) throws(RunError) -> Value {
        var connection = PostgreSQLConnection(address)
        do { return try body(&connection) } catch { throw unusable(address, error) }
    }

    private static func unusable(_ address: PostgreSQLAddress, _ error: any Error) -> RunError {
        if let error = error as? RunError { return error }
        return RunError(
            .ledgerUnusable, "can't use the ledger \(address): \(LedgerError.reason(error))",
            naming: .path(address.description),
            remedy: LedgerError.remedy(error) ?? "see that the database is up, and that its role may use it")
    }
}

// Access to the database.
extension PostgreSQLLedger {
    /// Runs `body` in one reading transaction. It may be run again, so it may have no effect outside.
    func fetch<Value: Sendable>(_ body: @Sendable (PostgreSQLSession) throws -> Value) async throws -> Value {
        try await reader.transaction(PostgreSQLPlan(purpose: .reading), body)
    }

    /// Runs `body`, which may have effects outside, in one reading transaction.
    func fetchOnce<Value: Sendable>(_ body: @Sendable (PostgreSQLSession) throws -> Value) async throws -> Value {
        try await reader.transaction(PostgreSQLPlan(purpose: .reading, isRepeatable: false), body)
    }

    /// Runs `body` in one writing transaction. It may be run again, so it may have no effect outside.
    ///
    /// - Throws: ``RunError`` with ``RunError/Code/leaseLost`` where the handle's lease has ended.
    func change<Value: Sendable>(_ body: @Sendable (PostgreSQLSession) throws -> Value) async throws -> Value {
        try await writer.transaction(PostgreSQLPlan(purpose: .change), body)
    }

    /// As ``change(_:)``; it is on disk when this returns.
    func changeDurably<Value: Sendable>(_ body: @Sendable (PostgreSQLSession) throws -> Value) async throws -> Value {
        try await writer.transaction(PostgreSQLPlan(purpose: .durableChange), body)
    }

    /// A number that a query gives; 0 where it gives none.
    func number(_ sql: String) async throws -> Int { try await fetch { try $0.number(sql) } }

    /// A condition: a table has no row of this run for the record of a row of `alias`.
    ///
    /// Not `NOT IN`, which PostgreSQL looks through from the start for each row where the list is long.
    func without(_ table: String, of alias: String) -> String {
        "NOT EXISTS (SELECT FROM \(table) AS x WHERE x.run = \(run) AND x.record = \(alias).record)"
    }

    /// The same condition, looked up for each row by the table's key: for queries that end after some rows, whatever
    /// the planner knows of the tables.
    func without(oneOf table: String, of alias: String) -> String {
        "(SELECT x.record FROM \(table) AS x WHERE x.run = \(run) AND x.record = \(alias).record) IS NULL"
    }

    /// Ends the lease, and closes the connections; what was committed without being on disk is put there first.
    package func close() async throws {
        try await endLease()
        // A commit is on disk with all before it.
        try await writer.freeTransaction(PostgreSQLPlan(purpose: .durableChange, isIdempotent: true)) {
            try $0.run("UPDATE run SET closed_at = now() WHERE run = \(run)")
        }
        for queue in [reader, beats, writer] { await queue.close() }
    }

    /// Leaves the connections to be closed as the ledger goes.
    package func closeReading() throws {}

    /// Whether the run's row has gone, or is another run's.
    package func hasMoved() async throws -> Bool {
        try await fetch {
            try $0.number("SELECT count(*) FROM run WHERE run = \(run) AND name = $1", [.text(name)]) == 0
        }
    }
}
