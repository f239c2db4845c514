import RecordFormats

extension ColumnUse {
    /// Titles that are shown one by one.
    private static let titlesMax = 8

    /// Which columns are used: `name ← Group name, rank ← none; not used: Owner`. Nil where that is obvious.
    package var text: String? {
        if isObvious { return nil }
        var used = ["name ← \(Self.shown(name))", "rank ← \(Self.shown(rank))"]
        if isActive != nil { used.append("isActive ← \(Self.shown(isActive))") }
        let line = used.joined(separator: ", ")
        if not_used.isEmpty { return line }
        let more = not_used.count - Self.titlesMax
        return line + "; not used: " + not_used.prefix(Self.titlesMax).map { Self.shown($0) }.joined(separator: ", ")
            + (more > 0 ? " and \(more) more" : "")
    }

    /// What is said of an activity that is only marked where it is so; nil for any other.
    package var tickRemark: String? {
        guard hasOnlyTicks else { return nil }
        return """
            \(Self.shown(isActive)) is a mark or empty, and empty does not mean no: write yes or no in each record
            """
    }

    /// What looks like a rank or an activity and isn't used, and the option that has it used; nil where nothing does.
    ///
    /// - Parameter given: what `--map` says already, by the roles' indices.
    package func remark(given: [String?]) -> String? {
        guard hasCandidates else { return nil }
        let (ranks, activities) = (looks_like.rank, looks_like.isActive)
        var parts: [String] = []
        if !ranks.isEmpty { parts.append(Self.looks(ranks, "a rank")) }
        if !activities.isEmpty { parts.append(Self.looks(activities, "an activity")) }
        // The first of each; where there are several, the person chooses.
        let map = zip(
            ["name", "rank", "active"],
            [given[0], given[1] ?? ranks.first, given[2] ?? activities.first]
        )
        .compactMap { option, title in title.map { "\(option)=\(ShellWord.quoted(Self.oneLine($0)))" } }
        let choice = ranks.count > 1 || activities.count > 1 ? "; choose" : ""
        return parts.joined(separator: ", ") + "\(choice): --map \(map.joined(separator: ","))"
    }

    private static func looks(_ titles: [String], _ role: String) -> String {
        let shown = titles.prefix(titlesMax).map { Self.shown($0) }
        return titles.count == 1
            ? "\(shown[0]) looks like \(role)"
            : "\(shown.joined(separator: ", ")) look like \(role)"
    }

    private static func shown(_ title: String?) -> String { title.map { Shown.text(oneLine($0), limit: 60) } ?? "none" }

    /// A title without line breaks, and with single blanks.
    private static func oneLine(_ title: String) -> String {
        title.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
