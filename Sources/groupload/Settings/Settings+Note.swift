import GroupLoad

extension Settings {
    /// Which settings come from files, whose the credentials are where that isn't plain, and which variables nothing
    /// reads; nil where there is nothing to say.
    var note: String? {
        var parts: [(part: String, names: [String])] = []
        for setting in held {
            guard let part = setting.source.part else { continue }
            if let place = parts.firstIndex(where: { $0.part == part }) {
                parts[place].names.append(setting.key.name)
            } else {
                parts.append((part, [setting.key.name]))
            }
        }
        let settings = parts.map { "\($0.names.joined(separator: ", ")) from \($0.part)" }.joined(separator: "; ")
        let lines = [settings.isEmpty ? nil : "settings: \(settings)", credentialsNote].compactMap(\.self) + unread
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// Whose the credentials are, where a file and another place give some.
    var credentialsNote: String? {
        let isOf = { (setting: Setting) in setting.key.slot == "credentials" }
        guard let chosen = held.first(where: isOf) else { return nil }
        let others = replaced.filter(isOf)
        guard !others.isEmpty, ([chosen] + others).contains(where: { $0.source.part != nil }) || profile != nil else {
            return nil
        }
        return "credentials: \(chosen.source.text); not \(others.map(\.source.text).joined(separator: ", "))"
    }
}
