/// How texts are written as JSON, RFC 8259.
package enum JSONEncoding {
    /// Appends UTF-8 text as a string (section 7), with the escapes that JSON requires, and those of characters that a
    /// terminal acts on: DEL, C1 controls, line separators and marks of direction.
    package static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        var skipped = 0
        for index in 0..<text.count {
            if skipped > 0 {
                skipped -= 1
                continue
            }
            let byte = text[index]
            switch byte {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(byte)
            case 0..<0x20: appendEscape(byte, to: &bytes)
            case 0x7F: appendEscape(UInt16(byte), to: &bytes)
            case 0xC2, 0xD8, 0xE2:
                guard let unit = unitThatActs(text, at: index) else {
                    bytes.append(byte)
                    continue
                }
                appendEscape(unit, to: &bytes)
                skipped = unit < 0x800 ? 1 : 2
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }

    /// The character at `index` where a terminal acts on it: U+0080 to U+009F, U+061C, U+200E, U+200F, U+2028 to
    /// U+202E, U+2066 to U+2069; nil for any other.
    private static func unitThatActs(_ text: Span<UInt8>, at index: Int) -> UInt16? {
        guard index + 1 < text.count else { return nil }
        let second = UInt16(text[index + 1])
        switch (text[index], second) {
        case (0xC2, 0x80...0x9F): return second
        case (0xD8, 0x9C): return 0x061C
        case (0xE2, 0x80...0x81):
            guard index + 2 < text.count else { return nil }
            let unit = 0x2000 + (second & 0x3F) << 6 + UInt16(text[index + 2] & 0x3F)
            switch unit {
            case 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: return unit
            default: return nil
            }
        default: return nil
        }
    }

    private static func appendEscape(_ unit: UInt16, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: [0x5C, UInt8(ascii: "u")])
        for shift in [UInt16(12), 8, 4, 0] { bytes.append(Hexadecimal.digit(UInt8(unit >> shift & 15))) }
    }

    private static func appendEscape(_ control: UInt8, to bytes: inout [UInt8]) {
        bytes.append(0x5C)
        switch control {
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: [UInt8(ascii: "u"), 0x30, 0x30])
            bytes.append(Hexadecimal.digit(control >> 4))
            bytes.append(Hexadecimal.digit(control & 15))
        }
    }

    /// Whether a text is an integer as JSON writes it, so that it can be a number without being changed.
    package static func isInteger(_ text: Span<UInt8>) -> Bool {
        let first = text.count > 0 && text[0] == UInt8(ascii: "-") ? 1 : 0
        guard first < text.count, text[first] != UInt8(ascii: "0") || text.count == first + 1 else { return false }
        for index in first..<text.count where !(0x30...0x39).contains(text[index]) { return false }
        return true
    }
}
