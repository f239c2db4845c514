import GroupLoad

/// A plan for a person: the first of what would be done, and how much of each.
enum PlanText {
    /// Several lines, without a line end behind the last; coloured on a terminal.
    static func of(_ preview: PlanPreview) -> String {
        var lines = preview.examples.map(line)
        let shown = Set(preview.examples.map(\.action))
        let more = shown.reduce(0) { $0 + (preview.counts[$1] ?? 0) } - preview.examples.count
        if more > 0 { lines.append("    and \(more) more of these") }
        if !lines.isEmpty { lines.append("") }
        lines.append("Plan: " + counts(preview, changing))
        lines.append("      " + counts(preview, staying))
        if preview.near > 0 {
            lines.append(
                colour(
                    """
                          \(preview.near) nearly the same as a group of another name, marked !: look \
                    whether they are meant
                    """,
                    "33"))
        }
        return lines.joined(separator: "\n")
    }

    private static let changing = [
        ("create", "to create"), ("update", "to update"), ("reactivate", "to reactivate"),
        ("deactivate", "to deactivate"),
    ]
    private static let staying = [
        ("existing", "there already"), ("duplicate", "duplicates"), ("invalid", "invalid"),
        ("failed", "there and refused"),
    ]

    private static func counts(_ preview: PlanPreview, _ words: [(String, String)]) -> String {
        words.map { "\(preview.counts[$0.0] ?? 0) \($0.1)" }.joined(separator: ", ")
    }

    private static func line(_ example: PlanPreview.Example) -> String {
        let (mark, code) = mark(example)
        var text = "\(mark) \(example.action) \"\(Shown.text(example.name, limit: 60))\""
        if let rank = example.rank, example.action == "create" { text += ", rank \(rank)" }
        if example.isInactive { text += ", then not active" }
        if let from = example.from, let to = example.to { text += ": \(from) → \(to)" }
        if let id = example.id { text += " (group \(id))" }
        if let record = example.record { text += " (record \(record))" }
        if let note = example.note { text += ": \(Shown.text(note))" }
        if !example.near.isEmpty { text += "; nearly \(Shown.text(example.near.joined(separator: ", ")))" }
        return "  " + colour(text, code)
    }

    private static func mark(_ example: PlanPreview.Example) -> (String, String) {
        if !example.near.isEmpty { return ("!", "33") }
        return switch example.action {
        case "create": ("+", "32")
        case "update", "reactivate": ("~", "33")
        case "deactivate": ("-", "31")
        case "invalid", "failed": ("x", "31")
        default: ("=", "0")
        }
    }

    private static func colour(_ text: String, _ code: String) -> String {
        Console.isTerminal ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
