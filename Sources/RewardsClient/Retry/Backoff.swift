/// How long to wait before repeating a request: full jitter, a uniformly random part of a ceiling that doubles.
///
/// `delay(n) = random(0 … min(delayMax, base · 2ⁿ))`, n counted from 0 for the first repeat. With the defaults:
///
/// | n | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 and on |
/// |---|---|---|---|---|---|---|---|---|
/// | ceiling | 250 ms | 500 ms | 1 s | 2 s | 4 s | 8 s | 16 s | 30 s |
///
/// Source: "Exponential Backoff and Jitter" (AWS Architecture Blog), full jitter.
package struct Backoff: Sendable, Equatable {
    package let base: Duration
    package let delayMax: Duration

    /// - Parameters: both at least zero; a negative one is our bug.
    package init(base: Duration = .milliseconds(250), delayMax: Duration = .seconds(30)) {
        precondition(base >= .zero && delayMax >= .zero, "a backoff's durations are never negative")
        self.base = base
        self.delayMax = delayMax
    }

    /// The longest wait before repeat `attempt`, counted from 0.
    package func ceiling(attempt: Int) -> Duration {
        var ceiling = min(base, delayMax)
        for _ in 0..<max(0, min(attempt, 64)) where ceiling < delayMax { ceiling = min(ceiling * 2, delayMax) }
        return ceiling
    }

    /// A random wait before repeat `attempt`; where the server asked for a longer one (`atLeast`), the jitter is added to
    /// that, so that many callers that were told the same instant don't come back together.
    package func delay(
        attempt: Int, atLeast: Duration? = nil, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let nanoseconds = Int64(ceiling(attempt: attempt) / .nanoseconds(1))
        return (atLeast ?? .zero) + .nanoseconds(Int64.random(in: 0...nanoseconds, using: &generator))
    }
}
