/// Reads a TOML document (version 1.0.0) into a tree whose values know their lines.
///
/// All of TOML is read but arrays of tables (`[[…]]`), which no setting needs. Numbers with a fraction, dates and times
/// are read as far as their ends, and not kept. No message holds a part of the document: a value may be a secret that
/// somebody has put there by mistake.
package struct TOMLReader {
    /// What is wrong with a document.
    struct Message: Error, Equatable {
        let text: String
        init(_ text: String) { self.text = text }
    }

    /// The most lists and tables in { } inside each other.
    private static let depthMax = 32

    var bytes: [UInt8]
    var place = 0
    /// The line of `place`, from 1.
    var line: Int64 = 1

    /// The table that a document is.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/configuration`` and the line.
    package static func read(_ bytes: [UInt8], path: String) throws(RunError) -> TOMLTable {
        var reader = TOMLReader(bytes: bytes)
        do throws(Message) { return try reader.document() } catch {
            throw RunError(.configuration, error.text, at: RunError.Place(path: path, line: reader.line))
        }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    /// The byte at the place; nil at the end.
    var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    /// Whether this text is next, which is then passed.
    mutating func take(_ text: StaticString) -> Bool {
        let wanted = Array("\(text)".utf8)
        guard bytes[place...].starts(with: wanted) else { return false }
        place += wanted.count
        return true
    }

    private mutating func document() throws(Message) -> TOMLTable {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw invalidText() }
        var root = TOMLTable(.header)
        var header: [String] = []
        while true {
            try skipLines()
            guard let first = next else { return root }
            let start = line
            if first == UInt8(ascii: "[") {
                place += 1
                if next == UInt8(ascii: "[") { throw Message("a list of tables ([[ ]]) is no setting") }
                header = try path(until: UInt8(ascii: "]"))
                try root.begin(header[...], line: start)
            } else {
                let path = try path(until: UInt8(ascii: "="))
                skipBlanks()
                let value = try value(depth: 0)
                try root.add(path[...], TOMLValue(value, line: start), in: header[...])
            }
            skipBlanks()
            try skipComment()
            guard next == nil || takeLineEnd() else {
                throw Message("something stands behind what ends here; write one key on a line")
            }
        }
    }

    /// The first line that isn't UTF-8.
    private mutating func invalidText() -> Message {
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if String(validating: part, as: UTF8.self) == nil { break }
            line += 1
        }
        return Message("this isn't UTF-8")
    }

    // MARK: - Blanks

    mutating func skipBlanks() { while next == 0x20 || next == 0x09 { place += 1 } }

    /// Passes a line's end, and counts the line.
    mutating func takeLineEnd() -> Bool {
        guard take("\n") || take("\r\n") else { return false }
        line += 1
        return true
    }

    private mutating func skipComment() throws(Message) {
        guard next == UInt8(ascii: "#") else { return }
        while let byte = next, byte != 0x0A {
            if byte == 0x0D, place + 1 < bytes.count, bytes[place + 1] == 0x0A { return }
            guard !Self.isControl(byte) else { throw Message("a comment holds a control character") }
            place += 1
        }
    }

    /// Passes blanks, comments and lines' ends.
    private mutating func skipLines() throws(Message) {
        repeat {
            skipBlanks()
            try skipComment()
        } while takeLineEnd()
    }

    static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x09 || byte == 0x7F }

    // MARK: - Keys and values

    /// A key, dotted or not, with what ends it.
    private mutating func path(until end: UInt8) throws(Message) -> [String] {
        var path: [String] = []
        repeat {
            skipBlanks()
            switch next {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): path.append(try text(onOneLine: true))
            default:
                let start = place
                while let byte = next, Self.isBare(byte) { place += 1 }
                guard place > start else {
                    throw Message(
                        end == UInt8(ascii: "=")
                            ? "a line is KEY = VALUE or [profile.NAME]; a key has letters, digits, - and _, or quotes"
                            : "a table's name has letters, digits, - and _, or stands in quotes")
                }
                path.append(String(decoding: bytes[start..<place], as: UTF8.self))
            }
            skipBlanks()
        } while take(".")
        guard next == end else {
            throw Message(end == UInt8(ascii: "=") ? "= is missing behind a key" : "] is missing behind a table's name")
        }
        place += 1
        return path
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private mutating func value(depth: Int) throws(Message) -> TOMLValue.Content {
        guard depth < Self.depthMax else { throw Message("lists or tables stand too deep inside each other") }
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try text(onOneLine: false))
        case UInt8(ascii: "["): return .list(try list(depth: depth))
        case UInt8(ascii: "{"): return .table(try table(depth: depth))
        default: return try bareValue()
        }
    }

    private mutating func list(depth: Int) throws(Message) -> [TOMLValue] {
        place += 1
        var values: [TOMLValue] = []
        while true {
            try skipLines()
            if take("]") { return values }
            let start = line
            values.append(TOMLValue(try value(depth: depth + 1), line: start))
            try skipLines()
            guard take(",") || next == UInt8(ascii: "]") else { throw Message("a list lacks , or ]") }
        }
    }

    private mutating func table(depth: Int) throws(Message) -> TOMLTable {
        place += 1
        var table = TOMLTable(.inline)
        skipBlanks()
        if take("}") { return table }
        while true {
            let start = line
            let path = try path(until: UInt8(ascii: "="))
            skipBlanks()
            let value = try value(depth: depth + 1)
            try table.add(path[...], TOMLValue(value, line: start), in: [])
            skipBlanks()
            if take("}") { return table }
            guard take(",") else { throw Message("a table in { } lacks , or }, and stands on one line") }
        }
    }

    /// A number, `true`, `false`, a date or a time.
    private mutating func bareValue() throws(Message) -> TOMLValue.Content {
        func isPart(_ byte: UInt8) -> Bool {
            Self.isBare(byte) || [UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: ":")].contains(byte)
        }
        let start = place
        while let byte = next, isPart(byte) { place += 1 }
        var word = String(decoding: bytes[start..<place], as: UTF8.self)
        // A date and its time may have a blank between.
        if word.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil, next == 0x20, place + 1 < bytes.count,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place + 1])
        {
            place += 1
            while let byte = next, isPart(byte) { place += 1 }
            word = String(decoding: bytes[start..<place], as: UTF8.self)
        }
        guard let value = TOMLWord.value(word) else {
            throw Message(word.isEmpty ? "a value is missing" : "this is no value; a text stands in quotes")
        }
        return value
    }
}
