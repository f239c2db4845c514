/// A record, or a group that no record names, and what would become of it: a line of a plan.
package struct PlanEntry: Sendable, Equatable {
    /// What an import would do; ``PlanPreview/counts``' word for it.
    package var action: String
    /// The name that the record, or the group, has.
    package var name: String
    /// The record's number; nil for a group that no record names.
    package var recordNumber: Int64?
    /// The group's id; nil where there is none yet.
    package var id: Int64?
    /// The group's state on the target; nil where there is no group, or it isn't changed.
    package var from: GroupState?
    /// The group's state after the import; nil where it isn't changed.
    package var to: GroupState?
    /// The rank of a group that would be created; nil for none.
    package var rank: Int64?
    /// Whether a group that would be created would be set inactive then.
    package var isInactive = false
    /// Groups whose names a person would take for the same, by id and name.
    package var near: [Near] = []
    /// What is noted, such as why a record is invalid.
    package var note: String?

    /// A group of nearly the same name.
    package struct Near: Sendable, Equatable {
        /// The group's id.
        package var id: Int64
        /// The group's name.
        package var name: String
    }

    /// An entry of which no more is known.
    init(action: String, name: String) {
        self.action = action
        self.name = name
    }

    init(_ decision: Decision) {
        action = decision.action.rawValue
        name = decision.name
        recordNumber = decision.recordNumber > 0 ? decision.recordNumber : nil
        (id, to, note) = (decision.group?.id, decision.to, decision.note)
        if to != nil { from = decision.group?.state }
        if decision.action == .create { (rank, isInactive) = (decision.rank, decision.isInactive) }
        near = decision.near.map { Near(id: $0.id, name: $0.name) }
    }

    /// What stands before another in a plan: records by their numbers, then groups that no record names, by their ids.
    package func isBefore(_ other: PlanEntry) -> Bool {
        switch (recordNumber, other.recordNumber) {
        case (let own?, let other?): own < other
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): (id ?? 0) < (other.id ?? 0)
        }
    }
}
