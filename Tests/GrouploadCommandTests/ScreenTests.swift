import Foundation
import Synchronization
import TestSupport
import Testing

/// Standard error as a terminal: what is drawn there, at which width, and what never is.
@Suite struct ScreenTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// What an import of twelve groups with wide names draws, at a pace at which it takes some seconds.
    private func drawn(_ columns: [Int], _ variables: [String: String]) async throws -> String {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write(
            "name\n" + (1...12).map { "忠誠度計畫🏆\($0)\n" }.joined() + "金,1,2\n", as: "名單🏆.csv")
        return try await drawn(
            ["import", list, "--target", sandbox.url, "--rate", "6/s", "--run-dir", scratch.file("run")],
            columns: columns, variables)
    }

    /// What a command draws on a terminal of so many columns, which are changed to others after each read if more are
    /// given.
    private func drawn(_ arguments: [String], columns: [Int], _ variables: [String: String]) async throws -> String {
        let terminal = try PseudoTerminal(columns: columns[0])
        var command = Command.groupload(arguments).redirected(output: "/dev/null", error: terminal.path)
        command.environment.merge(variables) { $1 }
        let text = Mutex("")
        _ = try await command.run { _ in
            let drawn = try await blocking {
                var turn = 0
                return terminal.drawn { _ in
                    turn += 1
                    terminal.resize(columns[turn % columns.count])
                }
            }
            text.withLock { $0 = drawn }
        }
        return text.withLock { $0 }
    }

    @Test(
        "progress fits the width, also one that changes, is 0 or isn't known",
        arguments: [[40], [40, 25, 200], [20], [0]])
    func fits(columns: [Int]) async throws {
        let text = try await drawn(columns, ["TERM": "xterm-256color"])
        let widest = columns == [0] ? 80 : columns.max() ?? 0
        let lines = text.components(separatedBy: "\r\u{1B}[K").dropFirst().filter { $0.contains(" done") }
        #expect(lines.count >= 3, "\(text.debugDescription)")
        for line in lines where !line.contains("\n") {
            #expect(line.utf8.count < widest, "\(line)")
        }
        #expect(text.contains("忠誠度計畫") == false && text.contains("12  created"), "\(text)")
    }

    @Test(
        "no control sequence at all where the terminal has none", arguments: [["TERM": "dumb"], ["TERM": ""]])
    func dumb(variables: [String: String]) async throws {
        let text = try await drawn([40], variables)
        #expect(
            !text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\r" && $0 != "\n" }, "\(text.debugDescription)")
        #expect(text.contains("12  created"))
    }

    @Test("NO_COLOR leaves colours out, and only them", arguments: ["", "1"])
    func colours(noColour: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\nGold\n", as: "list.csv")
        let text = try await drawn(
            ["plan", list, "--target", sandbox.url], columns: [80], ["TERM": "xterm", "NO_COLOR": noColour])
        #expect(text.contains("Gold") && text.contains("\u{1B}[K"), "\(text.debugDescription)")
        #expect(text.contains("\u{1B}[32m") == noColour.isEmpty, "\(text.debugDescription)")
    }

    @Test("standard error that is no terminal gets no control sequence") func file() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\nGold\n", as: "list.csv")
        let result = try await scratch.groupload(["plan", list, "--target", sandbox.url]).run()
        #expect(!result.errorText.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, "\(result.errorText)")
    }

    @Test("help fits a narrow terminal and one of no width", arguments: ["10", "0", "40", "200"])
    func help(columns: String) async throws {
        var command = scratch.groupload(["import", "--help"])
        command.environment["COLUMNS"] = columns
        let result = try await command.run()
        #expect(result.status == 0 && result.outputText.contains("--target <url>"))
    }
}
