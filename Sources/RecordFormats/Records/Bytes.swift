internal import Glibc

extension Span<UInt8> {
    /// Whether the bytes are UTF-8 (Unicode 16, table 3-7: no surrogates, no overlong forms).
    ///
    /// `UTF8Span` says the same; this takes fewer instructions for texts as short as records.
    var isUTF8: Bool {
        // Safe: each look at a byte is below `count`, and a word's eight bytes are.
        unsafe withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return true }
            var index = 0
            while index < bytes.count {
                if index + 8 <= bytes.count {
                    let word = unsafe UnsafeRawPointer(base).loadUnaligned(
                        fromByteOffset: index, as: UInt64.self)
                    let high = UInt64(littleEndian: word) & 0x8080_8080_8080_8080
                    index += high.trailingZeroBitCount >> 3
                    if high == 0 { continue }
                } else if unsafe bytes[index] < 0x80 {
                    index += 1
                    continue
                }
                let length = unsafe Self.utf8Sequence(bytes, at: index)
                if length == 0 { return false }
                index += length
            }
            return true
        }
    }

    /// The number of bytes of the sequence that begins with the byte at `index`, which is not ASCII; 0 where there is no such
    /// sequence. Source: Unicode 16, table 3-7.
    @inline(__always)
    private static func utf8Sequence(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let first = unsafe bytes[index]
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard first >= 0xC2, first <= 0xF4, length <= bytes.count - index else { return 0 }
        // Safe: the sequence's bytes are below `count`, as just checked.
        let second = unsafe bytes[index + 1]
        guard second & 0xC0 == 0x80 else { return 0 }
        switch first {
        case 0xE0: if second < 0xA0 { return 0 }
        case 0xED: if second > 0x9F { return 0 }
        case 0xF0: if second < 0x90 { return 0 }
        case 0xF4: if second > 0x8F { return 0 }
        default: break
        }
        if length > 2, unsafe bytes[index + 2] & 0xC0 != 0x80 { return 0 }
        if length > 3, unsafe bytes[index + 3] & 0xC0 != 0x80 { return 0 }
        return length
    }

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
