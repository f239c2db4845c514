import GRDB
import GRDBSQLite

/// Steps through the rows of a query by SQLite's own interface: what is read of a row costs no object, and nothing is
/// copied that its reader doesn't copy.
///
/// One owner. It is prepared once for each connection, and lives within the access to the database that it was made in;
/// no two of the same text may live at once.
///
/// Safe, wherever it says `unsafe`: the statement lives as long as `prepared` does, which GRDB keeps for the
/// connection, and is used on its thread only; SQLite checks the number of a column, and gives
/// messages that end with NUL.
@safe struct LedgerCursor: ~Copyable, LedgerRow {
    /// Keeps the prepared statement for as long as this lives.
    private let prepared: Statement
    private let statement: OpaquePointer

    /// Prepares a query of one statement, with whole numbers for its `?`.
    ///
    /// - Throws: `DatabaseError`, as every method.
    init(_ database: Database, _ sql: String, _ arguments: [Int64] = []) throws {
        prepared = try database.cachedStatement(sql: sql)
        unsafe statement = prepared.sqliteStatement
        for (index, argument) in arguments.enumerated() {
            unsafe sqlite3_bind_int64(statement, Int32(index + 1), argument)
        }
    }

    deinit { unsafe sqlite3_reset(statement) }

    /// Goes to the next row; false when there is none.
    mutating func next() throws -> Bool {
        switch unsafe sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            throw unsafe DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: String(cString: sqlite3_errmsg(sqlite3_db_handle(statement))))
        }
    }

    /// A column's whole number; 0 where it is null.
    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(statement, column) }

    /// Whether a column holds nothing.
    func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(statement, column) == SQLITE_NULL }

    /// Whether a column is text, which the ledger has only as sound UTF-8.
    func isText(_ column: Int32) -> Bool { unsafe sqlite3_column_type(statement, column) == SQLITE_TEXT }

    /// A column's bytes, which stand there until the next row; none where it is null.
    func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
        // To be asked for before their number, as SQLite's documentation has it.
        let start = unsafe sqlite3_column_blob(statement, column)
        let count = unsafe Int(sqlite3_column_bytes(statement, column))
        return unsafe UnsafeBufferPointer(
            start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
    }

    /// A column that need not be text.
    func value(_ column: Int32) -> ReportValue {
        // Safe: the caller lends the bytes no longer.
        unsafe isNull(column)
            ? ReportValue(bytes: nil, isText: true) : ReportValue(bytes: bytes(column), isText: isText(column))
    }
}
