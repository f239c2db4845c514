import GRDB
import GRDBSQLite

/// Steps through the rows of a query by SQLite's own interface: what is read of a row costs no object, and nothing is
/// copied that its reader doesn't copy.
///
/// One owner. It is prepared once for each connection, and lives within the access to the database that it was made in;
/// no two of the same text may live at once.
struct LedgerCursor: ~Copyable {
    /// Keeps the prepared statement for as long as this lives.
    private let prepared: Statement
    private let statement: OpaquePointer

    /// Prepares a query of one statement, with whole numbers for its `?`.
    ///
    /// - Throws: `DatabaseError`, as every method.
    init(_ database: Database, _ sql: String, _ arguments: [Int64] = []) throws {
        prepared = try database.cachedStatement(sql: sql)
        statement = prepared.sqliteStatement
        for (index, argument) in arguments.enumerated() { sqlite3_bind_int64(statement, Int32(index + 1), argument) }
    }

    deinit { sqlite3_reset(statement) }

    /// Goes to the next row; false when there is none.
    mutating func next() throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: String(cString: sqlite3_errmsg(sqlite3_db_handle(statement))))
        }
    }

    /// A column's whole number; 0 where it is null.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    /// A column's whole number, or nil.
    func optional(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    /// Whether a column holds nothing.
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    /// Whether a column is text, which the ledger has only as sound UTF-8.
    func isText(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_TEXT }

    /// A column's bytes, which stand there until the next row; none where it is null.
    func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
        // To be asked for before their number, as SQLite's documentation has it.
        let start = sqlite3_column_blob(statement, column)
        let count = Int(sqlite3_column_bytes(statement, column))
        return UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
    }

    /// A column's text, or nil.
    func text(_ column: Int32) -> String? { isNull(column) ? nil : String(decoding: bytes(column), as: UTF8.self) }
}
