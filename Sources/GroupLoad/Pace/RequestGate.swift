package import RewardsClient
import Synchronization

/// What every request passes before it is sent: the pace of `--rate`, the pause that a 429 asks for, the budget for
/// retries, and the breaker.
///
/// All belong to the API key and its target, so one gate serves all workers.
package final class RequestGate: Sendable {
    private struct State {
        var pacer: Pacer
        var breaker = Breaker()
        var budget: RetryBudget
        /// Since when the target has only asked to wait; nil where it did anything else last.
        var askedSince: MonotonicInstant?
        /// The end of the pause that was noted last.
        var toldUntil: MonotonicInstant?
        /// Opened when a request may be sent sooner than was said; nil while nobody waits for that.
        var sooner: Latch?

        mutating func take(
            isRetry: Bool, isFurther: Bool, turns: Int, now: MonotonicInstant, share: RequestShare?
        ) -> Breaker.Admission {
            if let until = pacer.waits(now: now) { return .wait(until: until) }
            if let until = share?.waits(now: now) { return .wait(until: until) }
            if isRetry, let until = budget.waits(now: now) { return .wait(until: until) }
            if !isFurther, let share, breaker.isProbeDue(now: now), !share.admitsProbe(now: now) {
                return .wait(until: now.advanced(by: RequestGate.lookAgain))
            }
            let verdict = isFurther ? .go : breaker.admitsRequest(now: now)
            if verdict == .go {
                for _ in 0..<turns { pacer.sent(now: now) }
                share?.sent(turns)
                if isRetry { budget.spent() }
            }
            return verdict
        }

        /// What opens when a request may be sent sooner than was just said.
        mutating func awaitSooner() -> Latch {
            let latch = sooner ?? Latch()
            sooner = latch
            return latch
        }
    }

    /// How soon it is looked again whether this process may probe the target.
    private static let lookAgain = Duration.milliseconds(50)
    /// The shortest pause that is reported.
    private static let toldMin = Duration.seconds(5)
    /// A pause isn't reported again that ends later than the reported one by no more: servers count in seconds.
    private static let toldAgainMin = Duration.seconds(2)
    /// Pauses whose ends differ by no more are one and the same, as the ledger and this process know it.
    private static let sameMax = Duration.milliseconds(500)
    /// How long the target may ask to wait, in all and without a success, unless another limit is given.
    package static let waitMaxDefault = Duration.seconds(RunConfiguration.Target.waitMaxDefault)

    /// The clock that it goes by, and that of all whose requests pass it.
    package let environment: RunEnvironment
    private let state: Mutex<State>
    private let stop: StopSwitch
    private let waitMax: Duration
    private let share: RequestShare?
    private let progress: RunProgress
    private let note: @Sendable (String) -> Void

    /// - Parameters:
    ///   - rate: the allowance, spent evenly from the first request on; nil to find it out.
    ///   - waitMax: how long the target may ask to wait, in all and without a success; then the run stops.
    ///   - share: what is shared with other processes, `rate` among it; nil where this is the only one.
    ///   - progress: is told of pauses, of trouble, and of the allowance that was found.
    ///   - note: is given what is waited for, and until when.
    package init(
        rate: RequestRate?, environment: RunEnvironment, stop: StopSwitch,
        waitMax: Duration = RequestGate.waitMaxDefault, share: RequestShare? = nil,
        progress: RunProgress = RunProgress(), note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let now = environment.now
        let pacer = Pacer(rate: rate, isShared: share?.hasTurns == true, now: now)
        state = Mutex(State(pacer: pacer, budget: RetryBudget(now: now)))
        self.share = share
        self.progress = progress
        self.environment = environment
        self.stop = stop
        self.waitMax = waitMax
        self.note = note
    }

    /// Requests a minute that the server was found to allow; nil where that wasn't looked for, or never met.
    package var allowance: Double? { state.withLock { $0.pacer.allowance } }

    /// Whether a request may be sent now; it is then taken to be. Retries are bounded by the run's ``RetryBudget``
    /// besides.
    ///
    /// - Parameter turns: requests that will be sent one right after the other.
    package func take(
        isRetry: Bool = false, isFurther: Bool = false, turns: Int = 1, now: MonotonicInstant
    ) -> Breaker.Admission {
        state.withLock { $0.take(isRetry: isRetry, isFurther: isFurther, turns: turns, now: now, share: share) }
    }

    /// Waits for this request's turn. Returns at once when the run is asked to stop, when the breaker gives the
    /// target up and asks it to, or when the task is cancelled.
    ///
    /// - Parameters:
    ///   - isFurther: whether it is one more of a walk whose last request had a response. The breaker isn't asked then:
    ///     to it the walk as a whole is one request, which it may be waiting for.
    ///   - turns: requests that will be sent one right after the other.
    package func pass(isRetry: Bool = false, isFurther: Bool = false, turns: Int = 1) async {
        while stop.reason == nil, !Task.isCancelled {
            let now = environment.now
            let (admission, sooner) = state.withLock { state in
                let admission = state.take(
                    isRetry: isRetry, isFurther: isFurther, turns: turns, now: now, share: share)
                if case .wait = admission { return (admission, [state.awaitSooner()]) }
                return (admission, [])
            }
            switch admission {
            case .go: return
            case .wait(let until): await environment.wait(until: until, wokenBy: [stop.asked] + sooner)
            case .giveUp(let trouble, let message): stop.stop(trouble.stopReason(message))
            }
        }
    }

    /// Learns that further requests were sent that had no turn of their own.
    package func spent(_ requests: Int) {
        let now = environment.now
        state.withLock { state in
            for _ in 0..<min(requests, 100) { state.pacer.sent(now: now) }
        }
        share?.sent(min(requests, 100))
    }

    /// Gives back turns that were not used.
    package func giveBack(_ turns: Int) {
        wake { state in
            state.pacer.giveBack(turns)
            return true
        }
        share?.giveBack(turns, now: environment.now)
    }

    /// Changes the state, and wakes all that wait for a turn where `change` says that one may come sooner by it.
    private func wake(_ change: (inout State) -> Bool) {
        state.withLock { state in change(&state) ? state.sooner.take() : nil }?.open()
    }

    /// Learns of a 429, for which nobody may send for a while.
    package func throttled(retryAfter: Duration?, _ message: String) {
        let now = environment.now
        var until = now
        wake { state in
            var generator = environment.random
            let wasOpen = state.breaker.isOpen
            state.pacer.throttled(retryAfter: retryAfter, now: now, using: &generator)
            state.breaker.throttled(now: now)
            until = state.pacer.pausedUntil
            return wasOpen
        }
        share?.pause(until: until, message)
        wait(until: until, message)
    }

    /// Learns that the target asks everybody to wait, though not for the allowance (503).
    package func paused(for duration: Duration, _ message: String) {
        let now = environment.now
        let until = state.withLock { state in
            state.pacer.pause(until: now.advanced(by: duration))
            return state.pacer.pausedUntil
        }
        share?.pause(until: until, message)
        wait(until: until, message)
    }

    /// Learns for how long the target asked all to wait, this process or another.
    package func pausedByAll(for duration: Duration, _ message: String) {
        let until = environment.now.advanced(by: duration)
        let isNews = state.withLock { state in
            defer { state.pacer.pause(until: until) }
            return until > state.pacer.pausedUntil.advanced(by: Self.sameMax)
        }
        if isNews { wait(until: until, message) }
    }

    /// Whether the target is in trouble and hasn't been given up.
    var isTroubled: Bool { state.withLock { $0.breaker.isOpen && !$0.breaker.isGivenUp } }

    /// Whether only requests are waited for to find out whether a target in trouble is well again.
    var awaitsRequests: Bool {
        let now = environment.now
        return state.withLock { $0.breaker.isIdle(now: now) }
    }

    /// Learns that another process tries whether the target is well again.
    func probedElsewhere() {
        let now = environment.now
        state.withLock { $0.breaker.probedElsewhere(now: now) }
    }

    /// Tells what is waited for, and stops the run where that is too long.
    private func wait(until: MonotonicInstant, _ message: String) {
        let now = environment.now
        let (asked, isTold, allowance) = state.withLock { state in
            let since = state.askedSince ?? now
            state.askedSince = since
            let isNews = state.toldUntil.map { until > $0.advanced(by: Self.toldAgainMin) } ?? true
            let isTold = isNews && now.duration(to: until) >= Self.toldMin
            if isTold { state.toldUntil = until }
            return (since.duration(to: until), isTold, state.pacer.allowance)
        }
        let wall = environment.epochMilliseconds
        progress.update {
            $0.pauses.pause(from: wall, until: wall + now.duration(to: until).milliseconds, message)
            $0.allowance = allowance
        }
        let time = WallTime.text(in: now.duration(to: until), now: environment.date)
        if asked > waitMax {
            stop.stop(
                .unusable(
                    """
                    the target asks to wait until \(time), which makes \(WallTime.length(asked)) without \
                    a success, more than --wait-max \(WallTime.length(waitMax)) allows (\(message)); resume \
                    later, or give a longer --wait-max
                    """
                ))
        } else if isTold {
            note("waiting until \(time), as the target asks (\(message))")
        }
    }

    /// Learns that a create was carried out whose response was lost: the target does its part.
    package func carriedOut() {
        wake { state in
            let wasOpen = state.breaker.isOpen
            state.breaker.succeeded(isCreate: true)
            if wasOpen { progress.update { $0.trouble = nil } }
            return wasOpen
        }
    }

    /// Learns how a request ended that was not refused with 429.
    package func ended<Value>(_ reply: Reply<Value>, isCreate: Bool) {
        ended(
            Breaker.Effect(reply, isCreate: isCreate), requests: reply.requests, isCreate: isCreate,
            message: reply.message)
    }

    /// Learns how a request ended that was not refused with 429.
    ///
    /// - Parameters:
    ///   - requests: what it cost, as ``Reply/requests``.
    ///   - message: the cause of trouble, in a sentence.
    func ended(_ effect: Breaker.Effect, requests: Int, isCreate: Bool, message: String = "") {
        let now = environment.now
        var isOpened = false
        wake { state in
            let wasOpen = state.breaker.isOpen
            if requests > 0 { state.pacer.granted(requests, now: now) }
            switch effect {
            case .trouble(let trouble): state.breaker.failed(trouble, message, isCreate: isCreate, now: now)
            case .success:
                state.breaker.succeeded(isCreate: isCreate)
                state.budget.succeeded()
                state.askedSince = nil
            case .none: state.breaker.throttled(now: now)
            }
            isOpened = !wasOpen && state.breaker.isOpen && !state.breaker.isGivenUp
            if isOpened { progress.update { $0.trouble = message } }
            if wasOpen, !state.breaker.isOpen { progress.update { $0.trouble = nil } }
            return wasOpen
        }
        if isOpened {
            note(Breaker.Trouble.sentences(message, "trying again after 1, 2, 4, 8 and 16 seconds"))
        }
    }
}

extension Breaker.Trouble {
    /// A message and what follows from it; a message may end with a question.
    static func sentences(_ message: String, _ rest: String) -> String {
        message.hasSuffix("?")
            ? "\(message) \(rest.prefix(1).uppercased())\(rest.dropFirst())" : "\(message); \(rest)"
    }

    /// Why the run stops where the breaker gives the target up.
    func stopReason(_ message: String) -> StopReason {
        switch self {
        case .unreachable:
            .unusable(Self.sentences("the target can't be reached: \(message)", "check --target and the network"))
        case .unfit: .unfit("the target can't be used: \(message)")
        case .unauthorized: .unusable(message)
        case .foreign:
            .unusable(
                """
                the target responds with nothing of the API's (\(message)); see that the session and the \
                address are right, then resume
                """
            )
        case .failing:
            .failing("the target responds with errors only (\(message)); resume when it is well")
        }
    }
}
