/// Writes CSV rows (RFC 4180, line end LF) to `bytes`, which its owner empties.
///
/// A field is quoted where it holds a comma, a quote, CR or LF, or begins or ends with a blank.
package struct CSVEncoder: Sendable {
    /// The bytes written since they were last emptied.
    package var bytes: [UInt8] = []
    /// Whether every field is quoted, also where it needs no quotes.
    package var quotesAll = false
    private var rowBegun = false

    /// An encoder with nothing written.
    package init() {}

    /// Appends a field to the row.
    package mutating func append(_ field: Span<UInt8>) {
        if rowBegun { bytes.append(0x2C) }
        rowBegun = true
        guard quotesAll || Self.needsQuotes(field) else { return bytes.append(field) }
        bytes.append(0x22)
        for index in 0..<field.count {
            if field[index] == 0x22 { bytes.append(0x22) }
            bytes.append(field[index])
        }
        bytes.append(0x22)
    }

    /// Appends a field to the row.
    package mutating func append(_ field: [UInt8]) {
        append(field.span)
    }

    /// Appends a field to the row.
    package mutating func append(_ field: String) {
        append(field.utf8.span)
    }

    /// Appends a whole number to the row as a field; an empty one for nil.
    package mutating func append(_ number: Int64?) {
        if rowBegun { bytes.append(0x2C) }
        rowBegun = true
        if quotesAll { bytes.append(0x22) }
        if let number { Self.append(number, to: &bytes) }
        if quotesAll { bytes.append(0x22) }
    }

    /// Appends a whole number's digits.
    package static func append(_ number: Int64, to bytes: inout [UInt8]) {
        if 0...9 ~= number { return bytes.append(0x30 + UInt8(truncatingIfNeeded: number)) }
        var digits = InlineArray<20, UInt8>(repeating: 0x2D)
        var (start, rest) = (20, number.magnitude)
        repeat {
            start -= 1
            digits[start] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 { start -= 1 }
        bytes.append(digits.span.extracting(start..<20))
    }

    /// Ends the row. A row of a single empty field is written as `""`, because readers skip blank lines.
    package mutating func endRow() {
        if rowBegun, bytes.isEmpty || bytes.last == 0x0A { bytes.append(contentsOf: [0x22, 0x22]) }
        bytes.append(0x0A)
        rowBegun = false
    }

    /// Appends a whole row.
    package mutating func appendRow(_ fields: some Sequence<String>) {
        for field in fields { append(field) }
        endRow()
    }

    /// Whether a field is quoted.
    static func needsQuotes(_ field: Span<UInt8>) -> Bool {
        guard field.count > 0 else { return false }
        let last = field[field.count - 1]
        if field[0] == 0x20 || field[0] == 0x09 || last == 0x20 || last == 0x09 { return true }
        for index in 0..<field.count {
            switch field[index] {
            case 0x22, 0x2C, 0x0A, 0x0D: return true
            default: continue
            }
        }
        return false
    }
}
