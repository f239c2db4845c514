import RewardsClient

/// What every request of a run has before and after it: its turn, and what its answer teaches.
struct RunRequests: Sendable {
    let gate: RequestGate
    let facts: ServerFacts
    let stop: StopSwitch
    let progress: RunProgress
    let latency: LatencyHistogram
    /// Set when the time is over that what is in flight has once the run is asked to stop.
    let cutOff = StopSwitch()

    /// How long what is in flight may still take once the run is asked to stop.
    static let drainMax = Duration.seconds(8)

    /// What whoever goes on with the run after this process should know: counts, and what was learnt of the server.
    var kept: [String: String] {
        let counts = progress.snapshot
        var kept = [
            Ledger.Key.requests: String(counts.requests), Ledger.Key.retries: String(counts.retries),
            Ledger.Key.throttled: String(counts.throttled),
        ]
        let server = facts.kept
        if !server.isEmpty { kept[Ledger.Key.server] = server }
        return kept
    }

    /// Counts records that ended, and stops the run where too many failed.
    func count(_ records: Int, _ outcome: Outcome, _ errorLimit: ErrorLimit?) {
        let counts = progress.update { progress in
            progress.outcomes[outcome] += records
            return progress.outcomes
        }
        let errors = counts[.failed] + counts[.invalid]
        if let errorLimit, errorLimit.isExceeded(errors: errors, ended: counts.sum) {
            stop.stop(.tooManyErrors("\(errors) records failed or are invalid, more than --max-errors allows"))
        }
    }

    /// Waits for the back-off and the gate; false if the run is asked to stop meanwhile.
    func mayGo(_ repeats: Int, _ after: Duration?) async -> Bool {
        if repeats > 0 {
            progress.update { $0.retries += 1 }
            var generator = SystemRandomNumberGenerator()
            let delay = Backoff().delay(attempt: repeats - 1, atLeast: after, using: &generator)
            await stop.wait(delay, on: .continuous)
        }
        await gate.pass(isRepeat: repeats > 0)
        return stop.reason == nil
    }

    /// As `mayGo`, but what was sent may also be settled while the run stops, within the time that a stop leaves.
    func maySettle(_ repeats: Int, _ after: Duration?) async -> Bool {
        if await mayGo(repeats, after) { return true }
        return maySettle
    }

    /// Waits for the turn of the next page of a look-up, which may be settled while the run stops.
    func mayTurnPage() async -> Bool {
        await gate.pass(isFurther: true)
        return stop.reason == nil || maySettle
    }

    /// Whether what was sent may still be settled though the run stops.
    private var maySettle: Bool { stop.reason?.leavesTimeToLookUp == true && cutOff.reason == nil }

    /// Takes from an answer what concerns the whole run: counts, the server's clock, the pause that a 429 asks for, and how the
    /// target does.
    ///
    /// - Parameter isChange: whether it was asked to change a group, which to the breaker is what a create is.
    func learn<Value>(from reply: Reply<Value>, sent: Int64, isCreate: Bool, isChange: Bool = false) {
        if let info = reply.info {
            let sent = info.sentAt ?? sent
            progress.update { $0.requests += info.requests }
            if info.http > 0 { latency.record(info.latency) }
            let now = ClientClock.epochMilliseconds
            // Of a walk of several pages the last answer alone names its time; it came after all were sent.
            facts.saw(info, sent: sent, now: now)
            // Whoever was answered a create with a group has just created it.
            if isCreate, case .answered(let group as RewardGroup, _) = reply {
                facts.sawCreated(group, sent: sent, now: now)
            }
        }
        if case .refused(let refusal) = reply, refusal.isThrottled {
            progress.update { $0.throttled += 1 }
            gate.throttled(retryAfter: refusal.retryAfter)
        } else {
            gate.ended(reply, isCreate: isCreate || isChange)
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
