/// A rank as lists write it: digits, or a number with a point or an exponent whose value is an integer.
///
/// | text | rank | written by |
/// |---|---|---|
/// | `7`, `+7`, `007` | 7 | |
/// | `7.0`, `7.00`, `7.` | 7 | pandas, where a rank of the list is empty |
/// | `7,0`, `7,00` | 7 | spreadsheets with a decimal comma |
/// | `7,000`, `7.000` | none, but in JSON's numbers | may be seven thousand, with the comma or point of some country |
/// | `1e0`, `1.0E+01`, `1e+05` | 1, 10, 100000 | R, Java, spreadsheets |
/// | `1.23E+04` | none, but in JSON's numbers | spreadsheets that have rounded it: two digits are known of four |
/// | `1.5` | none | |
enum RankText {
    /// Every magnitude from here on is this one: more than a rank may be.
    private static let magnitudeMax: Int64 = 1 << 40

    /// The integer that `text` stands for, with the magnitude 2⁴⁰ for all that are greater; nil where it is none.
    ///
    /// - Parameter isNumber: whether it is a number of JSON's, which nobody has rounded for show.
    static func integer(_ text: UnsafeRawBufferPointer, isNumber: Bool) -> Int64? {
        var index = 0
        func digits() -> Range<Int> {
            let start = index
            while index < text.count, unsafe isDigit(text[index]) { index += 1 }
            return start..<index
        }
        let isNegative = unsafe text.first == UInt8(ascii: "-")
        if unsafe isNegative || text.first == UInt8(ascii: "+") { index = 1 }
        let whole = digits()
        guard !whole.isEmpty else { return nil }
        var fraction = index..<index
        if index < text.count, unsafe text[index] == UInt8(ascii: ".") {
            index += 1
            fraction = digits()
            let isGroup = unsafe fraction.count == 3 && whole.count <= 3 && text[whole.lowerBound] != UInt8(ascii: "0")
            if !isNumber, isGroup, index == text.count { return nil }
        } else if !isNumber, index < text.count, unsafe text[index] == UInt8(ascii: ",") {
            index += 1
            fraction = digits()
            guard index == text.count, (1...2).contains(fraction.count) else { return nil }
        }
        var exponent = 0
        if index < text.count, unsafe text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            let isDown = unsafe index < text.count && text[index] == UInt8(ascii: "-")
            if unsafe isDown || index < text.count && text[index] == UInt8(ascii: "+") { index += 1 }
            let power = digits()
            guard !power.isEmpty else { return nil }
            for place in power { exponent = unsafe min(exponent * 10 + Int(text[place] & 0x0f), 1 << 30) }
            if isDown { exponent = -exponent }
            if !isNumber, !fraction.isEmpty, exponent > fraction.count { return nil }
        }
        guard index == text.count else { return nil }
        guard let magnitude = unsafe magnitude(text, whole, fraction, exponent) else { return nil }
        return isNegative ? -magnitude : magnitude
    }

    /// The value of the digits with the point moved by `exponent`; nil where digits other than 0 are behind it.
    private static func magnitude(
        _ text: UnsafeRawBufferPointer, _ whole: Range<Int>, _ fraction: Range<Int>, _ exponent: Int
    ) -> Int64? {
        var value: Int64 = 0
        var left = whole.count + exponent
        for part in [whole, fraction] {
            for place in part {
                let digit = unsafe Int64(text[place] & 0x0f)
                if left > 0 { value = min(value * 10 + digit, magnitudeMax) } else if digit != 0 { return nil }
                left -= 1
            }
        }
        while left > 0, value != 0, value < magnitudeMax {
            value = min(value * 10, magnitudeMax)
            left -= 1
        }
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// What to do about a text that is no rank.
    static func remedy(_ text: String) -> String {
        if text.hasPrefix("{\"$number") { return "export it with mongoexport --jsonFormat=relaxed" }
        let unsigned = text.first == "+" || text.first == "-" ? text.dropFirst() : text[...]
        if isGrouped(unsigned) { return "write digits only, without anything between them" }
        if isRounded(unsigned) {
            return "a spreadsheet may have rounded it: show the column as a number and save the list again"
        }
        return "write digits only, or leave it empty"
    }

    // No regular expressions here: there may be millions of invalid ranks, and to make one takes longer than all else
    // that becomes of a record.

    /// Whether a text is digits in groups of three, with a fraction or not: `1,000`, `12 000`, `1.234.567,5`.
    private static func isGrouped(_ text: Substring) -> Bool {
        let runs = text.split(omittingEmptySubsequences: false) { ",.' \u{A0}\u{202F}’".contains($0) }
        guard let first = runs.first, let last = runs.last, runs.count > 1, runs.allSatisfy(isDigits), first.count <= 3,
            runs.dropFirst().dropLast().allSatisfy({ $0.count == 3 })
        else { return false }
        return last.count == 3 || runs.count > 2 && ",.".contains(text[text.index(before: last.startIndex)])
    }

    /// Whether a text is a number as a spreadsheet shows a long one: `1.23E+19`.
    private static func isRounded(_ text: Substring) -> Bool {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard parts.count == 2 else { return false }
        let runs = parts[0].split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        let exponent = parts[1].first == "+" ? parts[1].dropFirst() : parts[1]
        return runs.count == 2 && runs.allSatisfy(isDigits) && isDigits(exponent)
    }

    private static func isDigits(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy(isDigit) }
}
