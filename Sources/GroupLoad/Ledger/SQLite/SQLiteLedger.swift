import Foundation
import GRDB
import GRDBSQLite

/// A run's ledger as an SQLite database in the run directory.
///
/// A claim is on disk before any of its drafts is sent (`synchronous=FULL`), and with it all that was committed before.
/// What its tables hold is in <doc:Ledger>.
package struct SQLiteLedger: RunLedger {
    let database: DatabasePool

    /// How long a writer waits for somebody else who has the database locked.
    static let busySeconds: TimeInterval = 10

    /// Opens a new ledger at `path`.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite`` when it can't be made.
    package init(path: String) throws(RunError) {
        do {
            // Readable by its owner only, as the report is; SQLite gives its other files the same mode.
            let descriptor = SystemCall.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode: 0o600)
            guard descriptor >= 0 else { throw SystemFault(code: errno) }
            _ = Foundation.close(descriptor)
            database = try DatabasePool(path: Self.plain(path), configuration: Self.writing)
            try database.write { try Self.makeTables($0) }
        } catch {
            throw RunError(
                .cannotWrite, "can't open the ledger \(path): \(error)", naming: .path(path),
                remedy: "check the directory and free space")
        }
    }

    /// Opens the ledger of a run that is to go on. One that is empty, whose process ended before it made the tables,
    /// gets them.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be used, or isn't a ledger that this program
    ///   knows.
    package init(resuming path: String) throws(RunError) {
        do {
            try Self.checkFile(path)
            // Before anything is written: what another version wrote is not changed.
            let isEmpty = try Self.rolledBack(path) { try Self.isEmpty(path) }
            database = try DatabasePool(path: Self.plain(path), configuration: Self.writing)
            if isEmpty { try database.write { try Self.makeTables($0) } }
        } catch let error as RunError {
            throw error
        } catch {
            throw RunError(
                .ledgerUnusable, "can't use the ledger \(path): \(LedgerError.reason(Self.error(error)))",
                naming: .path(path), remedy: "see that it is whole and may be written")
        }
    }

    /// Opens a ledger that exists to read from, also while the run that it belongs to writes to it.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be read, or isn't a ledger that this program
    ///   knows.
    package init(reading path: String) throws(RunError) {
        do {
            try Self.checkFile(path)
            database = try Self.rolledBack(path) {
                let database = try DatabasePool(path: Self.plain(path), configuration: Self.reading)
                try database.read { try Self.checkVersion($0, path) }
                return database
            }
        } catch {
            throw LedgerError.unreadable(path, Self.error(error))
        }
    }

    /// Whether the file at `path` holds no tables; one that holds some is a ledger of this version.
    private static func isEmpty(_ path: String) throws -> Bool {
        let queue = try DatabaseQueue(path: Self.plain(path), configuration: reading)
        let isEmpty = try queue.read { database in
            if try Self.isEmpty(database) { return true }
            try Self.checkVersion(database, path)
            return false
        }
        try queue.close()
        return isEmpty
    }

    /// Runs `body`, which only reads. Where a process that was killed in a transaction has left a journal, that is
    /// rolled back first, which a connection that only reads can't do.
    static func rolledBack<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
            let queue = try DatabaseQueue(path: Self.plain(path), configuration: writing)
            _ = try queue.read { try $0.tableExists("run") }
            try queue.close()
            return try body()
        }
    }

    private static var writing: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Self.busySeconds)
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA page_size = 16384; PRAGMA synchronous = NORMAL; \(untrusting)")
            try LentRows.prepare($0)
        }
        return configuration
    }

    static var reading: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(Self.busySeconds)
        configuration.prepareDatabase {
            try $0.execute(sql: untrusting)
            try LentRows.prepare($0)
        }
        return configuration
    }

    /// What every connection begins with: a ledger that somebody else made runs no code of its own, and damage is
    /// looked for.
    private static let untrusting = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON"

    /// The path of a database for SQLite, which takes UTF-8 alone; the directory may be named by other bytes.
    static func plain(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return PathText.plain(String(path[..<slash])) + path[slash...]
    }

    /// Makes sure that there is a file at `path` that can be a ledger, and no pipe or the like that opening would wait
    /// for.
    static func checkFile(_ path: String) throws {
        guard let status = FileStatus(path) else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN, message: SystemCall.message(errno))
        }
        guard status.isFile else {
            throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "it is no file")
        }
    }
}

// Access to the database, with its errors as the protocol has them.
extension SQLiteLedger {
    /// Runs `body` in one reading transaction.
    func fetch<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await database.read(body) } catch { throw Self.error(error) }
    }

    /// Runs `body` in one writing transaction.
    func change<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await database.write(body) } catch { throw Self.error(error) }
    }

    /// Runs `body` on the connection that writes, outside of a transaction.
    func withWriter<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await database.writeWithoutTransaction(body) } catch { throw Self.error(error) }
    }

    /// Runs `body` in one writing transaction that is on disk when this returns.
    func changeDurably<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withWriter { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            var value: Value?
            try database.inTransaction {
                value = try body(database)
                return .commit
            }
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            guard let value else { throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "nothing was committed") }
            return value
        }
    }

    /// A number that a query gives; 0 where it gives none.
    func number(_ sql: String) async throws -> Int {
        try await fetch { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    /// An error of the database as a ``LedgerError``; another as it is.
    static func error(_ error: any Error) -> any Error {
        switch error {
        case let error as DatabaseError:
            LedgerError(reason: error.message ?? error.resultCode.description, description: "\(error)")
        case is RowDecodingError: LedgerError(reason: "it holds what a ledger doesn't", description: "\(error)")
        default: error
        }
    }
}

extension SQLiteLedger {
    /// Closes the database; what was committed is in the file itself, not in a log beside it, unless somebody else
    /// reads the ledger: then the log stays, and is as good. A file that isn't at its path any more is closed and no
    /// more.
    package func close() async throws {
        if try await hasMoved() { return try database.close() }
        let path = database.path
        do {
            do {
                try await database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
                try database.close()
                // Takes the log's files away, which a pool of connections leaves behind, empty.
                let queue = try DatabaseQueue(path: path)
                try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
                try queue.close()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                try database.close()
            }
        } catch {
            throw Self.error(error)
        }
    }

    /// Closes a ledger that was opened to read from.
    package func closeReading() throws { do { try database.close() } catch { throw Self.error(error) } }

    /// Whether the file that is open isn't any more what stands at its path: removed, moved, or replaced by another.
    package func hasMoved() async throws -> Bool {
        try await withWriter { database in
            var isMoved: CInt = 0
            // Safe: the connection is open, and this operation writes one `int`.
            let code = unsafe sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_HAS_MOVED, &isMoved)
            return code == SQLITE_OK && isMoved != 0
        }
    }
}
