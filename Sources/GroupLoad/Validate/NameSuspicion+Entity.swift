import Foundation

/// Names that hold a character as HTML writes it (HTML Standard, 13.1.4): `&amp;`, `&#39;`, `&#x27;`.
extension NameSuspicion {
    /// The longest reference that is looked for, without `&` and `;`.
    private static let referenceMax = 10

    /// Whether there is an ampersand in bytes, as in most lists there is none.
    static func hasAmpersand(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        // Safe: memchr reads the bytes that were lent, and no others.
        return unsafe memchr(base, CInt(UInt8(ascii: "&")), bytes.count) != nil
    }

    /// Whether a name holds such a character.
    static func hasReference(_ name: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < name.count {
            if unsafe name[index] == UInt8(ascii: "&") {
                let start = index + 1
                let end = min(name.count, start + referenceMax + 1)
                var behind = start
                while behind < end, unsafe name[behind] != UInt8(ascii: ";") { behind += 1 }
                let part = unsafe UnsafeRawBufferPointer(rebasing: name[start..<behind])
                if behind < end, unsafe isReference(part) { return true }
            }
            index += 1
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
