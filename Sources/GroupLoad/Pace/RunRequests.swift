package import RewardsClient

/// What every request of a run has before and after it: its turn, and what its response teaches.
package struct RunRequests: Sendable {
    /// What gives each request its turn.
    package let gate: RequestGate
    /// What is learnt of the server.
    package let facts: ServerFacts
    let stop: StopSwitch
    let progress: RunProgress
    let latency: LatencyHistogram
    /// Open when the time is over that what is in flight has once the run is asked to stop.
    package let cutOff = Latch()

    /// How long what is in flight may still take once the run is asked to stop.
    package static let drainMax = Duration.seconds(8)

    /// - Parameters:
    ///   - facts: what is learnt of the server's clock.
    ///   - latency: where the time that responses take is counted.
    package init(
        gate: RequestGate, facts: ServerFacts, stop: StopSwitch, progress: RunProgress, latency: LatencyHistogram
    ) {
        self.gate = gate
        self.facts = facts
        self.stop = stop
        self.progress = progress
        self.latency = latency
    }

    /// The clock that they all go by.
    var environment: RunEnvironment { gate.environment }

    /// What whoever goes on with the run after this process should know of its requests.
    var metadata: RunMetadata {
        let counts = progress.snapshot
        var metadata = RunMetadata()
        (metadata.requests, metadata.retries, metadata.throttled) = (counts.requests, counts.retries, counts.throttled)
        return metadata
    }

    /// Counts records that ended, and stops the run where too many failed.
    package func count(_ records: Int, _ outcome: Outcome, _ errorLimit: ErrorLimit?) {
        let counts = progress.update { progress in
            progress.outcomes[outcome] += records
            return progress.allOutcomes
        }
        let errors = counts[.failed] + counts[.invalid]
        if let errorLimit, errorLimit.isExceeded(errors: errors, ended: counts.sum) {
            let failed = Shown.count(errors, "record is", "records are")
            stop.stop(.tooManyErrors("\(failed) failed or invalid, more than --max-errors allows"))
        }
    }

    /// Waits for the back-off and the gate; false if the run is asked to stop meanwhile, or the task is cancelled.
    ///
    /// - Parameter turns: requests that will be sent one right after the other.
    package func admitsRequest(_ retries: Int, _ after: Duration?, turns: Int = 1) async -> Bool {
        if retries > 0 {
            progress.update { $0.retries += 1 }
            var generator = environment.random
            let delay = Backoff().delay(attempt: retries - 1, atLeast: after, using: &generator)
            await environment.wait(for: delay, wokenBy: stop)
        }
        await gate.pass(isRetry: retries > 0, turns: turns)
        return stop.reason == nil && !Task.isCancelled
    }

    /// As `admitsRequest`, but what was sent may also be settled while the run stops, within the time that a stop
    /// leaves.
    package func admitsLookUp(_ retries: Int, _ after: Duration?, turns: Int = 1) async -> Bool {
        if await admitsRequest(retries, after, turns: turns) { return true }
        return admitsLookUp
    }

    /// Waits for the turn of the next page of a look-up, which may be settled while the run stops.
    package func admitsNextPage() async -> Bool {
        await gate.pass(isFurther: true)
        return stop.reason == nil || admitsLookUp
    }

    /// Whether what was sent may still be settled though the run stops.
    private var admitsLookUp: Bool { stop.reason?.leavesTimeToLookUp == true && !cutOff.isOpen }

    /// Learns from the response to a create.
    ///
    /// - Parameters: when it was sent, or a little earlier, and when it ended, in epoch milliseconds.
    /// - Returns: false where the age of the group in the response contradicts that this create made it.
    func learn(
        fromCreate reply: Reply<RewardGroup>, recordNumber: Int64, name: String, rank: Int32?, sent: Int64,
        ended: Int64, mayExist: Bool = false
    ) -> Bool {
        guard case .succeeded(let group, let info) = reply else {
            learn(from: reply, isCreate: true)
            return true
        }
        learn(fromSuccess: info, isCreate: true)
        let isRenamed = !group.name.hasBytes(of: name)
        let isReranked = rank.map { group.rank != Int64($0) } ?? false
        return facts.sawCreated(
            group, recordNumber: recordNumber, sent: info.sentAt ?? sent, responded: ended, date: info.date,
            mayExist: mayExist || isRenamed, isOtherwise: isRenamed && isReranked)
    }

    /// Learns from a response what concerns the whole run: counts, the pause that a 429 asks for, and how the target
    /// does.
    ///
    /// - Parameter isChange: whether it was asked to change a group, which to the breaker is what a create is.
    package func learn<Value>(from reply: Reply<Value>, isCreate: Bool, isChange: Bool = false) {
        if case .succeeded(_, let info) = reply { return learn(fromSuccess: info, isCreate: isCreate || isChange) }
        count(requests: reply.requests, status: reply.info?.http)
        if let info = reply.info, info.http > 0 { latency.record(info.latency) }
        switch reply {
        case .refused(let refusal) where refusal.isThrottled:
            progress.update { $0.throttled += 1 }
            gate.throttled(retryAfter: refusal.retryAfter, reply.message)
        case .lost(let loss):
            if let pause = loss.retryAfter { gate.paused(for: pause, reply.message) }
            gate.ended(reply, isCreate: isCreate || isChange)
        default:
            // What is to be sent again waits at the gate, which bounds the wait and tells it.
            if case .retrySafe(let pause?) = RetryVerdict.verdict(for: reply, isCreate: isCreate) {
                gate.paused(for: pause, reply.message)
            }
            gate.ended(reply, isCreate: isCreate || isChange)
        }
    }

    private func learn(fromSuccess info: ReplyInfo, isCreate: Bool) {
        count(requests: info.requests, status: info.http)
        latency.record(info.latency)
        gate.ended(.success, requests: info.requests, isCreate: isCreate)
    }

    private func count(requests: Int, status: Int?) {
        guard requests > 0 else { return }
        progress.update {
            $0.requests += requests
            if let status { $0.responses.add(status) }
        }
        if requests > 1 { gate.spent(requests - 1) }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
