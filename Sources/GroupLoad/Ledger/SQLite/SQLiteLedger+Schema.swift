import GRDB

extension SQLiteLedger {
    /// What marks a database as a ledger (`PRAGMA application_id`), "GRLD".
    private static let applicationID = 0x4752_4C44
    /// The version of a ledger's tables (`PRAGMA user_version`).
    static let version = 1

    /// The tables of a ledger.
    static let tables: Set = [
        "run", "source", "record", "claim", "doubt", "group_update", "outcome", "found_group", "kept", "clock",
        "clock_example",
    ]

    /// The table of ``CreateSpans``, which only the ledgers of traced runs have.
    static let spanTable = "create_span"

    /// Whether a database holds nothing at all.
    static func isEmpty(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
    }

    /// Makes sure that a database is a ledger of this version.
    ///
    /// - Throws: `DatabaseError` if it is none, and ``RunError`` with ``ExitStatus/unusable`` if another version of
    ///   this program wrote it.
    static func checkVersion(_ database: Database, _ path: String) throws {
        let names = try String.fetchSet(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
            if names.isSuperset(of: ["grdb_migrations", "run", "record", "claim", "outcome"]) {
                throw RunError(
                    .otherVersion,
                    """
                    the ledger \(path) was written by groupload 0.1.0 or a build before this version, which can't use it
                    """, naming: .path(path),
                    remedy: "use that version for this run, or import its lists again with another --run-dir")
            }
            throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "its tables are not a ledger's")
        }
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found == version else {
            throw RunError(
                .otherVersion,
                """
                the ledger \(path) was written by \(found > version ? "a newer" : "another") version of groupload \
                (tables of version \(found), not \(version))
                """, naming: .path(path), remedy: "use that version for this run")
        }
        guard names.subtracting([spanTable]) == tables else {
            throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "its tables are not a ledger's")
        }
    }

    static func makeSpanTable(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS \(spanTable) (
                  span INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, trace TEXT NOT NULL,
                  given_at INTEGER NOT NULL
                )
                """)
    }

    static func makeTables(_ database: Database) throws {
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
                CREATE TABLE doubt (record INTEGER PRIMARY KEY, sent_at INTEGER NOT NULL, sent_until INTEGER);
                CREATE TABLE group_update (
                  record INTEGER PRIMARY KEY, id INTEGER NOT NULL, name TEXT NOT NULL, from_rank INTEGER,
                  from_active INTEGER NOT NULL, to_rank INTEGER, to_active INTEGER NOT NULL, sent_at INTEGER,
                  made TEXT
                );
                CREATE TABLE outcome (
                  record INTEGER PRIMARY KEY, outcome TEXT NOT NULL, id INTEGER, http INTEGER, code INTEGER,
                  message TEXT, attempts INTEGER NOT NULL DEFAULT 0, ms INTEGER, duplicate_of INTEGER, ended_at INTEGER
                );
                CREATE TABLE found_group (
                  record INTEGER PRIMARY KEY, id INTEGER NOT NULL, name TEXT NOT NULL, rank INTEGER,
                  active INTEGER NOT NULL, created_on INTEGER, created_by INTEGER, place TEXT NOT NULL,
                  sent_from INTEGER NOT NULL, sent_until INTEGER NOT NULL, sure_from INTEGER NOT NULL,
                  absent_at INTEGER, is_named INTEGER NOT NULL, is_taken INTEGER NOT NULL, http INTEGER, code INTEGER,
                  attempts INTEGER NOT NULL, ms INTEGER, ended_at INTEGER, is_judged INTEGER NOT NULL DEFAULT 0
                );
                CREATE TABLE kept (record INTEGER PRIMARY KEY, id INTEGER NOT NULL, name TEXT NOT NULL, rank INTEGER);
                CREATE TABLE clock (
                  start INTEGER PRIMARY KEY, count INTEGER NOT NULL, highest_from INTEGER NOT NULL,
                  highest_to INTEGER NOT NULL, lowest_from INTEGER NOT NULL, lowest_to INTEGER NOT NULL,
                  responded_first INTEGER NOT NULL, sent_last INTEGER NOT NULL
                );
                CREATE TABLE clock_example (
                  record INTEGER PRIMARY KEY, id INTEGER NOT NULL, created_on INTEGER NOT NULL, sent INTEGER NOT NULL,
                  responded INTEGER NOT NULL
                );
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(version);
                """)
    }
}
