import RewardsClient

/// What an import would do, in figures and by its first examples, for somebody to look at before it is done.
package struct PlanPreview: Sendable {
    /// A record, or a group that no record names, and what would become of it.
    package struct Example: Sendable, Equatable {
        /// ``PlanPreview/counts``' word for it.
        package var action: String
        /// The name that the record, or the group, has.
        package var name: String
        /// The record's number; nil for a group that no record names.
        package var record: Int64?
        /// The group's id; nil where there is none yet.
        package var id: Int64?
        /// The group's state on the target; nil where there is no group.
        package var from: GroupState?
        /// The group's state after the import; nil where it isn't changed.
        package var to: GroupState?
        /// The rank of a group that would be created; nil for none.
        package var rank: Int64?
        /// Whether a group that would be created would be set inactive then.
        package var isInactive = false
        /// Groups whose names a person would take for the same, by id and name.
        package var near: [String]
        /// What is noted, such as why a record is invalid.
        package var note: String?
    }

    /// Examples that are kept of each action.
    private static let examplesMax = 5

    /// Records by what would become of them: `create`, `existing`, `update`, `reactivate`, `deactivate`, `duplicate`,
    /// `invalid`, `failed`; every word is there.
    package private(set) var counts: [String: Int]
    /// Records whose name is nearly that of another group.
    package private(set) var near = 0
    /// The first of each action but `existing` and `duplicate`, and the first near ones, in the order of records.
    package private(set) var examples: [Example] = []
    private var kept: [String: Int] = [:]

    init() {
        counts = Dictionary(uniqueKeysWithValues: Decision.Action.allCases.map { ($0.rawValue, 0) })
    }

    /// Counts decisions.
    mutating func add(_ decisions: [Decision]) {
        for decision in decisions {
            let word = decision.action.rawValue
            counts[word, default: 0] += 1
            let isNear = !decision.near.isEmpty
            if isNear { near += 1 }
            let key = isNear ? "near" : word
            guard isNear || ![.existing, .duplicate].contains(decision.action), kept[key, default: 0] < Self.examplesMax
            else { continue }
            kept[key, default: 0] += 1
            examples.append(
                Example(
                    action: word, name: decision.name, record: decision.record > 0 ? decision.record : nil,
                    id: decision.group?.id, from: decision.group?.state, to: decision.to, rank: decision.rank,
                    isInactive: decision.action == .create && decision.isInactive,
                    near: decision.near.map { "group \($0.id) \"\($0.name)\"" }, note: decision.note))
        }
    }
}
