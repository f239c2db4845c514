import RewardsClient

/// Says when the next request may be sent: at the pace of `--rate`, or at one that it learns, and not while a 429 asks for a
/// pause. Pure: it is told the time and what came of requests.
///
/// To its maintainers, on learning. The API counts calls a key and minute, and says how many only by 429. So as long as there
/// was none, requests go as fast as the answers come. The calls granted in the minute before a 429 are then the
/// allowance, or more where that minute reached into two of the server's; ``shareHeld`` of it is spent evenly from there on.
/// A pause whose length the server gave ends where its minute does, so the calls granted since are the allowance exactly,
/// and the least of what was found stands. A 429 at a pace that should do lowers it by ``shareLost``; minutes without one raise
/// it again by ``shareGained``, since an allowance may grow, and since the first 429 may have come by other callers' doing.
/// Additive increase and multiplicative decrease would meet a 429 each time they rise; a counted allowance need not.
package struct Pacer: Sendable {
    /// What of an allowance that was found out is spent.
    package static let shareHeld = 0.98
    private static let shareLost = 0.97, shareGained = 1.02
    /// How long no 429 must have come before the pace is raised.
    private static let calm = Duration.seconds(300)
    /// Fewer calls than this between two 429s say nothing.
    private static let grantedMin = 10
    /// How far behind its pace it may catch up at once: timers are late by some milliseconds.
    private static let catchUpMax = Duration.milliseconds(20)
    /// The pause after a 429 that does not say how long: full jitter above half a second, doubling up to the minute that the
    /// API counts by.
    private static let pauseBackoff = Backoff(base: .seconds(1), delayMax: .seconds(60))
    private static let pauseMin = Duration.milliseconds(500)

    /// Requests a minute that the server allows, as found out; nil while that isn't known, or where a rate was given.
    package private(set) var allowance: Double?
    private let isLearning: Bool
    private var interval: Duration?
    /// When the next request may be sent.
    private var next: ContinuousClock.Instant
    private var pausedUntil: ContinuousClock.Instant
    /// Pauses of unknown length since the last answer that was no 429.
    private var pauses = 0
    /// When the pace was last changed, or a 429 last came.
    private var calmSince: ContinuousClock.Instant
    private var granted: GrantedCalls
    /// The calls granted since the last pause; nil where the server didn't say how long that had to be, or there was none.
    private var grantedSincePause: Int?

    /// - Parameter rate: the allowance, spent evenly from `now` on; nil to find it out.
    package init(rate: RequestRate?, now: ContinuousClock.Instant) {
        isLearning = rate == nil
        interval = rate?.interval
        (next, pausedUntil, calmSince) = (now, now, now)
        granted = GrantedCalls(now: now)
    }

    /// When a request may be sent; nil for at `now`.
    package func waits(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        if pausedUntil > now { return pausedUntil }
        return interval != nil && next > now ? next : nil
    }

    /// Takes in that a request is sent.
    package mutating func sent(now: ContinuousClock.Instant) {
        guard let interval else { return }
        next = max(next, now.advanced(by: .zero - max(interval, Self.catchUpMax))).advanced(by: interval)
    }

    /// Takes in that `calls` requests were answered with anything but 429.
    package mutating func granted(_ calls: Int, now: ContinuousClock.Instant) {
        granted.add(calls, now: now)
        grantedSincePause? += calls
        pauses = 0
        guard let allowance, isLearning, calmSince.duration(to: now) >= Self.calm else { return }
        hold(allowance * Self.shareGained, now: now)
    }

    /// Takes in a 429: nobody may send for as long as the server says, else longer each time. A longer pause that holds
    /// already stands, and the 429s of requests that were under way count once.
    package mutating func throttled(
        retryAfter: Duration?, now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator
    ) {
        let isFirst = pausedUntil <= now
        if isFirst, isLearning { learn(now: now) }
        if let retryAfter {
            pausedUntil = max(pausedUntil, now.advanced(by: retryAfter))
            grantedSincePause = 0
        } else if isFirst {
            let delay = Self.pauseBackoff.delay(attempt: pauses, atLeast: Self.pauseMin, using: &generator)
            pauses += 1
            pausedUntil = now.advanced(by: delay)
            grantedSincePause = nil
        }
    }

    private mutating func learn(now: ContinuousClock.Instant) {
        // The server's minute isn't over yet where the last pause was a guess.
        guard pauses == 0 else { return }
        let found = min(granted.lastMinute(now: now), grantedSincePause ?? .max)
        guard found >= Self.grantedMin else { return }
        hold(min(Double(found), (allowance ?? .infinity) * Self.shareLost), now: now)
    }

    /// Spends an allowance evenly from now on.
    private mutating func hold(_ allowance: Double, now: ContinuousClock.Instant) {
        self.allowance = allowance
        interval = .seconds(60) / (allowance * Self.shareHeld)
        calmSince = now
    }
}

/// Calls counted by the second, for as long as a minute.
struct GrantedCalls: Sendable {
    private let start: ContinuousClock.Instant
    private var counts = [Int](repeating: 0, count: 60)
    /// The second that was counted last, from `start`.
    private var second: Int64 = 0

    init(now: ContinuousClock.Instant) { start = now }

    mutating func add(_ calls: Int, now: ContinuousClock.Instant) {
        pass(to: now)
        counts[Int(second % 60)] += calls
    }

    /// The calls of the last minute, to the second.
    mutating func lastMinute(now: ContinuousClock.Instant) -> Int {
        pass(to: now)
        return counts.reduce(0, +)
    }

    /// Forgets what is a minute ago.
    private mutating func pass(to now: ContinuousClock.Instant) {
        let current = max(second, start.duration(to: now).components.seconds)
        for gone in 0..<min(current - second, 60) { counts[Int((current - gone) % 60)] = 0 }
        second = current
    }
}
