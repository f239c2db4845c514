import Foundation
import GRDB

extension Ledger {
    /// Opens a ledger that exists to read from, also while the run that it belongs to writes to it.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be read, or isn't a ledger that this program knows.
    package init(reading path: String) throws(RunError) {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(Self.busySeconds)
            database = try DatabasePool(path: path, configuration: configuration)
            let tables = try database.read { database in
                try String.fetchSet(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            guard tables.isSuperset(of: ["run", "source", "record", "claim", "amendment", "outcome"]) else {
                throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "its tables are not a ledger's")
            }
        } catch {
            throw RunError(
                .unusable, "can't read the ledger \(path): \(Self.reason(error)); see that it is whole and may be read")
        }
    }

    /// Closes a ledger that was opened to read from.
    package func closeReading() throws { try database.close() }

    /// What an error of the database says, without the query that it came of.
    package static func reason(_ error: any Error) -> String {
        guard let error = error as? DatabaseError else { return "\(error)" }
        return error.message ?? error.resultCode.description
    }

    /// The facts of the run, by their keys.
    package func facts() async throws -> [String: String] {
        try await database.read { database in try Self.facts(database) }
    }

    static func facts(_ database: Database) throws -> [String: String] {
        var facts: [String: String] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT key, value FROM run") { facts[row[0]] = row[1] }
        return facts
    }

    /// What is known of the sources, in their order.
    package func sources() async throws -> [SourceSummary] {
        try await database.read { database in try Self.sources(database) }
    }

    static func sources(_ database: Database) throws -> [SourceSummary] {
        try Row.fetchAll(database, sql: "SELECT path, format, bytes, sha256, columns FROM source ORDER BY source").map {
            row in
            let columns: String? = row[4]
            return SourceSummary(
                path: row[0], format: row[1], bytes: row[2], sha256: row[3],
                columns: try columns.map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) })
        }
    }
}
