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
