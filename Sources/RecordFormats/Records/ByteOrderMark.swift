/// Looks at a source's first bytes: skips the UTF-8 byte order mark, and refuses what isn't UTF-8 from its first byte
/// on.
struct ByteOrderMark {
    /// The bytes looked at so far; nil once the mark has been dealt with.
    private var head: [UInt8]? = []

    /// Takes bytes from `chunk`, from `index` on, until there are four.
    /// - Returns: the bytes that go to the decoder before the rest of the chunk; nil while there are fewer than four.
    /// - Throws: `unsupportedEncoding`, at line 1.
    mutating func take(_ chunk: Span<UInt8>, _ index: inout Int) throws(DecodingFailure) -> [UInt8]? {
        guard var head else { return [] }
        while head.count < 4, index < chunk.count {
            head.append(chunk[index])
            index += 1
        }
        self.head = head
        return head.count < 4 ? nil : try end()
    }

    /// The bytes that were held back of a source that ended before its fourth.
    /// - Throws: `unsupportedEncoding`, at line 1.
    mutating func end() throws(DecodingFailure) -> [UInt8] {
        guard let head else { return [] }
        self.head = nil
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) || head.contains(0) {
            throw DecodingFailure(
                code: .unsupportedEncoding, line: 1,
                message: "the input looks like UTF-16 or UTF-32; save it as UTF-8"
            )
        }
        return head.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(head.dropFirst(3)) : head
    }
}
