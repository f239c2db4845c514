internal import Synchronization

extension TokenSource {
    /// A token, numbered so that a call can say which one a 401 rejected.
    ///
    /// It is used at least once whatever lifetime the server gives it, and until ``renewAt`` after that.
    final class Token: Sendable {
        let value: Secret
        let generation: Int
        /// How long the server says that it is valid; nil where it doesn't say.
        let lifetimeSeconds: Int64?
        /// When to renew it, once it has served.
        let renewAt: MonotonicInstant
        private let hasServed = Atomic(false)
        private let isMarked = Atomic(false)

        init(value: Secret, generation: Int, lifetimeSeconds: Int64?, renewAt: MonotonicInstant) {
            self.value = value
            self.generation = generation
            self.lifetimeSeconds = lifetimeSeconds
            self.renewAt = renewAt
        }

        /// Says that a call with it had a response.
        func markServed() {
            if !hasServed.load(ordering: .relaxed) { hasServed.store(true, ordering: .relaxed) }
        }

        /// Has it renewed before its next use.
        func markForRenewal() { isMarked.store(true, ordering: .relaxed) }

        /// Whether it may be sent.
        func isUsable(_ now: () -> MonotonicInstant) -> Bool {
            !isMarked.load(ordering: .relaxed) && (!hasServed.load(ordering: .relaxed) || now() < renewAt)
        }
    }
}
