/// Where a text may be cut into parts that ``PartDecoder`` decodes: at places that look as if they were between two
/// records. Whether they are is for who decodes the parts in their order to tell.
package enum PartBorder: Sendable, Equatable {
    /// Behind a line end.
    case lineEnd
    /// JSON: before an object that follows another, with or without a comma between.
    case object
    /// XML: behind a tag that a start tag of this name follows.
    case element([UInt8])

    /// The offset of the last border in a chunk: the end of one part, and the start of the next; nil for none.
    package func last(in chunk: [UInt8]) -> Int? {
        switch self {
        case .lineEnd: chunk.lastIndex(of: 0x0A).map { $0 + 1 }
        case .object: Self.lastObject(in: chunk)
        case .element(let name): Self.lastElement(name, in: chunk)
        }
    }

    private static func lastObject(in chunk: [UInt8]) -> Int? {
        var end = chunk.count
        while let brace = chunk[..<end].lastIndex(of: UInt8(ascii: "{")) {
            end = endOfText(chunk, before: brace)
            if end > 0, chunk[end - 1] == UInt8(ascii: ",") { end = endOfText(chunk, before: end - 1) }
            if end > 0, chunk[end - 1] == UInt8(ascii: "}") { return brace }
        }
        return nil
    }

    private static func lastElement(_ name: [UInt8], in chunk: [UInt8]) -> Int? {
        var tag = chunk.count
        while let start = chunk[..<tag].lastIndex(of: UInt8(ascii: "<")) {
            tag = start
            guard chunk[(tag + 1)...].starts(with: name), tag + name.count + 1 < chunk.count,
                endsName(chunk[tag + name.count + 1])
            else { continue }
            let end = endOfText(chunk, before: tag)
            if end > 0, chunk[end - 1] == UInt8(ascii: ">") { return end }
        }
        return nil
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
    }

    /// The offset behind the last byte before `end` that isn't white space; 0 for none.
    private static func endOfText(_ chunk: [UInt8], before end: Int) -> Int {
        var end = end
        while end > 0, [0x20, 0x09, 0x0A, 0x0D].contains(chunk[end - 1]) { end -= 1 }
        return end
    }
}
