import Foundation
import GRDB

/// The durable store of a run's records, intents and outcomes: an SQLite database in the run directory.
///
/// The ledger is also the queue between reading and sending: the ingest puts records in, the submitter claims drafts in
/// input order, and the report is written from it. A claim is on disk before any of its drafts is sent
/// (`synchronous=FULL`), and
/// with it all that was committed before; what is committed besides outlives the process, and the machine's loss of
/// power only
/// from the next claim on, or the end of the run.
///
/// | table | a row is |
/// |---|---|
/// | `run` | a fact of the run: key and value |
/// | `source` | an input |
/// | `record` | a record as read; `draft` is 1 for one that is sent, as `draft_name` (where that isn't `name`) and `draft_rank`; `draft_active` is whether the list says that it is in use |
/// | `claim` | an intent: the drafts from record `first` to `last` may be sent from `claimed_at` on (epoch milliseconds); `is_open` is 0 for those of an earlier process |
/// | `doubt` | a draft that may have been sent, from `sent_at` to `sent_until`, by a process that ended before it had an outcome |
/// | `finding` | a group that was found for a draft, until it is judged who made it |
/// | `kept` | a group of this run's that the server keeps in another form than was sent |
/// | `clock`, `clock_example` | what plain creates showed of the server's clock |
/// | `amendment` | a change to a group: its `id` and `name`, what it must be (`from_rank`, `from_active`) and what it is to become (`to_rank`, `to_active`); it may be sent from `sent_at` on; `made` is the outcome of a draft whose group this run made before it is changed |
/// | `outcome` | how a record ended, and when (`ended_at`, epoch milliseconds) if it was sent; a claimed draft with no row here may or may not have been sent |
package struct Ledger: Sendable {
    let database: DatabasePool

    /// How long a writer waits for somebody else who has the database locked.
    static let busySeconds: TimeInterval = 10

    /// Opens a new ledger at `path`.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite`` when it can't be made.
    package init(path: String) throws(RunError) {
        do {
            // Readable by its owner only, as the report is; SQLite gives its other files the same mode.
            guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
            else {
                throw CocoaError(.fileWriteUnknown)
            }
            database = try DatabasePool(path: path, configuration: Self.writing)
            try Self.migrator.migrate(database)
        } catch {
            throw RunError(.cannotWrite, "can't open the ledger \(path): \(error); check the directory and free space")
        }
    }

    /// Opens the ledger of a run that is to go on.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be used, or isn't a ledger that this program
    ///   knows.
    package init(resuming path: String) throws(RunError) {
        do {
            try Self.checkFile(path)
            database = try DatabasePool(path: path, configuration: Self.writing)
            let isKnown = try database.read { database in
                let names = try String.fetchSet(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
                let own: Set = [
                    "run", "source", "record", "claim", "doubt", "amendment", "outcome", "finding", "kept", "clock",
                    "clock_example", "grdb_migrations",
                ]
                return try names.isSubset(of: own) && !Self.migrator.hasBeenSuperseded(database)
            }
            guard isKnown else {
                throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "it is no ledger, or a newer version's")
            }
            try Self.migrator.migrate(database)
        } catch {
            throw RunError(
                .unusable,
                "can't use the ledger \(path): \(Self.reason(error)); see that it is whole and may be written")
        }
    }

    private static var writing: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Self.busySeconds)
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA page_size = 16384; PRAGMA synchronous = NORMAL; \(untrusting)")
        }
        return configuration
    }

    /// Closes the database; what was committed is in the file itself, not in a log beside it. A file that isn't at its
    /// path any more
    /// is closed and no more.
    package func close() async throws {
        if try await hasMoved() { return try database.close() }
        try await database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        let path = database.path
        try database.close()
        // Takes the log's files away, which a pool of connections leaves behind, empty.
        let queue = try DatabaseQueue(path: path)
        try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        try queue.close()
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                    CREATE TABLE source (
                      source INTEGER PRIMARY KEY, path TEXT NOT NULL, format TEXT NOT NULL, bytes INTEGER NOT NULL,
                      sha256 TEXT NOT NULL, columns TEXT
                    );
                    CREATE TABLE record (
                      record INTEGER PRIMARY KEY, source INTEGER NOT NULL, line INTEGER NOT NULL,
                      name BLOB, rank BLOB, raw BLOB,
                      draft INTEGER, draft_name TEXT, draft_rank INTEGER, draft_active INTEGER
                    );
                    CREATE TABLE claim (
                      claim INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
                      claimed_at INTEGER NOT NULL, is_open INTEGER NOT NULL DEFAULT 1
                    );
                    CREATE TABLE doubt (record INTEGER PRIMARY KEY, sent_at INTEGER NOT NULL);
                    CREATE TABLE amendment (
                      record INTEGER PRIMARY KEY, id INTEGER NOT NULL, name TEXT NOT NULL, from_rank INTEGER,
                      from_active INTEGER NOT NULL, to_rank INTEGER, to_active INTEGER NOT NULL, sent_at INTEGER,
                      made TEXT
                    );
                    CREATE TABLE outcome (
                      record INTEGER PRIMARY KEY, outcome TEXT NOT NULL, id INTEGER, http INTEGER, code INTEGER,
                      message TEXT, attempts INTEGER NOT NULL DEFAULT 0, ms INTEGER, duplicate_of INTEGER, ended_at INTEGER
                    );
                    """)
        }
        migrator.registerMigration("2") { database in
            try database.execute(
                sql: "ALTER TABLE doubt ADD COLUMN sent_until INTEGER; " + evidenceTables(temporary: false))
        }
        return migrator
    }

    /// What makes the tables of version 2, or, for a ledger of version 1 that is only read, empty ones in their place.
    static func evidenceTables(temporary: Bool) -> String {
        let create = temporary ? "CREATE TEMP TABLE" : "CREATE TABLE"
        return """
            \(create) finding (
              record INTEGER PRIMARY KEY, id INTEGER NOT NULL, name TEXT NOT NULL, rank INTEGER, active INTEGER NOT NULL,
              created_on INTEGER, created_by INTEGER, place TEXT NOT NULL, sent_from INTEGER NOT NULL, sent_until INTEGER NOT NULL,
              sure_from INTEGER NOT NULL, absent_at INTEGER, is_named INTEGER NOT NULL,
              is_taken INTEGER NOT NULL, http INTEGER, code INTEGER, attempts INTEGER NOT NULL, ms INTEGER,
              ended_at INTEGER, is_judged INTEGER NOT NULL DEFAULT 0
            );
            \(create) kept (record INTEGER PRIMARY KEY, id INTEGER NOT NULL, name TEXT NOT NULL, rank INTEGER);
            \(create) clock (
              start INTEGER PRIMARY KEY, count INTEGER NOT NULL, highest_from INTEGER NOT NULL, highest_to INTEGER NOT NULL,
              lowest_from INTEGER NOT NULL, lowest_to INTEGER NOT NULL, answered_first INTEGER NOT NULL, sent_last INTEGER NOT NULL
            );
            \(create) clock_example (
              record INTEGER PRIMARY KEY, id INTEGER NOT NULL, created_on INTEGER NOT NULL, sent INTEGER NOT NULL,
              answered INTEGER NOT NULL
            );
            """
    }
}

extension Ledger {
    /// What to say of an error that its database gave.
    static func message(of error: any Error) -> String {
        "the ledger can't be used: \(error); free space or close what holds it open, then import again what has no outcome"
    }

    /// Keeps facts of the run, all at once; never a secret.
    package func set(_ facts: [String: String]) async throws {
        try await database.write { try Self.set(facts, $0) }
    }

    static func set(_ facts: [String: String], _ database: Database) throws {
        let insert = try LedgerStatement(database, "INSERT OR REPLACE INTO run VALUES (?, ?)")
        for (key, value) in facts {
            insert.bind(1, key)
            insert.bind(2, value)
            try insert.run()
        }
    }

    /// Keeps what the run is at.
    func set(_ phase: RunPhase) async throws { try await set([Key.state: phase.rawValue]) }

    /// Keeps what is known of the sources.
    package func set(_ sources: [SourceSummary]) async throws {
        try await database.write { database in
            try database.execute(sql: "DELETE FROM source")
            for (number, source) in sources.enumerated() {
                let columns = try source.columns.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
                try database.execute(
                    sql: "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [number, source.path, source.format, source.bytes, source.sha256, columns])
            }
        }
    }
}
