import ArgumentParser
import GroupLoad

/// What is said of a command line that can't be used.
struct UsageText {
    /// What is wrong, with what may have been meant.
    let message: String
    /// All lines: what is wrong, what the flag is for, and where to read on.
    let text: String

    /// - Parameters:
    ///   - error: what the parser threw.
    ///   - arguments: the command line, without the program's name.
    init(_ error: any Error, _ arguments: [String]) {
        let said = Groupload.message(for: error)
        let command = KnownCommand.all.first { $0.name == arguments.first { !$0.hasPrefix("-") } }
        message = Self.unknownCommand(arguments) ?? Self.unknownFlag(said, command, arguments) ?? Self.lowered(said)
        let help = Groupload.fullMessage(for: error).split(separator: "\n").first { $0.hasPrefix("Help:  ") }
        let more = command.map { "groupload \($0.name) --help lists its flags." } ?? "groupload --help lists them."
        text = ([message] + (help.map { [String($0.dropFirst(7))] } ?? []) + [more]).joined(separator: "\n")
    }

    private static func unknownCommand(_ arguments: [String]) -> String? {
        guard let first = arguments.first, !first.hasPrefix("-"), first != "help",
            !KnownCommand.all.contains(where: { $0.name == first })
        else { return nil }
        let names = KnownCommand.shown.map(\.name)
        let near = NearestWord.of(first, among: names) ?? names.first { $0.hasPrefix(first.lowercased()) }
        return "there is no command \(Shown.text(first, limit: 60))"
            + (near.map { "; did you mean \($0)?" } ?? "; the commands are \(names.joined(separator: ", "))")
    }

    private static func unknownFlag(_ said: String, _ command: KnownCommand?, _ arguments: [String]) -> String? {
        guard let flag = said.wholeMatch(of: /Unknown option '(?<flag>[^']*)'.*/)?.flag.map({ $0 }) else { return nil }
        let name = String(flag)
        // A flag of one dash is read as several flags of a letter each.
        let whole = arguments.first {
            $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.dropFirst().hasPrefix(name.dropFirst())
        }
        let given = whole.map { "-" + $0 } ?? name
        let own = command?.flags ?? []
        let start = "there is no flag \(Shown.text(whole ?? name, limit: 60))"
        if own.contains(given) { return "\(start); did you mean \(given)?" }
        let owners = KnownCommand.shown.filter { $0.flags.contains(given) }.map(\.name)
        if let command, !owners.isEmpty {
            return "\(given) is a flag of \(owners.joined(separator: ", ")), not of \(command.name)"
        }
        let near = NearestWord.of(given, among: own) ?? own.first { $0.hasPrefix(given) || given.hasPrefix($0 + "-") }
        return start + (near.map { "; did you mean \($0)?" } ?? "")
    }

    /// A sentence of the parser's behind the program's name and a colon.
    private static func lowered(_ said: String) -> String {
        guard said.prefix(2).dropFirst().allSatisfy(\.isLowercase) else { return said }
        return said.prefix(1).lowercased() + said.dropFirst()
    }
}
