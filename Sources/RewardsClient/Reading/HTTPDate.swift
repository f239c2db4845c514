/// HTTP dates (RFC 9110, 5.6.7) in the three forms that a recipient must accept; senders write the first.
///
/// | form | example |
/// |---|---|
/// | IMF-fixdate | `Sun, 06 Nov 1994 08:49:37 GMT` |
/// | RFC 850 | `Sunday, 06-Nov-94 08:49:37 GMT` |
/// | asctime | `Sun Nov  6 08:49:37 1994` |
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// Epoch seconds, or nil for text of any other form. The day's name is not compared with the date. A year of two
    /// digits is from 1970 to 2069.
    static func epochSeconds(_ text: String) -> Int64? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard let first = parts.first else { return nil }
        let isShort = days.contains { $0.prefix(3) == first || $0.prefix(3) + "," == first }
        switch parts.count {
        case 6 where isShort && first.hasSuffix(",") && parts[5] == "GMT":
            return seconds(digits(parts[3], count: 4, in: 1970...9999), parts[2], parts[1], parts[4])
        case 4 where parts[3] == "GMT" && days.contains { $0 + "," == first }:
            let date = parts[1].split(separator: "-", omittingEmptySubsequences: false)
            guard date.count == 3, let year = digits(date[2], count: 2, in: 0...99) else { return nil }
            return seconds(year < 70 ? 2000 + year : 1900 + year, date[1], date[0], parts[2])
        case 5 where isShort && !first.hasSuffix(","):
            return seconds(digits(parts[4], count: 4, in: 1970...9999), parts[1], parts[2], parts[3])
        case 6 where isShort && !first.hasSuffix(",") && parts[2].isEmpty && parts[3].utf8.count == 1:
            return seconds(digits(parts[5], count: 4, in: 1970...9999), parts[1], "0" + parts[3], parts[4])
        default: return nil
        }
    }

    private static func seconds(
        _ year: Int64?, _ month: Substring, _ day: Substring, _ time: Substring
    ) -> Int64? {
        let time = time.split(separator: ":", omittingEmptySubsequences: false)
        guard let year, let month = months.firstIndex(of: String(month)).map({ Int64($0) + 1 }),
            let day = digits(day, count: 2, in: 1...length(of: month, in: year)),
            time.count == 3, let hour = digits(time[0], count: 2, in: 0...23),
            let minute = digits(time[1], count: 2, in: 0...59), let second = digits(time[2], count: 2, in: 0...60)
        else { return nil }
        return days(year: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private static func digits(_ text: Substring, count: Int, in range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.count == count, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let value = Int64(text), range.contains(value)
        else { return nil }
        return value
    }

    /// How many days a month has, from 1 for January.
    private static func length(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 of a date in the Gregorian calendar, for years from 1970 (Hinnant, "chrono-Compatible
    /// Low-Level Date Algorithms", `days_from_civil`).
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
