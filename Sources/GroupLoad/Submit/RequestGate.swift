import RewardsClient
import Synchronization

/// What every request passes before it is sent: the pace of `--rate`, and the pause that a 429 asks for.
///
/// Both belong to the API key, so one gate serves all workers.
final class RequestGate: Sendable {
    private struct State {
        /// When the next request may be sent.
        var next: ContinuousClock.Instant
        /// Until when nobody may send.
        var pausedUntil: ContinuousClock.Instant
        /// Pauses since the last answer that was none.
        var pauses = 0
    }

    /// The pause after a 429 that does not say how long: full jitter above half a second, doubling up to the minute that the
    /// API counts by.
    private static let pauseBackoff = Backoff(base: .seconds(1), delayMax: .seconds(60))
    private static let pauseMin = Duration.milliseconds(500)

    private let state: Mutex<State>
    private let interval: Duration?
    private let stop: StopSwitch

    /// - Parameter rate: the allowance, spent evenly from the first request on; nil for as fast as it goes.
    init(rate: RequestRate?, stop: StopSwitch) {
        state = Mutex(State(next: .now, pausedUntil: .now))
        interval = rate?.interval
        self.stop = stop
    }

    /// Waits for this request's turn. Returns at once when the run is asked to stop.
    func pass() async {
        while stop.reason == nil {
            let now = ContinuousClock.now
            let wait = state.withLock { state -> Duration? in
                if state.pausedUntil > now { return now.duration(to: state.pausedUntil) }
                guard let interval else { return nil }
                if state.next > now { return now.duration(to: state.next) }
                state.next = max(state.next, now.advanced(by: .zero - interval)).advanced(by: interval)
                return nil
            }
            guard let wait else { return }
            await stop.wait(wait, on: .continuous)
        }
    }

    /// Lets nobody send for a while, because a request was refused with 429: as long as the server says, else longer each
    /// time. A longer pause that holds already stands, and the 429s of requests that were under way count once.
    func throttled(retryAfter: Duration?) {
        let now = ContinuousClock.now
        state.withLock { state in
            if let retryAfter {
                state.pausedUntil = max(state.pausedUntil, now.advanced(by: retryAfter))
            } else if state.pausedUntil <= now {
                var generator = SystemRandomNumberGenerator()
                let delay = Self.pauseBackoff.delay(attempt: state.pauses, atLeast: Self.pauseMin, using: &generator)
                state.pauses += 1
                state.pausedUntil = now.advanced(by: delay)
            }
        }
    }

    /// Says that a request was answered, so that the next pause is a short one again.
    func answered() { state.withLock { $0.pauses = 0 } }
}

/// `--rate`: requests in a minute or a second.
package struct RequestRate: Sendable, Equatable {
    /// From 1 to 6,000,000.
    package var perMinute: Double

    /// Reads `N/min` or `N/s`; a bare `N` is a minute's.
    ///
    /// - Returns: nil unless it is a number that comes to 1 to 6,000,000 a minute.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let count = Double(parts[0]), count.isFinite else { return nil }
        switch parts.count == 2 ? parts[1] : "min" {
        case "min", "m": perMinute = count
        case "s", "sec": perMinute = count * 60
        default: return nil
        }
        guard (1...6_000_000).contains(perMinute) else { return nil }
    }

    /// Between two requests.
    var interval: Duration { .seconds(60) / perMinute }
}
