// Texts in quotes (TOML 1.0, "String").
extension TOMLReader {
    /// A text: in `"` with escapes or in `'` without, each also threefold over several lines.
    mutating func text(onOneLine: Bool) throws(Message) -> String {
        let quote = bytes[place]
        let isLong = bytes[place...].starts(with: [quote, quote, quote])
        guard !isLong || !onOneLine else { throw Message("a key in quotes stands on one line") }
        place += isLong ? 3 : 1
        if isLong { _ = takeLineEnd() }
        var text: [UInt8] = []
        while let byte = next {
            if byte == quote {
                if !isLong {
                    place += 1
                    return String(decoding: text, as: UTF8.self)
                }
                if let end = longEnd(quote) {
                    text += [UInt8](repeating: quote, count: end)
                    return String(decoding: text, as: UTF8.self)
                }
            } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                try escape(isLong, &text)
                continue
            } else if isLong, takeLineEnd() {
                text.append(0x0A)
                continue
            } else if Self.isControl(byte) {
                throw Message(
                    byte == 0x0A || byte == 0x0D
                        ? "a text has no quote at its end" : "a text holds a control character")
            }
            text.append(byte)
            place += 1
        }
        throw Message("a text has no quote at its end")
    }

    /// Passes the end of a text in threefold quotes, where it is next, and gives how many quotes before it are its.
    private mutating func longEnd(_ quote: UInt8) -> Int? {
        let count = bytes[place...].prefix(5).prefix { $0 == quote }.count
        guard count >= 3 else { return nil }
        place += count
        return count - 3
    }

    private mutating func escape(_ isLong: Bool, _ text: inout [UInt8]) throws(Message) {
        place += 1
        if isLong, skipsLineEnd() { return }
        guard let letter = next else { throw Message("a text has no quote at its end") }
        place += 1
        switch letter {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(letter)
        case UInt8(ascii: "u"): text += try scalar(digits: 4)
        case UInt8(ascii: "U"): text += try scalar(digits: 8)
        default: throw Message("a text in \" holds a backslash that begins no escape; write \\\\, or the text in '")
        }
    }

    /// Passes blanks and lines' ends behind a backslash that ends a line.
    private mutating func skipsLineEnd() -> Bool {
        let start = place
        skipBlanks()
        guard takeLineEnd() else {
            place = start
            return false
        }
        repeat { skipBlanks() } while takeLineEnd()
        return true
    }

    private mutating func scalar(digits count: Int) throws(Message) -> [UInt8] {
        let digits = bytes[place...].prefix(count)
        guard digits.count == count, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(number)
        else { throw Message("a text holds \\u without the digits of a character") }
        place += count
        return Array(String(scalar).utf8)
    }
}
