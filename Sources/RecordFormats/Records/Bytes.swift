internal import Glibc

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

    /// The offset of the first LF from `start` on; nil where there is none. Precondition: `start` is at most `count`.
    func firstLineEnd(from start: Int) -> Int? {
        // Safe: memchr looks at the bytes from `start` to the span's end only.
        unsafe withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, 0x0A, buffer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
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
