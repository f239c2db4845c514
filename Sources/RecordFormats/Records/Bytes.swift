extension Span<UInt8> {
    /// Whether the bytes are UTF-8 (Unicode 16, table 3-7: no surrogates, no overlong forms).
    var isUTF8: Bool { firstInvalidUTF8 == nil }

    /// The offset of the first byte that isn't UTF-8; nil where all are.
    var firstInvalidUTF8: Int? {
        do {
            _ = try UTF8Span(validating: self)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }
}

extension [UInt8] {
    /// Appends bytes with one copy.
    mutating func append(_ bytes: Span<UInt8>) {
        // Safe: the buffer is read within the closure only, and an array's storage never overlaps a span lent from
        // elsewhere.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
