/// How many creates may be under way at once, where the target's limits are not known. Pure: its input is
/// how creates ended.
///
/// It begins with ``start`` and goes by windows of as many responses as may be under way, about a round trip's each. It
/// doubles after a window whose responses took no longer than about twice what the fastest window's took, or than
/// ``latencyFree``, for a queue in the server that long harms nobody. A slower window takes a tenth off, for with more
/// under way the server only keeps them waiting, and from the first such window on a sixteenth is added in place of
/// doubling. A window of which more than half failed or was refused takes three tenths off; fewer say nothing, for
/// gateways throw them in at random, and the allowance that a 429 speaks of is ``Pacer``'s to find.
///
/// That is TCP's slow start, then a gentle increase and decrease. A gradient of latencies, as Netflix's limiters take
/// it, moves with the noise of a window of some hundred responses where two sizes differ by less than it.
package struct InFlightLimit: Sendable, Equatable {
    /// What it begins with.
    package static let start = 16
    /// A latency that is no reason to send less.
    package static let latencyFree = Duration.milliseconds(50)

    /// How many may be under way.
    package private(set) var admitted: Int
    private let ceiling: Int
    private let isFixed: Bool
    /// The mean latency of the fastest window.
    private var fastest: Duration?
    private var sum = Duration.zero
    private var responses = 0, lost = 0
    /// Whether as many were under way as may be, at some time in the window.
    private var isFull = false
    /// Whether a window was slow.
    private var hasBeenSlow = false

    /// - Parameters:
    ///   - ceiling: what it never passes, from 1.
    ///   - isFixed: whether it stays at the ceiling.
    package init(ceiling: Int, isFixed: Bool) {
        self.ceiling = ceiling
        self.isFixed = isFixed
        admitted = isFixed ? ceiling : min(ceiling, Self.start)
    }

    /// Learns of a create that had a response, and how many were under way with it.
    package mutating func responded(after latency: Duration, underWay: Int) {
        guard !isFixed else { return }
        sum += latency
        responses += 1
        if underWay >= admitted { isFull = true }
        endWindow()
    }

    /// Learns of a create that was refused for the allowance, or that failed because of the server.
    package mutating func lost(underWay: Int) {
        guard !isFixed else { return }
        lost += 1
        if underWay >= admitted { isFull = true }
        endWindow()
    }

    private mutating func endWindow() {
        guard responses + lost >= max(admitted, Self.start) else { return }
        let mean = responses > 0 ? sum / responses : nil
        let isSlow = mean.map { $0 > max((fastest ?? $0) * 2, Self.latencyFree) } ?? false
        if let mean { fastest = min(fastest ?? mean, mean) }
        if lost > responses {
            admitted = max(1, admitted * 7 / 10)
        } else if isSlow {
            admitted = max(1, admitted * 9 / 10)
            hasBeenSlow = true
        } else if isFull {
            admitted = min(ceiling, hasBeenSlow ? admitted + max(1, admitted / 16) : admitted * 2)
        }
        (sum, responses, lost, isFull) = (.zero, 0, 0, false)
    }
}
