import RewardsClient

extension Submitter {
    /// Sees a draft through that its first answer did not settle. Always comes to an outcome.
    func seeThrough(_ hard: DraftFlow.Hard) async -> DraftOutcome {
        let draft = hard.draft
        var submission = Submission(draft)
        var action = hard.reply.map { submission.created($0) } ?? submission.begin()
        // When the first of the creates was sent whose answer was lost.
        var lostAt = submission.hasLostAnswer ? hard.sentAt : nil
        while true {
            switch action {
            case .create(let repeats, let after):
                guard await mayGo(repeats, after) else { action = submission.stopped(); continue }
                let sent = Self.now
                let reply = await client.create(name: draft.name, rank: draft.rank)
                learn(from: reply, sent: sent, isCreate: true)
                action = submission.created(reply)
                if submission.hasLostAnswer, lostAt == nil { lostAt = reply.info?.sentAt ?? sent }
            case .lookUp(let repeats, let after):
                guard await mayLookUp(repeats, after) else { action = submission.stopped(); continue }
                action = await lookUp(draft, lostAt ?? hard.sentAt, &submission)
            case .end(let outcome, let id, let message):
                return ended(submission, outcome, id, message, sentAt: hard.sentAt)
            }
        }
    }

    private func lookUp(_ draft: Draft, _ sentAt: Int64, _ submission: inout Submission) async -> Submission.Action {
        let folded = NameFolding.fold(draft.name)
        let sent = Self.now
        let reply = await client.find(
            name: draft.name, matching: { NameFolding.fold($0) == folded },
            mayTurnPage: { await mayLookUp(0, nil) })
        learn(from: reply, sent: sent, isCreate: false)
        let reconciliation = Reconciliation(
            hasLostAnswer: submission.hasLostAnswer, sentAt: sentAt, clock: facts.clock,
            createdBy: facts.createdBy)
        return submission.lookedUp(
            reply,
            isSameName: { nameMatch == .folded || $0.utf8.elementsEqual(draft.name.utf8) },
            decide: { reconciliation.decide($0) })
    }

    /// Waits for the back-off and the gate; false if the run is asked to stop meanwhile.
    private func mayGo(_ repeats: Int, _ after: Duration?) async -> Bool {
        if repeats > 0 {
            progress.update { $0.retries += 1 }
            var generator = SystemRandomNumberGenerator()
            let delay = Backoff().delay(attempt: repeats - 1, atLeast: after, using: &generator)
            await stop.wait(delay, on: .continuous)
        }
        await gate.pass(isRepeat: repeats > 0)
        return stop.reason == nil
    }

    /// As `mayGo`, but what was sent may also be looked up while the run stops, within the time that a stop leaves.
    private func mayLookUp(_ repeats: Int, _ after: Duration?) async -> Bool {
        if await mayGo(repeats, after) { return true }
        return stop.reason?.leavesTimeToLookUp == true && cutOff.reason == nil
    }

    private func ended(
        _ submission: Submission, _ outcome: Outcome, _ id: Int64?, _ message: String?, sentAt: Int64
    ) -> DraftOutcome {
        var outcome = outcome
        if outcome == .existing, failsExisting { outcome = .failed }
        return DraftOutcome(
            record: submission.draft.record, outcome: outcome, id: id, http: submission.http, code: submission.code,
            message: outcome == .failed && message == nil ? "the name is on the server already" : message,
            attempts: submission.creates, milliseconds: max(0, Self.now - sentAt))
    }

    /// Takes from an answer what concerns the whole run: counts, the server's clock, the pause that a 429 asks for, and how the
    /// target does.
    func learn<Value>(from reply: Reply<Value>, sent: Int64, isCreate: Bool) {
        if let info = reply.info {
            let sent = info.sentAt ?? sent
            progress.update { $0.requests += info.requests }
            if info.http > 0 { latency.record(info.latency) }
            let now = Self.now
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
            gate.ended(reply, isCreate: isCreate)
        }
    }

    /// This machine's clock, in epoch milliseconds.
    static var now: Int64 { ClientClock.epochMilliseconds }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
