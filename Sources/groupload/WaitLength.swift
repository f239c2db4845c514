import GroupLoad

/// `--wait-max`: a length of time as people write it.
enum WaitLength {
    /// What holds unless told otherwise.
    static let standard = RequestGate.waitMaxDefault

    /// Reads `90s`, `15m` or `2h`: a number from 0, with a unit, at most a week in all.
    ///
    /// - Returns: nil for anything else.
    static func duration(_ text: String) -> Duration? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (0...604_800).contains(count)
        else { return nil }
        let seconds = count * unit
        return seconds <= 604_800 ? .seconds(seconds) : nil
    }
}
