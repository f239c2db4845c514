import GroupLoad

extension Settings {
    /// The variable that names the profile where no flag does.
    static let profileVariable = "GROUPLOAD_PROFILE"

    private static let prefix = "GROUPLOAD_"
    /// Those that a build reads.
    private static let ofBuild: Set = ["GROUPLOAD_COMMIT", "GROUPLOAD_BORINGSSL", "GROUPLOAD_STRICT"]

    /// What is said of variables that seem to be meant for this program and that nothing reads, a line each; no value
    /// is in it. A variable that is near to no known one is left alone: others, such as Kubernetes, may have set it.
    static func unread(in environment: [String: String]) -> [String] {
        let known = SettingKey.all.compactMap(\.variable) + CredentialsFile.names + [profileVariable]
        return environment.keys.sorted().compactMap { name in
            guard name.hasPrefix(prefix), environment[name] != "", !known.contains(name), !ofBuild.contains(name),
                let remedy = remedy(String(name.dropFirst(prefix.count)), known)
            else { return nil }
            return "\(Shown.text(name, limit: 60)) isn't read; \(remedy)"
        }
    }

    /// What to do in place of a variable; nil where nothing is near to it.
    private static func remedy(_ word: String, _ known: [String]) -> String? {
        let words = known.map { String($0.dropFirst(prefix.count)) }
        let name = word.lowercased().replacing("_", with: "-")
        if let key = SettingKey.all.first(where: { [$0.name, String($0.flag.dropFirst(2))].contains(name) }) {
            return "\(key.name) has no variable: put it into \(SettingsFile.name)"
        }
        if let near = NearestWord.of(word, among: words) { return "did you mean \(prefix)\(near)?" }
        let flag = "--" + name
        guard KnownCommand.shown.contains(where: { $0.flags.contains(flag) }) else { return nil }
        return "\(flag) is given on the command line only"
    }
}
