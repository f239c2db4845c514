/// `--rate`: requests in a minute or a second.
package struct RequestRate: Sendable, Codable, Equatable {
    /// From 1 to 6,000,000.
    package var perMinute: Double

    /// Reads `N/min` or `N/s`; a bare `N` is a minute's.
    ///
    /// - Returns: nil unless it is a number that comes to 1 to 6,000,000 a minute.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let count = Double(parts[0]), count.isFinite else { return nil }
        switch parts.count == 2 ? parts[1] : "min" {
        case "min", "m": perMinute = count
        case "s", "sec": perMinute = count * 60
        default: return nil
        }
        guard (1...6_000_000).contains(perMinute) else { return nil }
    }

    /// As it is given: `N/min`.
    package var text: String {
        perMinute == perMinute.rounded() ? "\(Int(perMinute))/min" : "\(perMinute)/min"
    }

    /// Between two requests.
    var interval: Duration { .seconds(60) / perMinute }
}
