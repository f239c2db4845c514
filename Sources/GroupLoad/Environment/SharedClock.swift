package import RewardsClient
import Synchronization

/// The wall clock of several processes that work on one run: that of the store which they share, for their machines'
/// own may be hours apart. Until something is learnt of it, there is none.
///
/// It goes on by this machine's monotonic clock, so that a step of the machine's wall clock doesn't move it. What is
/// learnt later corrects it by no more than is certain: samples of the server's clock are compared to the millisecond.
package final class SharedClock: Sendable {
    private static let unknown = Int64.min

    private let origin = MonotonicInstant.now
    /// What is added to the milliseconds since ``origin`` to give the shared time.
    private let difference = Atomic(unknown)

    /// Makes a clock of which nothing is known.
    package init() {}

    /// Whether anything is known of it.
    package var isKnown: Bool { difference.load(ordering: .relaxed) != Self.unknown }

    /// The time in epoch milliseconds at an instant of this machine; nil where nothing is known of it.
    package func epochMilliseconds(at now: MonotonicInstant) -> Int64? {
        let difference = difference.load(ordering: .relaxed)
        return difference == Self.unknown ? nil : difference + origin.duration(to: now).milliseconds
    }

    /// Learns what the store's clock was at some time between the asking and the response.
    package func learn(_ epochMilliseconds: Int64, asked: MonotonicInstant, answered: MonotonicInstant) {
        let least = epochMilliseconds - origin.duration(to: answered).milliseconds
        let most = max(least, epochMilliseconds - origin.duration(to: asked).milliseconds)
        let current = difference.load(ordering: .relaxed)
        let corrected = current == Self.unknown ? least + (most - least) / 2 : min(max(current, least), most)
        difference.store(corrected, ordering: .relaxed)
    }
}
