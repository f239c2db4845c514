/// What a run may spend on repeats, so that a server that is dying is not beaten: a token bucket, as gRPC's retry throttling and the
/// AWS SDKs' retry quota have it. Pure.
///
/// A repeat takes a token, a success gives back half of one, and ten come by each second whatever happens: for nothing is
/// dropped here for want of a token, it only waits.
package struct RetryBudget: Sendable, Equatable {
    /// Tokens that there are at most, and at first.
    package static let capacity = 100.0
    /// What a success gives back, and a second.
    package static let perSuccess = 0.5, perSecond = 10.0

    private var tokens = RetryBudget.capacity
    private var filledAt: ContinuousClock.Instant

    package init(now: ContinuousClock.Instant) { filledAt = now }

    /// Takes in that a request succeeded.
    package mutating func succeeded() { tokens = min(Self.capacity, tokens + Self.perSuccess) }

    /// When a repeat may be sent; nil for at `now`.
    package mutating func waits(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        if now > filledAt {
            tokens = min(Self.capacity, tokens + filledAt.duration(to: now) / .seconds(1) * Self.perSecond)
            filledAt = now
        }
        return tokens >= 1 ? nil : now.advanced(by: .seconds(1) * ((1 - tokens) / Self.perSecond))
    }

    /// Takes in that a repeat is sent.
    package mutating func spent() { tokens -= 1 }
}
