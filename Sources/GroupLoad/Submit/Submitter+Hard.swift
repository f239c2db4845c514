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
                guard await requests.mayGo(repeats, after) else { action = submission.stopped(); continue }
                let sent = ClientClock.epochMilliseconds
                let reply = await client.create(name: draft.name, rank: draft.rank)
                requests.learn(from: reply, sent: sent, isCreate: true)
                action = submission.created(reply)
                if submission.hasLostAnswer, lostAt == nil { lostAt = reply.info?.sentAt ?? sent }
            case .lookUp(let repeats, let after):
                guard await requests.maySettle(repeats, after) else { action = submission.stopped(); continue }
                action = await lookUp(draft, lostAt ?? hard.sentAt, &submission)
            case .end(let outcome, let id, let message):
                return ended(submission, outcome, id, message, sentAt: hard.sentAt)
            }
        }
    }

    private func lookUp(_ draft: Draft, _ sentAt: Int64, _ submission: inout Submission) async -> Submission.Action {
        let folded = NameFolding.fold(draft.name)
        let sent = ClientClock.epochMilliseconds
        let reply = await client.find(
            name: draft.name, matching: { NameFolding.fold($0) == folded },
            mayTurnPage: { await requests.mayTurnPage() })
        requests.learn(from: reply, sent: sent, isCreate: false)
        let reconciliation = Reconciliation(
            hasLostAnswer: submission.hasLostAnswer, sentAt: sentAt, clock: requests.facts.clock,
            createdBy: requests.facts.createdBy)
        return submission.lookedUp(
            reply,
            isSameName: { nameMatch == .folded || $0.utf8.elementsEqual(draft.name.utf8) },
            decide: { reconciliation.decide($0) })
    }

    private func ended(
        _ submission: Submission, _ outcome: Outcome, _ id: Int64?, _ message: String?, sentAt: Int64
    ) -> DraftOutcome {
        let draft = submission.draft
        var ended = DraftOutcome(
            record: draft.record, outcome: outcome, id: id, http: submission.http, code: submission.code,
            message: message, attempts: submission.creates,
            milliseconds: max(0, ClientClock.epochMilliseconds - sentAt))
        if outcome == .existing, let group = submission.group {
            switch existing.standing(rank: draft.rank, isInactive: draft.isInactive, on: GroupState(group)) {
            case .existing(let note): ended.message = note
            case .refused(let reason): (ended.outcome, ended.message) = (.failed, reason)
            case .differs(let state):
                ended.amendment = Amendment(
                    record: draft.record, id: group.id, name: group.name, from: GroupState(group), to: state)
            }
        } else if setsInactive, draft.isInactive, [.created, .confirmed].contains(outcome), let id {
            ended.setInactive(id, submission.group?.name ?? draft.name, rank: draft.rank)
        }
        return ended
    }
}
