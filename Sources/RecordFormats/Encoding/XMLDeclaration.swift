/// The declaration that an XML document may begin with, and the encoding that it names (XML 1.0, section 4.3.3).
enum XMLDeclaration {
    /// Whether `head` begins a declaration, or may once there are more bytes: `<?xml` and white space, but not
    /// `<?xml-stylesheet`.
    static func mayBegin(_ head: [UInt8]) -> Bool {
        let start = Array("<?xml".utf8)
        guard head.count > start.count else { return start.starts(with: head) }
        return head.starts(with: start) && isBlank(head[start.count])
    }

    /// The encoding's name in lower case; nil where there is none. A declaration in bytes that says UTF-16 or UTF-32 is
    /// wrong; such files are in UTF-8.
    static func encoding(_ head: [UInt8]) -> String? {
        guard mayBegin(head), head.count > 5 else { return nil }
        var index = 5
        while let (name, value) = attribute(head, &index) {
            guard name == "encoding" else { continue }
            guard !value.isEmpty,
                value.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-:".contains($0)) })
            else { return nil }
            let encoding = value.lowercased()
            let isWide = ["utf-16", "utf16", "utf-32", "utf32", "ucs", "iso-10646"].contains(where: encoding.hasPrefix)
            return isWide || encoding == "utf8" ? nil : encoding
        }
        return nil
    }

    /// The next `name = "value"` from `index` on, which is behind it then; nil where there is no other.
    private static func attribute(_ head: [UInt8], _ index: inout Int) -> (name: String, value: String)? {
        func skipBlanks(_ index: inout Int) {
            while index < head.count, isBlank(head[index]) { index += 1 }
        }
        skipBlanks(&index)
        let name = head[index...].prefix { !isBlank($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "?") }
        index = name.endIndex
        skipBlanks(&index)
        guard !name.isEmpty, index < head.count, head[index] == UInt8(ascii: "=") else { return nil }
        index += 1
        skipBlanks(&index)
        guard index < head.count, head[index] == 0x22 || head[index] == 0x27,
            let end = head[(index + 1)...].firstIndex(of: head[index])
        else { return nil }
        defer { index = end + 1 }
        return (String(decoding: name, as: UTF8.self), String(decoding: head[(index + 1)..<end], as: UTF8.self))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}
