import Foundation
import GRDB

extension SQLiteLedger {
    /// Reads the table `run`.
    ///
    /// - Throws: ``LedgerError`` also where a key is unknown or a value can't be read.
    package func metadata() async throws -> RunMetadata { try await fetch { try Self.metadata($0) } }

    static func metadata(_ database: Database) throws -> RunMetadata {
        let damage = DatabaseError(
            resultCode: .SQLITE_CORRUPT, message: "it doesn't hold what a ledger says of its run")
        var metadata = RunMetadata()
        var rows = try LedgerCursor(database, "SELECT key, value FROM run")
        while try rows.next() {
            guard rows.isText(0), rows.isText(1), let key = rows.text(0), let value = rows.text(1),
                try MetadataField.put(value, of: key, into: &metadata)
            else { throw damage }
        }
        return metadata
    }

    /// Replaces the rows of `run` for what `change` holds, in one transaction.
    package func merge(_ change: RunMetadata) async throws { try await self.change { try Self.merge(change, $0) } }

    static func merge(_ change: RunMetadata, _ database: Database) throws {
        let insert = try LedgerStatement(database, "INSERT OR REPLACE INTO run VALUES (?, ?)")
        for (key, text) in try MetadataField.texts(of: change) {
            insert.bind(1, key)
            insert.bind(2, text)
            try insert.run()
        }
    }

    /// Reads the table `source` in the order of its numbers, from 0.
    package func sources() async throws -> [SourceSummary] { try await fetch { try Self.sources($0) } }

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

    /// Replaces all rows of `source` in one transaction.
    package func set(_ sources: [SourceSummary]) async throws {
        try await change { database in
            try database.execute(sql: "DELETE FROM source")
            for (number, source) in sources.enumerated() { try Self.insert(source, number, database) }
        }
    }

    static func insert(_ source: SourceSummary, _ number: Int, _ database: Database) throws {
        let columns = try source.columns.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        try database.execute(
            sql: "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [number, source.path, source.format, source.bytes, source.sha256, columns])
    }

    /// What the ledger at `path` keeps of its run as a whole.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be read.
    package static func metadata(at path: String) throws(RunError) -> RunMetadata {
        do {
            try checkFile(path)
            let found = try rolledBack(path) {
                let queue = try DatabaseQueue(path: plain(path), configuration: reading)
                let found = try queue.read { database in
                    try checkVersion(database, path)
                    return try metadata(database)
                }
                try queue.close()
                return found
            }
            return found
        } catch {
            throw LedgerError.unreadable(path, self.error(error))
        }
    }
}
