import CPQ
import RecordFormats

/// What a statement gave: rows in binary form, or none.
///
/// Safe, wherever it says `unsafe`: the result lives until deinit, and libpq checks the numbers of rows and columns.
@safe struct PostgreSQLResult: ~Copyable {
    private let result: OpaquePointer

    /// Takes a result over.
    init(_ result: OpaquePointer) { unsafe self.result = result }

    deinit { unsafe PQclear(result) }

    /// The count of rows.
    var count: Int { unsafe Int(PQntuples(result)) }

    /// What became of the statement.
    var status: ExecStatusType { unsafe PQresultStatus(result) }

    /// The name of the command that ended, such as `COMMIT`.
    var command: String { unsafe String(cString: PQcmdStatus(result)) }

    /// A row, which must not be kept longer than this.
    func row(_ index: Int) -> PostgreSQLRow { unsafe PostgreSQLRow(result: result, index: Int32(index)) }

    /// The error that the result is.
    func error() -> LedgerError {
        // `PG_DIAG_MESSAGE_PRIMARY` and `PG_DIAG_SQLSTATE`, macros of a form that Swift doesn't import.
        let (message, state) = (field("M"), field("C"))
        let whole = unsafe String(cString: PQresultErrorMessage(result))
        let reason = Shown.text(message ?? whole, limit: 1000)
        var error = LedgerError(reason: reason, description: reason + (state.map { " (SQLSTATE \($0))" } ?? ""))
        error.state = state
        return error
    }

    private func field(_ code: Character) -> String? {
        guard let text = unsafe PQresultErrorField(result, Int32(code.asciiValue ?? 0)) else { return nil }
        return unsafe String(cString: text)
    }
}

/// A row of a result, to be read within the call that lends it.
///
/// Safe, wherever it says `unsafe`: libpq checks the numbers of rows and columns, and a value has the length that it is
/// read with.
@safe struct PostgreSQLRow: LedgerRow {
    private let result: OpaquePointer
    private let index: Int32

    fileprivate init(result: OpaquePointer, index: Int32) {
        unsafe self.result = result
        self.index = index
    }

    /// Whether a column, from 0, holds nothing.
    func isNull(_ column: Int32) -> Bool { unsafe PQgetisnull(result, index, column) != 0 }

    /// A column's bytes, which stand there as long as the row is lent; none where it is null.
    func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
        let count = unsafe Int(PQgetlength(result, index, column))
        guard let start = unsafe PQgetvalue(result, index, column) else {
            return unsafe UnsafeBufferPointer(start: nil, count: 0)
        }
        return unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// A column's whole number or truth value of any width; 0 where it is null.
    func integer(_ column: Int32) -> Int64 {
        let bytes = unsafe bytes(column)
        guard let first = unsafe bytes.first, bytes.count <= 8 else { return 0 }
        var value = Int64(Int8(bitPattern: first))
        for index in 1..<max(1, bytes.count) { value = unsafe value << 8 | Int64(bytes[index]) }
        return value
    }

    /// A column that need not be text.
    func value(_ column: Int32) -> ReportValue {
        // Safe: the caller lends them no longer.
        let bytes = unsafe optionalBytes(column)
        return unsafe ReportValue(bytes: bytes, isText: bytes.map { unsafe $0.span.isUTF8 && !$0.contains(0) } ?? true)
    }
}
