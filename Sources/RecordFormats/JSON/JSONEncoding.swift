/// How texts are written as JSON, RFC 8259.
package enum JSONEncoding {
    /// Appends UTF-8 text as a string (section 7), with only the escapes that JSON requires.
    package static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        for index in 0..<text.count {
            let byte = text[index]
            switch byte {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(byte)
            case 0..<0x20: appendEscape(byte, to: &bytes)
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
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
