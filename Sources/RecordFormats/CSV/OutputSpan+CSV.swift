/// Fields of a row as ``CSVEncoder`` writes them: each with a comma before it unless the span is empty.
extension OutputSpan<UInt8> {
    /// Appends a field.
    ///
    /// - Parameters:
    ///   - quotesAll: whether it is quoted also where it needs no quotes.
    ///   - isGuarded: whether it gets an apostrophe before it where a spreadsheet would run it as a formula.
    package mutating func append(csv field: Span<UInt8>, quotesAll: Bool, isGuarded: Bool = false) {
        if isGuarded, CSVEncoder.isFormula(field) {
            var guarded = [UInt8(ascii: "'")]
            guarded.append(field)
            return append(csv: guarded.span, quotesAll: quotesAll)
        }
        if !isEmpty { append(0x2C) }
        guard quotesAll || CSVEncoder.needsQuotes(field) else { return append(copying: field) }
        append(0x22)
        for index in 0..<field.count {
            if field[index] == 0x22 { append(0x22) }
            append(field[index])
        }
        append(0x22)
    }

    /// Appends a whole number as a field; an empty one for nil.
    package mutating func append(csv number: Int64?, quotesAll: Bool) {
        if !isEmpty { append(0x2C) }
        if quotesAll { append(0x22) }
        if let number { append(digits: number) }
        if quotesAll { append(0x22) }
    }

    /// Appends a whole number's digits.
    mutating func append(digits number: Int64) {
        if 0...9 ~= number { return append(0x30 + UInt8(truncatingIfNeeded: number)) }
        var digits = InlineArray<20, UInt8>(repeating: 0x2D)
        var (start, rest) = (20, number.magnitude)
        repeat {
            start -= 1
            digits[start] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 { start -= 1 }
        append(copying: digits.span.extracting(start..<20))
    }

    /// Appends bytes with one copy.
    private mutating func append(copying bytes: Span<UInt8>) {
        precondition(bytes.count <= freeCapacity)
        // Safe: there is room for the bytes, and they are counted once they are there.
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                guard let from = bytes.baseAddress, let to = buffer.baseAddress else { return }
                unsafe (to + count).initialize(from: from, count: bytes.count)
                count += bytes.count
            }
        }
    }
}
