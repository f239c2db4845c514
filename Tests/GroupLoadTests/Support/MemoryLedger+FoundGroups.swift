import GroupLoad

extension MemoryLedger {
    func foundGroupCount() async throws -> Int {
        let state = contents
        return state.found.keys.filter { state.outcomes[$0] == nil }.count
    }

    func foundGroups(after last: Int64, limit: Int) async throws -> [PendingJudgement] {
        let state = contents
        let open = state.numbers(state.found, after: last).filter {
            state.outcomes[$0] == nil && state.updates[$0] == nil
        }
        return open.prefix(limit).compactMap { recordNumber in
            guard let stored = state.found[recordNumber] else { return nil }
            var found = stored.found
            (found.isOtherwise, found.maker, found.seenAt) = (false, nil, stored.outcome.endedAt)
            var outcome = DraftOutcome(recordNumber: recordNumber, outcome: .present, endedAt: stored.outcome.endedAt)
            (outcome.id, outcome.http, outcome.code) = (found.id, stored.outcome.http, stored.outcome.code)
            (outcome.attempts, outcome.milliseconds) = (stored.outcome.attempts, stored.outcome.milliseconds)
            var draft = Draft(
                recordNumber: recordNumber, name: state.name(recordNumber), rank: state.records[recordNumber]?.sentRank)
            draft.isInactive = state.records[recordNumber]?.isActive == false
            return PendingJudgement(found: found, outcome: outcome, draft: draft)
        }
    }

    func judge(_ outcomes: [DraftOutcome]) async throws {
        try await change { state in
            for outcome in outcomes { state.found[outcome.recordNumber]?.isJudged = true }
            try state.settle(outcomes)
        }
    }

    func makers(of ids: Set<Int64>) async throws -> [Int64: Int64] {
        let state = contents
        let found = Set(state.found.values.map(\.found.id)).intersection(ids)
        return state.outcomes.sorted { $0.key < $1.key }.reduce(into: [:]) { makers, entry in
            if entry.value.outcome == .created, let id = entry.value.id, found.contains(id) { makers[id] = entry.key }
        }
    }

    func draftsOfFoundNames() async throws -> [String: Int64] {
        let state = contents
        let names = Set(
            state.found.compactMap { recordNumber, stored -> [UInt8]? in
                let name = Array(stored.found.name.utf8)
                return stored.isJudged || name == state.records[recordNumber]?.sentName ? nil : name
            })
        return state.records.reduce(into: [:]) { records, entry in
            if entry.value.isDraft, names.contains(entry.value.sentName) {
                records[state.name(entry.key)] = entry.key
            }
        }
    }

    func doubleClaims() async throws -> [GroupClaim] {
        let state = contents
        let doubtful = Set(state.found.values.map(\.found.id)).union(state.kept.values.map(\.id))
        let claims = state.own.filter { doubtful.contains($0.id) }
        let counts = Dictionary(grouping: claims, by: \.id).mapValues(\.count)
        return claims.filter { counts[$0.id, default: 0] > 1 }.sorted {
            ($0.id, $0.recordNumber) < ($1.id, $1.recordNumber)
        }
    }

    func withdraw(_ claims: [(recordNumber: Int64, message: String)]) async throws {
        try await change { state in
            for claim in claims {
                state.outcomes[claim.recordNumber]?.outcome = .existing
                state.outcomes[claim.recordNumber]?.message = claim.message
                state.kept[claim.recordNumber] = nil
            }
        }
    }

    func ownIDs(limit: Int) async throws -> Set<Int64> { Set(contents.own.map(\.id).prefix(max(0, limit))) }

    func ownIDs(among ids: Set<Int64>) async throws -> Set<Int64> { ids.intersection(contents.own.map(\.id)) }

    func claims(sharedWith other: any RunLedger, limit: Int) async throws -> [SharedClaim] {
        guard let other = other as? MemoryLedger else {
            throw LedgerError(reason: "it can be compared with another in memory only")
        }
        let others = Dictionary(grouping: other.contents.own, by: \.id)
        let shared = contents.own.flatMap { own in
            (others[own.id] ?? []).map { SharedClaim(id: own.id, own: own.recordNumber, other: $0.recordNumber) }
        }
        return Array(shared.prefix(limit))
    }

    func keptForms(limit: Int) async throws -> [(name: [UInt8], id: Int64)] {
        let state = contents
        let forms = state.numbers(state.kept).compactMap { recordNumber -> (name: [UInt8], id: Int64)? in
            guard let kept = state.kept[recordNumber], let sent = state.records[recordNumber]?.sentName,
                Array(kept.name.utf8) != sent
            else { return nil }
            return (sent, kept.id)
        }
        return Array(forms.prefix(limit))
    }

    func alteredCount() async throws -> Int { contents.kept.count }

    func clockSamples() async throws -> ClockSamples {
        let state = contents
        let examples = state.examples.values.sorted { ($0.sent, $0.recordNumber) < ($1.sent, $1.recordNumber) }
        return ClockSamples(
            Array(state.buckets.values), examples: Array(examples.prefix(ClockSamples.examplesMax)))
    }

    func keep(
        _ bucket: ClockSamples.Bucket?, _ examples: [ClockSamples.Sample], _ change: RunMetadata
    ) async throws {
        try await self.change { state in
            if let bucket { state.buckets[bucket.start] = bucket }
            for example in examples { state.examples[example.recordNumber] = example }
            state.metadata.merge(change)
        }
    }
}

extension MemoryLedger.State {
    /// The groups that the run says it has created, in the order of its records.
    var own: [GroupClaim] {
        numbers(outcomes).compactMap { recordNumber in
            guard let outcome = outcomes[recordNumber], [.created, .confirmed].contains(outcome.outcome),
                let id = outcome.id
            else { return nil }
            return GroupClaim(
                recordNumber: recordNumber, id: id, outcome: outcome.outcome,
                isExact: kept[recordNumber] == nil && found[recordNumber] == nil,
                endedAt: outcome.endedAt)
        }
    }
}
