/// How a record ended. Every record that was read ends in exactly one outcome.
package enum Outcome: String, CaseIterable, Sendable {
    /// The response to the create gave an id.
    case created
    /// Created by this run; the response was lost and a look-up found the group.
    case confirmed
    /// Is on the server; the response was lost, and it isn't known whether this run or somebody else created it.
    case present
    /// Was on the server before this run.
    case existing
    /// Existed, differed, and was changed because the user asked for it.
    case updated
    /// The name stood earlier in the input.
    case duplicate
    /// Did not pass validation.
    case invalid
    /// The server refused it, or its retries were used up.
    case failed
    /// May or may not exist on the server; the look-up could not settle it.
    case unresolved
    /// The run stopped before its turn.
    case unprocessed

    /// Whether the record needs nothing more from the user.
    package var isDone: Bool {
        switch self {
        case .created, .confirmed, .present, .existing, .updated, .duplicate: true
        case .invalid, .failed, .unresolved, .unprocessed: false
        }
    }

    /// Its place among ``allCases``.
    package var index: Int {
        switch self {
        case .created: 0
        case .confirmed: 1
        case .present: 2
        case .existing: 3
        case .updated: 4
        case .duplicate: 5
        case .invalid: 6
        case .failed: 7
        case .unresolved: 8
        case .unprocessed: 9
        }
    }
}

/// The count of records by outcome. `read` is always the sum of the counts.
package struct OutcomeCounts: Sendable, Equatable {
    private var counts = [Int](repeating: 0, count: Outcome.allCases.count)

    /// Has a count of 0 for each outcome.
    package init() {}

    /// The records that ended in `outcome`.
    package subscript(_ outcome: Outcome) -> Int {
        get { counts[outcome.index] }
        set { counts[outcome.index] = newValue }
    }

    /// The sum over all outcomes.
    package var sum: Int { counts.reduce(0, +) }

    /// The records that need nothing more.
    package var done: Int { Outcome.allCases.reduce(0) { $1.isDone ? $0 + self[$1] : $0 } }
}
