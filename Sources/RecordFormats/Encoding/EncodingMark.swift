/// Detects a source's encoding from its first bytes: a byte order mark overrides what the user said.
struct EncodingMark {
    /// The encoding that the user said; nil for none, which means UTF-8.
    private let said: TextEncoding?
    /// Whether an XML declaration, too, may say the encoding.
    private let isXML: Bool
    /// The bytes read so far; nil once the encoding is known.
    private var head: [UInt8]? = []

    init(said: TextEncoding?, isXML: Bool) {
        self.said = said
        self.isXML = isXML
    }

    /// The source's encoding and its first bytes, behind the mark.
    struct Detection {
        /// The encoding's name, in lower case; XML may declare others than ``TextEncoding`` has.
        let name: String
        let head: [UInt8]

        init(encoding: TextEncoding, head: [UInt8]) { self.init(name: encoding.rawValue, head: head) }

        init(name: String, head: [UInt8]) {
            self.name = name
            self.head = head
        }
    }

    /// Whether the encoding isn't known yet.
    var isPending: Bool { head != nil }

    /// Reads bytes of `chunk`, from `index` on, until there are enough: four, or a whole XML declaration.
    /// - Returns: the encoding and the bytes; nil while there are too few.
    /// - Throws: `unsupportedEncoding`, at line 1.
    mutating func read(_ chunk: Span<UInt8>, _ index: inout Int) throws(DecodingFailure) -> Detection? {
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
        return isXML && said == nil && XMLDeclaration.mayBegin(head) && head.count < Self.declarationBytesMax
            && !head.suffix(2).elementsEqual("?>".utf8)
    }

    /// The encoding of the bytes read so far, of a source that may have ended before there were enough.
    /// - Throws: `unsupportedEncoding`, at line 1.
    mutating func end() throws(DecodingFailure) -> Detection? {
        guard let head else { return nil }
        self.head = nil
        if head == [0xFF, 0xFE, 0, 0] || head == [0, 0, 0xFE, 0xFF] {
            throw Self.unsupported("UTF-32; save it as UTF-8")
        }
        if head.starts(with: [0xFF, 0xFE]) {
            return Detection(encoding: .utf16LittleEndian, head: Array(head.dropFirst(2)))
        }
        if head.starts(with: [0xFE, 0xFF]) {
            return Detection(encoding: .utf16BigEndian, head: Array(head.dropFirst(2)))
        }
        if head.prefix(4).filter({ $0 == 0 }).count == 3 { throw Self.unsupported("UTF-32; save it as UTF-8") }
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return Detection(encoding: .utf8, head: Array(head.dropFirst(3))) }
        if said == nil, isXML {
            if head.starts(with: [0x3C, 0]) { return Detection(encoding: .utf16LittleEndian, head: head) }
            if head.starts(with: [0, 0x3C]) { return Detection(encoding: .utf16BigEndian, head: head) }
            return Detection(name: XMLDeclaration.encoding(head) ?? TextEncoding.utf8.rawValue, head: head)
        }
        if said == nil, head.contains(0) {
            throw Self.unsupported(
                "UTF-16 without a byte order mark; say --encoding \(head.first == 0 ? "utf-16be" : "utf-16le"), "
                    + "or save it as UTF-8")
        }
        return Detection(encoding: said ?? .utf8, head: head)
    }

    /// The end of an XML declaration is searched for in so many bytes.
    private static let declarationBytesMax = 1 << 20

    private static func unsupported(_ what: String) -> DecodingFailure {
        DecodingFailure(code: .unsupportedEncoding, line: 1, message: "the input looks like \(what)")
    }
}
