/// The groups that have a near name of one draft, as the rows of a query give them.
struct DraftCandidates {
    private var draft: Decision?
    private var groups: [TargetGroup] = []

    /// Takes a row in.
    mutating func add(_ row: borrowing LedgerCursor) {
        if draft == nil {
            draft = Decision(
                record: row.integer(0), source: row.integer(1), line: row.integer(2),
                name: String(decoding: row.bytes(3), as: UTF8.self), action: .create, rank: row.optional(4))
            draft?.isInactive = row.optional(5) == 0
        }
        if !row.isNull(9) {
            groups.append(
                TargetGroup(
                    id: row.integer(9), name: row.text(10) ?? "",
                    state: GroupState(rank: row.optional(11), isActive: row.integer(12) == 1)))
        }
    }

    /// Decides on the draft whose rows were added, if any were.
    mutating func take(_ existing: ExistingPolicy, _ nameMatch: NameMatch) -> Decision? {
        defer { (draft, groups) = (nil, []) }
        guard var decision = draft else { return nil }
        let name = decision.name
        let folded = NameFolding.fold(name)
        let found =
            groups.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
            ?? (nameMatch == .folded ? groups.firstIndex { NameFolding.fold($0.name) == folded } : nil)
        if let found { decision.group = groups.remove(at: found) }
        guard let group = decision.group else {
            decision.near = groups
            return decision
        }
        switch existing.standing(
            rank: decision.rank.map { Int32(truncatingIfNeeded: $0) }, isInactive: decision.isInactive, on: group.state)
        {
        case .existing(let note): (decision.action, decision.note) = (.existing, note)
        case .refused(let reason): (decision.action, decision.note) = (.failed, reason)
        case .differs(let to):
            let isBack = to.isActive && !group.state.isActive
            (decision.action, decision.to) = (isBack ? .reactivate : to.isActive ? .update : .deactivate, to)
        }
        return decision
    }
}
