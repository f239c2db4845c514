/// What differs between a plan and what would be done now: counted by what was planned and what would be done, with the
/// first of each kind.
package struct PlanDifferences: Sendable {
    /// Findings of a kind that are shown one by one.
    private static let shownMax = 5

    /// What was planned, and what would be done; nil where the plan, or the lists and the target, don't have it.
    private struct Kind: Sendable, Equatable {
        var planned: String?
        var now: String?
    }

    private var kinds: [(kind: Kind, count: Int, first: [String])] = []

    init() {}

    /// How many there are.
    package var count: Int { kinds.reduce(0) { $0 + $1.count } }

    /// Adds one; at least one of the two isn't nil.
    mutating func add(planned: PlanEntry?, now: PlanEntry?) {
        let kind = Kind(planned: planned?.action, now: now?.action)
        let place = kinds.firstIndex { $0.kind == kind } ?? kinds.endIndex
        if place == kinds.endIndex { kinds.append((kind, 0, [])) }
        kinds[place].count += 1
        if kinds[place].first.count < Self.shownMax { kinds[place].first.append(Self.text(planned, now)) }
    }

    /// The kinds with their counts, each with its first findings below it.
    package var lines: [String] {
        kinds.flatMap { kind, count, first in
            var lines = ["\(count)  \(Self.title(kind))"]
            lines += first.map { "    \($0)" }
            if count > first.count { lines.append("    and \(count - first.count) more") }
            return lines
        }
    }

    /// One difference: `"Gold" (record 3): planned: create; now: existing`.
    static func text(_ planned: PlanEntry?, _ now: PlanEntry?) -> String {
        guard let entry = now ?? planned else { return "" }
        var (was, will) = (planned?.deed ?? "nothing", now?.deed ?? "nothing")
        if was == will, planned?.id != now?.id {
            was += planned?.id.map { " group \($0)" } ?? ""
            will += now?.id.map { " group \($0)" } ?? ""
        }
        return "\(entry.quotedName)\(entry.place): planned: \(was); now: \(will)"
    }

    private static func title(_ kind: Kind) -> String {
        let reason: String
        switch (kind.planned, kind.now) {
        case (let planned?, let now?) where planned == now: return "\(planned), otherwise than planned"
        case ("create", .some): reason = "the group is there now"
        case (.some, "create"): reason = "there is no group of the name now"
        case (nil, "deactivate"): reason = "active groups that no record names, and that the plan doesn't have"
        case ("deactivate", nil): reason = "not active any more, or not there"
        case (nil, _), (_, nil): reason = "another list than was planned"
        default: reason = "the group has changed"
        }
        return "planned: \(kind.planned ?? "nothing"), now: \(kind.now ?? "nothing") (\(reason))"
    }
}
