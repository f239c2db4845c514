import ArgumentParser
import GroupLoad
import RewardsClient

/// The settings that hold for a command: of each, the first of its flag, the profile that `--profile` names, the
/// environment, `groupload.toml` here, and the user's own file.
struct Settings: Sendable {
    /// Those that the command which is carried out goes by.
    @TaskLocal static var current = Settings()

    /// The profile that was named.
    private(set) var profile: String?
    /// The files that were read.
    private(set) var files: [String] = []
    /// The settings, each once; of headers all that hold.
    private(set) var held: [Setting] = []
    /// Settings that another has taken the place of.
    private(set) var replaced: [Setting] = []
    /// What is to be said of variables that nothing reads.
    private(set) var unread: [String] = []
    /// The targets that the files name.
    private var targets: [Setting] = []

    /// No settings.
    init() {}

    /// Finds the settings of this machine and this directory.
    ///
    /// - Parameters:
    ///   - profile: the profile that is named.
    ///   - flags: the settings that flags give, without their values.
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``.
    init(profile: String?, flags: [Setting], _ environment: [String: String]) throws(RunError) {
        self.profile = profile
        unread = Self.unread(in: environment)
        var read: [SettingReader] = []
        let own = UserDirectory.settings(environment).map { "\($0)/\(SettingsFile.name)" }
        for path in [SettingsFile.name, own].compactMap(\.self) {
            if let file = try SettingReader(path) { read.append(file) }
        }
        files = read.map(\.path)
        targets = read.flatMap { $0.common + $0.profiles.flatMap(\.settings) }.filter { $0.url != nil }
        var layers = [flags]
        if let profile { layers.append(try Self.find(profile, in: read, own)) }
        layers.append(try Self.variables(environment))
        layers += read.map(\.common)
        for layer in layers { add(layer) }
    }

    private static func find(_ profile: String, in files: [SettingReader], _ own: String?) throws(RunError) -> [Setting]
    {
        for file in files {
            if let found = file.profiles.first(where: { $0.name == profile }) { return found.settings }
        }
        let names = files.flatMap(\.profiles).map(\.name)
        let near = NearestWord.of(profile, among: names).map { "did you mean \($0)?" }
        let known = names.isEmpty ? nil : "there are \(names.joined(separator: ", "))"
        let places = [SettingsFile.name, own].compactMap(\.self).joined(separator: " or ")
        throw RunError(
            .configuration, "there is no profile \(Shown.text(profile, limit: 60)) in \(places)",
            remedy: near ?? known ?? "groupload config init writes a file to begin with")
    }

    /// The settings that variables give.
    private static func variables(_ environment: [String: String]) throws(RunError) -> [Setting] {
        var found: [Setting] = []
        for key in SettingKey.all {
            guard let name = key.variable, let value = environment[name], !value.isEmpty else { continue }
            if let message = key.fault([value]) { throw RunError(.configuration, "\(name): \(message)") }
            found.append(Setting(key: key, words: [value], source: Setting.Source(kind: .environment, name: name)))
        }
        let credentials = ["GROUPLOAD_TILL", "GROUPLOAD_KEY"].filter { environment[$0]?.isEmpty == false }
        if let key = SettingKey.named("credentials"), let name = credentials.first {
            found.append(Setting(key: key, words: [], source: Setting.Source(kind: .environment, name: name)))
        }
        for slot in ["target", "credentials"] {
            let names = found.filter { $0.key.slot == slot }.map(\.source.name)
            guard names.count < 2 else {
                throw RunError(
                    .configuration, "\(names.joined(separator: " and ")) contradict each other", remedy: "unset one")
            }
        }
        return found
    }

    /// Adds what a layer gives and none above it.
    private mutating func add(_ layer: [Setting]) {
        let taken = Set(held.map(\.key.slot))
        for setting in layer {
            if setting.key.shape == .headers {
                held.append(setting)
            } else if taken.contains(setting.key.slot) {
                replaced.append(setting)
            } else {
                held.append(setting)
            }
        }
    }

    /// The same with each header once: of those with one name the first.
    ///
    /// - Parameter lines: gives the headers of a word.
    /// - Throws: what `lines` throws.
    func withHeadersOnce(_ lines: (String) throws(RunError) -> [String]) throws(RunError) -> Settings {
        var (settings, names) = (self, Set<String>())
        settings.held = []
        for setting in held {
            guard setting.key.shape == .headers else {
                settings.held.append(setting)
                continue
            }
            var found: [String] = []
            for word in setting.words { found += try lines(word) }
            let words = found.filter { !names.contains(Setting.headerName($0)) }
            names.formUnion(words.map(Setting.headerName))
            if !words.isEmpty || setting.words.isEmpty {
                settings.held.append(Setting(key: setting.key, words: words, source: setting.source))
            }
        }
        return settings
    }

    /// The same without those that a command doesn't use.
    func used(where isUsed: (SettingKey) -> Bool) -> Settings {
        var settings = self
        settings.held.removeAll { !isUsed($0.key) }
        settings.replaced.removeAll { !isUsed($0.key) }
        return settings
    }
}

// MARK: - Access

extension Settings {
    /// The command that prints the credentials; nil where they come from elsewhere.
    var credentialsCommand: CredentialsCommand? {
        held.first { $0.key.name == "credentials-command" }.map {
            CredentialsCommand(words: $0.words, source: $0.source)
        }
    }

    /// Whether a file gives the credentials.
    var hasCredentials: Bool { held.contains { $0.key.slot == "credentials" && $0.source.part != nil } }

    /// The names of headers that files give, in lower case.
    var headerNames: Set<String> {
        Set(held.filter { $0.key.shape == .headers && $0.source.part != nil }.flatMap(\.headerNames))
    }

    /// Makes sure that what a part of a file gives of credentials and headers doesn't go to another target than that
    /// part names.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``.
    func requireFit(_ target: String) throws(RunError) {
        let url = Scope(target: target, keyID: "").target
        for setting in held where setting.key.slot == "credentials" || setting.key.shape == .headers {
            guard let part = setting.source.part,
                let other = targets.first(where: { $0.source.part == part })?.url,
                Scope(target: other, keyID: "").target != url
            else { continue }
            throw RunError(
                .configuration,
                """
                \(setting.key.name) (\(setting.source.text)) may only go to \(Shown.text(other)), which stands beside \
                it, and this command's target is \(Shown.text(target)); nothing was sent
                """, naming: .path(setting.source.name),
                remedy: setting.key.shape == .headers
                    ? "name another profile" : "name that target's with --credentials, or another profile")
        }
    }
}

extension Setting {
    /// The name of a header, in lower case.
    static func headerName(_ line: String) -> String { line.prefix { $0 != ":" }.lowercased() }

    /// The names of the headers that it gives.
    fileprivate var headerNames: [String] { words.map(Self.headerName) }
}
