/// A run of bytes inside a batch's arena. Offsets fit 32 bits, so an arena holds at most 2 GiB.
package struct ByteSlice: Sendable, Equatable {
    @usableFromInline let start32: Int32
    @usableFromInline let count32: Int32

    /// The offset of the first byte, from 0.
    @inlinable package var start: Int { Int(start32) }
    /// The number of bytes.
    @inlinable package var count: Int { Int(count32) }
    /// The offset behind the last byte.
    @inlinable package var end: Int { start + count }

    /// Precondition: both fit 32 bits.
    @inlinable package init(start: Int, count: Int) {
        start32 = Int32(start)
        count32 = Int32(count)
    }

    /// The same bytes where they stand `offset` further on.
    func moved(by offset: Int) -> ByteSlice { ByteSlice(start: start + offset, count: count) }

    /// No bytes.
    @inlinable package static var empty: ByteSlice { ByteSlice(start: 0, count: 0) }
}
