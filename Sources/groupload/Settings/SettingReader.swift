import GroupLoad
import RewardsClient

/// Reads the settings of one file: those at its top, which hold without a profile, and its profiles'.
struct SettingReader {
    /// The file as it is named in messages and sources.
    let path: String
    /// The settings at its top.
    private(set) var common: [Setting] = []
    /// The profiles, each with its settings.
    private(set) var profiles: [(name: String, settings: [Setting])] = []

    /// Reads a file; nil where there is none.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/configuration`` and the line of what can't be used.
    init?(_ path: String) throws(RunError) {
        guard let table = try SettingsFile.read(path) else { return nil }
        self.path = path
        for entry in table.entries {
            guard entry.key == "profile" else {
                common.append(try setting(entry, .file))
                continue
            }
            guard case .table(let found) = entry.value.content else {
                throw fault(
                    "profile is no setting", entry.value.line, "name it with --profile, or write [profile.NAME]")
            }
            for profile in found.entries {
                guard case .table(let settings) = profile.value.content else {
                    throw fault(
                        "\(Shown.text(profile.key, limit: 60)) stands in no profile", profile.value.line,
                        "write [profile.NAME] above it")
                }
                profiles.append(
                    (
                        profile.key,
                        try settings.entries.map { entry throws(RunError) in
                            try setting(entry, .profile(profile.key))
                        }
                    ))
            }
        }
        try requireOne(common)
        for profile in profiles { try requireOne(profile.settings) }
    }

    /// Makes sure that no two say the same in different ways.
    private func requireOne(_ settings: [Setting]) throws(RunError) {
        var seen: [String: String] = [:]
        for setting in settings {
            if let other = seen.updateValue(setting.key.name, forKey: setting.key.slot) {
                throw fault(
                    "\(other) and \(setting.key.name) contradict each other", setting.source.line ?? 0, "give one")
            }
        }
    }

    private func setting(_ entry: TOMLTable.Entry, _ kind: Setting.Source.Kind) throws(RunError) -> Setting {
        let line = entry.value.line
        guard let key = SettingKey.named(entry.key) else { throw unknown(entry, kind) }
        let words = try words(of: entry.value, key)
        if let message = key.fault(words) { throw fault("\(key.name): \(message)", line) }
        return Setting(key: key, words: words, source: Setting.Source(kind: kind, name: path, line: line))
    }

    // MARK: - Values

    private func words(of value: TOMLValue, _ key: SettingKey) throws(RunError) -> [String] {
        let form = fault("\(key.name) isn't written so", value.line, "write \(key.name) = \(key.example)")
        switch (key.shape, value.content) {
        case (.text, .text(let text)): return [text]
        case (.path, .text(let text)):
            guard !text.isEmpty else { throw form }
            return [placed(text)]
        case (.number, .integer(let number)): return ["\(number)"]
        case (.words, .list(let values)):
            let words = values.compactMap { if case .text(let text) = $0.content { text } else { nil } }
            guard words.count == values.count, !words.isEmpty else { throw form }
            return words
        case (.columns, .table(let table)):
            var parts: [String] = []
            for entry in table.entries {
                guard ["name", "rank", "active"].contains(entry.key) else {
                    let isSetting = SettingKey.all.contains { $0.name == entry.key }
                    throw fault(
                        "\(key.name) has no \(Shown.text(entry.key, limit: 60))", entry.value.line,
                        isSetting
                            ? "write \(entry.key) above the table \(key.name)"
                            : nearest(entry.key, among: ["name", "rank", "active"]) ?? "it has name, rank and active")
                }
                // Where the flag would take a part of it for another column.
                guard case .text(let text) = entry.value.content, text.firstMatch(of: /, *(name|rank|active)=/) == nil
                else { throw form }
                parts.append("\(entry.key)=\(text)")
            }
            return [parts.joined(separator: ",")]
        case (.headers, .text(let text)):
            guard text.hasPrefix("@"), text.count > 1 else { throw form }
            return ["@" + placed(String(text.dropFirst()))]
        case (.headers, .table(let table)):
            return try table.entries.map { entry throws(RunError) in
                guard !SecretWord.isIn(entry.key) else {
                    throw fault(
                        "the header \(Shown.text(entry.key, limit: 60)) looks like a secret, which has no place here",
                        entry.value.line,
                        "put it into a file that only you can read, and write headers = \"@FILE\"")
                }
                guard case .text(let text) = entry.value.content, !entry.key.contains(":"), !entry.key.isEmpty else {
                    throw form
                }
                return "\(entry.key): \(text)"
            }
        default: throw form
        }
    }

    /// A path of the file, which begins at the file's directory.
    private func placed(_ text: String) -> String {
        guard !text.hasPrefix("/"), !text.hasPrefix("~/"), let slash = path.lastIndex(of: "/") else { return text }
        return path[...slash] + text
    }

    // MARK: - What can't be used

    private func unknown(_ entry: TOMLTable.Entry, _ kind: Setting.Source.Kind) -> RunError {
        let (key, line) = (entry.key, entry.value.line)
        let shown = Shown.text(key, limit: 60)
        if SecretWord.isIn(key) { return secret(key, line) }
        let names = SettingKey.all.map(\.name)
        if case .table = entry.value.content {
            if kind == .file, nearest(key, among: names + ["profile"]) == nil {
                return fault("[\(shown)] is no setting", line, "a profile is written [profile.\(shown)]")
            }
        } else if ["name", "rank", "active"].contains(key) {
            return fault("\(key) is no setting of its own", line, "write map = { \(key) = … }")
        }
        if key == "profile" { return fault("a profile can't hold another", line, "write [profile.NAME]") }
        let flag = "--" + key
        if NearestWord.of(key, among: names) == nil, KnownCommand.shown.contains(where: { $0.flags.contains(flag) }) {
            return fault("\(shown) is no setting", line, "\(flag) is given on the command line only")
        }
        return fault(
            "there is no setting \(shown)", line, nearest(key, among: names + (kind == .file ? ["profile"] : [])))
    }

    private func nearest(_ word: String, among known: [String]) -> String? {
        NearestWord.of(word, among: known).map { "did you mean \($0)?" }
    }

    private func secret(_ key: String, _ line: Int64) -> RunError {
        fault(
            "\(Shown.text(key, limit: 60)) looks like a secret, which has no place here", line,
            "put it into a file that only you can read, and name that with credentials = \"FILE\"")
    }

    private func fault(_ message: String, _ line: Int64, _ remedy: String? = nil) -> RunError {
        RunError(.configuration, message, at: RunError.Place(path: path, line: line), remedy: remedy)
    }
}

/// Words that a key has which holds a secret.
enum SecretWord {
    private static let words = [
        "password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey", "privatekey", "authorization",
        "cookie", "bearer", "md5", "groupload_",
    ]

    /// Whether a text gives the value of a variable that holds a secret. What a shell or a program puts in its place,
    /// `$(…)`, `` `…` ``, `$NAME` or `%s`, isn't one.
    static func isGiven(in text: String) -> Bool {
        ["GROUPLOAD_PASSWORD=", "GROUPLOAD_PASSWORD_MD5=", "GROUPLOAD_SECRET="].contains { name in
            text.ranges(of: name).contains { range in
                let value = text[range.upperBound...].drop { "\"'".contains($0) }
                    .prefix { !$0.isWhitespace && !"\"';|&)".contains($0) }
                return !["", "/"].contains(value) && !["$", "`", "%"].contains(value.first)
            }
        }
    }

    /// Whether a key's name has one.
    static func isIn(_ key: String) -> Bool {
        let lowered = key.lowercased()
        let plain = lowered.filter { $0 != "-" && $0 != "_" }
        return ["till", "key", "user", "username", "pass", "pwd"].contains(lowered)
            || words.contains { lowered.contains($0) || plain.contains($0) }
    }
}
