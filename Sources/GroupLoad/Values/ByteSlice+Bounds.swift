import RecordFormats

extension ByteSlice {
    /// ``start`` and ``end``, read without a call to the module that they come from: it would be a tenth of a record's
    /// time.
    @inline(__always)
    var bounds: Range<Int> {
        let start = Int(start32)
        // Safe: a slice has no negative count, and its end fits 32 bits.
        return unsafe Range(uncheckedBounds: (start, start &+ Int(count32)))
    }
}
