extension SheetRow {
    /// Adds a cell whose text is the row's bytes from `start` on.
    @inline(__always)
    mutating func append(_ kind: SheetCell.Kind, _ column: Int, from start: Int) {
        cells.append(SheetCell(column: column, kind: kind, slice: ByteSlice(start: start, count: bytes.count - start)))
    }

    /// Makes sure that the row's texts aren't longer than any list's.
    @inline(__always)
    func checkLength() throws(DecodingFailure) {
        guard bytes.count <= SheetBounds.rowBytesMax else {
            throw DecodingFailure(
                code: .recordTooLong, line: number,
                message: "the row has more than \(SheetBounds.rowBytesMax >> 20) MiB of text, which no list has")
        }
    }

    /// Marks the cell of a column, if it is the last, as one whose text is what a formula gave.
    mutating func markFormula(_ column: Int) {
        if cells.last?.column == column { cells[cells.count - 1].isFormula = true }
    }

    /// Takes the bytes from `start` on, which are a whole number of at most nine digits; nil where they aren't.
    @inline(__always)
    mutating func takeNumber(from start: Int) -> Int? {
        let count = bytes.count - start
        guard (1...9).contains(count) else { return nil }
        var value = 0
        for place in start..<bytes.count {
            let digit = bytes[place] &- 0x30
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        bytes.removeLast(count)
        return value
    }

    /// Adds a number that is written in the bytes from `start` on, in the form that its format gives it.
    mutating func appendNumber(_ column: Int, from start: Int, _ format: NumberFormat, is1904: Bool) {
        if case .plain = format, NumberText.isPlainInteger(bytes[start...]) {
            return append(.number, column, from: start)
        }
        let text = bytes[start...]
        if format == .date, let serial = NumberText.value(text) {
            bytes.removeLast(bytes.count - start)
            if DateText.append(serial, is1904: is1904, to: &bytes) { return append(.date, column, from: start) }
            _ = NumberText.append(serial, to: &bytes)
            return append(.date, column, from: start)
        }
        let written = Array(text)
        bytes.removeLast(written.count)
        guard var kind = NumberText.append(written[...], to: &bytes) else {
            bytes += written
            return append(.text, column, from: start)
        }
        if case .digits(let parts) = format, bytes[start...].allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2D }) {
            let digits = Array(bytes[start...])
            bytes.removeLast(digits.count)
            NumberFormat.append(digits[...], as: parts, to: &bytes)
        } else if format != .plain, kind == .number {
            kind = .formattedNumber
        }
        append(kind, column, from: start)
    }

    /// Adds true or false, which is written in the bytes from `start` on as `1` or `true`, or `0` or `false`.
    mutating func appendFlag(_ column: Int, from start: Int) {
        let first = bytes.count > start ? bytes[start] : 0
        let isTrue = first == UInt8(ascii: "1") || first | 0x20 == UInt8(ascii: "t")
        bytes.removeLast(bytes.count - start)
        bytes += (isTrue ? "TRUE" : "FALSE").utf8
        append(.flag, column, from: start)
    }
}
