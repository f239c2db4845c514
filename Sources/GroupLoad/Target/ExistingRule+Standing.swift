package import RewardsClient

extension ExistingRule {
    /// What the rule says of a group.
    package enum Standing: Sendable, Equatable {
        /// It is as it should be, or left alone, with what is to be noted.
        case existing(note: String?)
        case refused(String)
        /// It is to become this.
        case differs(GroupState)
    }

    /// What the rule says of a draft's group in a state.
    package func standing(rank: Int32?, isInactive: Bool, on state: GroupState) -> Standing {
        switch policy {
        case .skip: return .existing(note: Self.note(rank: rank, isInactive: isInactive, on: state))
        case .fail: return .refused("the name is on the server already")
        case .update:
            let unsaid = emptyRank == .keep ? state.rank : nil
            let wanted = GroupState(rank: rank.map(Int64.init) ?? unsaid, isActive: !isInactive)
            return wanted == state ? .existing(note: nil) : .differs(wanted)
        }
    }

    /// Completes the outcome of a draft whose group was there or was made: what the rule says of it, and the form in
    /// which the server keeps it.
    package func apply(
        to outcome: inout DraftOutcome, _ draft: Draft, _ group: RewardGroup, setsInactive: Bool,
        shown: (String) -> String
    ) {
        let state = GroupState(group)
        switch outcome.outcome {
        case .existing, .present:
            switch standing(rank: draft.rank, isInactive: draft.isInactive, on: state) {
            case .existing(let note):
                let isOther = !group.name.hasBytes(of: draft.name)
                let name =
                    isOther && NameFolding.fold(group.name) != NameFolding.fold(draft.name)
                    ? "the server keeps the name as \"\(shown(group.name))\"" : nil
                outcome.message = [outcome.message, name, note].compactMap(\.self).joined(separator: "; ")
                if outcome.message == "" { outcome.message = nil }
            case .refused(let reason):
                // What may be this run's own was not there already.
                if outcome.outcome == .existing { (outcome.outcome, outcome.message) = (.failed, reason) }
            case .differs(let to) where outcome.outcome == .present:
                // What may be this run's own is changed by the next run, to which it is existing.
                outcome.message = [outcome.message, "it is to be \(to)"].compactMap(\.self).joined(separator: "; ")
            case .differs(let to):
                outcome.update = GroupUpdate(
                    recordNumber: draft.recordNumber, id: group.id, name: group.name, from: state, to: to)
            }
        case .created, .confirmed:
            if let kept = KeptForm(of: group, sentAs: draft.name, rank: draft.rank.map(Int64.init)) {
                outcome.keep(kept, sentAs: draft.name, rank: draft.rank, shown: shown)
            }
            if setsInactive, draft.isInactive { outcome.setInactive(group.id, group.name, rank: state.rank) }
        default: break
        }
    }

    /// How a group that is left alone differs from the list; nil where it doesn't.
    static func note(rank: Int32?, isInactive: Bool, on state: GroupState) -> String? {
        var notes: [String] = []
        if state.rank != rank.map(Int64.init) {
            notes.append("rank on the server is \(state.rank.map(String.init) ?? "none")")
        }
        if !state.isActive, !isInactive { notes.append("the group is not active") }
        if state.isActive, isInactive { notes.append("the group is active") }
        return notes.isEmpty ? nil : notes.joined(separator: "; ")
    }

    /// Whether what is noted of an `existing` record says that its group differs from the list.
    static func isNote(_ message: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe message.starts(with: "rank on the server is ".utf8) || message.starts(with: "the group is ".utf8)
    }
}

extension GroupState {
    /// What a group is; one that doesn't say whether it is in use is.
    init(_ group: RewardGroup) { self.init(rank: group.rank, isActive: group.isActive ?? true) }
}
