import GroupLoad

/// `--wait-max`: a length of time as people write it.
enum WaitLength {
    /// What holds by default.
    static let standard = RequestGate.waitMaxDefault

    /// The seconds of each unit.
    private static let units = [
        "s": 1, "sec": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "minute": 60, "minutes": 60, "h": 3600,
        "hour": 3600, "hours": 3600, "d": 86_400, "day": 86_400, "days": 86_400,
    ]

    /// Reads `90s`, `15m`, `2h` or `1d`, also with longer units and a blank: a number from 0 with a unit, at most a
    /// week in all.
    ///
    /// - Returns: nil for anything else.
    static func duration(_ text: String) -> Duration? {
        let number = text.prefix { $0.isNumber || $0 == "," }
        let unit = text[number.endIndex...].drop { $0 == " " }.lowercased()
        guard let unit = units[unit], let count = NumberText.whole(number), (0...604_800).contains(count) else {
            return nil
        }
        let seconds = count * unit
        return seconds <= 604_800 ? .seconds(seconds) : nil
    }
}
