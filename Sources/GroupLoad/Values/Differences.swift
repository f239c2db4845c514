/// What a check found to differ: all of it counted, the first of each kind shown.
package struct Differences: Sendable {
    /// Findings of a kind that are shown one by one.
    private static let shownMax = 10

    /// Findings by kind, in the order that the kinds came up.
    package private(set) var counts: [(kind: String, count: Int)] = []
    /// The findings that are shown.
    package private(set) var shown: [String] = []

    /// Has no finding.
    package init() {}

    /// How many there are.
    package var count: Int { counts.reduce(0) { $0 + $1.count } }

    /// Adds a finding.
    ///
    /// - Parameter kind: what goes on to be counted with others of its kind.
    package mutating func add(_ kind: String, _ finding: @autoclosure () -> String) {
        let place = counts.firstIndex { $0.kind == kind } ?? counts.endIndex
        if place == counts.endIndex { counts.append((kind, 0)) }
        counts[place].count += 1
        if counts[place].count <= Self.shownMax { shown.append(finding()) }
    }

    /// Adds the findings of another check, which are of other kinds.
    package mutating func add(_ other: Differences) {
        counts += other.counts
        shown += other.shown
    }

    /// What is left untold, a line for each kind.
    package var rest: [String] {
        counts.filter { $0.count > Self.shownMax }
            .map { "and \(Shown.number($0.count - Self.shownMax)) more: \($0.kind)" }
    }
}
