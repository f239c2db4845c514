import CPQ

/// Statements on an open connection, within one transaction. Not to be kept beyond the call that lends it.
///
/// Nothing outlives its transaction: no prepared statement, no setting, no temporary table. So PgBouncer may hand the
/// connection to somebody else after each (its transaction mode).
///
/// Safe, wherever it says `unsafe`: the connection is open for as long as this is lent, and used on its queue only.
@safe struct PostgreSQLSession {
    /// How many rows are fetched at once where there may be many.
    private static let pageRows = 2000

    private let handle: OpaquePointer

    /// Statements on a connection.
    init(_ handle: OpaquePointer) { unsafe self.handle = handle }

    /// Runs statements without parameters, separated by `;`, whose rows nobody wants.
    func execute(_ sql: String) throws { _ = try command(sql) }

    /// As ``execute(_:)``.
    ///
    /// - Returns: the name of the last command, as the database has it.
    func command(_ sql: String) throws -> String {
        let result = unsafe try taken(PQexec(handle, sql))
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(result.status) else { throw result.error() }
        return result.command
    }

    /// Runs one statement with parameters for its `$1`, `$2`.
    func run(_ sql: String, _ values: [PostgreSQLValue] = []) throws { _ = try result(sql, values) }

    /// The first column of the first row; 0 where there is none.
    func number(_ sql: String, _ values: [PostgreSQLValue] = []) throws -> Int {
        let result = try result(sql, values)
        return result.count > 0 ? Int(result.row(0).integer(0)) : 0
    }

    /// Lends each row of a query that gives few: all stand in memory.
    func rows(
        _ sql: String, _ values: [PostgreSQLValue] = [], _ body: (PostgreSQLRow) throws -> Void
    ) throws {
        let result = try result(sql, values)
        for index in 0..<result.count { try body(result.row(index)) }
    }

    /// Lends each row of a query that may give many, some thousand at a time. One such query at a time.
    func manyRows(
        _ sql: String, _ values: [PostgreSQLValue] = [], _ body: (PostgreSQLRow) throws -> Void
    ) throws {
        try run("DECLARE many NO SCROLL CURSOR FOR \(sql)", values)
        while true {
            let result = try result("FETCH \(Self.pageRows) FROM many", [])
            for index in 0..<result.count { try body(result.row(index)) }
            if result.count < Self.pageRows { break }
        }
        try execute("CLOSE many")
    }

    private func result(_ sql: String, _ values: [PostgreSQLValue]) throws -> PostgreSQLResult {
        var (buffer, starts) = (PostgreSQLBytes(), [Int]())
        for value in values {
            starts.append(buffer.bytes.count)
            value.append(to: &buffer)
        }
        // So that the last value has an address, too, where it is empty.
        buffer.append(UInt8(0))
        let (types, formats) = (values.map { $0.type }, values.map { _ in Int32(1) })
        let made = unsafe buffer.bytes.withUnsafeBytes { bytes in
            // Safe: each value begins after its length of four bytes, and the buffer stays for the call.
            let lengths = starts.map {
                unsafe Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self))
            }
            let pointers = unsafe starts.map {
                unsafe bytes.baseAddress?.advanced(by: $0 + 4).assumingMemoryBound(to: CChar.self)
            }
            return unsafe PQexecParams(handle, sql, Int32(values.count), types, pointers, lengths, formats, 1)
        }
        let result = unsafe try taken(made)
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(result.status) else { throw result.error() }
        return result
    }

    /// Puts rows into a table by `COPY`: all of them or none.
    ///
    /// - Parameter table: the table and its columns, as in `outcome (run, record)`.
    func copy(into table: String, _ rows: consuming CopyRows) throws {
        guard rows.count > 0 else { return }
        rows.end()
        let begun = unsafe try taken(PQexec(handle, "COPY \(table) FROM STDIN (FORMAT binary)"))
        guard begun.status == PGRES_COPY_IN else { throw begun.error() }
        let isSent = unsafe rows.bytes.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let count = min(bytes.count - start, 1 << 24)
                // Safe: the part lies within the bytes, which stay for the call.
                let part = unsafe bytes.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self)
                guard unsafe PQputCopyData(handle, part, Int32(count)) == 1 else { return false }
                start += count
            }
            return true
        }
        let isEnded = unsafe PQputCopyEnd(handle, nil) == 1
        var failure: LedgerError?
        while let next = unsafe PQgetResult(handle) {
            let result = unsafe PostgreSQLResult(next)
            if result.status != PGRES_COMMAND_OK { failure = failure ?? result.error() }
        }
        if let failure { throw failure }
        guard isSent, isEnded else { throw lastError() }
    }

    private func taken(_ result: OpaquePointer?) throws -> PostgreSQLResult {
        guard let result = unsafe result else { throw lastError() }
        return unsafe PostgreSQLResult(result)
    }

    /// What the connection says of its last failure.
    private func lastError() -> LedgerError {
        LedgerError(reason: Shown.text(unsafe String(cString: PQerrorMessage(handle))))
    }
}
