/// What may be changed of a group: never its name, for that unlinks the group's rewards.
package struct GroupState: Sendable, Equatable, CustomStringConvertible {
    /// The rank; nil for none.
    package var rank: Int64?
    /// Whether the group is active.
    package var isActive: Bool

    /// Makes a state.
    package init(rank: Int64?, isActive: Bool) {
        self.rank = rank
        self.isActive = isActive
    }

    package var description: String { "rank \(rank.map(String.init) ?? "none"), \(isActive ? "active" : "not active")" }
}

/// What becomes of a group that isn't what an update takes it for, because somebody else has changed it since.
package enum GroupUpdateRule: Sendable {
    /// It is left alone, and its record is `existing`: what somebody did after a run isn't the run's to take back.
    case undo
    /// It is left alone, and its record is `failed`: it was not planned so.
    case plan
    /// It is changed all the same, for the list counts; unless it has another name, which is no longer the list's.
    case override
}

/// A change that a run is to make to one group.
package struct GroupUpdate: Sendable, Equatable {
    /// The record that it belongs to, by its number within the run.
    package var recordNumber: Int64
    /// The group's id.
    package var id: Int64
    /// The group's name, which stays.
    package var name: String
    /// What the group must be for the change to be made.
    package var from: GroupState
    /// What the group is to become.
    package var to: GroupState
    /// Whether a process that died may have sent it.
    package var isInDoubt = false
    /// How the group was made (``Outcome/created`` or ``Outcome/confirmed``) where this run made it only to change it
    /// next: that is then the record's outcome, whatever becomes of the change.
    package var made: Outcome?
    /// Whether the rank is to stay what it is, whatever that is.
    package var keepsRank = false

    /// Makes a change of a group that this run didn't make.
    package init(
        recordNumber: Int64, id: Int64, name: String, from: GroupState, to: GroupState, isInDoubt: Bool = false
    ) {
        self.recordNumber = recordNumber
        self.id = id
        self.name = name
        self.from = from
        self.to = to
        self.isInDoubt = isInDoubt
    }
}

extension GroupUpdate {
    /// What is said of a group that no record names and that is left active all the same.
    package static let sparedMessage =
        "left active: it is the group of a record, though the server keeps its name otherwise"
}
