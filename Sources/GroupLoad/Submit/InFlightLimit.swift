/// How many creates may be under way at once, where the target's limits are not known. Pure: it is told what came of creates.
///
/// It begins with ``start`` and doubles while a window's answers take no longer than about twice what the fastest window's took,
/// or than ``latencyFree``, for a queue in the server that long harms nobody. A slower window takes a tenth off: with more under way the
/// server only keeps them waiting. Answers that failed take three tenths off, once a window. That is additive-increase's cousin for
/// start-up (TCP's slow start) with a gentle multiplicative decrease; a gradient of latencies, as Netflix's limiters take it, moves
/// with the noise of a window of some hundred answers where two sizes differ by less than it.
package struct InFlightLimit: Sendable, Equatable {
    /// What it begins with.
    package static let start = 16
    /// A latency that is no reason to send less.
    package static let latencyFree = Duration.milliseconds(50)

    /// How many may be under way.
    package private(set) var most: Int
    private let ceiling: Int
    private let isFixed: Bool
    /// The mean latency of the fastest window.
    private var fastest: Duration?
    private var sum = Duration.zero
    private var count = 0
    /// Whether as many were under way as may be, at some time in the window.
    private var isFull = false
    private var hasLost = false

    /// - Parameters:
    ///   - ceiling: what it never passes, from 1.
    ///   - isFixed: whether it stays at the ceiling.
    package init(ceiling: Int, isFixed: Bool) {
        self.ceiling = ceiling
        self.isFixed = isFixed
        most = isFixed ? ceiling : min(ceiling, Self.start)
    }

    /// Takes in a create that was answered, and how many were under way with it.
    package mutating func answered(after latency: Duration, underWay: Int) {
        guard !isFixed else { return }
        sum += latency
        count += 1
        if underWay >= most { isFull = true }
        // A window is as many answers as may be under way, so that all of it was sent at this limit.
        guard count >= max(most, Self.start) * 2 else { return }
        let mean = sum / count
        let isSlow = mean > max((fastest ?? mean) * 2, Self.latencyFree)
        fastest = min(fastest ?? mean, mean)
        if isSlow {
            most = max(1, most * 9 / 10)
        } else if isFull, !hasLost {
            most = min(ceiling, most * 2)
        }
        (sum, count, isFull, hasLost) = (.zero, 0, false, false)
    }

    /// Takes in a create that was refused for the allowance, or failed for the server's sake.
    package mutating func lost() {
        guard !isFixed, !hasLost else { return }
        hasLost = true
        most = max(1, most * 7 / 10)
    }
}
