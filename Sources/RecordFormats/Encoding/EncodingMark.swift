/// Looks at a source's first bytes for its encoding: a byte order mark says it, whatever was said before.
struct EncodingMark {
    /// What the source is in, unless it begins with a mark; nil where nothing was said, which makes it UTF-8.
    private let said: TextEncoding?
    /// The bytes looked at so far; nil once the mark has been dealt with.
    private var head: [UInt8]? = []

    init(said: TextEncoding?) {
        self.said = said
    }

    /// The source's encoding and its first bytes, behind the mark.
    struct Finding {
        let encoding: TextEncoding
        let head: [UInt8]
    }

    /// Whether the encoding is still to be found.
    var isPending: Bool { head != nil }

    /// Takes bytes from `chunk`, from `index` on, until there are four.
    /// - Returns: what they say; nil while there are fewer than four.
    /// - Throws: `unsupportedEncoding`, at line 1.
    mutating func take(_ chunk: Span<UInt8>, _ index: inout Int) throws(DecodingFailure) -> Finding? {
        guard var head else { return nil }
        while head.count < 4, index < chunk.count {
            head.append(chunk[index])
            index += 1
        }
        self.head = head
        return head.count < 4 ? nil : try end()
    }

    /// What the bytes say of a source that ended before its fourth.
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
        if said == nil, head.contains(0) {
            throw Self.unsupported(
                "UTF-16 without a byte order mark; say --encoding \(head.first == 0 ? "utf-16be" : "utf-16le"), "
                    + "or save it as UTF-8")
        }
        return Finding(encoding: said ?? .utf8, head: head)
    }

    private static func unsupported(_ what: String) -> DecodingFailure {
        DecodingFailure(code: .unsupportedEncoding, line: 1, message: "the input looks like \(what)")
    }
}
