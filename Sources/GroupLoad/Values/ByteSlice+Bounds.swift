import RecordFormats

extension ByteSlice {
    /// ``start`` and ``end``, read without a call to the module that they come from: it would be a tenth of a record's
    /// time.
    @inline(__always)
    var bounds: Range<Int> {
        let start = Int(start32)
        return Range(uncheckedBounds: (start, start &+ Int(count32)))
    }
}
