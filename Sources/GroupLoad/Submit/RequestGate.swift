import RewardsClient
import Synchronization

/// What every request passes before it is sent: the pace of `--rate`, the pause that a 429 asks for, the budget for repeats, and
/// the breaker.
///
/// All belong to the API key and its target, so one gate serves all workers.
final class RequestGate: Sendable {
    private struct State {
        var pacer: Pacer
        var breaker = Breaker()
        var budget: RetryBudget

        mutating func take(isRepeat: Bool, isFurther: Bool, now: ContinuousClock.Instant) -> Breaker.Verdict {
            if let until = pacer.waits(now: now) { return .wait(until: until) }
            if isRepeat, let until = budget.waits(now: now) { return .wait(until: until) }
            let verdict = isFurther ? .go : breaker.mayGo(now: now)
            if verdict == .go {
                pacer.sent(now: now)
                if isRepeat { budget.spent() }
            }
            return verdict
        }
    }

    private let state: Mutex<State>
    private let stop: StopSwitch

    /// - Parameter rate: the allowance, spent evenly from the first request on; nil to find it out.
    init(rate: RequestRate?, stop: StopSwitch) {
        state = Mutex(State(pacer: Pacer(rate: rate, now: .now), budget: RetryBudget(now: .now)))
        self.stop = stop
    }

    /// Requests a minute that the server was found to allow; nil where that wasn't looked for, or never met.
    var allowance: Double? { state.withLock { $0.pacer.allowance } }

    /// Whether a request may be sent now; it is then taken to be. Repeats are bounded by the run's ``RetryBudget`` besides.
    func take(isRepeat: Bool = false, isFurther: Bool = false, now: ContinuousClock.Instant) -> Breaker.Verdict {
        state.withLock { $0.take(isRepeat: isRepeat, isFurther: isFurther, now: now) }
    }

    /// Waits for this request's turn. Returns at once when the run is asked to stop, or when the breaker gives the target up
    /// and asks it to.
    ///
    /// - Parameter isFurther: whether it is one more of a walk whose last request was answered. The breaker isn't asked then: to it the
    ///   walk as a whole is one request, which it may be waiting for.
    func pass(isRepeat: Bool = false, isFurther: Bool = false) async {
        while stop.reason == nil {
            let now = ContinuousClock.now
            switch take(isRepeat: isRepeat, isFurther: isFurther, now: now) {
            case .go: return
            case .wait(let until):
                // Looks again at least ten times a second, for an answer may open the way sooner.
                await stop.wait(min(now.duration(to: until), .milliseconds(100)), on: .continuous)
            case .giveUp(let trouble, let message): stop.stop(trouble.stopReason(message))
            }
        }
    }

    /// Takes in a 429, for which nobody may send for a while.
    func throttled(retryAfter: Duration?) {
        state.withLock { state in
            var generator = SystemRandomNumberGenerator()
            state.pacer.throttled(retryAfter: retryAfter, now: .now, using: &generator)
            state.breaker.throttled(now: .now)
        }
    }

    /// Takes in what came of a request that was not refused with 429.
    func ended<Value>(_ reply: Reply<Value>, isCreate: Bool) {
        let now = ContinuousClock.now
        let trouble = Breaker.Trouble(reply)
        state.withLock { state in
            if let info = reply.info { state.pacer.granted(info.requests, now: now) }
            if let trouble {
                state.breaker.failed(trouble, reply.message, isCreate: isCreate, now: now)
            } else {
                state.breaker.succeeded(isCreate: isCreate)
                state.budget.succeeded()
            }
        }
    }
}

extension Breaker.Trouble {
    /// Why the run stops where the breaker gives the target up.
    func stopReason(_ message: String) -> StopReason {
        switch self {
        case .unreachable: .unusable("the target can't be reached any more: \(message)")
        case .unauthorized: .unusable(message)
        case .failing:
            .failing("the target answers nothing but errors (\(message)); import again what is left when it is well")
        }
    }
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
