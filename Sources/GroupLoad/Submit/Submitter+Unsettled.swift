import RewardsClient

extension Submitter {
    /// Sees a draft through that its first response did not settle. Always comes to an outcome, or to one that is held
    /// back.
    func resolve(_ unsettled: UnsettledCreate, _ flow: DraftFlow) async {
        var submission = Submission(unsettled.draft, requestMax: requestMax)
        var action =
            unsettled.reply.map {
                submission.created($0, sentAt: unsettled.sentAt, endedAt: unsettled.endedAt, isPlain: unsettled.isPlain)
            } ?? submission.begin()
        while true {
            switch action {
            case .create(let retries, let after):
                guard await requests.admitsRequest(retries, after) else {
                    if giveBack(submission, flow) { return }
                    action = submission.stopped()
                    continue
                }
                action = await create(&submission)
            case .lookUp(let retries, let after):
                guard await requests.admitsLookUp(retries, after) else {
                    if giveBack(submission, flow) { return }
                    action = submission.stopped()
                    continue
                }
                action = await lookUp(&submission)
            case .judge(let group, let place):
                if place == .list, submission.mayExist { requests.gate.carriedOut() }
                var isOld = submission.isTaken && !submission.mayExist
                if isOld, !requests.facts.isLongBefore(group, unsettled.sentAt) { isOld = await known.isOwn(group.id) }
                return settle(
                    isOld ? old(submission, group, unsettled) : found(submission, group, place, unsettled), unsettled,
                    flow)
            case .refused(let form, let message):
                // That it isn't found may be for how the server keeps the name.
                let outcome = ended(submission, submission.mayExist ? .unresolved : .failed, nil, message, unsettled)
                return await brake(
                    flow.settle(
                        refused: Brake.Held(
                            draft: unsettled.draft, outcome: outcome,
                            kind: Brake.Kind(http: submission.http, form: form))), flow, message)
            case .end(let outcome, let id, let message):
                return settle(ended(submission, outcome, id, message, unsettled), unsettled, flow)
            }
        }
    }

    /// Leaves a draft to others, because this process stops; false where it is this one's to settle.
    private func giveBack(_ submission: Submission, _ flow: DraftFlow) -> Bool {
        guard let returned = sharing?.returned else { return false }
        returned.add(submission.returned)
        flow.leave()
        return true
    }

    private func settle(_ outcome: DraftOutcome, _ unsettled: UnsettledCreate, _ flow: DraftFlow) {
        flow.settle(outcome, sentAt: unsettled.sentAt)
        if outcome.isLast { requests.count(1, outcome.outcome, errorLimit) }
    }

    private func create(_ submission: inout Submission) async -> Submission.Action {
        let draft = submission.draft
        let span = await newSpan(for: draft)
        let sent = requests.environment.epochMilliseconds
        let reply = await client.create(name: draft.name, rank: draft.rank, span: span)
        let ended = requests.environment.epochMilliseconds
        let isPlain = requests.learn(
            fromCreate: reply, recordNumber: draft.recordNumber, name: draft.name, rank: draft.rank,
            sent: sent, ended: ended, mayExist: submission.mayExist)
        return submission.created(
            reply, sentAt: reply.info?.sentAt ?? sent, endedAt: ended, isPlain: isPlain)
    }

    /// The id of the span of a draft's next create, which the ledger has then; 0 where requests belong to no trace.
    private func newSpan(for draft: Draft) async -> Int64 {
        guard let trace = client.trace else { return 0 }
        let span = trace.newSpans()
        let spans = CreateSpans(
            of: draft.recordNumber, span: span, trace: trace.id, givenAt: requests.environment.epochMilliseconds)
        // A ledger that can't be used stops the run with its next outcomes.
        do { try await ledger.keep([spans]) } catch {}
        return span
    }

    private func lookUp(_ submission: inout Submission) async -> Submission.Action {
        let name = submission.draft.name
        if submission.isTaken, submission.lookUps == 0, let id = await known.id(of: name) {
            let reply = await client.get(id: id)
            requests.learn(from: reply, isCreate: false)
            if case .succeeded(let group, _) = reply, NameForm.isForm(group.name, of: name, anyCut: true) {
                return submission.known(group)
            }
        }
        let folded = NameFolding.fold(name)
        let reply = await client.find(
            name: submission.isTaken ? NameVariants.of(name, attempt: submission.lookUps) : name,
            matching: {
                NameFolding.fold($0) == folded || NameForm.isForm($0, of: name) || nameMatch.areSame($0, name)
            },
            admitsNextPage: { await requests.admitsNextPage() })
        requests.learn(from: reply, isCreate: false)
        return submission.lookedUp(reply, isSameName: { nameMatch.areSame($0, name) })
    }

    /// A group that was there long before: nothing is to be judged.
    private func old(_ submission: Submission, _ group: RewardGroup, _ unsettled: UnsettledCreate) -> DraftOutcome {
        var outcome = outcome(submission, .existing, group.id, unsettled)
        let isSame = group.name.hasBytes(of: submission.draft.name)
        guard isSame || nameMatch == .folded else { return outcome.taken(by: group, shown: client.redactor.redacted) }
        existing.apply(
            to: &outcome, submission.draft, group, setsInactive: setsInactive, shown: client.redactor.redacted)
        return outcome
    }

    /// A group that was found for a draft, to be judged.
    private func found(
        _ submission: Submission, _ group: RewardGroup, _ place: FoundGroup.Place, _ unsettled: UnsettledCreate
    ) -> DraftOutcome {
        var outcome = outcome(submission, .present, group.id, unsettled)
        var finding = submission.finding(group, place, seenAt: outcome.endedAt)
        finding.absentAt = absentAt
        outcome.foundGroup = finding
        return outcome
    }

    private func ended(
        _ submission: Submission, _ outcome: Outcome, _ id: Int64?, _ message: String?, _ unsettled: UnsettledCreate
    ) -> DraftOutcome {
        var ended = self.outcome(submission, outcome, id, unsettled)
        ended.message = outcome == .existing ? nil : message
        if let group = submission.group, outcome == .existing || outcome == .created {
            existing.apply(
                to: &ended, submission.draft, group, setsInactive: setsInactive, shown: client.redactor.redacted)
        }
        return ended
    }

    private func outcome(
        _ submission: Submission, _ outcome: Outcome, _ id: Int64?, _ unsettled: UnsettledCreate
    ) -> DraftOutcome {
        let now = requests.environment.epochMilliseconds
        return DraftOutcome(
            recordNumber: submission.draft.recordNumber, outcome: outcome, id: id, http: submission.http,
            code: submission.code,
            attempts: submission.creates, milliseconds: max(0, now - unsettled.sentAt), endedAt: now)
    }
}

extension Submitter {
    /// Does what the brake says.
    private func brake(_ step: Brake.Step, _ flow: DraftFlow, _ message: String?) async {
        let counts = requests.progress.snapshot.outcomes
        let errors = counts[.failed] + counts[.invalid] + flow.heldCount
        if let errorLimit, errorLimit.isExceeded(errors: errors, ended: counts.sum + flow.heldCount) {
            // Too many, whoever's fault they are.
            for outcome in flow.endHeld() { requests.count(1, outcome, errorLimit) }
        }
        switch step {
        case .goOn: break
        case .giveUp:
            requests.stop.stop(
                .unusable(
                    """
                    the target refuses creates whatever they say (\(message ?? "no message")); see that the \
                    session and the address are right, then resume
                    """
                ))
        case .probe: await probe(flow, message)
        }
    }

    /// Asks the target for its list, where creates are refused alike: that tells records that are wrong from a session
    /// that is lost.
    func probe(_ flow: DraftFlow, _ message: String?) async {
        if await isListed() { return flow.probed(isRenewed: false) }
        await client.renewToken()
        if client.hasToken, await isListed() { return flow.probed(isRenewed: true) }
        guard requests.stop.reason == nil else { return }
        requests.stop.stop(
            .unusable(
                """
                the target refuses all requests now (\(message ?? "no message")); see that the session and \
                the address are right, then resume
                """
            ))
    }

    private func isListed() async -> Bool {
        for retries in 0..<3 {
            guard await requests.admitsRequest(retries, nil) else { return false }
            let reply = await client.list(ListQuery(page: 0, size: 1))
            requests.learn(from: reply, isCreate: false)
            switch reply {
            case .succeeded: return true
            // It is throttled, or has no connection: that is for the gate.
            case .refused(let refusal) where refusal.isThrottled || refusal.http >= 500: continue
            case .unsent: continue
            case .refused, .lost: return false
            }
        }
        return false
    }
}
