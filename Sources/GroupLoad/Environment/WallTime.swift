package import Foundation

/// Times and lengths for a person.
package enum WallTime {
    /// The local time of day in so long from `now`, with the day where that is another.
    package static func text(in duration: Duration, now: Date) -> String {
        let then = now.addingTimeInterval(Double(duration.milliseconds) / 1000)
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = Calendar.current.isDate(then, inSameDayAs: now) ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss"
        return formatter.string(from: then)
    }

    /// The local time of day of an instant in epoch milliseconds, as seen at `now`.
    package static func text(at instant: Int64, now: Int64) -> String {
        text(in: .milliseconds(instant - now), now: Date(timeIntervalSince1970: Double(now) / 1000))
    }

    /// A length, as `90s`, `15m` or `2h`: the largest unit of which it is a whole number.
    package static func length(_ duration: Duration) -> String {
        let seconds = (duration.milliseconds + 999) / 1000
        if seconds % 3600 == 0, seconds > 0 { return "\(seconds / 3600)h" }
        if seconds % 60 == 0, seconds > 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}
