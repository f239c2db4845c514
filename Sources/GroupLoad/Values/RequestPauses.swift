/// The pauses that the target asked for, in which nobody may send.
package struct RequestPauses: Sendable, Equatable {
    /// When the last of them ends, in epoch milliseconds; nil before the first.
    package private(set) var until: Int64?
    /// What the target said, in a sentence.
    package private(set) var reason = ""
    /// Milliseconds of all of them, what is still to come included; what two have in common counts once.
    private var total: Int64 = 0

    /// There was none.
    package init() {}

    /// Learns of a pause, in epoch milliseconds.
    package mutating func pause(from start: Int64, until end: Int64, _ reason: String) {
        let start = max(start, until ?? start)
        guard end > start else { return }
        total += end - start
        (until, self.reason) = (end, reason)
    }

    /// How many milliseconds were paused so far.
    package func milliseconds(at now: Int64) -> Int64 { max(0, total - max(0, (until ?? now) - now)) }
}
