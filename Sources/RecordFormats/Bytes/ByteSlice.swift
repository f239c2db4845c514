/// A run of bytes inside a batch's arena. Offsets fit 32 bits, so an arena holds at most 2 GiB.
package struct ByteSlice: Sendable, Equatable {
    /// The offset of the first byte as it is stored: other modules read stored properties without a call.
    package let start32: Int32
    /// The number of bytes as it is stored.
    package let count32: Int32

    /// The offset of the first byte, from 0.
    package var start: Int { Int(start32) }
    /// The number of bytes.
    package var count: Int { Int(count32) }
    /// The offset behind the last byte.
    package var end: Int { start + count }

    /// The offsets of the bytes.
    var range: Range<Int> { start..<end }

    /// Precondition: both fit 32 bits.
    package init(start: Int, count: Int) {
        start32 = Int32(start)
        count32 = Int32(count)
    }

    /// A slice of an arena of at most 2^31 - 1 bytes, which `CSVScan` checks once for all slices of a chunk.
    init(inArena start: Int, count: Int) {
        start32 = Int32(truncatingIfNeeded: start)
        count32 = Int32(truncatingIfNeeded: count)
    }

    /// The slice of the same length whose start is `offset` further on.
    func moved(by offset: Int) -> ByteSlice { ByteSlice(start: start + offset, count: count) }

    /// No bytes.
    package static var empty: ByteSlice { ByteSlice(start: 0, count: 0) }
}
