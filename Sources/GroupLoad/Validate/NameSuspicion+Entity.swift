import Glibc

/// Names that hold a character as HTML writes it (HTML Standard, 13.1.4): `&amp;`, `&#39;`, `&#x27;`.
extension NameSuspicion {
    /// The longest reference that is looked for, without `&` and `;`.
    private static let referenceMax = 10

    /// Whether bytes hold such a character: a name, or at once those of many names, most of which hold none.
    static func hasReference(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        // Safe: memchr reads the bytes that were lent from `index` on, and no others.
        while index < bytes.count, let base = bytes.baseAddress,
            let found = unsafe memchr(base + index, CInt(UInt8(ascii: "&")), bytes.count - index)
        {
            let start = unsafe UnsafeRawPointer(found) - base + 1
            let end = min(bytes.count, start + referenceMax + 1)
            var behind = start
            while behind < end, unsafe bytes[behind] != UInt8(ascii: ";") { behind += 1 }
            let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<behind])
            if behind < end, unsafe isReference(part) { return true }
            index = start
        }
        return false
    }

    /// Whether what stands between `&` and `;` is a number, or letters and digits as in a character's name.
    private static func isReference(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let first = unsafe text.first else { return false }
        if first != UInt8(ascii: "#") {
            return unsafe text.count > 1 && isLetter(first) && text.allSatisfy { isLetter($0) || isDigit($0) }
        }
        let isHexadecimal = unsafe text.count > 1 && text[1] | 0x20 == UInt8(ascii: "x")
        let digits = unsafe text.dropFirst(isHexadecimal ? 2 : 1)
        return unsafe !digits.isEmpty && digits.allSatisfy { isDigit($0) || isHexadecimal && ($0 | 0x20) &- 0x61 < 6 }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
