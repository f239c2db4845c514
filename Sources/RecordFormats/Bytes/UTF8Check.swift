extension Span<UInt8> {
    /// Whether the bytes are UTF-8 (Unicode 16, table 3-7: no surrogates, no overlong forms).
    package var isUTF8: Bool { firstInvalidUTF8 == nil }

    /// The offset of the first sequence that isn't UTF-8 (Unicode 16, table 3-7); nil where all are.
    ///
    /// `UTF8Span` finds the same offset; this takes fewer instructions for texts as short as records.
    var firstInvalidUTF8: Int? {
        // Safe: each byte that is read is below `count`, and so are a word's eight bytes.
        unsafe withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return nil }
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
                if length == 0 { return index }
                index += length
            }
            return nil
        }
    }

    /// The number of bytes of the sequence that begins with the byte at `index`, which is not ASCII; 0 where there is
    /// no such sequence. Source: Unicode 16, table 3-7.
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
}
