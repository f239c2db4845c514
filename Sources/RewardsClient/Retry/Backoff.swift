/// The wait before the retry of a request: full jitter, a uniformly random part of a ceiling that doubles.
///
/// `delay(n) = random(0 … min(delayMax, base · 2ⁿ))`, n counted from 0 for the first retry. With the defaults:
///
/// | n | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 and on |
/// |---|---|---|---|---|---|---|---|---|
/// | ceiling | 250 ms | 500 ms | 1 s | 2 s | 4 s | 8 s | 16 s | 30 s |
///
/// Source: "Exponential Backoff and Jitter" (AWS Architecture Blog), full jitter.
package struct Backoff: Sendable, Equatable {
    /// The ceiling before the first retry.
    package let base: Duration
    /// The ceiling that no other exceeds.
    package let delayMax: Duration

    /// A backoff of these durations.
    ///
    /// - Precondition: both are at least zero.
    package init(base: Duration = .milliseconds(250), delayMax: Duration = .seconds(30)) {
        precondition(base >= .zero && delayMax >= .zero, "a backoff's durations are never negative")
        self.base = base
        self.delayMax = delayMax
    }

    /// The longest wait before retry `attempt`, counted from 0.
    package func ceiling(attempt: Int) -> Duration {
        var ceiling = min(base, delayMax)
        for _ in 0..<max(0, min(attempt, 64)) where ceiling < delayMax { ceiling = min(ceiling * 2, delayMax) }
        return ceiling
    }

    /// A random wait before retry `attempt`; where the server requires one (`atLeast`), the jitter is added to it, so
    /// that callers that received the same instant don't return together.
    package func delay(
        attempt: Int, atLeast: Duration? = nil, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let nanoseconds = Int64(ceiling(attempt: attempt) / .nanoseconds(1))
        return (atLeast ?? .zero) + .nanoseconds(Int64.random(in: 0...nanoseconds, using: &generator))
    }
}
