import RewardsClient

/// Brings a ``RequestShare`` the turns that it wants, pauses from and to the other processes, and the right to probe.
package struct SharedPace: Sendable {
    private let ledger: any PaceLedger
    private let key: String
    private let share: RequestShare
    private let gate: RequestGate
    private let stop: StopSwitch

    /// For how long the probe of a target that failed is one process's, unless it says so again.
    private static let probeMax = Duration.seconds(5)
    /// How often it is asked for pauses at least.
    private static let askInterval = Duration.seconds(1)
    /// How far back the pace may catch up where nobody sent, as a ``Pacer`` may by itself.
    private static let catchUp = Duration.milliseconds(20)

    /// - Parameters:
    ///   - key: whose pace it is.
    ///   - gate: what asks `share`.
    package init(ledger: any PaceLedger, key: String, share: RequestShare, gate: RequestGate, stop: StopSwitch) {
        self.ledger = ledger
        self.key = key
        self.share = share
        self.gate = gate
        self.stop = stop
    }

    /// Goes on until `ended` is open, or the task is cancelled. Stops the run where the ledger can't be used any more.
    package func run(until ended: Latch) async {
        let environment = gate.environment
        var unusedSince: RunEnvironment.Instant?
        while !ended.isOpen, !Task.isCancelled {
            do { try await exchange(environment, &unusedSince) } catch {
                return stop.stop(.unusable("\(LedgerError.lost(to: error))"))
            }
            await environment.wait(for: Self.askInterval, wokenBy: [share.wanted, ended])
        }
    }

    /// Has one process alone probe a target that failed, for as long as it lives, has something to send, and the target
    /// isn't well.
    ///
    /// - Parameter unusedSince: since when the probe is this process's, which has sent nothing.
    private func exchangeProbe(
        _ environment: RunEnvironment, _ unusedSince: inout RunEnvironment.Instant?
    ) async throws {
        let probe = share.probe
        guard probe.isWanted || probe.isOwn else { return unusedSince = nil }
        let now = environment.now
        unusedSince = probe.isOwn && gate.awaitsRequests ? unusedSince ?? now : nil
        // Whoever has nothing to send would keep the others waiting.
        let isUnused = unusedSince.map { $0.duration(to: now) >= Self.askInterval } ?? false
        guard gate.isTroubled, !isUnused else {
            share.setProbe(until: nil)
            if probe.isOwn { _ = try await ledger.takeProbe(key: key, for: .zero) }
            return
        }
        let until = now.advanced(by: Self.probeMax)
        let isOwn = try await ledger.takeProbe(key: key, for: Self.probeMax)
        share.setProbe(until: isOwn ? until : nil)
        if !isOwn { gate.probedElsewhere() }
    }

    private func exchange(
        _ environment: RunEnvironment, _ unusedSince: inout RunEnvironment.Instant?
    ) async throws {
        try await exchangeProbe(environment, &unusedSince)
        let wanted = share.takeWanted()
        if let pause = wanted.pause {
            try await ledger.pause(
                key: key, for: environment.now.duration(to: pause.until), message: pause.message)
        }
        let reserved = try await ledger.reserve(
            key: key, turns: wanted.turns, interval: wanted.interval, catchUp: Self.catchUp)
        if wanted.turns > 0 { share.add(wanted.turns, from: environment.now.advanced(by: reserved.firstIn)) }
        if reserved.pausedFor > .zero {
            gate.pausedByAll(for: reserved.pausedFor, "another process was told so")
        }
    }
}
