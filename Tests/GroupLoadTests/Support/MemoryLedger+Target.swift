import GroupLoad
import RewardsClient

extension MemoryLedger {
    func beginTarget() async throws { try await change { ($0.target, $0.near, $0.missing) = ([:], [:], []) } }

    func put(_ groups: [RewardGroup]) async throws {
        try await change { state in
            for group in groups {
                state.target[group.id] = TargetGroup(
                    id: group.id, name: group.name,
                    state: GroupState(rank: group.rank, isActive: group.isActive ?? true))
            }
        }
    }

    func endTarget() async throws {
        try await change { state in
            state.near = Dictionary(grouping: state.target.keys.sorted()) {
                NearName.form(of: state.target[$0]?.name ?? "")
            }
        }
    }

    func forgetDecisions() async throws {
        try await change { state in
            for (recordNumber, stored) in state.records where stored.isDraft { state.outcomes[recordNumber] = nil }
            (state.updates, state.found) = ([:], [:])
        }
    }

    func candidates(after last: Int64, limit: Int) async throws -> (candidates: [DraftCandidate], last: Int64?) {
        let state = contents
        let reached = Array(state.numbers(state.records, after: last).prefix(limit))
        let candidates = reached.compactMap { recordNumber -> DraftCandidate? in
            guard let stored = state.records[recordNumber] else { return nil }
            let outcome = state.outcomes[recordNumber]
            switch outcome?.outcome {
            case nil:
                guard state.doubts[recordNumber] == nil, state.updates[recordNumber] == nil,
                    state.found[recordNumber] == nil
                else {
                    return nil
                }
            case .duplicate, .invalid: break
            default: return nil
            }
            var candidate = DraftCandidate(
                recordNumber: recordNumber, source: stored.source, line: stored.line, name: state.name(recordNumber))
            candidate.rank = stored.draftRank
            candidate.isInactive = stored.isActive == false
            candidate.settled = outcome.map { ($0.outcome, $0.message) }
            if stored.isDraft, outcome == nil {
                let ids = state.near[NearName.form(of: state.name(recordNumber))] ?? []
                candidate.groups = ids.compactMap { state.target[$0] }
            }
            return candidate
        }
        return (candidates, reached.last)
    }

    func findMissing() async throws {
        try await change { state in
            let named = Set(
                state.records.filter(\.value.isDraft).keys.map { NearName.form(of: state.name($0)) })
            state.missing = state.target.values.filter {
                $0.state.isActive && !named.contains(NearName.form(of: $0.name))
            }
            .sorted { $0.id < $1.id }
        }
    }

    func missingCount() async throws -> (active: Int, missing: Int) {
        let state = contents
        return (state.target.values.filter(\.state.isActive).count, state.missing.count)
    }

    func missing(after last: Int64, limit: Int) async throws -> [TargetGroup] {
        Array(contents.missing.dropFirst(Int(last)).prefix(limit))
    }

    func endComparison(_ missing: SourceSummary?, after recordNumber: Int64) async throws {
        try await change { state in
            if let missing {
                for (index, group) in state.missing.enumerated() {
                    let number = recordNumber + Int64(index) + 1
                    var stored = StoredRecord(source: Int64(state.sources.count), line: Int64(index) + 1)
                    stored.name = Array(group.name.utf8)
                    stored.rank = group.state.rank.map { Array(String($0).utf8) }
                    (stored.isDraft, stored.draftRank, stored.isActive) = (true, group.state.rank, false)
                    try state.insert(stored, number)
                    try state.insert(
                        GroupUpdate(
                            recordNumber: number, id: group.id, name: group.name, from: group.state,
                            to: GroupState(rank: group.state.rank, isActive: false)))
                }
                state.sources.append(missing)
            }
            state.metadata.isCompared = true
            (state.target, state.near, state.missing) = ([:], [:], [])
        }
    }
}
