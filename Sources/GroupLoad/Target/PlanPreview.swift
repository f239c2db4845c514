/// What an import would do, in figures and by its first examples, for somebody to look at before it is done.
package struct PlanPreview: Sendable {
    /// Examples that are kept of each action.
    private static let examplesMax = 5

    /// Records by what would become of them: `create`, `existing`, `update`, `reactivate`, `deactivate`, `duplicate`,
    /// `invalid`, `failed`; every word is there.
    package private(set) var counts: [String: Int]
    /// Records whose name is nearly that of another group.
    package private(set) var near = 0
    /// Records whose group is left alone though it isn't as the list has it.
    package private(set) var differing = 0
    /// Groups that would be set inactive because no record names them.
    package private(set) var missing = 0
    /// The first of each action, in the order of records; of `existing` those that differ, and the first near ones.
    package private(set) var examples: [PlanEntry] = []
    /// Why an import with these settings would do nothing of this; nil where it would do it.
    package var refusal: String?
    private var kept: [String: Int] = [:]

    init() {
        counts = Dictionary(uniqueKeysWithValues: Decision.Action.allCases.map { ($0.rawValue, 0) })
    }

    /// How many groups or records an action concerns.
    package func count(_ action: String) -> Int { counts[action, default: 0] }

    /// Counts decisions.
    mutating func add(_ decisions: [Decision]) {
        for decision in decisions {
            let word = decision.action.rawValue
            counts[word, default: 0] += 1
            let isNear = !decision.near.isEmpty
            if isNear { near += 1 }
            if decision.recordNumber == 0 { missing += 1 }
            let isDiffering = decision.action == .existing && decision.note != nil
            if isDiffering { differing += 1 }
            let key = isNear ? "near" : word
            guard isNear || isDiffering || ![.existing, .duplicate].contains(decision.action),
                kept[key, default: 0] < Self.examplesMax
            else { continue }
            kept[key, default: 0] += 1
            examples.append(PlanEntry(decision))
        }
    }
}
