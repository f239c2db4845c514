/// `--max-errors`: how many records may end `failed` or `invalid` before the run stops.
package enum ErrorLimit: Sendable, Codable, Equatable {
    /// At most so many.
    case count(Int)
    /// At most this percentage of the records that ended, once ``sampleMin`` have.
    case percent(Double)

    /// Records that must have ended before a percentage is judged.
    package static let sampleMin = 100

    /// Reads `N` or `N%`, also with commas in N and with a blank before the percent sign.
    ///
    /// - Returns: nil unless it is a whole number from 0, or a percentage from 0 to 100.
    package init?(_ text: String) {
        if text.hasSuffix("%") {
            let number = text.dropLast().reversed().drop { $0 == " " }.reversed()
            guard let value = NumberText.decimal(String(number)), (0...100).contains(value) else { return nil }
            self = .percent(value)
        } else {
            guard let value = NumberText.whole(text) else { return nil }
            self = .count(value)
        }
    }

    /// As it is given: `N` or `N%`.
    package var text: String {
        switch self {
        case .count(let most): "\(most)"
        case .percent(let most): most == most.rounded() ? "\(Int(most))%" : "\(most)%"
        }
    }

    /// Whether `errors` of all `total` records are too many, whatever becomes of the others.
    package func isExceeded(errors: Int, of total: Int) -> Bool {
        switch self {
        case .count(let most): errors > most
        case .percent(let most): errors > Self.share(most, of: total).wholes
        }
    }

    /// So many percent of a number, to a millionth of a percent: a product of two Doubles may be off by a last bit, so
    /// that 2.3 % of 3,000 would be less than 69.
    ///
    /// - Returns: the whole part, and whether there is more.
    static func share(_ percent: Double, of total: Int) -> (wholes: Int, hasRest: Bool) {
        let millionths = UInt((percent * 1_000_000).rounded())
        let product = UInt(max(0, total)).multipliedFullWidth(by: millionths)
        let (wholes, rest) = UInt(100_000_000).dividingFullWidth(product)
        return (Int(clamping: wholes), rest > 0)
    }

    /// Whether `errors` of the `ended` records so far are too many.
    package func isExceeded(errors: Int, ended: Int) -> Bool {
        if case .percent = self, ended < Self.sampleMin { return false }
        return isExceeded(errors: errors, of: ended)
    }
}
