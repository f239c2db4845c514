import GRDB
import GRDBSQLite

/// Steps through the rows of a query by SQLite's own interface: what is read of a row costs no object, and nothing is
/// copied that its reader doesn't copy.
///
/// One owner. It lives within the access to the database that it was made in.
struct LedgerCursor: ~Copyable {
    private let statement: OpaquePointer
    private let connection: OpaquePointer

    /// Prepares a query of one statement, with whole numbers for its `?`.
    ///
    /// - Throws: `DatabaseError`, as every method.
    init(_ database: Database, _ sql: String, _ arguments: [Int64] = []) throws {
        var prepared: OpaquePointer?
        guard let connection = database.sqliteConnection else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the ledger is closed")
        }
        let code = sqlite3_prepare_v2(connection, sql, -1, &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw Self.error(code, connection, sql) }
        statement = prepared
        self.connection = connection
        for (index, argument) in arguments.enumerated() { sqlite3_bind_int64(prepared, Int32(index + 1), argument) }
    }

    deinit { sqlite3_finalize(statement) }

    /// Goes to the next row; false when there is none.
    mutating func next() throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw Self.error(code, connection, nil)
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

    private static func error(_ code: CInt, _ connection: OpaquePointer, _ sql: String?) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)), sql: sql)
    }
}
