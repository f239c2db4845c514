internal import CScan

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
    package mutating func append(_ field: Span<UInt8>) { append(field, isGuarded: false) }

    /// Appends a field to the row, with an apostrophe before it where a spreadsheet would run it as a formula.
    package mutating func append(guarding field: Span<UInt8>) { append(field, isGuarded: true) }

    private mutating func append(_ field: Span<UInt8>, isGuarded: Bool) {
        if rowBegun { bytes.append(0x2C) }
        rowBegun = true
        let quotesAll = quotesAll
        bytes.append(addingCapacity: Self.bytesMax(texts: field.count, 1)) {
            $0.append(csv: field, quotesAll: quotesAll, isGuarded: isGuarded)
        }
    }

    /// Appends a field to the row.
    package mutating func append(_ field: [UInt8]) {
        append(field.span)
    }

    /// Appends a field to the row.
    package mutating func append(_ field: String) {
        append(field.utf8.span)
    }

    /// Appends a field to the row as it was written in CSV of commas.
    package mutating func append(written field: [UInt8]) {
        if rowBegun { bytes.append(0x2C) }
        rowBegun = true
        bytes += field
    }

    /// Appends a whole number to the row as a field; an empty one for nil.
    package mutating func append(_ number: Int64?) {
        if rowBegun { bytes.append(0x2C) }
        rowBegun = true
        let quotesAll = quotesAll
        bytes.append(addingCapacity: Self.bytesMax(numbers: 1)) { $0.append(csv: number, quotesAll: quotesAll) }
    }

    /// Appends a whole number's digits.
    package static func append(_ number: Int64, to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: bytesMax(numbers: 1)) { $0.append(digits: number) }
    }

    /// Appends a whole row at once, whose first field isn't empty.
    ///
    /// - Parameters:
    ///   - bytesMax: as ``bytesMax(texts:_:numbers:)`` has it.
    ///   - fields: appends the fields; receives whether all are quoted.
    package mutating func appendRow(bytesMax: Int, _ fields: (inout OutputSpan<UInt8>, _ quotesAll: Bool) -> Void) {
        let quotesAll = quotesAll
        bytes.append(addingCapacity: bytesMax + 1) { row in
            fields(&row, quotesAll)
            row.append(0x0A)
        }
    }

    /// The bytes that fields may take, with a comma each.
    ///
    /// - Parameters:
    ///   - bytes: those of all texts.
    ///   - texts: how many texts there are.
    ///   - numbers: how many whole numbers.
    package static func bytesMax(texts bytes: Int = 0, _ texts: Int = 0, numbers: Int = 0) -> Int {
        // All may be quotes; a comma, two quotes and an apostrophe; twenty digits.
        2 * bytes + 4 * texts + 23 * numbers
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
        // Safe: the field isn't empty, so that it has an address, and no more than its bytes are read.
        return unsafe field.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe scanHasSeparator(start, bytes.count)
        }
    }
}
