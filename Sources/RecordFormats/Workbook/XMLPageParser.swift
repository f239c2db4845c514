/// Parses XML 1.0 in UTF-8 and gives what it met piece by piece: elements, attributes and texts, as ``XMLPage`` has
/// them. A document type declaration is refused, so that no entity but XML's own five exists.
///
/// To its maintainers: workbooks are read by this and not by libxml2, whose callbacks cost twice as much. The script
/// Scripts/checks/workbooks holds it against expat. Tags, texts and other markup are taken whole: what a piece cuts is
/// held back and read again with the next. Checked is what the specification calls well-formed, but not that a name of
/// other letters than ASCII's begins with a letter, nor that prefixes are declared.
struct XMLPageParser {
    /// The longest tag or text, in bytes.
    private static let tokenBytesMax = 10 << 20
    static let attributesMax = 256
    private static let depthMax = 256
    /// How deep elements may nest that are read past the parser.
    static let plainDepthMax = 16

    private let names = XMLNameTable()
    /// The beginning of a token that the last piece cut.
    private var held: [UInt8] = []
    /// The names of the elements that are open, one behind the other, and where each begins.
    private var openNames: [UInt8] = []
    private var openStarts: [Int] = []
    private var hasRoot = false
    /// The offset of the buffer's first byte in the document.
    private(set) var offset: Int64 = 0
    /// The full names of the attributes of the tag at hand.
    var attributeNames: [ByteSlice] = []

    /// Parses a piece, and puts what it met into `page`, which is emptied first; an empty piece ends the document.
    /// - Throws: `doctypeRefused`, `notWellFormed`, `invalidUTF8`, `truncated`, `limitExceeded`, `depthExceeded`.
    mutating func parse(_ bytes: Span<UInt8>, into page: inout XMLPage) throws(DecodingFailure) {
        page.removeAll()
        if bytes.count == 0 { return try end() }
        if held.isEmpty {
            let consumed = try parseWhole(bytes, into: &page)
            held.append(bytes.extracting(consumed..<bytes.count))
            offset += Int64(consumed)
        } else {
            // Moved out for the call, so that it isn't read from a property under change.
            var whole: [UInt8] = []
            swap(&whole, &held)
            whole.append(bytes)
            let consumed = try parseWhole(whole.span, into: &page)
            whole.removeFirst(consumed)
            swap(&whole, &held)
            offset += Int64(consumed)
        }
        guard held.count <= Self.tokenBytesMax else {
            throw DecodingFailure(
                code: .limitExceeded, message: "a tag or a text is longer than \(Self.tokenBytesMax >> 20) MiB")
        }
    }

    /// Whether the parser stands between two tags inside the root element, of which it has held nothing back.
    @inline(__always)
    var isBetweenTags: Bool {
        held.isEmpty && !openStarts.isEmpty && openStarts.count <= Self.depthMax - Self.plainDepthMax
    }

    /// Passes over bytes that were read by another reader: whole elements.
    @inline(__always)
    mutating func pass(_ count: Int) { offset += Int64(count) }

    private func end() throws(DecodingFailure) {
        guard held.isEmpty || held.allSatisfy(Self.isSpace), openStarts.isEmpty, hasRoot else {
            throw DecodingFailure(
                code: .truncated,
                message: "the document ends before its root element is closed; it was cut short: fetch or save it again"
            )
        }
    }

    /// Parses the tokens that lie whole in `bytes`.
    /// - Returns: how many bytes they have.
    private mutating func parseWhole(_ bytes: Span<UInt8>, into page: inout XMLPage) throws(DecodingFailure) -> Int {
        var index = 0
        while index < bytes.count {
            guard let tag = bytes.firstIndex(of: UInt8(ascii: "<"), from: index) else { break }
            if tag > index { try readText(bytes, index..<tag, into: &page) }
            index = tag
            guard let next = try readMarkup(bytes, tag, into: &page) else { break }
            index = next
        }
        if let bad = bytes.extracting(0..<index).firstInvalidUTF8 {
            throw DecodingFailure(
                code: .invalidUTF8, message: "byte \(offset + Int64(bad)) is not UTF-8; save the workbook again")
        }
        return index
    }

    /// Reads the markup that begins at `start`.
    /// - Returns: the offset behind it; nil where it isn't whole.
    private mutating func readMarkup(
        _ bytes: Span<UInt8>, _ start: Int, into page: inout XMLPage
    ) throws(DecodingFailure) -> Int? {
        guard start + 1 < bytes.count else { return nil }
        switch bytes[start + 1] {
        case UInt8(ascii: "/"): return try readEndTag(bytes, start, into: &page)
        case UInt8(ascii: "!"): return try readDeclaration(bytes, start, into: &page)
        case UInt8(ascii: "?"):
            guard let end = bytes.firstIndex(of: "?>", from: start + 2) else { return nil }
            try readInstruction(bytes, start + 2..<end)
            return end + 2
        default: return try readStartTag(bytes, start, into: &page)
        }
    }

    private mutating func readEndTag(
        _ bytes: Span<UInt8>, _ start: Int, into page: inout XMLPage
    ) throws(DecodingFailure) -> Int? {
        guard let opened = openStarts.last else { throw malformed("an end tag closes no element", start) }
        let count = openNames.count - opened
        var index = start + 2 + count
        guard index < bytes.count else {
            if bytes.firstIndex(of: UInt8(ascii: ">"), from: start) != nil {
                throw malformed("an end tag has another name than the element that it closes", start)
            }
            return nil
        }
        for place in 0..<count where bytes[start + 2 + place] != openNames[opened + place] {
            throw malformed("an end tag has another name than the element that it closes", start)
        }
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
        guard index < bytes.count else { return nil }
        guard bytes[index] == UInt8(ascii: ">") else {
            throw malformed("an end tag has another name than the element that it closes", start)
        }
        page.events.append(XMLPage.Event(kind: .end, name: localName(bytes, start + 2..<start + 2 + count).name))
        openNames.removeLast(count)
        openStarts.removeLast()
        return index + 1
    }

    /// Reads a comment or a section of plain text.
    private mutating func readDeclaration(
        _ bytes: Span<UInt8>, _ start: Int, into page: inout XMLPage
    ) throws(DecodingFailure) -> Int? {
        if bytes.isEqual("<!--", at: start) {
            guard let end = bytes.firstIndex(of: "--", from: start + 4), end + 2 < bytes.count else { return nil }
            guard bytes[end + 2] == UInt8(ascii: ">") else { throw malformed("a comment holds --", start) }
            try check(bytes, start + 4..<end)
            return end + 3
        }
        if bytes.isEqual("<![CDATA[", at: start) {
            guard let end = bytes.firstIndex(of: "]]>", from: start + 9) else { return nil }
            guard !openStarts.isEmpty else { throw malformed("text stands outside the root element", start) }
            try check(bytes, start + 9..<end)
            appendText(bytes, start + 9..<end, into: &page)
            return end + 3
        }
        if bytes.count < start + 9 { return nil }
        guard bytes.isEqual("<!DOCTYPE", at: start) else { throw malformed("this markup does not exist", start) }
        throw DecodingFailure(
            code: .doctypeRefused,
            message: "a document type declaration (<!DOCTYPE …>), which no workbook has, is not accepted")
    }

    /// Reads a start tag, or an empty element's, with its attributes.
    private mutating func readStartTag(
        _ bytes: Span<UInt8>, _ start: Int, into page: inout XMLPage
    ) throws(DecodingFailure) -> Int? {
        let (eventsBefore, bytesBefore) = (page.events.count, page.bytes.count)
        var index = start + 1
        guard Self.isNameStart(bytes[index]) else { throw malformed("an element's name is expected", start) }
        while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
        let name = start + 1..<index
        page.events.append(XMLPage.Event(kind: .start, name: localName(bytes, name).name))
        attributeNames.removeAll(keepingCapacity: true)
        while index < bytes.count {
            let before = index
            while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
            guard index < bytes.count else { break }
            let byte = bytes[index]
            if byte == UInt8(ascii: ">") {
                try open(bytes, name, start)
                return index + 1
            }
            if byte == UInt8(ascii: "/") {
                guard index + 1 < bytes.count else { break }
                guard bytes[index + 1] == UInt8(ascii: ">") else { throw malformed("a tag holds a stray /", index) }
                try open(bytes, name, start)
                page.events.append(XMLPage.Event(kind: .end, name: page.events[eventsBefore].name))
                openNames.removeLast(name.count)
                openStarts.removeLast()
                return index + 2
            }
            guard index > before, Self.isNameStart(byte) else {
                throw malformed("an attribute is expected, with a blank before it", index)
            }
            guard let next = try readAttribute(bytes, index, into: &page) else { break }
            index = next
        }
        // The piece cuts the tag.
        page.events.removeLast(page.events.count - eventsBefore)
        page.bytes.removeLast(page.bytes.count - bytesBefore)
        return nil
    }

    private mutating func open(_ bytes: Span<UInt8>, _ name: Range<Int>, _ start: Int) throws(DecodingFailure) {
        guard !hasRoot || !openStarts.isEmpty else { throw malformed("there is more than one root element", start) }
        guard openStarts.count < Self.depthMax else {
            throw DecodingFailure(
                code: .depthExceeded,
                message: "elements nest deeper than \(Self.depthMax) levels; save the workbook again")
        }
        hasRoot = true
        openStarts.append(openNames.count)
        openNames.append(bytes.extracting(name))
    }

    /// Reads text between tags.
    private mutating func readText(
        _ bytes: Span<UInt8>, _ range: Range<Int>, into page: inout XMLPage
    ) throws(DecodingFailure) {
        guard !openStarts.isEmpty else {
            // A byte order mark was taken off before.
            for index in range where !Self.isSpace(bytes[index]) {
                throw malformed("text stands outside the root element", index)
            }
            return
        }
        var isPlain = true
        for index in range {
            let byte = bytes[index]
            if byte < 0x20 || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "]") || byte == 0xEF { isPlain = false }
        }
        if isPlain { return appendText(bytes, range, into: &page) }
        try check(bytes, range)
        if let end = bytes.firstIndex(of: "]]>", from: range.lowerBound), end < range.upperBound {
            throw malformed("a text holds ]]>", end)
        }
        let start = page.bytes.count
        try decode(bytes, range, isAttribute: false, into: &page.bytes)
        page.events.append(
            XMLPage.Event(kind: .text, name: .other, slice: ByteSlice(start: start, count: page.bytes.count - start)))
    }

    /// Appends text that needs no decoding but that of line ends.
    private func appendText(_ bytes: Span<UInt8>, _ range: Range<Int>, into page: inout XMLPage) {
        guard !range.isEmpty else { return }
        let start = page.bytes.count
        page.bytes.append(bytes.extracting(range))
        var hasReturn = false
        for index in start..<page.bytes.count where page.bytes[index] == 0x0D { hasReturn = true }
        if hasReturn { Self.normaliseLineEnds(&page.bytes, from: start) }
        page.events.append(
            XMLPage.Event(kind: .text, name: .other, slice: ByteSlice(start: start, count: page.bytes.count - start)))
    }

    /// The local name of a full one, and whether it has a prefix.
    @inline(__always)
    func localName(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (name: XMLName, hasPrefix: Bool) {
        if range.count == 1 { return (names.name(bytes.extracting(range)), false) }
        for index in range where bytes[index] == UInt8(ascii: ":") {
            return (names.name(bytes.extracting(index + 1..<range.upperBound)), true)
        }
        return (names.name(bytes.extracting(range)), false)
    }

    func malformed(_ what: String, _ place: Int) -> DecodingFailure {
        DecodingFailure(
            code: .notWellFormed,
            message: "not well-formed XML at byte \(offset + Int64(place)): \(what); save the workbook again")
    }
}
