/// What a database is like in which a run is to be made.
struct DatabaseStanding: Sendable {
    /// The server and its version.
    fileprivate(set) var server = ""
    /// Whom it takes the program for.
    fileprivate(set) var role = ""
    /// The version of the tables; nil where there are none yet.
    fileprivate(set) var tables: Int?
    /// Why a run on the scope would end at once; nil where nobody holds it.
    fileprivate(set) var busy: RunError?

    /// The standing for a person.
    var text: String {
        let version = PostgreSQLLedger.version
        let found =
            switch tables {
            case nil: "an import makes tables of version \(version)"
            case version?: "tables of version \(version)"
            case let old?: "tables of version \(old), which an import brings to \(version)"
            }
        return "\(server), as \(Shown.text(role)); \(found)"
    }
}

/// Whoever calls this waits.
extension PostgreSQLLedger {
    /// Looks, without a change, whether a run can be made in a database.
    ///
    /// - Parameter scope: the scope whose lock is looked at; nil for none.
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` where none can be made.
    static func standing(of address: PostgreSQLAddress, scope: String?) throws(RunError) -> DatabaseStanding {
        try opening(address) { connection in
            var standing = try connection.transaction(for: .reading) { try rights($0, address) }
            standing.tables = try found(&connection, isOldFit: true)
            let tables = standing.tables
            standing.busy = try connection.transaction(for: .reading) { session -> RunError? in
                if tables != version { try requireCreate(session, address) }
                guard tables != nil else { return nil }
                try requireTables(session, address)
                guard let scope else { return nil }
                do { try checkFree(scope, session) } catch let error as RunError { return error }
                return nil
            }
            return standing
        }
    }

    /// The server and the role, which may use the schema where that is there.
    private static func rights(
        _ session: PostgreSQLSession, _ address: PostgreSQLAddress
    ) throws -> DatabaseStanding {
        var (standing, isReadOnly, mayUse) = (DatabaseStanding(), false, true)
        try session.rows(
            """
            SELECT split_part(current_setting('server_version'), ' ', 1), current_user::text, pg_is_in_recovery(),
              coalesce((SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = $1), true)
            """, [.text(address.schema)]
        ) { row in
            standing.server = "PostgreSQL \(Shown.text(row.text(0) ?? ""))"
            standing.role = row.text(1) ?? ""
            (isReadOnly, mayUse) = (row.isTrue(2), row.isTrue(3))
        }
        guard !isReadOnly else {
            throw LedgerError(reason: "it is a standby, which nothing can be written to")
        }
        guard mayUse else { throw forbidden("the role \(standing.role) may not use its schema \(address.schema)") }
        return standing
    }

    /// Makes sure that tables may be made.
    private static func requireCreate(_ session: PostgreSQLSession, _ address: PostgreSQLAddress) throws {
        let may = try session.number(
            """
            SELECT coalesce((SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = $1),
              has_database_privilege(current_database(), 'CREATE'))::int
            """, [.text(address.schema)])
        guard may == 1 else { throw forbidden("the role may not make tables in its schema \(address.schema)") }
    }

    /// Makes sure that the tables may be read and written.
    private static func requireTables(_ session: PostgreSQLSession, _ address: PostgreSQLAddress) throws {
        let closed = try session.number(
            """
            SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname != 'version'
              AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
            """, [.text(address.schema)])
        guard closed == 0 else {
            throw forbidden("the role may not read and write \(Shown.count(closed, "table")) of its schema")
        }
    }

    /// What PostgreSQL says where a right is missing, 42501.
    private static func forbidden(_ reason: String) -> LedgerError {
        var error = LedgerError(reason: reason)
        error.state = "42501"
        return error
    }
}
