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

    /// The days since the day before 1900 began, as a sheet counts them, that a date or a time stands for which
    /// ``append(_:is1904:to:)`` wrote; nil for another text, and for a date that a sheet can't show.
    static func serial(_ text: [UInt8]) -> Double? {
        let parts = String(decoding: text, as: UTF8.self).split(separator: "T", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2 else { return nil }
        if parts.count == 1, first.contains(":") { return fraction(first) }
        guard let days = days(first), let time = parts.count == 2 ? fraction(parts[1]) : 0 else { return nil }
        return Double(days) + time
    }

    /// The day's number of `YYYY-MM-DD`, from 1900-03-01 on, before which a sheet counts a day that there was not.
    private static func days(_ text: Substring) -> Int? {
        let fields = numbers(text, "-")
        guard fields.count == 3, (1900...9999).contains(fields[0]), (1...12).contains(fields[1]),
            (1...31).contains(fields[2])
        else { return nil }
        // As in ``appendDate(_:to:)``, the other way round.
        let year = fields[1] > 2 ? fields[0] : fields[0] - 1
        let (era, yearOfEra) = year.quotientAndRemainder(dividingBy: 400)
        let dayOfYear = (153 * (fields[1] > 2 ? fields[1] - 3 : fields[1] + 9) + 2) / 5 + fields[2] - 1
        let day = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468 + 25_569
        return day > 60 ? day : nil
    }

    /// The part of a day that `hh:mm:ss` is.
    private static func fraction(_ text: Substring) -> Double? {
        let fields = numbers(text, ":")
        guard fields.count == 3, fields[0] < 24, fields[1] < 60, fields[2] < 60 else { return nil }
        return Double(fields[0] * 3600 + fields[1] * 60 + fields[2]) / 86_400
    }

    /// The numbers between separators, of at most four digits each; none where something else stands there.
    private static func numbers(_ text: Substring, _ separator: Character) -> [Int] {
        let fields = text.split(separator: separator, omittingEmptySubsequences: false)
        let isSound = fields.allSatisfy { field in
            (1...4).contains(field.utf8.count) && field.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        return isSound ? fields.compactMap { Int($0) } : []
    }

    private static func append(_ number: Int, _ digits: Int, to bytes: inout [UInt8]) {
        let text = String(number)
        bytes += repeatElement(0x30, count: max(0, digits - text.utf8.count))
        bytes += text.utf8
    }
}
