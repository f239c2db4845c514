import Foundation
import GRDB
import GRDBSQLite

extension Ledger {
    /// Opens a ledger that exists to read from, also while the run that it belongs to writes to it.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be read, or isn't a ledger that this program
    ///   knows.
    package init(reading path: String) throws(RunError) {
        do {
            try Self.checkFile(path)
            database = try DatabasePool(path: path, configuration: Self.readingConfiguration)
            let tables = try database.read { database in
                try String.fetchSet(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            guard tables.isSuperset(of: ["run", "source", "record", "claim", "amendment", "outcome"]) else {
                throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "its tables are not a ledger's")
            }
        } catch {
            throw Self.unreadable(path, error)
        }
    }

    static var readingConfiguration: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(Self.busySeconds)
        configuration.prepareDatabase { database in
            try database.execute(sql: untrusting)
            // A ledger of version 1 has none of these tables.
            let hasFindings = try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'finding')")
            if hasFindings != true { try database.execute(sql: evidenceTables(temporary: true)) }
        }
        return configuration
    }

    /// What every connection is told: a ledger that somebody else made runs no code of its own, and damage is looked
    /// for.
    static let untrusting = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON"

    /// Makes sure that there is a file at `path` that can be a ledger, and no pipe or the like that opening would wait
    /// for.
    static func checkFile(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN, message: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "it is no file")
        }
    }

    /// Closes a ledger that was opened to read from.
    package func closeReading() throws { try database.close() }

    /// What an error of the database says, without the query that it came of.
    package static func reason(_ error: any Error) -> String {
        if let error = error as? RunError { return error.message }
        if error is DecodingError || error is RowDecodingError { return "it holds what a ledger doesn't" }
        guard let error = error as? DatabaseError else { return "\(error)" }
        return error.message ?? error.resultCode.description
    }

    /// What to say of a ledger that can't be read.
    static func unreadable(_ path: String, _ error: any Error) -> RunError {
        if let error = error as? RunError { return error }
        return RunError(
            .unusable, "can't read the ledger \(path): \(reason(error)); see that it is whole and may be read")
    }

    /// The error to end with where `error` is of a ledger that can't be read; nil where it is another.
    package static func failure(of error: any Error) -> RunError? {
        guard error is DatabaseError || error is DecodingError || error is RowDecodingError else { return nil }
        return RunError(
            .unusable, "a ledger can't be used: \(reason(error)); see that it is whole and may be read")
    }

    /// The facts of the run, by their keys.
    package func facts() async throws -> [String: String] {
        try await database.read { database in try Self.facts(database) }
    }

    static func facts(_ database: Database) throws -> [String: String] {
        var facts: [String: String] = [:]
        var rows = try LedgerCursor(database, "SELECT key, value FROM run")
        while try rows.next() {
            guard rows.isText(0), rows.isText(1), let key = rows.text(0) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a fact of the run isn't text")
            }
            facts[key] = rows.text(1)
        }
        return facts
    }

    /// What is known of the sources, in their order.
    package func sources() async throws -> [SourceSummary] {
        try await database.read { database in try Self.sources(database) }
    }

    static func sources(_ database: Database) throws -> [SourceSummary] {
        var sources: [SourceSummary] = []
        var rows = try LedgerCursor(
            database, "SELECT path, format, bytes, sha256, columns FROM source ORDER BY source")
        while try rows.next() {
            guard rows.isText(0), rows.isText(1), rows.isText(3), let path = rows.text(0), let format = rows.text(1),
                let sha256 = rows.text(3)
            else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a source isn't text") }
            sources.append(
                SourceSummary(
                    path: path, format: format, bytes: rows.integer(2), sha256: sha256,
                    columns: try rows.text(4).map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) }))
        }
        return sources
    }

    /// Whether the file that is open isn't any more what stands at its path: removed, moved, or replaced by another.
    func hasMoved() async throws -> Bool {
        try await database.writeWithoutTransaction { database in
            var isMoved: CInt = 0
            let code = sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_HAS_MOVED, &isMoved)
            return code == SQLITE_OK && isMoved != 0
        }
    }
}
