/// Text as XML 1.0 character data.
enum XMLEncoding {
    /// Appends character data; CR as a reference, because a reader makes a plain one LF (XML 1.0, section 2.11).
    static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
        for index in 0..<text.count {
            switch text[index] {
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
            case 0x0D: bytes.append(contentsOf: "&#13;".utf8)
            case let byte: bytes.append(byte)
            }
        }
    }

    /// Whether XML 1.0 can express the text (section 2.2): no control characters but tab, LF and CR, and neither U+FFFE
    /// nor U+FFFF.
    static func canHold(_ text: Span<UInt8>) -> Bool {
        for index in 0..<text.count {
            let byte = text[index]
            if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return false }
            if byte == 0xEF, index + 2 < text.count, text[index + 1] == 0xBF, text[index + 2] >= 0xBE { return false }
        }
        return true
    }
}
