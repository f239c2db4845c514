import GroupLoad

/// What an undo would do, for a person.
enum UndoText {
    /// A few lines: how many groups, what becomes of them, and the first by name.
    static func of(_ preview: UndoPreview) -> String {
        var lines = ["Undo of run \(Shown.text(preview.run)) at \(Shown.text(preview.target))"]
        if preview.count == 0 { lines.append("There is nothing to take back: it created and changed no group.") }
        for (count, text) in [
            (preview.deactivated, "set inactive; name and rank stay"), (preview.activated, "set active again"),
            (preview.reranked, "given back the rank that they had"),
        ] where count > 0 {
            lines.append(SummaryText.row(count, count == 1 ? "group" : "groups", text))
        }
        for update in preview.first {
            let name = Shown.text(update.name, limit: 60)
            lines.append("            \(name) (group \(update.id)): \(update.from) → \(update.to)")
        }
        if preview.count > preview.first.count {
            lines.append("            and \(Shown.number(preview.count - preview.first.count)) more")
        }
        if preview.present > 0 {
            lines.append(
                SummaryText.row(
                    preview.present, preview.present == 1 ? "group" : "groups",
                    preview.withPresent
                        ? "of these may be somebody else's: it is not known who created them"
                        : "present, left alone: it is not known who created them; --include-present includes them"))
        }
        if preview.unclear > 0 {
            lines.append(
                SummaryText.row(
                    preview.unclear, preview.unclear == 1 ? "record" : "records",
                    "left alone: nothing proves whether the run created their groups"))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
