/// Titles of columns and members that people may mean a field by, though they don't stand for it.
extension MemberMapping {
    /// The titles that look most as if they meant the field of a role: those with the largest part of likely words. One
    /// that holds the titles of several columns means none.
    func likelyTitles(of role: Int, among titles: [String]) -> [String] {
        let found = titles.map { title in
            let isOne = member(header: title) == .other && JoinedTitle.separator(in: title, self) == nil
            return (title: title, share: isOne ? roles[role].likelihood(title) : 0)
        }
        guard let best = found.map(\.share).max(), best > 0 else { return [] }
        return found.filter { $0.share == best }.map(\.title)
    }

    /// The option `--map` that says which of the titles is the field of a role, for a message; nil where none looks so,
    /// and where more than three do.
    func likelyRemedy(of role: Int, among titles: [String]) -> String? {
        let likely = likelyTitles(of: role, among: titles)
        guard (1...3).contains(likely.count) else { return nil }
        let words = likely.map { title in
            let line = title.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return "--map \(roles[role].option)=\(ShellWord.quoted(line))"
        }
        let shown = likely.map { "\"\(ShownTitle.text($0))\"" }
        return likely.count == 1
            ? "\(shown[0]) looks like the \(roles[role].title): give \(words[0])"
            : "\(shown.joined(separator: ", ")) look like the \(roles[role].title): give "
                + words.joined(separator: " or ")
    }
}

/// Titles of columns and members in messages.
enum ShownTitle {
    /// A title for a message, on one line: what can't be seen is escaped, as `\u{A}`.
    static func text(_ title: String) -> String {
        var shown = ""
        for scalar in title.unicodeScalars.prefix(60) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator,
                .spaceSeparator where scalar != " ":
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
