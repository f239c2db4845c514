/// The attributes of a tag.
extension XMLPageParser {
    /// Reads an attribute, whose name begins at `start`.
    /// - Returns: the offset behind it; nil where it isn't whole.
    mutating func readAttribute(
        _ bytes: Span<UInt8>, _ start: Int, into page: inout XMLPage
    ) throws(DecodingFailure) -> Int? {
        var index = start
        while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
        let written = start..<index
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
        guard index < bytes.count else { return nil }
        guard bytes[index] == UInt8(ascii: "=") else { throw malformed("an attribute has no value", start) }
        index += 1
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
        guard index < bytes.count else { return nil }
        let quote = bytes[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw malformed("an attribute's value has no quotes", start)
        }
        index += 1
        let valueStart = index
        var isPlain = true
        while index < bytes.count, bytes[index] != quote {
            let byte = bytes[index]
            if byte == UInt8(ascii: "<") { throw malformed("an attribute's value holds <", start) }
            if byte == UInt8(ascii: "&") || byte < 0x20 || byte == 0xEF { isPlain = false }
            index += 1
        }
        guard index < bytes.count else { return nil }
        try noteAttribute(bytes, written)
        let (name, hasPrefix) = localName(bytes, written)
        let slice = page.bytes.count
        if isPlain {
            if name != .other { page.bytes.append(bytes.extracting(valueStart..<index)) }
        } else {
            try check(bytes, valueStart..<index)
            try decode(bytes, valueStart..<index, isAttribute: true, into: &page.bytes)
            if name == .other { page.bytes.removeLast(page.bytes.count - slice) }
        }
        if name != .other {
            page.events.append(
                XMLPage.Event(
                    kind: .attribute, name: name, hasPrefix: hasPrefix,
                    slice: ByteSlice(start: slice, count: page.bytes.count - slice)))
        }
        return index + 1
    }

    /// Makes sure that a tag has no attribute twice.
    private mutating func noteAttribute(_ bytes: Span<UInt8>, _ name: Range<Int>) throws(DecodingFailure) {
        for other in attributeNames where other.count == name.count {
            var isEqual = true
            for place in 0..<name.count where bytes[other.start + place] != bytes[name.lowerBound + place] {
                isEqual = false
                break
            }
            if isEqual { throw malformed("an element has an attribute twice", name.lowerBound) }
        }
        guard attributeNames.count < Self.attributesMax else {
            throw malformed("an element has more than \(Self.attributesMax) attributes", name.lowerBound)
        }
        attributeNames.append(ByteSlice(start: name.lowerBound, count: name.count))
    }
}
