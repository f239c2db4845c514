/// Processing instructions, and the XML declaration, which looks like one.
extension XMLPageParser {
    /// Reads a processing instruction (section 2.6), which means nothing here, or the XML declaration (2.8).
    func readInstruction(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(DecodingFailure) {
        var index = range.lowerBound
        while index < range.upperBound, Self.isName(bytes[index]) { index += 1 }
        let target = bytes.extracting(range.lowerBound..<index)
        guard target.count > 0, Self.isNameStart(target[0]), index == range.upperBound || Self.isSpace(bytes[index])
        else { throw malformed("a processing instruction has no name", range.lowerBound) }
        guard target.isNamed("xml") else { return try check(bytes, range) }
        guard offset == 0, range.lowerBound == 2 else {
            throw malformed("an XML declaration stands behind the file's first bytes", range.lowerBound)
        }
        var names: [String] = []
        while index < range.upperBound {
            let before = index
            while index < range.upperBound, Self.isSpace(bytes[index]) { index += 1 }
            if index == range.upperBound { break }
            guard index > before, let end = Self.declaredEnd(bytes, index..<range.upperBound, &names) else {
                throw malformed("the XML declaration isn't one", index)
            }
            index = end
        }
        guard
            [["version"], ["version", "encoding"], ["version", "standalone"], ["version", "encoding", "standalone"]]
                .contains(names)
        else { throw malformed("the XML declaration isn't one", range.lowerBound) }
    }

    /// The offset behind the part of an XML declaration that begins at the range's start, whose name is appended; nil
    /// where there is none.
    private static func declaredEnd(_ bytes: Span<UInt8>, _ range: Range<Int>, _ names: inout [String]) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound, isName(bytes[index]) { index += 1 }
        var name = ""
        for place in range.lowerBound..<index { name.unicodeScalars.append(UnicodeScalar(bytes[place])) }
        names.append(name)
        while index < range.upperBound, isSpace(bytes[index]) { index += 1 }
        guard index < range.upperBound, bytes[index] == UInt8(ascii: "=") else { return nil }
        index += 1
        while index < range.upperBound, isSpace(bytes[index]) { index += 1 }
        guard index < range.upperBound, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") else {
            return nil
        }
        let quote = bytes[index]
        index += 1
        let start = index
        while index < range.upperBound, isName(bytes[index]), bytes[index] < 0x80 { index += 1 }
        guard index > start, index < range.upperBound, bytes[index] == quote else { return nil }
        return index + 1
    }
}
