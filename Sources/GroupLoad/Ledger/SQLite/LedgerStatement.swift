import Foundation
import GRDB
import GRDBSQLite

/// A statement that is run for row after row, by SQLite's own interface: what is bound costs no object, and text isn't
/// copied.
///
/// One owner. It is prepared once for each connection, and lives within the access to the database that it was made in;
/// no two of the same text may live at once.
///
/// Safe, wherever it says `unsafe`: the statement lives as long as `prepared` does, which GRDB keeps for the
/// connection, and is used on its thread only; SQLite checks the number of a parameter,
/// copies what it is given with ``copied``, and gives messages that end with NUL. What isn't copied, its caller keeps
/// until ``run()`` has returned; deinit takes it out.
@safe struct LedgerStatement: ~Copyable {
    /// Keeps the prepared statement for as long as this lives.
    private let prepared: Statement
    private let statement: OpaquePointer

    /// Prepares `sql`.
    ///
    /// - Throws: `DatabaseError`, as ``run()``.
    init(_ database: Database, _ sql: String) throws {
        prepared = try database.cachedStatement(sql: sql)
        unsafe statement = prepared.sqliteStatement
    }

    // What is bound may stand in memory that goes.
    deinit { unsafe sqlite3_clear_bindings(statement) }

    /// Binds a whole number to the parameter `index`, from 1.
    func bind(_ index: Int32, _ value: Int64) { unsafe sqlite3_bind_int64(statement, index, value) }

    /// Binds a whole number, or nothing.
    func bind(_ index: Int32, _ value: (some FixedWidthInteger)?) {
        if let value { bind(index, Int64(value)) } else { unsafe sqlite3_bind_null(statement, index) }
    }

    /// Binds nothing.
    func bindNull(_ index: Int32) { unsafe sqlite3_bind_null(statement, index) }

    /// Binds text of sound UTF-8 without NUL. The bytes must stay where they are until ``run()`` has returned.
    func bind(_ index: Int32, text: UnsafeRawBufferPointer) {
        // An empty text has an address too: none would be NULL.
        if let start = text.baseAddress, unsafe !text.isEmpty {
            unsafe sqlite3_bind_text(
                statement, index, start.assumingMemoryBound(to: CChar.self), Int32(text.count), nil)
        } else {
            unsafe sqlite3_bind_text(statement, index, "", 0, Self.copied)
        }
    }

    /// Binds text, or nothing.
    func bind(_ index: Int32, _ text: String?) {
        guard let text else { return bindNull(index) }
        unsafe sqlite3_bind_text(statement, index, text, Int32(text.utf8.count), Self.copied)
    }

    /// Binds bytes as text where they are sound UTF-8 without NUL, which would end it, else as they are.
    func bind(_ index: Int32, bytes: ArraySlice<UInt8>) {
        if !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) { return bind(index, text) }
        unsafe bytes.withUnsafeBytes { bytes in
            _ = unsafe sqlite3_bind_blob(statement, index, bytes.baseAddress, Int32(bytes.count), Self.copied)
        }
    }

    /// Runs it with what is bound, and makes it ready for the next row; bindings stay.
    func run() throws {
        let code = unsafe sqlite3_step(statement)
        guard code == SQLITE_DONE else {
            let error = unsafe DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: String(cString: sqlite3_errmsg(sqlite3_db_handle(statement))))
            unsafe sqlite3_reset(statement)
            throw error
        }
        unsafe sqlite3_reset(statement)
    }

    /// `SQLITE_TRANSIENT`: SQLite copies what is bound. A macro that Swift can't import.
    private static var copied: sqlite3_destructor_type { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}
