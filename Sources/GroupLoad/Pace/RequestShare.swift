package import RewardsClient
import Synchronization

/// What the requests of a process share with those of other processes that work for the same key: whether it may send
/// at all, which its lease says, the turns that it has reserved of the common pace, and whether it is the one that
/// tries if a target that failed is well again.
///
/// The ``RequestGate`` asks it before each request; ``SharedPace`` and the lease's renewals bring what the ledger says.
package final class RequestShare: Sendable {
    private struct State {
        var turns: HeldTurns?
        /// A pause that the target asked this process for, which the others don't know of yet.
        var pause: (until: MonotonicInstant, message: String)?
        /// Until when no other process probes the target; nil where this one may not.
        var probeUntil: MonotonicInstant?
        var wantsProbe = false
        var wanted = Latch()
    }

    /// How soon it is looked again whether the lease was renewed.
    private static let lookAgain = Duration.milliseconds(50)

    private let limit: SendingLimit
    private let state: Mutex<State>

    /// - Parameters:
    ///   - rate: the allowance that all share; nil where each finds out how much of it there is for itself.
    ///   - limit: until when requests may be sent.
    package init(rate: RequestRate?, limit: SendingLimit) {
        self.limit = limit
        state = Mutex(State(turns: rate.map { HeldTurns(interval: $0.interval) }))
    }

    /// When a request may be sent; nil for at `now`.
    func waits(now: MonotonicInstant) -> MonotonicInstant? {
        guard limit.admits(at: now) else { return now.advanced(by: Self.lookAgain) }
        let (until, wanted) = state.withLock { state -> (MonotonicInstant?, Latch?) in
            let until = state.turns?.waits(now: now)
            return (until, state.turns?.lacking ?? 0 > 0 ? state.wanted : nil)
        }
        wanted?.open()
        return until
    }

    /// Whether this process may probe the target now; else that is asked for.
    func admitsProbe(now: MonotonicInstant) -> Bool {
        let (isAdmitted, wanted) = state.withLock { state -> (Bool, Latch?) in
            if let until = state.probeUntil, now < until { return (true, nil) }
            state.wantsProbe = true
            return (false, state.wanted)
        }
        wanted?.open()
        return isAdmitted
    }

    /// Whether a probe is asked for, or is this process's.
    var probe: (isWanted: Bool, isOwn: Bool) { state.withLock { ($0.wantsProbe, $0.probeUntil != nil) } }

    /// Learns until when the probe is this process's alone; nil where it isn't.
    func setProbe(until instant: MonotonicInstant?) {
        state.withLock { ($0.probeUntil, $0.wantsProbe) = (instant, false) }
    }

    /// Learns that requests are sent.
    func sent(_ turns: Int) { state.withLock { state in for _ in 0..<turns { state.turns?.sent() } } }

    /// Gives back turns that were not used.
    func giveBack(_ turns: Int, now: MonotonicInstant) { state.withLock { $0.turns?.giveBack(turns, now: now) } }

    /// Notes that the target asked all to wait, for the others to be told.
    func pause(until: MonotonicInstant, _ message: String) {
        state.withLock { state in
            if state.pause.map({ until > $0.until }) ?? true { state.pause = (until, message) }
            return state.wanted
        }.open()
    }

    /// Puts turns in that were reserved.
    package func add(_ turns: Int, from first: MonotonicInstant) {
        state.withLock { $0.turns?.add(turns, from: first) }
    }

    /// What opens once turns are lacking, or there is a pause to tell.
    package var wanted: Latch { state.withLock { $0.wanted } }

    /// Takes what is wanted: how many turns to reserve, at which interval, and a pause that the others are to be told.
    package func takeWanted() -> (
        turns: Int, interval: Duration, pause: (until: MonotonicInstant, message: String)?
    ) {
        state.withLock { state in
            defer { (state.pause, state.wanted) = (nil, Latch()) }
            return (state.turns?.lacking ?? 0, state.turns?.interval ?? .zero, state.pause)
        }
    }

    /// Whether turns are reserved, rather than each process finding out its own pace.
    package var hasTurns: Bool { state.withLock { $0.turns != nil } }
}
