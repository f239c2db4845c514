import GRDB
import GRDBSQLite

/// Lends the rows of a query one by one while SQLite takes a single step: to get a row's values at once, as a function
/// gets its arguments, takes half the time that a ``LedgerCursor`` takes to ask for them one after the other.
///
/// To its maintainers: the query has an SQL function as its last condition, which hands the row to its reader and is
/// false, so that no row ends the step. It is true where the reader throws: that row does.
///
/// Safe, wherever it says `unsafe`: the statement is as in ``LedgerCursor``. The reader stands on the stack of
/// ``forEach(_:_:_:_:_:)`` until the step has ended; SQLite hands its address to this function alone, by a name that
/// no SQL text can give to a pointer. A value is read within the call that it is an argument of.
enum LentRows {
    private struct Reader {
        let body: (borrowing LentRow) throws -> Void
        var error: (any Error)?
    }

    private static let function = "lend_row"
    /// What SQLite knows the address of a reader by.
    private static let kind: StaticString = "groupload row reader"

    /// Makes the function known to a connection. No view or trigger of a ledger that somebody else made can call it.
    ///
    /// - Throws: `DatabaseError`, here and below.
    static func prepare(_ database: Database) throws {
        let code = unsafe sqlite3_create_function_v2(
            database.sqliteConnection, function, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, nil,
            { unsafe LentRows.lend($0, $1, $2) }, nil, nil, nil)
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }

    /// Lends the rows of a query, which are read in the order of the outer table's key.
    ///
    /// - Parameters:
    ///   - columns: what is wanted of each row.
    ///   - tables: what they are taken from, the outer table first, and the condition that they fulfil.
    ///   - arguments: whole numbers for `?2` and those behind it.
    /// - Throws: what `body` throws, too.
    static func forEach(
        _ database: Database, _ columns: String, from tables: String, _ arguments: [Int64] = [],
        _ body: (borrowing LentRow) throws -> Void
    ) throws {
        let prepared = try database.cachedStatement(sql: "SELECT 1 FROM \(tables) AND \(function)(?1, \(columns))")
        let statement = unsafe prepared.sqliteStatement
        for (index, argument) in arguments.enumerated() {
            unsafe sqlite3_bind_int64(statement, Int32(index + 2), argument)
        }
        defer {
            unsafe sqlite3_reset(statement)
            unsafe sqlite3_clear_bindings(statement)
        }
        try withoutActuallyEscaping(body) { body in
            var reader = Reader(body: body)
            let code = unsafe withUnsafeMutablePointer(to: &reader) { reader in
                let kind = unsafe UnsafeRawPointer(kind.utf8Start).assumingMemoryBound(to: CChar.self)
                unsafe sqlite3_bind_pointer(statement, 1, reader, kind, nil)
                return unsafe sqlite3_step(statement)
            }
            if let error = reader.error { throw error }
            guard code == SQLITE_DONE else {
                throw unsafe DatabaseError(
                    resultCode: ResultCode(rawValue: code),
                    message: String(cString: sqlite3_errmsg(sqlite3_db_handle(statement))))
            }
        }
    }

    /// The SQL function: its first argument is the reader, the others are the row's columns.
    private static func lend(
        _ context: OpaquePointer?, _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?
    ) {
        let kind = unsafe UnsafeRawPointer(kind.utf8Start).assumingMemoryBound(to: CChar.self)
        guard count > 0, let values = unsafe values, let address = unsafe sqlite3_value_pointer(values[0], kind) else {
            return unsafe sqlite3_result_error_code(context, SQLITE_MISUSE)
        }
        let reader = unsafe address.assumingMemoryBound(to: Reader.self)
        do {
            var isSound = true
            try unsafe withUnsafeMutablePointer(to: &isSound) { isSound in
                try unsafe reader.pointee.body(LentRow(values: values + 1, isSound: isSound))
            }
            unsafe sqlite3_result_int(context, 0)
        } catch {
            unsafe reader.pointee.error = error
            unsafe sqlite3_result_int(context, 1)
        }
    }
}

/// A row that ``LentRows`` lends. Columns that hold what they never do in a ledger make it unsound: text or fractions
/// among whole numbers, and whole numbers among texts.
///
/// Safe, wherever it says `unsafe`: the row is lent within the call that SQLite's values are arguments of, and only the
/// columns are asked for that the query names.
@safe struct LentRow: ~Copyable, LedgerRow {
    private let values: UnsafeMutablePointer<OpaquePointer?>
    private let soundness: UnsafeMutablePointer<Bool>

    fileprivate init(values: UnsafeMutablePointer<OpaquePointer?>, isSound: UnsafeMutablePointer<Bool>) {
        unsafe self.values = values
        unsafe soundness = isSound
    }

    /// Whether all columns that were asked for so far held what a ledger's do.
    var isSound: Bool { unsafe soundness.pointee }

    private func type(_ column: Int32) -> Int32 { unsafe sqlite3_value_type(values[Int(column)]) }

    func isNull(_ column: Int32) -> Bool { type(column) == SQLITE_NULL }

    /// Whether a column holds bytes that are no text.
    func isBlob(_ column: Int32) -> Bool { type(column) == SQLITE_BLOB }

    func integer(_ column: Int32) -> Int64 { optional(column) ?? unsound(0) }

    func optional(_ column: Int32) -> Int64? {
        switch type(column) {
        case SQLITE_INTEGER: unsafe sqlite3_value_int64(values[Int(column)])
        case SQLITE_NULL: nil
        default: unsound(nil)
        }
    }

    func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> { unsafe value(column).bytes ?? Self.none }

    func optionalBytes(_ column: Int32) -> UnsafeBufferPointer<UInt8>? { unsafe value(column).bytes }

    func value(_ column: Int32) -> ReportValue {
        let type = type(column)
        guard type != SQLITE_NULL else { return unsafe ReportValue(bytes: nil, isText: true) }
        guard type == SQLITE_TEXT || type == SQLITE_BLOB else {
            return unsafe unsound(ReportValue(bytes: nil, isText: true))
        }
        // The bytes are to be asked for before their number, as SQLite's documentation has it; none have no address.
        let start = unsafe sqlite3_value_blob(values[Int(column)])
        let count = unsafe start == nil ? 0 : Int(sqlite3_value_bytes(values[Int(column)]))
        let bytes = unsafe UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count)
        return unsafe ReportValue(bytes: bytes, isText: type == SQLITE_TEXT)
    }

    private static var none: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(start: nil, count: 0) }

    private func unsound<Value>(_ value: Value) -> Value {
        unsafe soundness.pointee = false
        return value
    }
}
