/// Bytes as PostgreSQL's binary formats have them: numbers in network byte order, each value after its length.
struct PostgreSQLBytes: Sendable {
    /// What was appended.
    private(set) var bytes: [UInt8] = []

    /// Holds nothing, with room for so many bytes.
    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Appends a number of any width, without a length.
    mutating func append(_ value: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends bytes as they are.
    mutating func append(raw: some Collection<UInt8>) { bytes.append(contentsOf: raw) }

    /// Appends a value: its length, and its bytes.
    mutating func append(value: some Collection<UInt8>) {
        append(Int32(value.count))
        bytes.append(contentsOf: value)
    }

    /// Appends a value: text, with U+FFFD for NUL, which PostgreSQL's text can't hold.
    mutating func append(text: String) {
        if text.utf8.contains(0) {
            append(value: text.replacing("\0", with: "\u{FFFD}").utf8)
        } else {
            append(value: text.utf8)
        }
    }
}

/// A parameter of a statement, sent in binary form.
enum PostgreSQLValue: Sendable {
    /// `bigint`.
    case integer(Int64)
    /// `text`.
    case text(String)
    /// `bytea`.
    case bytes([UInt8])
    /// `bigint[]`.
    case integers([Int64])
    /// `bytea[]`.
    case byteStrings([[UInt8]])

    /// The type's OID (PostgreSQL's `pg_type.dat`).
    var type: UInt32 {
        switch self {
        case .integer: 20
        case .text: 25
        case .bytes: 17
        case .integers: 1016
        case .byteStrings: 1001
        }
    }

    /// Appends the value's length and bytes.
    func append(to buffer: inout PostgreSQLBytes) {
        switch self {
        case .integer(let value):
            buffer.append(Int32(8))
            buffer.append(value)
        case .text(let text): buffer.append(text: text)
        case .bytes(let bytes): buffer.append(value: bytes)
        case .integers(let values):
            Self.append(values, type: 20, to: &buffer) {
                $0.append(Int32(8)); $0.append($1)
            }
        case .byteStrings(let values):
            Self.append(values, type: 17, to: &buffer) { $0.append(value: $1) }
        }
    }

    /// Appends an array: dimensions, whether it has nulls, the elements' type, its length, the first index, and the
    /// elements.
    private static func append<Element>(
        _ values: [Element], type: UInt32, to buffer: inout PostgreSQLBytes,
        _ append: (inout PostgreSQLBytes, Element) -> Void
    ) {
        var array = PostgreSQLBytes()
        array.append(Int32(values.isEmpty ? 0 : 1))
        array.append(Int32(0))
        array.append(type)
        if !values.isEmpty {
            array.append(Int32(values.count))
            array.append(Int32(1))
            for value in values { append(&array, value) }
        }
        buffer.append(value: array.bytes)
    }
}
