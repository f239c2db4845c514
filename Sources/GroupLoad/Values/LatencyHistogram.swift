import Synchronization

/// Latencies by size, in buckets a sixteenth of an octave wide or narrower, from 1 µs to about 20 minutes.
package final class LatencyHistogram: Sendable {
    private struct State {
        var counts = [Int](repeating: 0, count: 16 * 32)
        var total = 0
        var max: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Has counted no latency.
    package init() {}

    /// Counts one latency.
    package func record(_ latency: Duration) {
        let (seconds, attoseconds) = latency.components
        let microseconds = UInt64(clamping: seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000)
        state.withLock { state in
            state.counts[Self.bucket(microseconds)] += 1
            state.total += 1
            state.max = Swift.max(state.max, microseconds)
        }
    }

    /// The percentiles so far: the upper bounds of their buckets.
    package var summary: LatencyPercentiles {
        state.withLock { state in
            LatencyPercentiles(
                p50: Self.percentile(0.50, state), p95: Self.percentile(0.95, state),
                p99: Self.percentile(0.99, state), max: Double(state.max) / 1000)
        }
    }

    private static func percentile(_ fraction: Double, _ state: State) -> Double {
        let rank = Int((Double(state.total) * fraction).rounded(.up))
        var seen = 0
        for (bucket, count) in state.counts.enumerated() where count > 0 {
            seen += count
            if seen >= rank { return Double(min(upperBound(bucket), state.max)) / 1000 }
        }
        return 0
    }

    private static func bucket(_ value: UInt64) -> Int {
        guard value >= 16 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        let fraction = Int(value >> (exponent - 4)) & 15
        return min((exponent - 3) * 16 + fraction, 16 * 32 - 1)
    }

    private static func upperBound(_ bucket: Int) -> UInt64 {
        guard bucket >= 16 else { return UInt64(bucket) }
        let exponent = bucket / 16 + 3
        return ((UInt64(bucket % 16) + 17) << (exponent - 4)) - 1
    }
}

/// Percentiles in milliseconds, and the largest.
package struct LatencyPercentiles: Sendable, Codable, Equatable {
    /// The bounds within which 50, 95 and 99 % of the latencies are, and the largest; 0 where there are none.
    package var p50 = 0.0, p95 = 0.0, p99 = 0.0, max = 0.0
}
