/// What may be changed of a group: never its name, for that unlinks the group's rewards.
package struct GroupState: Sendable, Equatable, CustomStringConvertible {
    package var rank: Int64?
    package var isActive: Bool

    package init(rank: Int64?, isActive: Bool) {
        self.rank = rank
        self.isActive = isActive
    }

    package var description: String { "rank \(rank.map(String.init) ?? "none"), \(isActive ? "active" : "not active")" }
}

/// A change that a run is to make to one group.
package struct Amendment: Sendable, Equatable {
    /// The record that it belongs to, by its number within the run.
    package var record: Int64
    /// The group's id, and its name, which stays.
    package var id: Int64
    package var name: String
    /// What the group must be for the change to be made, and what it is to become.
    package var from: GroupState
    package var to: GroupState
    /// Whether a process that died may have sent it.
    package var isInDoubt = false
    /// How the group came to be (``Outcome/created`` or ``Outcome/confirmed``) where this run made it only to change it next: that is
    /// then the record's outcome, whatever becomes of the change.
    package var made: Outcome?
    /// Whether the rank is to stay what it is, whatever that is.
    package var keepsRank = false

    package init(record: Int64, id: Int64, name: String, from: GroupState, to: GroupState, isInDoubt: Bool = false) {
        self.record = record
        self.id = id
        self.name = name
        self.from = from
        self.to = to
        self.isInDoubt = isInDoubt
    }
}
