package import RewardsClient
import Synchronization

/// Until when this process may send requests: while the lease under which it works is certain to be its own. Without a
/// lease there is no limit.
///
/// It is asked when a request's turn comes, and once more when the request is written to its connection: a process may
/// be stopped between the two for longer than its lease lasts.
package final class SendingLimit: Sendable {
    private static let none = Int64.max

    private let origin = MonotonicInstant.now
    /// In milliseconds since ``origin``.
    private let limit = Atomic(none)

    /// Makes one that admits everything.
    package init() {}

    /// Whether a request may be sent at an instant.
    package func admits(at now: MonotonicInstant) -> Bool {
        let limit = limit.load(ordering: .relaxed)
        return limit == Self.none || origin.duration(to: now) < .milliseconds(limit)
    }

    /// The same at the instant that `now` gives, which is asked only where there is a limit.
    package func admits(_ now: () -> MonotonicInstant) -> Bool {
        limit.load(ordering: .relaxed) == Self.none || admits(at: now())
    }

    /// Lets requests be sent until `instant`, and no longer unless it is called again.
    package func set(to instant: MonotonicInstant) {
        limit.store(origin.duration(to: instant).milliseconds, ordering: .relaxed)
    }
}
