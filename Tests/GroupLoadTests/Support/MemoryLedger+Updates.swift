import GroupLoad

extension MemoryLedger {
    func updates(after last: Int64, limit: Int) async throws -> [GroupUpdate] {
        let state = contents
        let open = state.numbers(state.updates, after: last).filter {
            state.outcomes[$0] == nil && state.records[$0] != nil
        }
        return open.prefix(limit).compactMap { recordNumber in
            guard var update = state.updates[recordNumber]?.update, let stored = state.records[recordNumber] else {
                return nil
            }
            update.isInDoubt = state.doubts[recordNumber] != nil
            let isMissing =
                state.sources.indices.contains(Int(stored.source)) && state.sources[Int(stored.source)].isMissingGroups
            let isKept = state.metadata.configuration?.emptyRank != .clear
            update.keepsRank = stored.draftRank == nil && isKept || isMissing
            return update
        }
    }

    func hasUpdatesLeft() async throws -> Bool {
        let state = contents
        return state.updates.keys.contains { state.outcomes[$0] == nil }
    }

    func spareNamed(at now: Int64) async throws -> Int {
        try await change { state in
            var ids = Set(state.outcomes.values.compactMap(\.id))
            for outcome in state.outcomes.values where outcome.outcome == .failed {
                guard let message = outcome.message, message.hasPrefix(DraftOutcome.takenBy) else { continue }
                let digits = message.dropFirst(DraftOutcome.takenBy.count).prefix(while: \.isNumber)
                if let id = Int64(digits) { ids.insert(id) }
            }
            let spared = state.updates.filter { recordNumber, stored in
                guard let record = state.records[recordNumber], state.outcomes[recordNumber] == nil else {
                    return false
                }
                return stored.sentAt == nil && ids.contains(stored.update.id)
                    && state.sources.indices.contains(Int(record.source))
                    && state.sources[Int(record.source)].isMissingGroups
            }
            for (recordNumber, stored) in spared {
                var outcome = DraftOutcome(recordNumber: recordNumber, outcome: .existing, endedAt: now)
                (outcome.id, outcome.message) = (stored.update.id, GroupUpdate.sparedMessage)
                try state.settle([outcome])
            }
            return spared.count
        }
    }

    func stillActiveCount() async throws -> Int {
        let state = contents
        return state.updates.filter { recordNumber, stored in
            stored.update.made != nil && state.outcomes[recordNumber]?.outcome == stored.update.made
        }
        .count
    }

    func activityChanges() async throws -> (deactivated: Int, reactivated: Int) {
        let state = contents
        let made = state.updates.filter { state.outcomes[$0.key]?.outcome == .updated }.values.map(\.update)
        return (
            made.count { $0.from.isActive && !$0.to.isActive }, made.count { !$0.from.isActive && $0.to.isActive }
        )
    }

    func updates(from first: Int64, to last: Int64) async throws -> [Int64: (line: Int64, update: GroupUpdate)] {
        let state = contents
        return state.updates.reduce(into: [:]) { found, entry in
            guard (first...max(first, last)).contains(entry.key), let record = state.records[entry.key] else { return }
            var update = entry.value.update
            (update.isInDoubt, update.keepsRank) = (false, false)
            found[entry.key] = (record.line, update)
        }
    }

    func put(_ updates: [GroupUpdate], from first: Int64) async throws {
        try await change { state in
            for (offset, update) in updates.enumerated() {
                var numbered = update
                numbered.recordNumber = first + Int64(offset)
                var record = StoredRecord(source: 0, line: update.recordNumber)
                record.name = Array(update.name.utf8)
                record.rank = update.to.rank.map { Array(String($0).utf8) }
                record.isDraft = true
                record.draftRank = update.to.rank
                try state.insert(record, numbered.recordNumber)
                try state.insert(numbered)
            }
        }
    }

    func keep(
        intents: [(update: GroupUpdate, at: Int64)], outcomes: [DraftOutcome], metadata: RunMetadata
    ) async throws {
        try await change { state in
            for intent in intents {
                let recordNumber = intent.update.recordNumber
                state.updates[recordNumber]?.sentAt = intent.at
                state.updates[recordNumber]?.update.from = intent.update.from
                state.updates[recordNumber]?.update.to.rank = intent.update.to.rank
            }
            try state.settle(outcomes)
            state.metadata.merge(metadata)
        }
    }

    func reversals(
        after last: Int64, limit: Int, withInactive: Bool, withPresent: Bool
    ) async throws -> [GroupUpdate] {
        let state = contents
        let found = state.numbers(state.outcomes, after: last).compactMap { recordNumber in
            state.reversal(of: recordNumber, withInactive: withInactive, withPresent: withPresent)
        }
        return Array(found.prefix(limit))
    }
}

extension MemoryLedger.State {
    /// What would take back what the run did for a record; nil where it did nothing that can be.
    fileprivate func reversal(of recordNumber: Int64, withInactive: Bool, withPresent: Bool) -> GroupUpdate? {
        guard let outcome = outcomes[recordNumber], let id = outcome.id, let stored = records[recordNumber] else {
            return nil
        }
        let update = updates[recordNumber]?.update
        let found = found[recordNumber]?.found
        switch outcome.outcome {
        case .updated:
            guard let update else { return nil }
            let kept = kept[recordNumber]
            let left = GroupState(rank: kept == nil ? update.to.rank : kept?.rank, isActive: update.to.isActive)
            return GroupUpdate(
                recordNumber: recordNumber, id: id, name: kept?.name ?? update.name, from: left, to: update.from)
        case .created, .confirmed: break
        case .present: guard withPresent, found?.state.isActive != false else { return nil }
        default: return nil
        }
        // Nothing is left to take back of a group that was made and set inactive.
        guard withInactive || update == nil || update?.made != nil else { return nil }
        let isPresent = outcome.outcome == .present
        let name =
            kept[recordNumber]?.name ?? update?.name ?? (isPresent ? found?.name : nil) ?? self.name(recordNumber)
        let rank: Int64? =
            if let update {
                update.to.rank
            } else if let kept = kept[recordNumber] {
                kept.rank
            } else {
                isPresent ? found?.state.rank : stored.draftRank
            }
        let isActive = update.map { $0.made == nil ? $0.to.isActive : true } ?? true
        return GroupUpdate(
            recordNumber: recordNumber, id: id, name: name, from: GroupState(rank: rank, isActive: isActive),
            to: GroupState(rank: rank, isActive: false))
    }
}
