/// Plain XML: tags in one way of writing, and texts without references. What isn't plain may be right, too:
/// ``XMLPageParser`` has the rules.
extension Span<UInt8> {
    /// Goes behind `text`, if it is what comes at `index`.
    @inline(__always)
    func pass(_ text: StaticString, _ index: inout Int) -> Bool {
        guard isEqual(text, at: index) else { return false }
        index += text.utf8CodeUnitCount
        return true
    }

    /// Goes behind the rest of an attribute's value, and its quotation mark.
    /// - Returns: where the value stands; nil where it isn't ASCII without references, or isn't whole.
    @inline(__always)
    func passValue(_ index: inout Int) -> Range<Int>? {
        let start = index
        while index < count {
            let byte = self[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return start..<index - 1 }
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<") { return nil }
        }
        return nil
    }

    /// Goes to the next tag.
    /// - Returns: where the text before it stands; nil where it holds references, line ends, tabs, `]`, or what XML
    ///   doesn't allow, or isn't whole.
    @inline(__always)
    func passText(_ index: inout Int) -> Range<Int>? {
        let start = index
        var all: UInt8 = 0
        while index < count {
            let byte = self[index]
            if byte == UInt8(ascii: "<") {
                let isUTF8 = all < 0x80 || extracting(start..<index).isUTF8
                return isUTF8 ? start..<index : nil
            }
            // 0xEF begins U+FFFE and U+FFFF, among others.
            if byte < 0x20 || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "]") || byte == 0xEF { return nil }
            all |= byte
            index += 1
        }
        return nil
    }

    /// Whether the bytes say yes as XML Schema writes it.
    var isYes: Bool { isNamed("1") || isNamed("true") || isNamed("on") }
}
