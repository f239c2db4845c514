/// Dates of sheets, which are numbers of days, as ISO 8601 writes them.
enum DateText {
    /// Appends a date or a time.
    /// - Parameters:
    ///   - serial: days since the day before 1900 began, or since 1904 began; with a fraction for the time.
    ///   - is1904: which of the two.
    /// - Returns: whether it is one; nothing is appended otherwise.
    static func append(_ serial: Double, is1904: Bool, to bytes: inout [UInt8]) -> Bool {
        guard serial >= 0, serial < 2_958_466 else { return false }
        let seconds = Int((serial * 86_400).rounded())
        let (day, time) = seconds.quotientAndRemainder(dividingBy: 86_400)
        if day > 0 || time == 0 || is1904 {
            // 1900 is taken for a leap year, so that days before March are one less.
            let days = is1904 ? day + 1462 : day < 60 ? day + 1 : day
            appendDate(days - 25_569, to: &bytes)
            if time > 0 { bytes.append(UInt8(ascii: "T")) }
        }
        if time > 0 {
            append(time / 3600, 2, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            append(time / 60 % 60, 2, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            append(time % 60, 2, to: &bytes)
        }
        return true
    }

    /// Appends the day that is `days` after 1970-01-01, in the Gregorian calendar.
    private static func appendDate(_ days: Int, to bytes: inout [UInt8]) {
        // Days since 0000-03-01, in eras of 400 years (Howard Hinnant, "chrono-compatible low-level date algorithms").
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        append(yearOfEra + era * 400 + (month >= 10 ? 1 : 0), 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(month < 10 ? month + 3 : month - 9, 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(dayOfYear - (153 * month + 2) / 5 + 1, 2, to: &bytes)
    }

    private static func append(_ number: Int, _ digits: Int, to bytes: inout [UInt8]) {
        let text = String(number)
        bytes += repeatElement(0x30, count: max(0, digits - text.utf8.count))
        bytes += text.utf8
    }
}
