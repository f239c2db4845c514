/// Limits the retries of a run, so that they don't overload a failing server: a token bucket, as gRPC's retry
/// throttling and the AWS SDKs' retry quota have it. Pure.
///
/// A retry takes a token, a success adds half of one, and each second adds ten. A retry without a token is not dropped;
/// it waits.
package struct RetryBudget: Sendable, Equatable {
    /// The most tokens, and the tokens at the start.
    package static let capacity = 100.0
    /// The tokens that a success adds.
    package static let perSuccess = 0.5
    /// The tokens that each second adds.
    package static let perSecond = 10.0

    private var tokens = RetryBudget.capacity
    private var filledAt: MonotonicInstant

    /// A full budget.
    package init(now: MonotonicInstant) { filledAt = now }

    /// Counts a request that succeeded.
    package mutating func succeeded() { tokens = min(Self.capacity, tokens + Self.perSuccess) }

    /// When a retry may be sent; nil for `now`.
    package mutating func waits(now: MonotonicInstant) -> MonotonicInstant? {
        if now > filledAt {
            tokens = min(Self.capacity, tokens + filledAt.duration(to: now) / .seconds(1) * Self.perSecond)
            filledAt = now
        }
        return tokens >= 1 ? nil : now.advanced(by: .seconds(1) * ((1 - tokens) / Self.perSecond))
    }

    /// Counts a retry that is sent.
    package mutating func spent() { tokens -= 1 }
}
