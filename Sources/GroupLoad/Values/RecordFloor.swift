/// `--min-records`: how many records a list must have for anything to be sent.
package enum RecordFloor: Sendable, Codable, Equatable {
    /// At least so many.
    case count(Int)
    /// At least this percentage of those that the last finished run on the same scope read.
    case percent(Double)

    /// Reads `N` or `N%`.
    ///
    /// - Returns: nil unless it is a whole number from 0, or a percentage from 0 to 100.
    package init?(_ text: String) {
        switch ErrorLimit(text) {
        case .count(let count): self = .count(count)
        case .percent(let percent): self = .percent(percent)
        case nil: return nil
        }
    }

    /// As it is given: `N` or `N%`.
    package var text: String {
        switch self {
        case .count(let count): ErrorLimit.count(count).text
        case .percent(let percent): ErrorLimit.percent(percent).text
        }
    }

    /// The least number of records, where the last run read `last`; nil where that isn't known and would have to be.
    package func least(last: Int?) -> Int? {
        switch self {
        case .count(let count): count
        case .percent(let percent):
            last.map { last in
                let (wholes, hasRest) = ErrorLimit.share(percent, of: last)
                return wholes + (hasRest ? 1 : 0)
            }
        }
    }
}
