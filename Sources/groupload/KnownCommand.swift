import ArgumentParser

/// A command, by what its help shows.
struct KnownCommand {
    let name: String
    private let type: any ParsableCommand.Type

    /// All commands.
    static let all = Groupload.configuration.subcommands.compactMap { type in
        type.configuration.commandName.map { KnownCommand(name: $0, type: type) }
    }
    /// Those that the help lists.
    static let shown = all.filter { $0.type.configuration.shouldDisplay }

    /// Its flags that the help shows, as `--name`.
    var flags: [String] {
        Groupload.helpMessage(for: type, columns: 200).matches(of: /\n  (?:-[a-z], )?(?<flag>--[a-z-]+)/)
            .map { String($0.flag) }
    }
}
