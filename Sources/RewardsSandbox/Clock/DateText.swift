import Foundation

/// Writes an instant as the API does, `2025-03-17T02:58:47Z`, cutting off the milliseconds.
/// - Parameter milliseconds: since 1970-01-01T00:00:00Z; years 0000 to 9999.
func utcDateTime(_ milliseconds: Int64) -> String {
    let seconds = Int(milliseconds / 1000) - (milliseconds % 1000 < 0 ? 1 : 0)
    let (day, time) = (Int((Double(seconds) / 86_400).rounded(.down)), ((seconds % 86_400) + 86_400) % 86_400)
    // Days to a civil date in the proleptic Gregorian calendar, with years that begin in March.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    var text = [UInt8]()
    text.reserveCapacity(20)
    func append(_ value: Int, digits: Int, then separator: Character) {
        var divisor = digits == 4 ? 1000 : 10
        while divisor > 0 {
            text.append(UInt8(48 + (value / divisor) % 10))
            divisor /= 10
        }
        text.append(contentsOf: separator.utf8)
    }
    append(year, digits: 4, then: "-")
    append(month, digits: 2, then: "-")
    append(dayOfYear - (153 * monthIndex + 2) / 5 + 1, digits: 2, then: "T")
    append(time / 3600, digits: 2, then: ":")
    append(time / 60 % 60, digits: 2, then: ":")
    append(time % 60, digits: 2, then: "Z")
    return String(decoding: text, as: UTF8.self)
}

/// Writes an instant as HTTP does, `Mon, 17 Mar 2025 02:58:47 GMT` (RFC 9110 section 5.6.7).
/// - Parameter seconds: since 1970-01-01T00:00:00Z.
package func httpDate(_ seconds: Int64) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
}
