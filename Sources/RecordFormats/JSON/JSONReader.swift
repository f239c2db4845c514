/// Where and how a whole JSON value breaks the grammar or a limit.
struct JSONError: Error {
    enum Cause {
        case fault(JSONFault)
        case tooDeep
    }

    let cause: Cause
    /// The byte at fault, from 0 in the value's bytes.
    let offset: Int
}

/// Reads one whole JSON value strictly by RFC 8259.
///
/// The bytes are passed to each call, so that a reader is a plain index. Its callers check the UTF-8 of
/// the whole value.
struct JSONReader {
    /// A string's content as written between its quotes.
    struct Text {
        let start: Int
        let end: Int
        let hasEscape: Bool
    }

    /// The offset of the next byte.
    var index = 0
    /// How many more levels may open.
    private var levelsLeft: Int

    /// A reader at the first byte, which may open `levelsLeft` levels of arrays and objects.
    init(levelsLeft: Int) {
        self.levelsLeft = levelsLeft
    }

    func fault(_ fault: JSONFault, at offset: Int? = nil) -> JSONError {
        JSONError(cause: .fault(fault), offset: offset ?? index)
    }

    mutating func skipBlanks(_ bytes: Span<UInt8>) {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    /// Skips the white space behind the value, which must be all there is.
    mutating func expectEnd(_ bytes: Span<UInt8>) throws(JSONError) {
        skipBlanks(bytes)
        if index < bytes.count { throw fault(.trailingBytes) }
    }

    /// Opens a level at its bracket.
    mutating func open() throws(JSONError) {
        guard levelsLeft > 0 else { throw JSONError(cause: .tooDeep, offset: index) }
        levelsLeft -= 1
        index += 1
    }

    /// Closes a level at its bracket.
    mutating func close() {
        levelsLeft += 1
        index += 1
    }

    /// Reads a member's name, the colon and the white space around them.
    mutating func memberName(_ bytes: Span<UInt8>) throws(JSONError) -> Text {
        guard index < bytes.count else { throw fault(.endedEarly) }
        guard bytes[index] == 0x22 else { throw fault(.memberNameExpected) }
        let text = try string(bytes)
        skipBlanks(bytes)
        guard index < bytes.count else { throw fault(.endedEarly) }
        guard bytes[index] == UInt8(ascii: ":") else { throw fault(.colonExpected) }
        index += 1
        skipBlanks(bytes)
        return text
    }

    /// Skips a comma and the white space around it, or over the closing bracket.
    /// - Returns: whether another item follows.
    mutating func another(_ bytes: Span<UInt8>, close bracket: UInt8) throws(JSONError) -> Bool {
        skipBlanks(bytes)
        guard index < bytes.count else { throw fault(.endedEarly) }
        switch bytes[index] {
        case 0x2C:
            index += 1
            skipBlanks(bytes)
            return true
        case bracket:
            close()
            return false
        case UInt8(ascii: "}"), UInt8(ascii: "]"): throw fault(.wrongBracket)
        default: throw fault(.commaExpected)
        }
    }

    /// Skips a value of any type. Recursion is bounded by `levelsLeft`, at most 200.
    mutating func skipValue(_ bytes: Span<UInt8>) throws(JSONError) {
        guard index < bytes.count else { throw fault(.endedEarly) }
        switch bytes[index] {
        case 0x22: _ = try string(bytes)
        case UInt8(ascii: "-"), 0x30...0x39: try number(bytes)
        case UInt8(ascii: "{"):
            try open()
            skipBlanks(bytes)
            if index < bytes.count, bytes[index] == UInt8(ascii: "}") { return close() }
            repeat {
                _ = try memberName(bytes)
                try skipValue(bytes)
            } while try another(bytes, close: UInt8(ascii: "}"))
        case UInt8(ascii: "["):
            try open()
            skipBlanks(bytes)
            if index < bytes.count, bytes[index] == UInt8(ascii: "]") { return close() }
            repeat { try skipValue(bytes) } while try another(bytes, close: UInt8(ascii: "]"))
        case UInt8(ascii: "t"): try word("true", bytes)
        case UInt8(ascii: "f"): try word("false", bytes)
        case UInt8(ascii: "n"): try word("null", bytes)
        default: throw fault(.valueExpected)
        }
    }

    private mutating func word(_ word: StaticString, _ bytes: Span<UInt8>) throws(JSONError) {
        let start = index
        for offset in 0..<word.utf8CodeUnitCount {
            guard index < bytes.count else { throw fault(.endedEarly) }
            // Safe: `offset` is below the literal's length.
            guard unsafe bytes[index] == word.utf8Start[offset] else { throw fault(.valueExpected, at: start) }
            index += 1
        }
    }

    /// RFC 8259 section 6.
    private mutating func number(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        if index < bytes.count, bytes[index] == UInt8(ascii: "0") {
            index += 1
            if index < bytes.count, (0x30...0x39).contains(bytes[index]) { throw fault(.badNumber, at: start) }
        } else {
            try digits(bytes, start)
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try digits(bytes, start)
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try digits(bytes, start)
        }
    }

    private mutating func digits(_ bytes: Span<UInt8>, _ start: Int) throws(JSONError) {
        let first = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        if index == first { throw fault(.badNumber, at: start) }
    }

    /// Reads a string at its opening quote (RFC 8259 section 7), its escapes checked but not decoded.
    mutating func string(_ bytes: Span<UInt8>) throws(JSONError) -> Text {
        index += 1
        let start = index
        var hasEscape = false
        // Safe: used for loads within the span's bounds only.
        let raw = unsafe bytes.bytes
        while index < bytes.count {
            // Eight bytes at a time while none of them is a quote, a backslash or a control character.
            while index + 8 <= bytes.count {
                // Safe: eight bytes from `index` on are in the span.
                let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
                let marks = Self.marks(UInt64(littleEndian: word))
                guard marks == 0 else {
                    index += marks.trailingZeroBitCount >> 3
                    break
                }
                index += 8
            }
            guard index < bytes.count else { break }
            let byte = bytes[index]
            if byte == 0x22 {
                index += 1
                return Text(start: start, end: index - 1, hasEscape: hasEscape)
            }
            if byte == 0x5C {
                hasEscape = true
                try escape(bytes)
            } else if byte < 0x20 {
                throw fault(.controlCharacter)
            } else {
                index += 1
            }
        }
        throw fault(.endedEarly)
    }

    /// The top bit of each byte of `word` that is a quote, a backslash or below 0x20; behind the first of them a bit
    /// may be set without one.
    private static func marks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let found =
            ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- (ones &* 0x20)) & ~word)
        return found & (ones &* 0x80)
    }

    private mutating func escape(_ bytes: Span<UInt8>) throws(JSONError) {
        guard index + 1 < bytes.count else { throw fault(.endedEarly, at: bytes.count) }
        switch bytes[index + 1] {
        case 0x22, 0x5C, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"),
            UInt8(ascii: "t"):
            index += 2
        case UInt8(ascii: "u"):
            for offset in 2..<6 {
                guard index + offset < bytes.count else { throw fault(.endedEarly, at: bytes.count) }
                if Hexadecimal.value(bytes[index + offset]) == nil { throw fault(.badEscape) }
            }
            index += 6
        default: throw fault(.badEscape)
        }
    }
}
