internal import CScan

/// Where the delimiters, line ends and quotes of CSV are among 64 bytes: a bit for each byte, from the lowest on.
struct CSVMarks {
    /// Delimiters, LF and CR.
    private var ends: UInt64
    private var quotes: UInt64
    /// Bytes that are not ASCII.
    private let highs: UInt64

    /// Scans the bytes of `chunk` from `index` on, fewer where it ends.
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

    /// Scans the 64 bytes at `block`.
    private init(block: UnsafePointer<UInt8>, _ delimiter: UInt8) {
        let found = unsafe scanRows(block, delimiter)
        ends = found.delimiters | found.feeds | found.returns
        (quotes, highs) = (found.quotes, found.highs)
    }

    /// The bit behind the last byte that is not ASCII, before the bit `place` or before the end; 0 where there is none.
    func highEnd(before place: Int = 64) -> Int {
        64 - (place == 64 ? highs : highs & (1 << UInt64(place) &- 1)).leadingZeroBitCount
    }

    /// The offset of the quote that closes a quoted field, whose text begins at `start`; nil where it isn't among the
    /// 64 bytes from there on, the field holds a quote or a line end, or text follows the quote. Then the record has to
    /// be decoded byte by byte.
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

    /// The bit of the first delimiter, line end or quote that is left; nil where none is.
    var first: Int? {
        @inline(__always) get { ends | quotes == 0 ? nil : (ends | quotes).trailingZeroBitCount }
    }

    /// Drops the first quote.
    @inline(__always)
    mutating func dropFirstQuote() { quotes &= quotes &- 1 }

    /// Drops the first delimiter or line end.
    @inline(__always)
    mutating func dropFirstEnd() { ends &= ends &- 1 }

    /// Drops the marks before the bit `place`.
    @inline(__always)
    mutating func drop(before place: Int) {
        ends &= .max << UInt64(place)
        quotes &= .max << UInt64(place)
    }
}
