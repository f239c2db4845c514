/// The texts that the cells of an Office Open XML workbook share (ECMA-376-1, 18.4).
struct SharedStrings {
    /// The most bytes of all texts together.
    static let bytesMax = 256 << 20
    /// The most texts.
    private static let textsMax = 16 << 20
    /// The end tag behind which plain texts may come.
    static let border: StaticString = "</si>"

    private var bytes: [UInt8] = []
    /// Where each text ends.
    private var ends: [UInt32] = []

    /// No texts.
    init() {}

    /// Reads the part, plain texts past its parser. What it says of the number of its texts isn't heeded.
    /// - Throws: `limitExceeded` above ``bytesMax``, and what the part can fail by.
    init(_ part: XMLPart) throws(DecodingFailure) {
        var text = RichText()
        var page = XMLPage()
        while true {
            _ = part.readPlain { readPlain($0, &text) }
            guard try part.read(into: &page) else { break }
            for event in page.events {
                if event.kind == .start, event.name == .si { text.begin(at: bytes.count) }
                text.read(event, in: page, into: &bytes)
                if event.kind == .end, event.name == .si { ends.append(UInt32(bytes.count)) }
            }
            guard bytes.count <= Self.bytesMax, ends.count <= Self.textsMax else {
                throw DecodingFailure(
                    code: .limitExceeded,
                    message:
                        "the workbook has more than \(Self.textsMax) shared texts, or \(Self.bytesMax >> 20) MiB of "
                        + "them; save the list as CSV")
            }
        }
    }

    /// Reads the plain texts that come next.
    /// - Returns: how many bytes they have in the part.
    private mutating func readPlain(_ part: Span<UInt8>, _ text: inout RichText) -> Int {
        var (index, end) = (0, 0)
        while part.pass("<si>", &index) {
            let start = bytes.count
            guard RichText.readPlain(part, &index, into: &bytes), part.pass("</si>", &index) else {
                bytes.removeLast(bytes.count - start)
                break
            }
            text.begin(at: start)
            ends.append(UInt32(bytes.count))
            end = index
        }
        return end
    }

    /// The bytes of a text by its index; nil where there is none.
    func text(_ index: Int) -> ArraySlice<UInt8>? {
        guard index < ends.count else { return nil }
        return bytes[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])]
    }
}

/// The text of `si`, `is` or `t`: runs joined, readings (`rPh`) left out, white space around a run kept only where it
/// says so, and `_xHHHH_` decoded (ECMA-376-1, 18.4.6, 18.4.12, 22.9.2.19).
struct RichText {
    private var isInText = false, isInReading = false, keepsSpace = false
    private var start = 0

    /// Begins a text whose bytes will be appended from `start` on.
    mutating func begin(at start: Int) {
        self.start = start
        (isInText, isInReading, keepsSpace) = (false, false, false)
    }

    /// Reads an event inside the element.
    @inline(__always)
    mutating func read(_ event: XMLPage.Event, in page: XMLPage, into bytes: inout [UInt8]) {
        switch (event.kind, event.name) {
        case (.text, _): if isInText { bytes += page.bytes[event.slice.range] }
        case (.start, .t): (isInText, keepsSpace, start) = (!isInReading, false, bytes.count)
        case (.attribute, .space): if isInText { keepsSpace = page.isEqual(event.slice, "preserve") }
        case (.end, .t):
            if isInText { Self.finish(&bytes, from: start, keepsSpace: keepsSpace) }
            isInText = false
        case (.start, .rPh): isInReading = true
        case (.end, .rPh): isInReading = false
        default: break
        }
    }

    /// Reads a plain `t` that comes at `index`, and appends its text.
    /// - Returns: false where there is none; something may be appended then.
    @inline(__always)
    static func readPlain(_ part: Span<UInt8>, _ index: inout Int, into bytes: inout [UInt8]) -> Bool {
        guard part.pass("<t", &index) else { return false }
        let keepsSpace = part.pass(" xml:space=\"preserve\"", &index)
        guard part.pass(">", &index), let text = part.passText(&index), part.pass("</t>", &index) else { return false }
        let start = bytes.count
        bytes.append(part.extracting(text))
        finish(&bytes, from: start, keepsSpace: keepsSpace)
        return true
    }

    /// Ends a run that begins at `start`: leaves out white space around it, and decodes what is escaped.
    static func finish(_ bytes: inout [UInt8], from start: Int, keepsSpace: Bool) {
        var hasEscape = false
        for index in start..<bytes.count where bytes[index] == UInt8(ascii: "_") { hasEscape = true }
        if !keepsSpace, bytes.count > start, bytes[start] <= 0x20 || bytes[bytes.count - 1] <= 0x20 {
            while bytes.count > start, bytes[bytes.count - 1] <= 0x20 { bytes.removeLast() }
            let first = bytes[start...].firstIndex { $0 > 0x20 } ?? bytes.count
            bytes.removeSubrange(start..<first)
        }
        if hasEscape { decodeEscapes(&bytes, from: start) }
    }

    /// Decodes `_xHHHH_`: a unit of UTF-16; two may be one character. Half a pair stays as it is written.
    private static func decodeEscapes(_ bytes: inout [UInt8], from start: Int) {
        var read = start
        var write = start
        while read < bytes.count {
            if bytes[read] == UInt8(ascii: "_"), let unit = unit(bytes, read) {
                var (scalar, count) = (UnicodeScalar(UInt32(unit)), 7)
                if (0xD800...0xDBFF).contains(unit), let low = self.unit(bytes, read + 7),
                    (0xDC00...0xDFFF).contains(low)
                {
                    scalar = UnicodeScalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(low) - 0xDC00)
                    count = 14
                }
                if let scalar {
                    for byte in UTF8.encode(scalar) ?? .init() {
                        bytes[write] = byte
                        write += 1
                    }
                    read += count
                    continue
                }
            }
            bytes[write] = bytes[read]
            write += 1
            read += 1
        }
        bytes.removeLast(bytes.count - write)
    }

    /// The unit that is escaped at `place`; nil where nothing is.
    private static func unit(_ bytes: [UInt8], _ place: Int) -> UInt16? {
        guard place + 7 <= bytes.count, bytes[place] == UInt8(ascii: "_"), bytes[place + 1] == UInt8(ascii: "x"),
            bytes[place + 6] == UInt8(ascii: "_")
        else { return nil }
        var unit: UInt16 = 0
        for index in place + 2..<place + 6 {
            guard let digit = Hexadecimal.value(bytes[index] | (bytes[index] >= 0x41 ? 0x20 : 0)) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
