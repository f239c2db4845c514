/// `--rate`: requests in a minute or a second.
package struct RequestRate: Sendable, Codable, Equatable {
    /// From 1 to 6,000,000.
    package var perMinute: Double

    /// What is wrong with the text of a rate, and how to write one.
    package enum Fault: Error, Equatable {
        /// A number alone, which may be meant for a minute or for a second.
        case noUnit(String)
        /// Anything else that is no rate.
        case noRate

        /// What is wrong and what to write, as the end of a sentence.
        package var message: String {
            switch self {
            case .noUnit(let number): "it has no unit; write \(number)/min or \(number)/s"
            case .noRate: "write N/min or N/s, for example 1000/min; from 1/min to 6000000/min"
            }
        }
    }

    /// Reads `N/min` or `N/s`, also as `N/m`, `N/minute`, `N/sec` or `N/second`, and with commas in N.
    ///
    /// - Throws: ``Fault`` unless it is a number with a unit, 1 to 6,000,000 a minute in all.
    package init(reading text: String) throws(Fault) {
        let parts = text.lowercased().split(separator: "/", omittingEmptySubsequences: false).map { part in
            part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        }
        guard let first = parts.first, let count = NumberText.decimal(String(first)) else { throw .noRate }
        guard parts.count == 2 else { throw parts.count == 1 ? .noUnit(String(first)) : .noRate }
        switch String(parts[1]) {
        case "min", "m", "minute": perMinute = count
        case "s", "sec", "second": perMinute = count * 60
        default: throw .noRate
        }
        guard (1...6_000_000).contains(perMinute) else { throw .noRate }
    }

    /// Reads as ``init(reading:)``; nil for what that refuses.
    package init?(_ text: String) {
        do throws(Fault) { try self.init(reading: text) } catch { return nil }
    }

    /// As it is given: `N/min`.
    package var text: String {
        perMinute == perMinute.rounded() ? "\(Int(perMinute))/min" : "\(perMinute)/min"
    }

    /// Between two requests.
    var interval: Duration { .seconds(60) / perMinute }
}
