import GRDB

/// Opens the sandbox's database and holds its schema.
///
/// A file is in WAL mode, so lists read while creates are written; `synchronous` is NORMAL there: a commit survives
/// the end of the process, though not always the end of the machine's power.
enum GroupDatabase {
    private static let schema = """
        CREATE TABLE groups (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE COLLATE BINARY,
            nameKey TEXT UNIQUE,
            rank INTEGER,
            isActive INTEGER NOT NULL,
            createdBy INTEGER NOT NULL,
            createdOn INTEGER NOT NULL,
            lastUpdatedBy INTEGER NOT NULL,
            lastUpdatedOn INTEGER NOT NULL,
            sent TEXT,
            origin INTEGER NOT NULL DEFAULT 0,
            storedOn INTEGER
        );
        """
    /// What brings a database of the versions 1 and 2 to 3 and 4: `sent` is null for the name, `storedOn` for
    /// `createdOn`.
    private static let additions = [
        "sent TEXT", "origin INTEGER NOT NULL DEFAULT 0", "storedOn INTEGER",
    ]

    /// Opens a database, making its schema when it is new.
    /// - Parameter path: `nil` for a fresh database in memory.
    /// - Throws: ``SandboxError`` with the code `database`: the file can't be opened, is no sandbox database, or was
    ///   made under the other case rule.
    static func open(path: String?, nameCase: NameCase) throws(SandboxError) -> any DatabaseWriter {
        let place = path ?? "in memory"
        do {
            var configuration = Configuration()
            configuration.label = "groupload-sandbox"
            let database: any DatabaseWriter
            if let path {
                database = try DatabasePool(path: path, configuration: configuration)
            } else {
                database = try DatabaseQueue(configuration: configuration)
            }
            try database.write { try prepare($0, place: place, nameCase: nameCase) }
            return database
        } catch let error as SandboxError {
            throw error
        } catch {
            throw .database(
                "sandbox database \(place): \(error); give a path in a writable directory, or a file that a sandbox "
                    + "made")
        }
    }

    private static func prepare(_ db: Database, place: String, nameCase: NameCase) throws {
        let version: Int = nameCase == .caseSensitive ? 3 : 4
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if found == 0 {
            if let table = try String.fetchOne(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'") {
                throw SandboxError.database(
                    "sandbox database \(place): holds another program's table \(table); give another path")
            }
            try db.execute(sql: schema)
            try db.execute(sql: "PRAGMA user_version = \(version)")
        } else if found == version - 2 {
            for column in additions { try db.execute(sql: "ALTER TABLE groups ADD COLUMN \(column)") }
            try db.execute(sql: "PRAGMA user_version = \(version)")
        } else if found != version {
            let made: NameCase = found % 2 == 1 ? .caseSensitive : .caseInsensitive
            throw SandboxError.database(
                found > 4
                    ? "sandbox database \(place): made by another version (\(found)); give another path"
                    : "sandbox database \(place): made for \(made.rawValue) names, not \(nameCase.rawValue) ones; "
                        + "use the rule it was made for, or another path")
        }
    }
}
