/// Text whose bytes were decoded as another encoding than theirs, found without mistaking what is meant.
///
/// To its maintainers: UTF-8 read as Windows-1252 shows a lead byte (Ã, Â, â, Ð …) and its continuations (€ to ¿). Two
/// such characters beside each other are what UTF-8 would be, but not only: in `IRMÃ®` or `«CAFÉ»` they are meant. So a
/// lead counts only where it is one of those that Latin letters and punctuation give, and where what follows is no sign
/// that closes a word in capitals; leads of other scripts count where there are two.
extension NameSuspicion {
    /// What Windows-1252 has for the bytes 80 to 9F; the rest of it up to BF is U+00A0 to U+00BF.
    private static let windows = Set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".unicodeScalars)
    /// Signs that may follow a word.
    private static let closing = Set("…”“’‘»›®™·–—°ºª²³¹\u{A0}".unicodeScalars)
    /// Leads of two bytes: Latin letters (C2 to C5), and those of other scripts.
    private static let latinLeads = Set("ÂÃÄÅ".unicodeScalars), otherLeads = Set("ÎÏÐÑ×ØÙ".unicodeScalars)
    /// Leads of three bytes: one is enough (E2 punctuation, EF forms), and those of CJK and Hangul.
    private static let signLeads = Set("âï".unicodeScalars), otherLongLeads = Set("àãäåæçèéêëì".unicodeScalars)
    /// What stands behind Mac Roman's √ for the letters that are the most usual.
    private static let macLetters = Set("©®±º∂§≠°≥".unicodeScalars)
    /// What Windows-1251 has for the bytes 80 to BF and Russian text never has behind Р or С.
    private static let cyrillicContinuations = Set(
        "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџЎўЈ¤Ґ¦§Ё©Є«¬®Ї°±Ііґµ¶·ё№є»јЅѕї\u{A0}".unicodeScalars)

    /// Whether three characters are, or begin with, what only other wrong encodings make: Mac Roman's √ and ‚Ä, code
    /// page 437's ├, the trace of U+FFFD in Chinese and in Windows-1252, and a pictograph's first two bytes.
    private static func isTrace(_ first: Unicode.Scalar, _ second: Unicode.Scalar, _ third: Unicode.Scalar) -> Bool {
        switch first {
        case "√": macLetters.contains(second)
        case "‚": second == "Ä"
        case "├": true
        case "锟": second == "斤" && third == "拷"
        case "ï": second == "¿" && third == "½"
        case "ð": second == "Ÿ"
        default: false
        }
    }

    /// Whether ``isWronglyDecoded(_:)`` has anything to look at in a name with these lead bytes, each by its lower six
    /// bits: characters of Latin-1 (c2, c3), Р and С (d0) with signs, or what begins one of the traces (e2, e9).
    static func mayBeWronglyDecoded(leads: UInt64) -> Bool {
        let (signs, latin): (UInt64, UInt64) = (1 << 0x02 | 1 << 0x22, 1 << 0x03 | 1 << 0x29)
        // Cyrillic (d0, d1) is decoded wrongly only where it has signs of those, too.
        let isCyrillic = leads & (1 << 0x10 | 1 << 0x11) != 0
        return leads & (isCyrillic ? signs : signs | latin) != 0
    }

    /// Whether a name that isn't only ASCII looks so.
    static func isWronglyDecoded(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        func at(_ index: Int) -> Unicode.Scalar { scalars.indices.contains(index) ? scalars[index] : " " }
        func isContinuation(_ scalar: Unicode.Scalar) -> Bool {
            (0xA0...0xBF).contains(scalar.value) || windows.contains(scalar)
        }
        var others = 0
        var cyrillic = 0
        for (index, scalar) in scalars.enumerated() where scalar.value >= 0x80 {
            let next = at(index + 1)
            if isTrace(scalar, next, at(index + 2)) { return true }
            // Neither Latin-1 nor Р or С: no lead.
            guard scalar.value <= 0xFF || scalar.value & ~1 == 0x420 else { continue }
            let isSmallBefore = at(index - 1).properties.isLowercase
            if latinLeads.contains(scalar) {
                if isContinuation(next) {
                    // Meant at the end of a word in capitals, of which none ends with Â: IRMÃ®, HYVÄ…
                    let isMeant =
                        scalar != "Â" && closing.contains(next) && !isSmallBefore
                        && !at(index + 2).properties.isAlphabetic
                    if !isMeant { return true }
                } else if isSmallBefore, scalar == "Â" || scalar == "Ã", !next.properties.isAlphabetic {
                    // Its continuation was a no-break space, which has become a blank or was trimmed.
                    return true
                }
            } else if signLeads.contains(scalar), isContinuation(next), isContinuation(at(index + 2)) || next == "€" {
                return true
            } else if otherLeads.contains(scalar), isContinuation(next) {
                others += 1
            } else if otherLongLeads.contains(scalar), isContinuation(next), isContinuation(at(index + 2)) {
                others += 1
            } else if scalar == "Р" || scalar == "С", cyrillicContinuations.contains(next) {
                cyrillic += 1
            }
        }
        return others > 1 || cyrillic > 1
    }

    /// Whether a name stands in quotation marks, or begins with one that never closes.
    static func isQuoted(_ name: String) -> Bool {
        guard let first = name.first, let last = name.last, name.count > 2 else { return false }
        let ends: [Character: String] = [
            "“": "”“", "„": "“”", "‘": "’‘", "‚": "‘’", "«": "»", "»": "«", "‹": "›", "›": "‹", "”": "”“", "＂": "＂",
        ]
        guard let closing = ends[first] else { return false }
        // A mark at the beginning of ‘t Hoekje is an apostrophe.
        let isHalf = "“„«".contains(first) && !name.dropFirst().contains(where: closing.contains)
        return closing.contains(last) || isHalf
    }
}
