package import RewardsClient

/// Says when the next request may be sent: at the pace of `--rate`, or at one that it learns, and not while a 429 asks
/// for a pause. Pure: its input is the time and how requests ended.
///
/// To its maintainers, on learning. The API counts calls a key and minute, and says how many only by 429. So as long
/// as none says that the allowance is spent, requests go as fast as the responses come. One that asks for a longer
/// pause says so, and ends a *cycle*: what was granted since the pause before, by the time from then to this pause's
/// end, is the allowance; exactly so from the second cycle on, for a pause ends where the server's minute does. Where
/// 429s don't say how long, several in a row without a call granted say that the allowance is spent, and the calls
/// granted in the last minute are it; two in a row say so that begin a minute after two others, and then what was
/// granted between is it. A single 429 with a short pause says nothing: gateways throw them in at random,
/// and slowing down for each would never end. ``shareHeld`` of the allowance is spent evenly from there on. What was
/// found but once is raised by half after a calm time, and taken back if that was too much; what two cycles or a
/// long one agree on only slowly, since an allowance may grow. Additive increase and multiplicative decrease would
/// meet a 429 each time they rise; a counted allowance need not.
package struct Pacer: Sendable {
    /// What of an allowance that was found out is spent.
    package static let shareHeld = 0.98
    /// How long no 429 must have come before the pace is raised, and by how much: where the allowance is certain, and
    /// not. What is half too much shows within 40 seconds of a minute of the server's, and no later than in the second.
    private static let calm = (certain: Duration.seconds(300), uncertain: Duration.seconds(80))
    private static let raise = (certain: 1.02, uncertain: 1.5)
    /// The shortest pause that says that the allowance is spent; where none is said, the 429s in a row that do.
    private static let longPause = Duration.seconds(5)
    private static let refusalsInARow = 4
    /// What lies between two runs of refusals of which each ends a minute of the server's.
    private static let betweenRuns = Duration.seconds(55)...Duration.seconds(65)
    /// Fewer calls than this in a cycle say nothing.
    private static let grantedMin = 10
    /// A cycle as long as this tells the allowance, as do two that differ by no more than a tenth.
    private static let longCycle = Duration.seconds(50)
    /// How far behind its pace it may catch up at once: timers are late by some milliseconds.
    private static let catchUpMax = Duration.milliseconds(20)
    /// The pause after a 429 that does not say how long: full jitter above half a second, doubling up to the minute
    /// that the API counts by.
    private static let pauseBackoff = Backoff(base: .seconds(1), delayMax: .seconds(60))
    private static let pauseMin = Duration.milliseconds(500)

    /// Requests a minute that the server allows, as found out; nil while that isn't known, or where a rate was given.
    package var allowance: Double? { allowanceBefore ?? held }
    /// What is spent a minute, or nearly: the allowance, or more on trial.
    private var held: Double?
    private let isLearning: Bool
    private var interval: Duration?
    /// When the next request may be sent.
    private var next: MonotonicInstant
    private(set) var pausedUntil: MonotonicInstant
    /// Refusals in a row that don't say how long to wait: how many, when they began, and what had been granted by then.
    private var pauses = 0
    private var run: (start: MonotonicInstant, granted: Int)
    /// The last such run of two or more before.
    private var runBefore: (start: MonotonicInstant, granted: Int)?
    private var grantedInAll = 0
    /// When the pace was last changed, or a 429 last came.
    private var calmSince: MonotonicInstant
    private var granted: GrantedCalls
    /// When the cycle began, and the calls granted in it.
    private var cycleStart: MonotonicInstant
    private var grantedInCycle = 0
    private var isCertain = false
    /// What the allowance was before it was raised on trial; nil where it wasn't.
    private var allowanceBefore: Double?

    /// - Parameters:
    ///   - rate: the allowance, spent evenly from `now` on; nil to find it out.
    ///   - isShared: whether the turns of `rate` are given out elsewhere, see ``RequestShare``.
    package init(rate: RequestRate?, isShared: Bool = false, now: MonotonicInstant) {
        isLearning = rate == nil
        interval = isShared ? nil : rate?.interval
        (next, pausedUntil, calmSince, cycleStart) = (now, now, now, now)
        run = (now, 0)
        granted = GrantedCalls(now: now)
    }

    /// When a request may be sent; nil for at `now`.
    package func waits(now: MonotonicInstant) -> MonotonicInstant? {
        if pausedUntil > now { return pausedUntil }
        return interval != nil && next > now ? next : nil
    }

    /// Learns that a request is sent.
    package mutating func sent(now: MonotonicInstant) {
        guard let interval else { return }
        next = max(next, now.advanced(by: .zero - max(interval, Self.catchUpMax))).advanced(by: interval)
    }

    /// Gives back turns that were taken and not used.
    package mutating func giveBack(_ turns: Int) {
        guard let interval else { return }
        next = next.advanced(by: .zero - interval * turns)
    }

    /// Lets nobody send before an instant, for another reason than the allowance.
    package mutating func pause(until instant: MonotonicInstant) { pausedUntil = max(pausedUntil, instant) }

    /// Learns that `calls` requests had a response other than 429.
    package mutating func granted(_ calls: Int, now: MonotonicInstant) {
        granted.add(calls, now: now)
        grantedInAll += calls
        grantedInCycle += calls
        pauses = 0
        guard let held, isLearning else { return }
        guard calmSince.duration(to: now) >= (isCertain ? Self.calm.certain : Self.calm.uncertain) else { return }
        if !isCertain { allowanceBefore = held }
        hold(held * (isCertain ? Self.raise.certain : Self.raise.uncertain), now: now)
    }

    /// Learns of a 429: nobody may send for as long as the server says, else longer each time. A longer pause that
    /// holds already stands, and the 429s of requests that were under way count once.
    package mutating func throttled(
        retryAfter: Duration?, now: MonotonicInstant, using generator: inout some RandomNumberGenerator
    ) {
        let isFirst = pausedUntil <= now
        if isFirst { calmSince = now }
        if let retryAfter {
            let end = now.advanced(by: retryAfter)
            if isFirst, retryAfter >= Self.longPause { endCycle(at: end, now: now) }
            pausedUntil = max(pausedUntil, end)
        } else if isFirst {
            if pauses == 0 { run = (now, grantedInAll) }
            var delay = Self.pauseBackoff.delay(attempt: pauses, atLeast: Self.pauseMin, using: &generator)
            // A minute after the first of them, another of the server's has begun.
            let left = now.duration(to: run.start.advanced(by: .seconds(60)))
            if left > Self.pauseMin { delay = min(delay, left) }
            pauses += 1
            if pauses == 2 { endRun(now: now) }
            if pauses == Self.refusalsInARow {
                // What was raised on trial was right before: the last minute reaches into two of the server's.
                learn(
                    min(Double(granted.lastMinute(now: now)), allowanceBefore ?? .infinity),
                    isLong: allowanceBefore != nil, now: now)
            }
            pausedUntil = now.advanced(by: delay)
        }
    }

    /// Learns that a second call in a row is refused.
    private mutating func endRun(now: MonotonicInstant) {
        if let runBefore, Self.betweenRuns.contains(runBefore.start.duration(to: run.start)) {
            learn(Double(run.granted - runBefore.granted), isLong: true, now: now)
        }
        runBefore = run
    }

    private mutating func endCycle(at end: MonotonicInstant, now: MonotonicInstant) {
        let length = cycleStart.duration(to: end)
        if grantedInCycle >= Self.grantedMin {
            learn(
                Double(grantedInCycle) / (length / .nanoseconds(1)) * 60e9, isLong: length >= Self.longCycle, now: now)
        }
        (cycleStart, grantedInCycle) = (end, 0)
    }

    private mutating func learn(_ found: Double, isLong: Bool, now: MonotonicInstant) {
        guard isLearning, found >= Double(Self.grantedMin) else { return }
        isCertain = isLong || held.map { abs(found - $0) <= $0 / 10 } ?? false
        allowanceBefore = nil
        hold(min(found, held ?? .infinity), now: now)
    }

    /// Spends an allowance evenly from now on.
    private mutating func hold(_ allowance: Double, now: MonotonicInstant) {
        held = allowance
        interval = .seconds(60) / (allowance * Self.shareHeld)
        calmSince = now
    }
}

/// Calls counted by the second, for as long as a minute.
struct GrantedCalls: Sendable {
    private let start: MonotonicInstant
    private var counts = [Int](repeating: 0, count: 60)
    /// The second that was counted last, from `start`, and its end.
    private var second: Int64 = 0
    private var secondEnd: MonotonicInstant

    init(now: MonotonicInstant) {
        start = now
        secondEnd = now.advanced(by: .seconds(1))
    }

    mutating func add(_ calls: Int, now: MonotonicInstant) {
        pass(to: now)
        counts[Int(second % 60)] += calls
    }

    /// The calls of the last minute, to the second.
    mutating func lastMinute(now: MonotonicInstant) -> Int {
        pass(to: now)
        return counts.reduce(0, +)
    }

    /// Forgets what is a minute ago.
    private mutating func pass(to now: MonotonicInstant) {
        guard now >= secondEnd else { return }
        let current = start.duration(to: now).components.seconds
        for gone in 0..<min(current - second, 60) { counts[Int((current - gone) % 60)] = 0 }
        second = current
        secondEnd = start.advanced(by: .seconds(current + 1))
    }
}
