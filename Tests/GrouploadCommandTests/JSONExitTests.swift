import Foundation
import TestSupport
import Testing

/// `--json`: one object on standard output, whatever the exit status, whole or not at all.
@Suite struct JSONExitTests {
    private let scratch: Scratch
    private static let nowhere = "http://127.0.0.1:1"

    init() throws {
        scratch = try Scratch()
        _ = try scratch.write("name\nGold\n", as: "sound.csv")
        _ = try scratch.write("name,rank\nGold,1\n\"Silver,2\n", as: "damaged.csv")
    }

    /// Runs it; gives its status and the one object that it prints.
    private func printed(_ arguments: [String], _ environment: [String: String] = Command.sandboxCredentials)
        async throws -> (status: Int32, object: [String: Any])
    {
        var command = scratch.groupload(arguments)
        command.environment = environment.merging(["XDG_STATE_HOME": scratch.file("state")]) { $1 }
        let result = try await command.run()
        let object = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
        return (result.status, try #require(object, "\(result.outputText) \(result.errorText)"))
    }

    struct Case: Sendable, CustomStringConvertible {
        var arguments: [String]
        var status: Int32
        var code: String
        var file: String?
        var line: Int?
        var hasTarget = false
        var credentials = Command.sandboxCredentials
        var description: String { arguments.joined(separator: " ") }
    }

    @Test(
        "errors before there is a run",
        arguments: [
            Case(arguments: ["import", "sound.csv", "--no-such-flag", "--json"], status: 64, code: "usage"),
            Case(arguments: ["import", "--json"], status: 64, code: "usage"),
            Case(arguments: ["imprt", "--json"], status: 64, code: "usage"),
            Case(arguments: ["import", "sound.csv", "--json"], status: 64, code: "usage"),
            Case(arguments: ["export", "--target", nowhere, "--json"], status: 64, code: "usage"),
            Case(arguments: ["undo", "--json"], status: 64, code: "usage"),
            Case(arguments: ["runs", "--json", "surplus"], status: 64, code: "usage"),
            Case(
                arguments: ["import", "gone.csv", "--json", "--target", nowhere], status: 66, code: "noInput",
                file: "gone.csv"),
            Case(
                arguments: ["plan", "gone.csv", "--json", "--target", nowhere], status: 66, code: "noInput",
                file: "gone.csv"),
            Case(arguments: ["validate", "gone.csv", "--json"], status: 66, code: "noInput", file: "gone.csv"),
            Case(arguments: ["resume", "gone", "--json"], status: 66, code: "noRun", file: "gone"),
            Case(arguments: ["undo", "gone", "--json"], status: 66, code: "noRun", file: "gone"),
            Case(
                arguments: ["validate", "damaged.csv", "--json", "--quiet"], status: 65, code: "damagedInput",
                file: "damaged.csv", line: 3),
            Case(
                arguments: ["plan", "damaged.csv", "--json", "--target", nowhere], status: 65, code: "damagedInput",
                file: "damaged.csv", line: 3, hasTarget: true),
            Case(
                arguments: ["import", "damaged.csv", "--json", "--target", nowhere], status: 65, code: "damagedInput",
                file: "damaged.csv", line: 3, hasTarget: true),
            Case(
                arguments: ["import", "sound.csv", "--json", "--target", nowhere], status: 3, code: "targetUnusable",
                hasTarget: true),
            Case(
                arguments: ["import", "sound.csv", "--json", "--target", nowhere], status: 78, code: "credentials",
                credentials: [:]),
        ])
    func errors(_ test: Case) async throws {
        let (status, object) = try await printed(test.arguments, test.credentials)
        #expect(status == test.status)
        #expect(object["exit"] as? Int32 == test.status)
        let error = try #require(object["error"] as? [String: Any])
        #expect(error["code"] as? String == test.code)
        #expect((error["message"] as? String)?.isEmpty == false)
        #expect(error.keys.contains("remedy"))
        // A plan names its lists by their absolute paths.
        let file = error["file"] as? String
        #expect(file?.hasPrefix("/") == true ? file?.hasSuffix("/" + (test.file ?? "")) == true : file == test.file)
        #expect(error["line"] as? Int == test.line)
        #expect(object["seconds"] is Double)
        #expect((object["target"] as? String) == (test.hasTarget ? Self.nowhere : nil))
    }

    @Test("a run says its target, its directory and its time, also where another one keeps it waiting: 75")
    func runs() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "20ms"])
        let list = try scratch.write("name\n" + (1...300).map { "JSON \($0)\n" }.joined(), as: "list.csv")
        let command = ["import", list, "--target", sandbox.url, "--json", "--quiet", "--run-dir"]
        let directory = URL(fileURLWithPath: scratch.file("first")).standardizedFileURL.path
        var first = scratch.groupload(command + ["first", "--rate", "5/s"])
        first.environment["XDG_STATE_HOME"] = scratch.file("state")
        let interrupted = try await first.run { process in
            try await sandbox.waitForStored(5)
            let (status, object) = try await printed(command + ["second"])
            #expect(status == 75 && object["exit"] as? Int == 75)
            #expect((object["error"] as? [String: Any])?["code"] as? String == "busy")
            #expect(object["target"] as? String == sandbox.url)
            kill(process, SIGTERM)
        }
        let summary = try #require(try JSONSerialization.jsonObject(with: interrupted.output) as? [String: Any])
        #expect(interrupted.status == 143 && summary["exit"] as? Int == 143)
        #expect((summary["error"] as? [String: Any])?["code"] as? String == "terminated")
        #expect(summary["target"] as? String == sandbox.url)
        #expect(summary["run_dir"] as? String == directory)
        #expect((summary["seconds"] as? Double ?? 0) > 0)
        #expect(
            try interrupted.output == Data(contentsOf: URL(fileURLWithPath: scratch.file("first/summary.json"))))
    }

    @Test("groups that were set inactive or active again are counted apart") func activity() async throws {
        let sandbox = try await SandboxProcess.start()
        func load(_ text: String, _ run: String, _ options: [String] = []) async throws -> [String: Any] {
            let list = try scratch.write(text, as: "\(run).csv")
            return try await printed(
                ["import", list, "--target", sandbox.url, "--json", "--quiet", "--run-dir", run] + options
            ).object
        }
        #expect(try await load("name,rank\nA,1\nB,1\nC,1\n", "1")["deactivated"] as? Int == 0)
        let second = try await load(
            "name,rank\nA,2\n", "2",
            ["--on-existing", "update", "--deactivate-missing", "--yes", "--max-deactivate", "100%"])
        #expect(second["deactivated"] as? Int == 2 && second["reactivated"] as? Int == 0)
        #expect((second["outcomes"] as? [String: Int])?["updated"] == 3)
        let third = try await load("name,isActive\nA,no\nB,yes\n", "3", ["--on-existing", "update"])
        #expect(third["deactivated"] as? Int == 1 && third["reactivated"] as? Int == 1)
    }

    @Test(
        "a full disk: 73, and it is said",
        arguments: [
            "validate sound.csv --json", "import sound.csv --json --run-dir run --target", "runs --json",
            "import gone.csv --json --target", "import --no-such-flag --json",
        ])
    func full(arguments: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let target = arguments.hasSuffix("--target") ? sandbox.url : ""
        var command = Command(
            "/bin/bash", ["-c", "\(Command.groupload([]).path) \(arguments) \(target) >/dev/full"])
        command.environment = Command.sandboxCredentials
        command.directory = scratch.path
        let result = try await command.run()
        #expect(result.status == 73)
        #expect(result.errorText.contains("can't write to standard output: No space left on device"))
    }
}
