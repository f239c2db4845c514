import Foundation
import TestSupport

/// The console examples of a document: fenced blocks of the language `console`, in which a line that begins with `$ `
/// is a command (a line that ends with a backslash goes on in the next), and the lines up to the next command are what
/// it prints.
///
/// A line `…` stands for any number of lines, and `…` inside a line for any text.
struct ConsoleExamples: Sendable {
    /// A command and what the document says that it prints.
    struct Step: Sendable, Equatable {
        /// The line of the document that the command stands on, from 1.
        var line: Int
        var command: String
        var printed: [String] = []
    }

    /// The commands of all blocks, in the document's order: one session of one shell.
    var steps: [Step] = []
    /// How many blocks there are.
    var blocks = 0

    /// Reads a document.
    init(_ text: String) {
        var (isConsole, isContinued) = (false, false)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                isConsole = line == "```console"
                blocks += isConsole ? 1 : 0
            } else if isConsole, isContinued {
                steps[steps.count - 1].command += "\n" + line
                isContinued = line.hasSuffix("\\")
            } else if isConsole, line.hasPrefix("$ ") {
                steps.append(Step(line: index + 1, command: String(line.dropFirst(2))))
                isContinued = line.hasSuffix("\\")
            } else if isConsole, !steps.isEmpty {
                steps[steps.count - 1].printed.append(String(line))
            }
        }
    }

    /// Runs all commands in one shell in `scratch`, and gives what each printed to standard output and error.
    ///
    /// The commands have the variables of `environment`.
    /// `groupload sandbox … &` is run on a free port, which then stands for the document's port in all commands.
    func run(in scratch: Scratch, _ environment: [String: String] = [:]) async throws -> [[String]] {
        var ports: [(String, String)] = []
        var sandboxes: [SandboxProcess] = []
        var script = "exec 2>&1\n"
        for step in steps {
            var command = step.command
            if let options = Self.sandboxOptions(command) {
                let sandbox = try await SandboxProcess.start(options.others)
                sandboxes.append(sandbox)
                ports.append((":\(options.port)", ":" + (sandbox.url.split(separator: ":").last ?? "")))
                command = "echo \(sandbox.url)"
            }
            for (old, new) in ports { command = command.replacing(old, with: new) }
            script += "{ \(command)\n}; guide_status=$?; printf '\\036\\n'; (exit $guide_status)\n"
        }
        var shell = Command("/usr/bin/env", ["bash", "-c", script])
        shell.directory = scratch.path
        let binary = URL(fileURLWithPath: Command.groupload([]).path).deletingLastPathComponent().path
        shell.environment = ["PATH": binary + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")]
            .merging(environment) { $1 }
        let result = try await shell.run()
        return withExtendedLifetime(sandboxes) {
            result.outputText.components(separatedBy: "\u{1E}\n").dropLast().map { printed in
                printed.replacing(scratch.path + "/", with: "").components(separatedBy: "\n")
            }
        }
    }

    /// The port and the other options of `groupload sandbox … &`.
    private static func sandboxOptions(_ command: String) -> (port: String, others: [String])? {
        guard command.hasPrefix("groupload sandbox "), command.hasSuffix(" &") else { return nil }
        var words = command.replacing("\\\n", with: " ").split(separator: " ").dropFirst(2).dropLast().map(String.init)
        guard let place = words.firstIndex(of: "--port"), place + 1 < words.count else { return nil }
        let port = words[place + 1]
        words.removeSubrange(place...place + 1)
        return (port, words)
    }
}

// MARK: - Comparing

extension ConsoleExamples.Step {
    /// Whether `actual` is what the document says, aside from what differs from run to run.
    func matches(_ actual: [String]) throws -> Bool {
        let pattern = Self.normalised(printed).map { line in
            if line == "…" { return "(?:[^\n]*\n)*" }
            return line.components(separatedBy: "…").map(NSRegularExpression.escapedPattern(for:))
                .joined(separator: "[^\n]*") + "\n"
        }
        let text = Self.normalised(actual).map { $0 + "\n" }.joined()
        let expression = try NSRegularExpression(pattern: "\\A" + pattern.joined() + "\\z")
        return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }

    /// What differs from run to run: ids, instants, ports, durations; and what replaces it.
    private static let changing = [
        ("[0-9]{8}-[0-9]{6}-[0-9a-f]{4}", "RUN"),
        ("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "TIME"),
        ("127\\.0\\.0\\.1:[0-9]+", "127.0.0.1:PORT"),
        ("\\bgroup [0-9]+", "group ID"),
        ("\"(_?id|createdOn|_ms)\":[0-9]+", "\"$1\":N"),
        ("[0-9.]+ (ms|s|seconds|a second)\\b", "N $1"),
    ]

    /// Lines without what differs from run to run, lines of progress, and empty lines at both ends.
    private static func normalised(_ lines: [String]) -> [String] {
        let kept = lines.filter {
            $0.range(of: "^[0-9,]+ read, .*[0-9,]+ done, [0-9,]+ failed", options: .regularExpression) == nil
        }
        let trimmed = kept.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed()
        return trimmed.map { line in
            changing.reduce(line) { text, change in
                text.replacingOccurrences(of: change.0, with: change.1, options: .regularExpression)
            }
        }
    }
}
