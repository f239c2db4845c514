import GroupLoad

/// A plan for a person: how much of each, and the first of it.
enum PlanText {
    /// Several lines, without a line end behind the last; coloured on a terminal.
    static func of(_ preview: PlanPreview) -> String {
        var lines: [String] = []
        for (action, remark) in kinds where preview.count(action) > 0 {
            lines.append(SummaryText.row(preview.count(action), action, remark(preview)))
            let examples = preview.examples.filter { $0.action == action }
            lines += examples.map { "              " + line($0) }
            // Of what stays as it is nobody wants a list.
            let more = preview.count(action) - examples.count
            if more > 0, !["existing", "duplicate"].contains(action) {
                lines.append("              and \(Shown.number(more)) more")
            }
        }
        if lines.isEmpty { lines.append("There is nothing to do: the list has no records.") }
        if preview.near > 0 {
            lines.append(
                colour(
                    """
                    \(Shown.number(preview.near)) marked ! \(preview.near == 1 ? "is" : "are") nearly the same as \
                    a group of another name: look whether that is meant
                    """, "33"))
        }
        if let refusal = preview.refusal { lines.append(colour("An import does nothing of this: \(refusal)", "31")) }
        return lines.joined(separator: "\n")
    }

    /// A line of a plan in full: `+ create "Gold", rank 1 (record 1)`.
    static func wholeLine(_ entry: PlanEntry) -> String {
        "\(mark(entry).0) \(entry.action) \(entry.text)"
    }

    /// The actions in the order in which they are shown.
    static var actions: [String] { kinds.map(\.0) }

    private typealias Remark = @Sendable (PlanPreview) -> String?

    /// The actions in the order in which they are shown, each with what it means.
    private static let kinds: [(String, Remark)] = [
        ("create", { _ in "no group has the name" }),
        ("update", { _ in "another rank" }),
        ("reactivate", { _ in "not active, and to be so again" }),
        (
            "deactivate",
            { preview in
                let (all, missing) = (preview.count("deactivate"), preview.missing)
                if missing == 0 { return "the list says not active" }
                return missing == all ? "no record names them" : "\(missing) of them because no record names them"
            }
        ),
        ("failed", { _ in "there already, and --on-existing fail refuses that" }),
        ("invalid", { _ in "to be corrected; groupload validate says how" }),
        (
            "existing",
            {
                $0.differing > 0
                    ? "\($0.differing) of them differ and stay so; --on-existing update changes them"
                    : "as the list has them; nothing is done"
            }
        ),
        ("duplicate", { _ in "the name stood earlier in the list" }),
    ]

    private static func line(_ entry: PlanEntry) -> String {
        let (mark, code) = mark(entry)
        return colour("\(mark) \(entry.text)", code)
    }

    private static func mark(_ entry: PlanEntry) -> (String, String) {
        if !entry.near.isEmpty { return ("!", "33") }
        return switch entry.action {
        case "create": ("+", "32")
        case "update", "reactivate": ("~", "33")
        case "deactivate": ("-", "31")
        case "invalid", "failed": ("x", "31")
        default: ("=", "0")
        }
    }

    private static func colour(_ text: String, _ code: String) -> String {
        Screen.hasColours ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
