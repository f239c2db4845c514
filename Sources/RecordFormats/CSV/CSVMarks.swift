internal import CScan

/// Where the marks of CSV are among 64 bytes, one bit each from the lowest on.
struct CSVMarks {
    /// Delimiters, LF and CR.
    var ends: UInt64
    var quotes: UInt64
    /// Bytes that are not ASCII.
    let highs: UInt64

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
        highs = unsafe scanHighBits(block)
    }

    /// Behind the last byte, before the bit `place` or before the end, that is not ASCII; 0 where there is none.
    func highEnd(before place: Int = 64) -> Int {
        64 - (place == 64 ? highs : highs & (1 << UInt64(place) &- 1)).leadingZeroBitCount
    }

    /// The offset of the quote that closes a quoted field, whose text begins at `start`; nil where it isn't near by, or
    /// the field holds a quote or a line end, or something stands behind it. Then it has to be looked at byte by byte.
    static func closingQuote(_ chunk: Span<UInt8>, from start: Int, delimiter: UInt8) -> Int? {
        guard start + 65 <= chunk.count else { return nil }
        // Safe: 64 bytes from `start` on are in the span.
        let (quotes, lineEnds) = unsafe chunk.withUnsafeBufferPointer { bytes in
            let block = unsafe bytes.baseAddress! + start
            return unsafe (scanMatches(block, 0x22), scanMatches(block, 0x0A) | scanMatches(block, 0x0D))
        }
        guard quotes != 0, lineEnds & (quotes ^ (quotes &- 1)) == 0 else { return nil }
        let end = start + quotes.trailingZeroBitCount
        let behind = chunk[end + 1]
        return behind == delimiter || behind == 0x0A || behind == 0x0D ? end : nil
    }

    /// Forgets those before the bit `place`.
    mutating func skip(to place: Int) {
        ends &= .max << UInt64(place)
        quotes &= .max << UInt64(place)
    }
}
