/// Text as it is written, and what it is made of.
extension XMLPageParser {
    /// Makes sure that all characters are some that XML 1.0 allows (section 2.2); UTF-8 is checked apart.
    func check(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(DecodingFailure) {
        for index in range {
            let byte = bytes[index]
            if byte < 0x20, !Self.isSpace(byte) {
                throw malformed("a control character, which XML doesn't allow", index)
            }
            if byte == 0xEF, index + 2 < range.upperBound, bytes[index + 1] == 0xBF, bytes[index + 2] >= 0xBE {
                throw malformed("a character that XML doesn't allow", index)
            }
        }
    }

    /// Appends text with its references decoded (sections 4.1, 4.6), and its line ends normalised (2.11), or all of its
    /// white space in an attribute (3.3.3).
    func decode(
        _ bytes: Span<UInt8>, _ range: Range<Int>, isAttribute: Bool, into text: inout [UInt8]
    ) throws(DecodingFailure) {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "&"):
                guard let end = bytes.firstIndex(of: UInt8(ascii: ";"), from: index), end < range.upperBound,
                    let scalar = Self.scalar(bytes.extracting(index..<end))
                else { throw malformed("a & begins no reference; it is written &amp;", index - 1) }
                text += UTF8.encode(scalar) ?? .init()
                index = end + 1
            case 0x0D:
                if index < range.upperBound, bytes[index] == 0x0A { index += 1 }
                text.append(isAttribute ? 0x20 : 0x0A)
            case 0x09, 0x0A: text.append(isAttribute ? 0x20 : byte)
            default: text.append(byte)
            }
        }
    }

    /// The character that a reference without `&` and `;` stands for; nil where it is none.
    private static func scalar(_ reference: Span<UInt8>) -> UnicodeScalar? {
        guard reference.count > 1, reference.count <= 10 else { return nil }
        if reference[0] == UInt8(ascii: "#") {
            let isHexadecimal = reference[1] == UInt8(ascii: "x")
            var value: UInt32 = 0
            guard reference.count > (isHexadecimal ? 2 : 1) else { return nil }
            for index in (isHexadecimal ? 2 : 1)..<reference.count {
                let byte = reference[index]
                let folded = isHexadecimal && byte >= 0x41 ? byte | 0x20 : byte
                guard let digit = Hexadecimal.value(folded), digit < (isHexadecimal ? 16 : 10), value < 1 << 24 else {
                    return nil
                }
                value = value * (isHexadecimal ? 16 : 10) + digit
            }
            guard value >= 0x20 || value == 9 || value == 10 || value == 13, value != 0xFFFE, value != 0xFFFF else {
                return nil
            }
            return UnicodeScalar(value)
        }
        if reference.isNamed("lt") { return "<" }
        if reference.isNamed("gt") { return ">" }
        if reference.isNamed("amp") { return "&" }
        if reference.isNamed("quot") { return "\"" }
        return reference.isNamed("apos") ? "'" : nil
    }

    static func normaliseLineEnds(_ bytes: inout [UInt8], from start: Int) {
        var write = start
        for read in start..<bytes.count {
            if bytes[read] == 0x0A, read > start, bytes[read - 1] == 0x0D { continue }
            bytes[write] = bytes[read]
            write += 1
        }
        bytes.removeLast(bytes.count - write)
        for index in start..<bytes.count where bytes[index] == 0x0D { bytes[index] = 0x0A }
    }

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }

    /// Whether a byte begins a name (section 2.3); any that isn't ASCII may.
    @inline(__always)
    static func isNameStart(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":") || byte >= 0x80
    }

    @inline(__always)
    static func isName(_ byte: UInt8) -> Bool {
        isNameStart(byte) || byte &- 0x30 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}
