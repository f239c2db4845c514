import Foundation
import TestSupport
import Testing

/// The guide's reference of commands and flags, compared with what `--help` says.
@Suite struct FlagTests {
    private static let commands = [
        "import", "plan", "resume", "work", "status", "report", "runs", "verify", "undo", "export", "validate",
        "convert", "config show", "config init", "doctor", "sandbox",
    ]

    /// The sections of a page of the guide, by their titles; a section goes to the next title of its level.
    private static func sections(_ page: String) throws -> [String: String] {
        let path = URL(fileURLWithPath: Samples.directory).deletingLastPathComponent().path
        let text = try String(contentsOfFile: path + "/Sources/groupload/groupload.docc/\(page).md", encoding: .utf8)
        return text.components(separatedBy: "\n## ").dropFirst().reduce(into: [:]) { sections, part in
            let title = part.prefix { $0 != "\n" }
            sections[String(title)] = String(part.dropFirst(title.count))
        }
    }

    /// The rows of the tables of a section that begin with a flag: each flag, with the row.
    private static func rows(_ section: String) -> [String: String] {
        section.split(separator: "\n").filter { $0.hasPrefix("| `-") }.reduce(into: [:]) { rows, row in
            let cell = row.dropFirst().prefix { $0 != "|" }
            for flag in cell.matches(of: /--[a-z-]+/) { rows[String(flag.output)] = String(row) }
        }
    }

    /// The rows of a command's section, and of the sections for several commands that it names (`the flags for lists`).
    private static func described(_ command: String) throws -> [String: String] {
        let sections = try sections("CommandsAndFlags")
        let own = try #require(sections["groupload \(command)"], "no section on \(command)")
        let shared = sections.filter { $0.key.hasPrefix("Flags for ") && own.contains($0.key.lowercased()) }
        #expect(!shared.isEmpty)
        return shared.values.reduce(into: rows(own)) { all, section in
            all.merge(rows(section)) { first, _ in first }
        }
    }

    /// The flags of a command's help, each with what is said of it.
    private static func helped(_ command: String) async throws -> [String: String] {
        let help = try await Command.groupload(command.split(separator: " ").map(String.init) + ["--help"]).run()
            .outputText
        return help.components(separatedBy: "\n  -").dropFirst().reduce(into: [:]) { flags, part in
            guard let flag = ("-" + part).firstMatch(of: /--[a-z-]+/) else { return }
            flags[String(flag.output)] = part.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
    }

    @Test("each flag of --help is in the reference, and the other way round", arguments: commands)
    func flags(command: String) async throws {
        let (helped, described) = (try await Self.helped(command), try Self.described(command))
        #expect(helped.count >= 2)
        #expect(Set(helped.keys).subtracting(described.keys) == [], "not in the reference of \(command)")
        #expect(Set(described.keys).subtracting(helped.keys) == [], "not in the help of \(command)")
        // A flag's default and its values stand in its row.
        for (flag, said) in helped {
            guard let row = described[flag] else { continue }
            if let value = said.firstMatch(of: /[(;] ?default: (?<value>[^ );]+?)(?:\.0)?\)/)?.value {
                #expect(row.contains("`\(value)`"), "\(command) \(flag): the default \(value) isn't in: \(row)")
            }
            if let values = said.firstMatch(of: /\(values: (?<values>[^;)]+)/)?.values {
                for value in values.split(separator: ", ") {
                    #expect(row.contains("`\(value)`"), "\(command) \(flag): the value \(value) isn't in: \(row)")
                }
            }
        }
    }

    @Test("the reference has a section for each command, and no other") func commandsAreThere() async throws {
        let help = try await Command.groupload(["--help"]).run().outputText
        let names = help.components(separatedBy: "SUBCOMMANDS:").last?.matches(of: #/\n  (?<name>[a-z]+) /#) ?? []
        #expect(Set(names.map { $0.name }) == Set(Self.commands.map { $0.prefix { $0 != " " } }))
        let titles = try Self.sections("CommandsAndFlags").keys.filter { $0.hasPrefix("groupload ") }
        #expect(Set(titles) == Set(Self.commands.map { "groupload \($0)" }))
    }

    @Test("the kinds of faults of the sandbox's help are those of the guide") func faultKinds() async throws {
        let help = try await Command.groupload(["sandbox", "--help"]).run().outputText
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let kinds = try #require(help.firstMatch(of: /Kinds: (?<kinds>[^.]+)\./)).kinds
        let section = try #require(try Self.sections("TheSandbox")["Faults"])
        let described = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { row in
            row.dropFirst().prefix { $0 != "|" }.matches(of: /`(?<kind>[a-z0-9-]+)`/).map { String($0.kind) }
        }
        #expect(Set(described) == Set(kinds.split(separator: ", ").map(String.init)))
    }

    @Test("the exit statuses of --help are those of the guide") func exitStatuses() async throws {
        let help = try await Command.groupload(["--help"]).run().outputText
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let said = try #require(help.firstMatch(of: /Exit status: (?<text>[^.]+)\./)).text
        let statuses = said.matches(of: /\b[0-9]+\b/).map { String($0.output) }
        let section = try #require(try Self.sections("OutcomesAndExitStatuses")["Exit statuses"])
        let described = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.flatMap { row in
            row.dropFirst().prefix { $0 != "|" }.matches(of: /\b[0-9]+\b/).map { String($0.output) }
        }
        #expect(Set(described) == Set(statuses))
    }
}
