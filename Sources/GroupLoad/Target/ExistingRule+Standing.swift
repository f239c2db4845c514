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
    ///
    /// - Parameters:
    ///   - isSameName: whether the group's name is the draft's, rather than a form of it under which the server may
    ///     keep it; one that isn't, and may be somebody else's, is not changed.
    ///   - isOtherwise: whether the group has another rank than was sent, though the server keeps ranks.
    package func apply(
        to outcome: inout DraftOutcome, _ draft: Draft, _ group: RewardGroup, isSameName: Bool = true,
        isOtherwise: Bool = false, setsInactive: Bool, shown: (String) -> String
    ) {
        let state = GroupState(group)
        switch outcome.outcome {
        case .existing, .present:
            switch standing(rank: draft.rank, isInactive: draft.isInactive, on: state) {
            case .existing(let note):
                outcome.note(nameNote(draft, group, isSameName, shown), note)
            case .refused(let reason) where outcome.outcome == .existing:
                (outcome.outcome, outcome.message) = (.failed, reason)
            case .refused:
                // It may be this run's own, which was not there already; one that differs is not what was asked for.
                outcome.note(
                    nameNote(draft, group, isSameName, shown),
                    Self.note(rank: draft.rank, isInactive: draft.isInactive, on: state), Self.perhapsBefore)
                if isOtherwise { outcome.outcome = .failed }
            case .differs(let to) where !isSameName:
                outcome.note(nameNote(draft, group, isSameName, shown), "it is to be \(to)")
            case .differs(let to):
                // Also of a group that may be this run's own: whoever made it, this is what it is to be.
                outcome.update = GroupUpdate(
                    recordNumber: draft.recordNumber, id: group.id, name: group.name, from: state, to: to)
            }
        case .created, .confirmed:
            if let kept = KeptForm(of: group, sentAs: draft.name, rank: draft.rank) {
                outcome.keep(kept, sentAs: draft.name, rank: draft.rank, shown: shown)
            }
            if setsInactive, draft.isInactive { outcome.setInactive(group.id, group.name, rank: state.rank) }
        default: break
        }
    }

    private static let perhapsBefore = "it may have been there already, which is refused"

    /// The name that the server keeps, where that is another than the draft's and it isn't plain that both are meant.
    private func nameNote(
        _ draft: Draft, _ group: RewardGroup, _ isSameName: Bool, _ shown: (String) -> String
    ) -> String? {
        let isOther = !isSameName || NameFolding.fold(group.name) != NameFolding.fold(draft.name)
        guard isOther, !group.name.hasBytes(of: draft.name) else { return nil }
        return "the server keeps the name as \"\(shown(group.name))\""
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
