/// A group of the target, as much of it as decides what becomes of a record.
package struct TargetGroup: Sendable, Equatable {
    /// The group's id.
    package var id: Int64
    /// The name as the server keeps it.
    package var name: String
    /// The rank and the activity as the server keeps them.
    package var state: GroupState

    /// Makes a group.
    package init(id: Int64, name: String, state: GroupState) {
        self.id = id
        self.name = name
        self.state = state
    }
}

/// What is to become of one record, or of a group that no record names.
struct Decision: Sendable, Equatable {
    /// What an import would do.
    enum Action: String, CaseIterable, Sendable {
        case create, existing, update, reactivate, deactivate
        /// The name stood earlier; the record can't be sent; the group is there and must not be.
        case duplicate, invalid, failed
    }

    /// The record's number within the run; 0 for a group that no record names.
    var recordNumber: Int64
    var source: Int64
    var line: Int64
    var name: String
    var action: Action
    /// The group that it is about.
    var group: TargetGroup?
    /// What that becomes.
    var to: GroupState?
    /// The rank of a group that is created, and whether it is to be set inactive then.
    var rank: Int64?
    var isInactive = false
    /// Groups of other names that a person would take for the same.
    var near: [TargetGroup] = []
    var note: String?
}
