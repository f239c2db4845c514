import RecordFormats

/// Says what is wrong with the first invalid records of each kind, and how many more of that kind there were, for a
/// check; the report has all.
struct InvalidTally {
    /// Messages of a kind, and kinds, that are shown.
    private static let shownMax = 3, kindsMax = 12

    private struct Kind: Hashable {
        var violations: UInt16
        var problem: String?
    }

    private let names: [String]
    private let nameLengthMax: Int
    private let listing: String
    private var counts: [Kind: Int] = [:]
    /// The kinds in the order in which they were met.
    private var kinds: [Kind] = []

    /// - Parameters:
    ///   - names: what messages call the sources, by number.
    ///   - listing: where all are listed, as a clause; empty for nowhere.
    init(names: [String], nameLengthMax: Int, listing: String) {
        self.listing = listing.isEmpty ? "" : " (\(listing))"
        self.names = names
        self.nameLengthMax = nameLengthMax
    }

    /// Counts an invalid record.
    ///
    /// - Returns: what to show, `groups.csv:1042: record 1040: …`; nil where enough of its kind have been.
    mutating func add(_ record: Record, _ violations: Violations, in batch: CheckedBatch) -> String? {
        let kind = Kind(violations: violations.rawValue, problem: record.problem?.title)
        let count = counts[kind, default: 0] + 1
        counts[kind] = count
        if count == 1 { kinds.append(kind) }
        guard count <= Self.shownMax, kinds.count <= Self.kindsMax else { return nil }
        let message = violations.message(for: record, in: batch.batch, nameLengthMax: nameLengthMax)
        return "\(names[batch.source]):\(record.line): record \(record.ordinal): \(message)"
    }

    /// How many more there were, a line for each kind of which not all were shown.
    var rest: [String] {
        var lines: [String] = []
        var others = 0
        for (index, kind) in kinds.enumerated() {
            let count = counts[kind, default: 0]
            if index >= Self.kindsMax {
                others += count
            } else if count > Self.shownMax {
                let titles = [kind.problem].compactMap(\.self) + Violations(rawValue: kind.violations).titles
                lines.append("and \(count - Self.shownMax) more: \(titles.joined(separator: ", "))\(listing)")
            }
        }
        if others > 0 { lines.append("and \(Shown.number(others)) more of other kinds\(listing)") }
        return lines
    }
}
