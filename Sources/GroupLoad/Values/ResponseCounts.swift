/// How many requests had which HTTP status.
package struct ResponseCounts: Sendable, Equatable {
    /// Those of 200, apart from the others: nearly all are.
    private var ok = 0
    private var others: [Int: Int] = [:]

    /// Has counted nothing.
    package init() {}

    /// Counts a response.
    ///
    /// - Parameter status: its HTTP status; 0 where none came.
    package mutating func add(_ status: Int) {
        if status == 200 { ok += 1 } else { others[status, default: 0] += 1 }
    }

    /// The count of each status that occurred, in the order of the statuses; 0 for requests without a response.
    package var all: [(status: Int, count: Int)] {
        (others.map { ($0.key, $0.value) } + (ok > 0 ? [(200, ok)] : [])).sorted { $0.0 < $1.0 }
    }
}
