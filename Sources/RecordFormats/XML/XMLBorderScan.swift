/// Finds where an element ends, tag by tag, in markup that libxml2 reads afterwards: where its bytes may be cut.
///
/// To its maintainers: this judges nothing. In a well-formed document it is right; what may be damage, or isn't whole,
/// gives no place, and libxml2 then gets the bytes as they come. So its errors never depend on where this cut.
struct XMLBorderScan {
    /// How many elements are open within the one whose child elements end at a border.
    private var level: Int

    /// A scan that begins between two tags, or within text, `level` levels below a border.
    init(level: Int) { self.level = level }

    /// The offset behind the first end tag, or empty element's tag, from `start` on that leads to level 0; nil where
    /// there is none, or one of its last three bytes isn't ASCII: there, libxml2 doesn't tell bad UTF-8 from a
    /// character that was cut.
    mutating func firstBorder(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        guard let border = firstEnd(bytes, from: start) else { return nil }
        for index in max(0, border - 3)..<border where bytes[index] >= 0x80 { return nil }
        return border
    }

    private mutating func firstEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count, let tag = bytes.firstIndex(of: UInt8(ascii: "<"), from: index), tag + 1 < bytes.count
        {
            switch bytes[tag + 1] {
            case UInt8(ascii: "!"):
                guard let end = Self.endOfDeclaration(bytes, tag) else { return nil }
                index = end
            case UInt8(ascii: "?"):
                guard let end = bytes.firstIndex(of: "?>", from: tag + 2) else { return nil }
                index = end + 2
            case UInt8(ascii: "/"):
                guard let end = bytes.firstIndex(of: UInt8(ascii: ">"), from: tag + 2) else { return nil }
                index = end + 1
                level -= 1
                if level == 0 { return index }
            default:
                guard let end = Self.endOfStartTag(bytes, tag) else { return nil }
                index = end + 1
                if bytes[end - 1] != UInt8(ascii: "/") {
                    level += 1
                } else if level == 0 {
                    return index
                }
            }
        }
        return nil
    }

    /// The offset behind a comment or a section of plain text; nil for other declarations.
    private static func endOfDeclaration(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
        if bytes.isEqual("<!--", at: start) { return bytes.firstIndex(of: "-->", from: start + 4).map { $0 + 3 } }
        guard bytes.isEqual("<![CDATA[", at: start) else { return nil }
        return bytes.firstIndex(of: "]]>", from: start + 9).map { $0 + 3 }
    }

    /// The offset of the `>` that ends a start tag; nil where there is none, or another tag begins before it.
    private static func endOfStartTag(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
        var quote: UInt8 = 0
        for index in start + 1..<bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "<"): return nil
            case UInt8(ascii: ">") where quote == 0: return index
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                if quote == 0 { quote = bytes[index] } else if quote == bytes[index] { quote = 0 }
            default: break
            }
        }
        return nil
    }
}
