/// The runs of a database as a whole. Whoever calls these waits.
extension PostgreSQLLedger {
    /// What is read of all runs: what tells them apart, and how far they are.
    private static let keys = ["run", "scope", "started", "started_at", "state", "exit", "corrects"]

    /// Makes sure that the database can be used, and makes the tables where there are none yet.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    static func prepare(_ address: PostgreSQLAddress) throws(RunError) {
        try opening(address) { try migrate(&$0) }
    }

    /// All runs of which anything is kept, in the order in which they were begun.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    static func runs(at address: PostgreSQLAddress) throws(RunError) -> [(run: String, metadata: RunMetadata)] {
        try opening(address) { connection in
            try checkVersion(&connection)
            return try connection.transaction(for: .reading) { session in
                var found: [(run: String, metadata: RunMetadata)] = []
                let keys = keys.map { "'\($0)'" }.joined(separator: ", ")
                try session.rows(
                    """
                    SELECT r.name, f.key, f.value FROM run AS r JOIN fact AS f ON f.run = r.run
                    WHERE f.key IN (\(keys)) ORDER BY r.run
                    """
                ) { row in
                    guard let name = row.text(0), let key = row.text(1), let value = row.text(2) else { return }
                    if found.last?.run != name { found.append((name, RunMetadata())) }
                    _ = try MetadataField.put(value, of: key, into: &found[found.count - 1].metadata)
                }
                return found
            }
        }
    }

    /// Deletes all rows of a run.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    static func remove(_ run: String, at address: PostgreSQLAddress) throws(RunError) {
        try opening(address) { connection in
            try checkVersion(&connection)
            try connection.transaction(for: .durableChange) { session in
                let number = try session.number("SELECT run FROM run WHERE name = $1 FOR UPDATE", [.text(run)])
                guard number > 0 else { return }
                var tables: [String] = []
                try session.rows(
                    """
                    SELECT quote_ident(c.relname) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
                    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attname = 'run'
                      AND c.relname != 'run'
                    """
                ) { row in tables += row.text(0).map { [$0] } ?? [] }
                for table in tables + ["run"] { try session.execute("DELETE FROM \(table) WHERE run = \(number)") }
            }
        }
    }
}
