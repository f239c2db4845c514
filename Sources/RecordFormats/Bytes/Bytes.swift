extension [UInt8] {
    /// Appends bytes with one copy.
    mutating func append(_ bytes: Span<UInt8>) {
        // Safe: the buffer is read within the closure only, and an array's storage never overlaps a span of other
        // storage.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
