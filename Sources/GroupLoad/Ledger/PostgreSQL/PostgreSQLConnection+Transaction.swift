/// What a transaction is for.
enum PostgreSQLPurpose: Sendable {
    /// It reads one consistent state.
    case reading
    /// It changes something, and need not be on disk when it has ended; the next durable one puts it there.
    case change
    /// It changes something that is on disk when it has ended.
    case durableChange

    /// How it begins. A lock that somebody else holds is waited for as long as SQLite's store waits for one.
    fileprivate func begin(_ schema: String) -> String {
        switch self {
        case .reading: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path TO \(schema)"
        case .change: "\(Self.write(schema)); SET LOCAL synchronous_commit TO off"
        case .durableChange: Self.write(schema)
        }
    }

    private static func write(_ schema: String) -> String {
        """
        BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL search_path TO \(schema); \
        SET LOCAL lock_timeout TO 10000
        """
    }
}

extension PostgreSQLConnection {
    /// Runs `body` in one transaction, which is rolled back where it throws. A connection that was lost before is
    /// opened again, once.
    ///
    /// - Throws: ``LedgerError`` where the database can't be used, and what `body` throws.
    mutating func transaction<Value>(
        for purpose: PostgreSQLPurpose, _ body: (PostgreSQLSession) throws -> Value
    ) throws -> Value {
        let session = try begun(purpose.begin(address.quotedSchema))
        do {
            let value = try body(session)
            // The database says ROLLBACK where a statement had failed.
            guard try session.command("COMMIT") == "COMMIT" else {
                throw LedgerError(reason: "the database rolled a transaction back")
            }
            return value
        } catch {
            // What can't be rolled back, the database rolls back itself once the connection has gone.
            do { try session.execute("ROLLBACK") } catch { close() }
            throw error
        }
    }

    private mutating func begun(_ sql: String) throws -> PostgreSQLSession {
        let session = try self.session()
        do {
            try session.execute(sql)
            return session
        } catch {
            // It went while nobody used it. Nothing was done yet.
            guard !isOpen else { throw error }
            let again = try self.session()
            try again.execute(sql)
            return again
        }
    }
}
