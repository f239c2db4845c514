import ArgumentParser
import GroupLoad

/// `groupload config`: the settings of `groupload.toml`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the settings of groupload.toml and where each comes from, or begin such a file.",
        discussion: """
            Examples:
              groupload config init
              groupload config show --profile nightly

            A setting is the value of a flag. Of those that are given, the first counts: the flag; the profile that \
            --profile or GROUPLOAD_PROFILE names; the environment (GROUPLOAD_RATE for --rate); groupload.toml here; \
            groupload.toml in $XDG_CONFIG_HOME/groupload (~/.config/groupload); the default.
            """,
        subcommands: [ConfigShowCommand.self, ConfigInitCommand.self])
}

/// `groupload config show`: each setting with its value and its source.
struct ConfigShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show each setting with its value, and the file and line that it comes from; no secrets.")

    @OptionGroup var settings: ProfileOption

    @Flag(help: "Print the settings as one JSON object on standard output.")
    var json = false

    func run() throws {
        let environment = SystemCall.environment
        let profile = settings.profile ?? Settings.profile(environment)
        let held = try Settings(profile: profile, flags: [], environment).withHeadersOnce { [$0] }
        let listing = SettingListing(held)
        if json { return try JSONOutput.print(listing) }
        Console.noteLine(
            held.files.isEmpty
                ? "no \(SettingsFile.name) here, nor in your own directory" : held.files.joined(separator: ", "))
        let width = max(14, listing.settings.map(\.setting.count).max() ?? 0) + 2
        let values = min(40, listing.settings.map(\.value.count).max() ?? 0) + 2
        for row in listing.settings {
            try Console.data(row.setting.padded(to: width) + row.value.padded(to: values) + row.text + "\n")
        }
        if let note = held.credentialsNote { Console.noteLine(note) }
        for line in held.unread { Console.noteLine(line) }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(2, width - count)) }
}

/// `groupload config init`: writes a file to begin with.
struct ConfigInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a groupload.toml here in which every setting is explained and commented out.")

    func run() throws {
        try SettingsFile.create(Self.text)
        Console.note("Written: \(SettingsFile.name). Take the # from the settings that you need.\n")
    }

    private static var text: String {
        let settings = SettingKey.all.map { "# \($0.meaning)\n# \($0.name) = \($0.example)\n" }
        return """
            # The settings of groupload. Each is the value of the flag of the same name, and holds where the flag isn't
            # given. Up here they hold without a profile, and below [profile.NAME] with --profile NAME. Put no secret
            # here: name a file with credentials. `groupload config show` says which settings hold, and why.

            \(settings.joined(separator: "\n"))
            # A profile, for: groupload import groups.csv --profile rehearsal
            # [profile.rehearsal]
            # target = "http://127.0.0.1:8080"
            # rate = "600/min"

            """
    }
}
