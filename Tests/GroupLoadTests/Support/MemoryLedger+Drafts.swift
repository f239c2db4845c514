import GroupLoad

extension MemoryLedger {
    func claim(after last: Int64, limit: Int, now: Int64, hasSettled: Bool) async throws -> [Draft] {
        try await change { state in
            let open = state.numbers(state.records, after: last).filter { recordNumber in
                guard state.records[recordNumber]?.isDraft == true else { return false }
                return !hasSettled
                    || state.outcomes[recordNumber] == nil && state.updates[recordNumber] == nil
                        && state.found[recordNumber] == nil
            }
            let claimed = Array(open.prefix(limit))
            if let first = claimed.first, let last = claimed.last {
                state.claims.append(Claim(records: first...last, claimedAt: now))
            }
            return claimed.map { recordNumber in
                let doubt = hasSettled ? state.doubts[recordNumber] : nil
                var draft = Draft(
                    recordNumber: recordNumber, name: state.name(recordNumber),
                    rank: state.records[recordNumber]?.sentRank,
                    doubt: doubt.map { $0.from...max($0.from, $0.until ?? now) })
                draft.isInactive = state.records[recordNumber]?.isActive == false
                return draft
            }
        }
    }

    func keep(_ spans: [CreateSpans]) async throws { try await change { $0.spans += spans } }

    func settle(_ outcomes: [DraftOutcome]) async throws { try await change { try $0.settle(outcomes) } }

    func reopenDrafts(until: Int64, requestMax: Int64) async throws {
        try await change { state in
            func doubt(_ recordNumber: Int64, _ doubt: Doubt) {
                guard let earlier = state.doubts[recordNumber] else { return state.doubts[recordNumber] = doubt }
                var both = Doubt(from: min(earlier.from, doubt.from))
                if let first = earlier.until, let second = doubt.until { both.until = max(first, second) }
                state.doubts[recordNumber] = both
            }
            for claim in state.claims where claim.isOpen {
                for recordNumber in state.records.keys where claim.records.contains(recordNumber) {
                    guard state.records[recordNumber]?.isDraft == true, state.outcomes[recordNumber] == nil,
                        state.updates[recordNumber] == nil, state.found[recordNumber] == nil
                    else { continue }
                    doubt(recordNumber, Doubt(from: claim.claimedAt, until: max(claim.claimedAt, until)))
                }
            }
            for (recordNumber, outcome) in state.outcomes
            where outcome.outcome == .unresolved && state.updates[recordNumber] == nil {
                let claims = state.claims.filter { $0.records.contains(recordNumber) }
                guard let first = claims.map(\.claimedAt).min() else { continue }
                doubt(recordNumber, Doubt(from: first, until: max(first, outcome.endedAt ?? until) + requestMax))
            }
            for index in state.claims.indices { state.claims[index].isOpen = false }
            for (recordNumber, update) in state.updates {
                guard let sentAt = update.sentAt,
                    state.outcomes[recordNumber].map({ $0.outcome == .unresolved }) ?? true
                else { continue }
                doubt(recordNumber, Doubt(from: sentAt))
            }
            for recordNumber in state.outcomes.keys where state.isLeft(recordNumber) {
                state.outcomes[recordNumber] = nil
            }
        }
    }

    func hasSent() async throws -> Bool {
        let state = contents
        let unsent: Set<Outcome> = [.invalid, .duplicate, .existing, .unprocessed]
        return state.updates.values.contains { $0.sentAt != nil }
            || state.outcomes.values.contains { !unsent.contains($0.outcome) }
            || !state.claims.isEmpty && state.metadata.phase != .finished
            || state.records.contains { recordNumber, stored in
                stored.isDraft && state.outcomes[recordNumber]?.outcome != .unprocessed
                    && state.claims.contains { $0.records.contains(recordNumber) }
            }
    }

    func doubtCount() async throws -> Int {
        let state = contents
        return state.doubts.keys.filter { state.outcomes[$0] == nil && state.found[$0] == nil }.count
    }

    func settleRest(_ reasons: RestReasons) async throws {
        try await change { state in
            for (recordNumber, update) in state.updates where state.outcomes[recordNumber] == nil {
                guard let made = update.update.made else { continue }
                state.outcomes[recordNumber] = StoredOutcome(
                    outcome: made, id: update.update.id, message: reasons.leftActive)
            }
            for (recordNumber, found) in state.found
            where state.outcomes[recordNumber] == nil && state.updates[recordNumber] == nil {
                state.outcomes[recordNumber] = StoredOutcome(
                    outcome: .present, id: found.found.id, http: found.outcome.http, code: found.outcome.code,
                    message: reasons.unjudged, attempts: found.outcome.attempts,
                    milliseconds: found.outcome.milliseconds, endedAt: found.outcome.endedAt)
            }
            for recordNumber in state.doubts.keys where state.outcomes[recordNumber] == nil {
                state.outcomes[recordNumber] = StoredOutcome(
                    outcome: .unresolved, id: state.updates[recordNumber]?.update.id, message: reasons.inDoubt)
            }
            for recordNumber in state.records.keys where state.outcomes[recordNumber] == nil {
                state.outcomes[recordNumber] = StoredOutcome(
                    outcome: .unprocessed, id: state.updates[recordNumber]?.update.id, message: reasons.unsent)
            }
        }
    }

    func unclearCount() async throws -> Int {
        let state = contents
        func isOpen(_ recordNumber: Int64) -> Bool { state.outcomes[recordNumber] == nil }
        let unresolved = state.outcomes.values.filter { $0.outcome == .unresolved }.count
        let found = state.found.keys.filter { isOpen($0) && state.updates[$0] == nil }.count
        let claimed = state.claims.filter(\.isOpen).reduce(0) { sum, claim in
            sum
                + state.records.filter { recordNumber, stored in
                    claim.records.contains(recordNumber) && stored.isDraft && isOpen(recordNumber)
                        && state.updates[recordNumber] == nil
                        && state.found[recordNumber] == nil
                }
                .count
        }
        let doubts = state.doubts.keys.filter { isOpen($0) && state.found[$0] == nil }.count
        return unresolved + found + claimed + doubts
    }
}

extension MemoryLedger.State {
    /// Puts in how drafts ended, or what is to be done next to them.
    mutating func settle(_ settled: [DraftOutcome]) throws {
        for outcome in settled {
            if let update = outcome.update {
                try insert(update)
                doubts[update.recordNumber] = nil
            }
            if let found = outcome.foundGroup { self.found[found.recordNumber] = (found, outcome, false) }
            if let kept = outcome.kept { self.kept[outcome.recordNumber] = kept }
            guard outcome.isLast else { continue }
            if outcome.isMadeAndDone { updates[outcome.recordNumber]?.update.made = nil }
            try insert(
                MemoryLedger.StoredOutcome(
                    outcome: outcome.outcome, id: outcome.id, http: outcome.http, code: outcome.code,
                    message: outcome.message, attempts: outcome.attempts, milliseconds: outcome.milliseconds,
                    endedAt: outcome.endedAt),
                outcome.recordNumber)
        }
    }
}
