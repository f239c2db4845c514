/// The values of TOML that stand without quotes.
enum TOMLWord {
    /// What a word is; nil where it is none of them.
    static func value(_ word: String) -> TOMLValue.Content? {
        switch word {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: break
        }
        let digits = word.filter { $0 != "_" }
        if word.wholeMatch(of: /[+-]?(?:0|[1-9](?:_?[0-9])*)/) != nil { return Int64(digits).map { .integer($0) } }
        for (form, radix) in [
            (/0x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*/, 16), (/0o[0-7](?:_?[0-7])*/, 8), (/0b[01](?:_?[01])*/, 2),
        ] where word.wholeMatch(of: form) != nil {
            return Int64(digits.dropFirst(2), radix: radix).map { .integer($0) }
        }
        let isOther =
            word.wholeMatch(of: /[+-]?(?:inf|nan)/) != nil
            || word.wholeMatch(
                of: /[+-]?(?:0|[1-9](?:_?[0-9])*)(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?/) != nil
            || isInstant(word)
        return isOther ? .other : nil
    }

    /// Whether it is a date, a time, or both (RFC 3339).
    private static func isInstant(_ word: String) -> Bool {
        let found = word.wholeMatch(
            of:
                #/
                (?:(?<month>\d{4}-\d\d)-(?<day>\d\d))?
                (?:(?<mark>[Tt\ ])?(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.\d+)?
                (?<zone>[Zz]|[+-]\d\d:\d\d)?)?
                /#)
        guard let found, !word.isEmpty else { return false }
        let (hasDate, hasTime) = (found.month != nil, found.hour != nil)
        guard (found.mark != nil) == (hasDate && hasTime), found.zone == nil || hasDate else { return false }
        func isWithin(_ text: Substring?, _ range: ClosedRange<Int>) -> Bool {
            text.flatMap { Int($0) }.map(range.contains) ?? true
        }
        return isWithin(found.month?.suffix(2), 1...12) && isWithin(found.day, 1...31) && isWithin(found.hour, 0...23)
            && isWithin(found.minute, 0...59) && isWithin(found.second, 0...60)
    }
}
