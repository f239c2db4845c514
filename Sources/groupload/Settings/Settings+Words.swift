import GroupLoad

extension Settings {
    /// Words of a command line, put in the place of flags that aren't given.
    struct CommandLine {
        /// The settings that the command uses.
        let settings: Settings
        /// The command line with a flag for each setting that a file or a variable gives.
        let words: [String]
    }

    /// Reads the settings of a command, if it uses any.
    ///
    /// - Parameter given: the command line without the program's name.
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``.
    static func commandLine(_ given: [String], _ environment: [String: String]) throws(RunError) -> CommandLine {
        let plain = CommandLine(settings: Settings(), words: given)
        guard let name = given.first, let command = KnownCommand.all.first(where: { $0.name == name }),
            given.allSatisfy({ !["--help", "-h", "--version"].contains($0) })
        else { return plain }
        let options = given.dropFirst().prefix { $0 != "--" }
        guard let isUsed = use(of: name, Array(options)) else { return plain }
        let profile = profile(options) ?? profile(environment)
        let all = try Settings(profile: profile, flags: flags(options), environment)
        // What a command has flags for is asked only where that matters: the answer takes a while.
        let isGiving = all.held.contains { !$0.words.isEmpty && $0.source.kind != .flag }
        let flags = isGiving ? command.flags : []
        let settings = try all.used { key in
            isUsed(key) && flags.contains(key.name == "credentials-command" ? "--credentials" : key.flag)
        }.withHeadersOnce { word throws(RunError) in try HeaderFile.lines(word) }
        let words = settings.held.filter { $0.source.kind != .flag && $0.key.name != "credentials-command" }
            .flatMap { setting in setting.words.map { "\(setting.key.flag)=\($0)" } }
        return CommandLine(settings: settings, words: [name] + words + given.dropFirst())
    }

    /// The profile that a command line names.
    private static func profile(_ options: ArraySlice<String>) -> String? {
        if let word = options.last(where: { $0.hasPrefix("--profile=") }) { return String(word.dropFirst(10)) }
        guard let place = options.lastIndex(of: "--profile"), place + 1 < options.endIndex else { return nil }
        return options[place + 1]
    }

    /// The profile that the environment names; nil where it names none.
    static func profile(_ environment: [String: String]) -> String? {
        environment[profileVariable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The settings that a command line gives itself.
    private static func flags(_ options: ArraySlice<String>) -> [Setting] {
        SettingKey.all.compactMap { key in
            let flag = key.flag
            let places = options.indices.filter { options[$0] == flag || options[$0].hasPrefix(flag + "=") }
            guard !places.isEmpty else { return nil }
            let values = places.compactMap { place -> String? in
                if options[place] != flag { return String(options[place].dropFirst(flag.count + 1)) }
                return place + 1 < options.endIndex ? options[place + 1] : nil
            }
            return Setting(key: key, words: values, source: Setting.Source(kind: .flag, name: flag))
        }
    }

    /// Which settings a command uses of those that it has flags for; nil for none.
    private static func use(of command: String, _ options: [String]) -> ((SettingKey) -> Bool)? {
        func isGiven(_ names: String...) -> Bool {
            names.contains { name in options.contains { $0 == name || $0.hasPrefix(name + "=") } }
        }
        // What the options of a run that exists, or of a plan, say stays.
        switch command {
        case "undo", "verify": return { $0.use == .access }
        case "resume": return { [.access, .watch].contains($0.use) }
        case "work": return { [.access, .ledger].contains($0.use) }
        case "doctor": return { _ in true }
        case "plan" where isGiven("--show"): return nil
        case "plan" where isGiven("--again"): return { $0.use == .access }
        case "import" where isGiven("--plan"): return { [.access, .place, .watch].contains($0.use) }
        case "import", "send", "plan", "export", "validate", "convert":
            // A list that a run has written has names of its own for its columns.
            let isOwnList = options.contains { word in
                !word.hasPrefix("-")
                    && RunLocation.isRun(word.lastIndex(of: "/").map { String(word[..<$0]) } ?? ".")
            }
            return { key in
                switch key.use {
                case .target, .access, .names, .ledger: true
                case .reading: !isOwnList
                case .run, .place, .watch: ["import", "send"].contains(command)
                }
            }
        default: return nil
        }
    }
}
