import RewardsClient

extension Decision {
    /// What becomes of a record, by the groups that are on the target.
    init(of candidate: DraftCandidate, _ existing: ExistingRule, _ nameMatch: NameMatch) {
        self.init(
            recordNumber: candidate.recordNumber, source: candidate.source, line: candidate.line, name: candidate.name,
            action: .create)
        if let (outcome, note) = candidate.settled {
            (action, self.note) = (outcome == .invalid ? .invalid : .duplicate, note)
            return
        }
        // A group that is made is active unless activities count.
        (rank, isInactive) = (candidate.rank, candidate.isInactive && existing.honoursActive)
        var groups = candidate.groups
        let found =
            groups.firstIndex { [name] in $0.name.hasBytes(of: name) }
            ?? groups.firstIndex { [name] in nameMatch.areSame($0.name, name) }
        guard let found else {
            near = groups
            return
        }
        let group = groups.remove(at: found)
        self.group = group
        switch existing.standing(
            rank: rank.map { Int32(truncatingIfNeeded: $0) }, isInactive: candidate.isInactive, on: group.state)
        {
        case .existing(let note): (action, self.note) = (.existing, note)
        case .refused(let reason): (action, note) = (.failed, reason)
        case .differs(let to):
            self.to = to
            action =
                to.isActive == group.state.isActive ? .update : to.isActive ? .reactivate : .deactivate
        }
    }

    /// A group that no record names is set inactive.
    init(deactivating group: TargetGroup) {
        self.init(
            recordNumber: 0, source: 0, line: 0, name: group.name, action: .deactivate, group: group,
            to: GroupState(rank: group.state.rank, isActive: false))
    }

    /// The outcome, or the change to come, as far as the decision needs no create; nil where it needs one, or the
    /// record has its outcome.
    ///
    /// - Parameter now: when that is so, in epoch milliseconds.
    func settled(at now: Int64) -> DraftOutcome? {
        guard recordNumber > 0, let group else { return nil }
        var outcome = DraftOutcome(
            recordNumber: recordNumber, outcome: .existing, id: group.id, message: note, endedAt: now)
        switch action {
        case .existing: return outcome
        case .failed: outcome.outcome = .failed
        case .update, .reactivate, .deactivate:
            guard let to else { return nil }
            outcome.update = GroupUpdate(
                recordNumber: recordNumber, id: group.id, name: group.name, from: group.state, to: to)
        case .create, .duplicate, .invalid: return nil
        }
        return outcome
    }
}
