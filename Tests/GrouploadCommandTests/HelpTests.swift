import Foundation
import TestSupport
import Testing

/// `--help` as a newcomer meets it.
@Suite struct HelpTests {
    static let commands = [
        "import", "plan", "resume", "work", "status", "report", "runs", "verify", "undo", "export", "validate",
        "convert", "sandbox", "doctor",
    ]

    private static func help(_ command: String) async throws -> String {
        let result = try await Command.groupload([command, "--help"]).run()
        try #require(result.status == 0)
        return result.outputText
    }

    /// The titles of the sections, in their order.
    private static func titles(_ help: String) -> [String] {
        help.split(separator: "\n").filter { $0.hasSuffix(":") && $0.first?.isUppercase == true }
            .map { String($0.dropLast()) }.filter { $0 == $0.uppercased() }
    }

    @Test(
        "flags stand in sections",
        arguments: [
            ("import", ["WHAT IS READ", "TARGET", "PACE", "SAFETY", "OUTPUT", "OPTIONS"]),
            ("plan", ["WHAT IS READ", "TARGET", "PACE", "SAFETY", "OUTPUT", "OPTIONS"]),
            ("validate", ["WHAT IS READ", "OUTPUT", "OPTIONS"]),
            ("resume", ["RUN", "TARGET", "PACE", "SAFETY", "OUTPUT", "OPTIONS"]),
            ("work", ["RUN", "TARGET", "PACE", "OUTPUT", "OPTIONS"]),
            ("undo", ["RUN", "TARGET", "PACE", "SAFETY", "OUTPUT", "OPTIONS"]),
            ("doctor", ["TARGET", "PACE", "OUTPUT", "OPTIONS"]),
            ("export", ["WHAT IS EXPORTED", "TARGET", "PACE", "OUTPUT", "OPTIONS"]),
        ])
    func sections(command: String, titles: [String]) async throws {
        #expect(Self.titles(try await Self.help(command)) == titles)
    }

    @Test("outside the sections are only --version and --help", arguments: commands)
    func others(command: String) async throws {
        let others = try #require(try await Self.help(command).components(separatedBy: "\nOPTIONS:\n").last)
        #expect(others.matches(of: /--[a-z-]+/).map { String($0.output) } == ["--version", "--help"])
    }

    @Test("each command's help has two examples or more, with flags that it has", arguments: commands)
    func examples(command: String) async throws {
        let help = try await Self.help(command)
        let lines = try #require(help.components(separatedBy: "Examples:\n").last).split(
            separator: "\n", omittingEmptySubsequences: false)
        let examples = lines.prefix { !$0.isEmpty }
        #expect(examples.count >= 2)
        for example in examples {
            let own = example.prefix { $0 != "|" }
            #expect(own.hasPrefix("  groupload \(command)"), "\(example)")
            for flag in own.matches(of: /--[a-z-]+/) {
                #expect(help.contains("\n  \(flag.output)") || help.contains(", \(flag.output)"), "\(example)")
            }
        }
    }
}
