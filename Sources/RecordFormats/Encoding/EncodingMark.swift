/// Looks at a source's first bytes for its encoding: a byte order mark says it, whatever was said before.
struct EncodingMark {
    /// What the source is in, unless it begins with a mark; nil where nothing was said, which makes it UTF-8.
    private let said: TextEncoding?
    /// Whether an XML declaration, too, may say it.
    private let isXML: Bool
    /// The bytes looked at so far; nil once the mark has been dealt with.
    private var head: [UInt8]? = []

    init(said: TextEncoding?, isXML: Bool) {
        self.said = said
        self.isXML = isXML
    }

    /// The source's encoding and its first bytes, behind the mark.
    struct Finding {
        /// The encoding's name, in lower case; XML may declare others than ``TextEncoding`` has.
        let name: String
        let head: [UInt8]

        init(encoding: TextEncoding, head: [UInt8]) { self.init(name: encoding.rawValue, head: head) }

        init(name: String, head: [UInt8]) {
            self.name = name
            self.head = head
        }
    }

    /// Whether the encoding is still to be found.
    var isPending: Bool { head != nil }

    /// Takes bytes from `chunk`, from `index` on, until there are enough: four, or a whole XML declaration.
    /// - Returns: what they say; nil while there are too few.
    /// - Throws: `unsupportedEncoding`, at line 1.
    mutating func take(_ chunk: Span<UInt8>, _ index: inout Int) throws(DecodingFailure) -> Finding? {
        guard var head else { return nil }
        while needsMore(head), index < chunk.count {
            head.append(chunk[index])
            index += 1
        }
        self.head = head
        return needsMore(head) ? nil : try end()
    }

    private func needsMore(_ head: [UInt8]) -> Bool {
        if head.count < 4 { return true }
        return isXML && said == nil && head.starts(with: "<?xm".utf8) && head.count < Self.declarationBytesMax
            && head.last != UInt8(ascii: ">")
    }

    /// What the bytes say of a source that ended before there were enough.
    /// - Throws: `unsupportedEncoding`, at line 1.
    mutating func end() throws(DecodingFailure) -> Finding? {
        guard let head else { return nil }
        self.head = nil
        if head == [0xFF, 0xFE, 0, 0] || head == [0, 0, 0xFE, 0xFF] {
            throw Self.unsupported("UTF-32; save it as UTF-8")
        }
        if head.starts(with: [0xFF, 0xFE]) {
            return Finding(encoding: .utf16LittleEndian, head: Array(head.dropFirst(2)))
        }
        if head.starts(with: [0xFE, 0xFF]) {
            return Finding(encoding: .utf16BigEndian, head: Array(head.dropFirst(2)))
        }
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return Finding(encoding: .utf8, head: Array(head.dropFirst(3))) }
        if said == nil, isXML {
            if head.starts(with: [0x3C, 0]) { return Finding(encoding: .utf16LittleEndian, head: head) }
            if head.starts(with: [0, 0x3C]) { return Finding(encoding: .utf16BigEndian, head: head) }
            return Finding(name: Self.declared(head) ?? TextEncoding.utf8.rawValue, head: head)
        }
        if said == nil, head.contains(0) {
            throw Self.unsupported(
                "UTF-16 without a byte order mark; say --encoding \(head.first == 0 ? "utf-16be" : "utf-16le"), "
                    + "or save it as UTF-8")
        }
        return Finding(encoding: said ?? .utf8, head: head)
    }

    /// A longer XML declaration is not looked for.
    private static let declarationBytesMax = 1024

    /// What an XML declaration names (XML 1.0, section 4.3.3). One in bytes that says it is in UTF-16 is wrong; such files
    /// are in UTF-8.
    private static func declared(_ head: [UInt8]) -> String? {
        guard head.starts(with: "<?xm".utf8) else { return nil }
        let text = String(decoding: head, as: UTF8.self)
        guard let label = text.firstRange(of: "encoding") else { return nil }
        let value = text[label.upperBound...].drop { $0.isWhitespace || $0 == "=" }
        guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
        let name = value.dropFirst().prefix { $0 != quote }
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-:".contains($0)) })
        else {
            return nil
        }
        let encoding = name.lowercased()
        return encoding.hasPrefix("utf-16") || encoding == "utf8" ? nil : encoding
    }

    private static func unsupported(_ what: String) -> DecodingFailure {
        DecodingFailure(code: .unsupportedEncoding, line: 1, message: "the input looks like \(what)")
    }
}
