import RecordFormats

/// Rows on their way into a table, in the binary form of PostgreSQL's `COPY` (PostgreSQL 15, `COPY`, "Binary Format").
///
/// Each row is ``begin()`` and one value a column. A value's width must be its column's: `bigint` is `Int64`, `integer`
/// `Int32`.
struct CopyRows: ~Copyable {
    /// Rows that were begun.
    private(set) var count = 0
    private let columns: Int16
    private var buffer: PostgreSQLBytes

    /// The bytes so far, without the mark of their end.
    var bytes: [UInt8] { buffer.bytes }

    /// Begins with no rows.
    ///
    /// - Parameter columns: how many values a row has.
    init(columns: Int, capacity: Int = 0) {
        self.columns = Int16(columns)
        buffer = PostgreSQLBytes(capacity: capacity)
        buffer.append(raw: Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0])
        buffer.append(Int64(0))
    }

    /// Begins a row.
    mutating func begin() {
        count += 1
        buffer.append(columns)
    }

    /// Ends the last row.
    mutating func end() { buffer.append(Int16(-1)) }

    /// Appends NULL.
    mutating func appendNull() { buffer.append(Int32(-1)) }

    /// Appends a `bigint`, or NULL.
    mutating func append(_ value: Int64?) {
        guard let value else { return appendNull() }
        buffer.append(Int32(8))
        buffer.append(value)
    }

    /// Appends an `integer`.
    mutating func append(number: Int32) {
        buffer.append(Int32(4))
        buffer.append(number)
    }

    /// Appends a `boolean`, or NULL.
    mutating func append(_ value: Bool?) {
        guard let value else { return appendNull() }
        buffer.append(Int32(1))
        buffer.append(UInt8(value ? 1 : 0))
    }

    /// Appends a `text`, or NULL.
    mutating func append(_ text: String?) {
        if let text { buffer.append(text: text) } else { appendNull() }
    }

    /// Appends a `bytea`, or NULL.
    mutating func append(bytes: (some Collection<UInt8>)?) {
        if let bytes { buffer.append(value: bytes) } else { appendNull() }
    }

    /// Appends what is kept of a record, a `bytea` or NULL.
    ///
    /// - Parameter arena: that of the record's batch.
    mutating func append(_ value: KeptValue, _ arena: [UInt8]) {
        switch value {
        case .none: appendNull()
        case .text(let slice): buffer.append(value: arena[slice.start..<slice.end])
        case .bytes(let bytes): buffer.append(value: bytes)
        }
    }
}
