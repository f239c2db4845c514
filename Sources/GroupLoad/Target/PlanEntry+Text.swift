extension PlanEntry {
    /// The entry for a person: `"Gold": rank 2 → 20 (group 2, record 2)`.
    package var text: String {
        let change = change
        let what = change.isEmpty ? "" : action == "create" ? ", \(change)" : ": \(change)"
        let end = (isMissing ? "no record names it" : note).map { ": \(Shown.text($0))" } ?? ""
        return quotedName + what + place + end + nearText
    }

    /// What is done, without the name: `update, rank 2 → 20`.
    var deed: String {
        let change = change
        return (isMissing ? "\(action) (no record names it)" : action) + (change.isEmpty ? "" : ", \(change)")
            + nearText
    }

    /// Whether it is a group that no record names.
    private var isMissing: Bool { recordNumber == nil }

    /// The name in quotes.
    var quotedName: String { "\"\(Shown.text(name, limit: 60))\"" }

    /// Where it stands: ` (group 2, record 2)`.
    var place: String {
        let parts = [id.map { "group \($0)" }, recordNumber.map { "record \($0)" }].compactMap(\.self)
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }

    /// What is changed: `rank 2 → 20, not active → active`; of a group that is created what it has.
    private var change: String {
        if action == "create" {
            return [rank.map { "rank \($0)" }, isInactive ? "not active" : nil].compactMap(\.self)
                .joined(separator: ", ")
        }
        guard let from, let to, !isMissing else { return "" }
        var parts: [String] = []
        if from.rank != to.rank { parts.append("rank \(Self.text(from.rank)) → \(Self.text(to.rank))") }
        if from.isActive != to.isActive {
            parts.append("\(from.isActive ? "" : "not ")active → \(to.isActive ? "" : "not ")active")
        }
        return parts.joined(separator: ", ")
    }

    private var nearText: String {
        guard !near.isEmpty else { return "" }
        let groups = near.map { "group \($0.id) \"\(Shown.text($0.name, limit: 60))\"" }
        return "; nearly the same as \(groups.joined(separator: ", "))"
    }

    private static func text(_ rank: Int64?) -> String { rank.map(String.init) ?? "none" }
}
