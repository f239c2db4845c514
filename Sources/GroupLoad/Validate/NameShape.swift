/// A name as digits, letters and signs one after the other: whether it is what a spreadsheet makes of a text that looks
/// like a date or a number.
struct NameShape {
    /// A byte a part, the first in the lowest: how many digits it is, `M` for a month, `E` for one letter E, `e` for
    /// `Err`, `?` for other letters, or the sign itself.
    private var parts: UInt64 = 0
    private var count = 0
    private let bytes: Int

    private static let month = UInt8(ascii: "M"), exponent = UInt8(ascii: "E"), error = UInt8(ascii: "e")
    private static let partsMax = 8

    /// The months as spreadsheets shorten them, in English, German, French, Spanish, Italian, Portuguese and Dutch.
    private static let months: Set<UInt64> = Set(
        """
        jan feb mar apr may jun jul aug sep sept oct nov dec jän mär mrz mai okt dez janv févr fev mars avr juin juil \
        août déc ene abr ago dic gen mag giu lug set ott out mrt mei
        """.split(separator: " ").map { word in
            word.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        })

    /// Takes the first eight parts of a name, which isn't empty.
    init(_ name: UnsafeRawBufferPointer) {
        bytes = name.count
        var index = 0
        while index < name.count, count < Self.partsMax {
            let start = index
            let part: UInt8
            if unsafe Self.isDigit(name[index]) {
                while index < name.count, unsafe Self.isDigit(name[index]) { index += 1 }
                part = UInt8(min(index - start, 15))
            } else if unsafe Self.isLetter(name[index]) {
                var word: UInt64 = 0
                while index < name.count, unsafe Self.isLetter(name[index]) {
                    let byte = unsafe name[index] < 0x80 ? name[index] | 0x20 : name[index]
                    if index - start < 8 { word |= UInt64(byte) << UInt64((index - start) * 8) }
                    index += 1
                }
                part = Self.part(word, count: index - start)
            } else {
                part = unsafe name[index]
                index += 1
            }
            parts |= UInt64(part) << UInt64(count * 8)
            count += 1
        }
        if index < name.count { count = .max }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte >= 0x80 }

    private static func part(_ word: UInt64, count: Int) -> UInt8 {
        if count == 1, word == 0x65 { return exponent }
        if count == 3, word == 0x72_7265 { return error }
        return count <= 5 && months.contains(word) ? month : UInt8(ascii: "?")
    }

    private subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: parts >> UInt64(index * 8)) }

    /// What the name is, if it is suspicious.
    var suspicion: NameSuspicion? {
        if isDate { return .date }
        if isNumber { return .roundedNumber }
        return count == 3 && self[0] == Self.error && self[1] == UInt8(ascii: ":") && self[2] == 3 ? .cellError : nil
    }

    private func isDay(_ index: Int) -> Bool { self[index] == 1 || self[index] == 2 }
    private func isYear(_ index: Int) -> Bool { self[index] == 2 || self[index] == 4 }
    private func isSign(_ index: Int, _ signs: StaticString) -> Bool {
        signs.withUTF8Buffer { unsafe $0.contains(self[index]) }
    }

    /// `1-Mar`, `Mar-05`, `01. Mrz`, `1-Mar-24`, `3/1/2024`, `2024-03-01`, `2024-03-01 00:00:00`.
    private var isDate: Bool {
        switch count {
        case 3:
            if isDay(0), self[2] == Self.month { return isSign(1, "-/.") }
            return self[0] == Self.month && (isYear(2) && isSign(1, "-/") || self[2] == 2 && isSign(1, " ."))
        case 4:
            if isDay(0), isSign(1, "."), isSign(2, " ") { return self[3] == Self.month }
            return self[0] == Self.month && isSign(1, ".") && isSign(2, " -") && self[3] == 2
        case 5:
            guard self[1] == self[3] else { return false }
            if isDay(0), self[2] == Self.month, isYear(4) { return isSign(1, "-/. ") }
            if isDay(0), isDay(2) { return self[4] == 4 && isSign(1, "-/.") || self[4] == 2 && isSign(1, "/") }
            return self[0] == 4 && isDay(2) && isDay(4) && isSign(1, "-/.")
        case 6:
            return isDay(0) && isSign(1, ".") && isSign(2, " ") && self[3] == Self.month && isSign(4, " ") && isYear(5)
        // A time behind the day, which no name of eight parts has room for.
        case .max:
            return self[0] == 4 && isSign(1, "-") && self[2] == 2 && isSign(3, "-") && self[4] == 2
                && isSign(5, " ?") && self[6] == 2 && isSign(7, ":") && bytes >= 16
        default: return false
        }
    }

    /// `1.23E+19`, `1E+05`, with a point or a comma.
    private var isNumber: Bool {
        let mantissa = count == 6 && isSign(1, ".,") && self[2] < 16 ? 3 : 1
        return count == mantissa + 3 && (1...15).contains(self[0]) && self[mantissa] == Self.exponent
            && isSign(mantissa + 1, "+-") && (1...3).contains(self[mantissa + 2])
    }
}
