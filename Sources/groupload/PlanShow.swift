import GroupLoad
import RecordFormats

/// `plan --show`: a saved plan for a person, whole, on standard output.
enum PlanShow {
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if there is no such file, or ``ExitStatus/damagedInput`` if
    ///   it isn't as a plan was written.
    static func print(_ path: String) throws {
        let plan = PlanFile(path)
        let head = try plan.head()
        var text = "Plan of \(head.made) for \(Shown.text(head.target))\n"
        for source in head.sources {
            text +=
                "  \(Shown.text(source.path, limit: 1000)) (\(source.bytes) bytes, SHA-256 \(source.sha256 ?? ""))\n"
        }
        text += "  \(head.command.command.map { ShellWord.quoted(Shown.text($0)) }.joined(separator: " "))\n\n"
        let (counts, groups) = try plan.forEach { entry in
            text += PlanText.wholeLine(entry) + "\n"
            guard text.utf8.count > 65_536 else { return }
            try Console.data(text)
            text = ""
        }
        let words = PlanText.actions.compactMap { action in
            counts[action].flatMap { $0 > 0 ? "\($0) \(action)" : nil }
        }
        text += "\n\(words.isEmpty ? "nothing" : words.joined(separator: ", ")); groups at the target: \(groups)\n"
        try Console.data(text)
    }
}
