internal import CScan

/// Where the marks of CSV are among 64 bytes, one bit each from the lowest on.
struct CSVMarks {
    /// Delimiters, LF and CR.
    var ends: UInt64
    var quotes: UInt64
    let hasNonASCII: Bool

    /// Looks at the bytes of `chunk` from `index` on, fewer where it ends.
    init(_ chunk: Span<UInt8>, at index: Int, delimiter: UInt8) {
        let count = min(64, chunk.count - index)
        if count == 64 {
            // Safe: 64 bytes from `index` on are in the span.
            self = unsafe chunk.withUnsafeBufferPointer { unsafe Self(block: $0.baseAddress! + index, delimiter) }
            return
        }
        var padded: InlineArray<64, UInt8> = .init(repeating: 0)
        for offset in 0..<count { padded[offset] = chunk[index + offset] }
        let span = padded.span
        // Safe: the array has 64 bytes.
        self = unsafe span.withUnsafeBufferPointer { unsafe Self(block: $0.baseAddress!, delimiter) }
    }

    /// Looks at the 64 bytes at `block`.
    private init(block: UnsafePointer<UInt8>, _ delimiter: UInt8) {
        ends = unsafe scanMatches(block, delimiter) | scanMatches(block, 0x0A) | scanMatches(block, 0x0D)
        quotes = unsafe scanMatches(block, 0x22)
        hasNonASCII = unsafe scanHighBits(block) != 0
    }

    /// Forgets those before the bit `place`.
    mutating func skip(to place: Int) {
        ends &= .max << UInt64(place)
        quotes &= .max << UInt64(place)
    }
}
