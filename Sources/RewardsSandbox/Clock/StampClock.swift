import Synchronization

/// How many creates were stored since the sandbox began, and when a number of them was reached.
final class CreateCount: Sendable {
    private struct State {
        var count = 0
        /// The machine's clock in milliseconds since 1970.
        var reachedAt: Int64?
    }

    private let countMin: Int
    private let state = Mutex(State())

    /// - Parameter countMin: the number whose time is kept.
    init(countMin: Int) {
        self.countMin = countMin
    }

    var value: Int { state.withLock { $0.count } }

    /// Counts one that was stored now.
    func add(now: Int64) {
        state.withLock { state in
            state.count += 1
            if state.count == countMin { state.reachedAt = now }
        }
    }

    /// Whether the number was reached by then.
    func isReached(at instant: Int64) -> Bool {
        countMin == 0 || state.withLock { $0.reachedAt.map { $0 <= instant } ?? false }
    }
}

/// The clock behind `createdOn`, with its faults; milliseconds since 1970.
struct StampClock: Sendable {
    /// The machine's clock.
    let clock: SandboxClock
    let faults: ClockFaults
    let creates: CreateCount

    init(clock: SandboxClock, faults: ClockFaults) {
        self.clock = clock
        self.faults = faults
        creates = CreateCount(countMin: faults.stepAfter)
    }

    /// What the first node's clock shows, before it is cut, at an instant of the machine's.
    private func time(at instant: Int64) -> Int64 {
        let isStepped = faults.step != 0 && creates.isReached(at: instant)
        return instant + faults.skew + (isStepped ? faults.step : 0)
    }

    /// What the `Date` header says.
    var date: Int64 { time(at: clock.now()) + faults.dateLead }

    /// The stamp of a change by the node that a request's content leads to.
    func stamp(content: UInt64) -> Int64 {
        let node = faults.nodeLags.isEmpty ? 0 : Int(content % UInt64(faults.nodeLags.count + 1))
        return faults.cut(time(at: clock.now()) - (node > 0 ? faults.nodeLags[node - 1] : 0), to: faults.grain)
    }

    /// The stamp of what somebody else did some milliseconds ago, when the clock may not have jumped yet.
    func stamp(before milliseconds: Int64) -> Int64 {
        faults.cut(time(at: clock.now() - milliseconds), to: faults.grain)
    }

    /// A stamp as lists and reads show it.
    func listed(_ stamp: Int64) -> Int64 { faults.cut(stamp, to: faults.listGrain) }
}
