import Foundation
import TestSupport
import Testing

/// Runs found again: by their ids wherever they stand, as the last one, under a directory that was used before, and
/// while they are unfinished.
@Suite struct KnownRunsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A command that runs in a directory below the scratch one, with a state directory of this test.
    private func command(_ arguments: [String], in directory: String = ".") throws -> Command {
        var command = Command.groupload(arguments)
        command.directory = scratch.file(directory)
        command.environment["XDG_STATE_HOME"] = scratch.file("state")
        try FileManager.default.createDirectory(
            atPath: scratch.file(directory), withIntermediateDirectories: true)
        return command
    }

    private func object(_ data: Data) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("an id that runs shows works from anywhere; --last is the user's last run, and says which it took")
    func ids() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\nA\nB\n", as: "list.csv")
        func load(_ options: [String], in directory: String) async throws {
            let result = try await command(
                ["import", list, "--target", sandbox.url, "--quiet"] + options, in: directory
            ).run()
            #expect(result.status == 0, "\(result.errorText)")
        }
        try await load([], in: "here")
        try await load(["--run-dir", "runs/night"], in: "elsewhere")
        let id = try #require(
            try object(Data(contentsOf: scratch.url("elsewhere/runs/night/summary.json")))["run"] as? String)

        let listed = try await command(["runs"], in: "here").run()
        let lines = listed.outputText.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains("  groupload-runs/") == true, "\(listed.outputText)")
        #expect(lines.last?.hasPrefix(id) == true && lines.last?.hasSuffix("/elsewhere/runs/night") == true)
        #expect(
            try await command(["runs"], in: "elsewhere").run().outputText.contains("  runs/night\n"))

        for arguments in [
            ["resume", id, "--quiet"], ["report", id], ["verify", id], ["undo", id, "--yes", "--quiet"],
            ["import", list, "--target", sandbox.url, "--run-dir", id],
        ] {
            let result = try await command(arguments, in: "here").run()
            #expect(result.status == 0, "\(arguments): \(result.errorText)")
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.file("here/\(id)")))
        try await load(["--run-dir", "last"], in: "elsewhere")
        let last = try await command(["verify", "--last"], in: "here").run()
        #expect(last.status == 0 && last.errorText.contains("/elsewhere/last, finished, \(sandbox.url)"))
        let unknown = try await command(["verify", "20260101-000000-0000"], in: "here").run()
        #expect(unknown.status == 66)
    }

    @Test("a last run that can't be read is noted, and no other passes for it") func unreadable() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\nA\n", as: "list.csv")
        for run in ["1", "2"] {
            let result = try await command(["import", list, "--target", sandbox.url, "--run-dir", run]).run()
            #expect(result.status == 0)
        }
        try Data("damaged".utf8).write(to: scratch.url("2/ledger.sqlite"))
        #expect(try await command(["verify", "--last"]).run().status == 3)
    }

    struct Attempt: Sendable, CustomStringConvertible {
        var description: String
        var first: String
        var options: [String] = []
        var credentials = Command.sandboxCredentials
        var status: Int32
        var nextOptions: [String] = []
        var isPiped = false
    }

    @Test(
        "a run that sent nothing makes way for a repaired one in its directory",
        arguments: [
            Attempt(description: "damaged", first: "name\n\"A\n", status: 65),
            Attempt(description: "all invalid", first: "name,rank\nA,x\n", status: 1),
            Attempt(
                description: "too many invalid", first: "name,rank\nA,1\nB,x\n", options: ["--max-errors", "0"],
                status: 2, nextOptions: ["--max-errors", "0"]),
            Attempt(
                description: "refused credentials", first: "name\nA\n",
                credentials: ["GROUPLOAD_TILL": "other.till", "GROUPLOAD_PASSWORD": "wrong"], status: 3),
            Attempt(
                description: "other options", first: "name\nA\n",
                credentials: ["GROUPLOAD_TILL": "sandbox.till", "GROUPLOAD_PASSWORD": "wrong"], status: 3,
                nextOptions: ["--rate", "100/s"]),
            Attempt(
                description: "piped", first: "name\nA\n",
                credentials: ["GROUPLOAD_TILL": "sandbox.till", "GROUPLOAD_PASSWORD": "wrong"], status: 3,
                isPiped: true),
        ])
    func replaced(_ attempt: Attempt) async throws {
        let sandbox = try await SandboxProcess.start()
        func load(_ text: String, _ options: [String]) async throws -> Command {
            let list = try scratch.write(text, as: "list.csv")
            var command = try command(
                [
                    "import", attempt.isPiped ? "-" : list, "--format", "csv", "--target", sandbox.url, "--run-dir",
                    "run",
                ]
                    + options)
            if attempt.isPiped { command.input = Data(text.utf8) }
            return command
        }
        var first = try await load(attempt.first, attempt.options)
        first.environment.merge(attempt.credentials) { $1 }
        #expect(try await first.run().status == attempt.status)
        let before = try object(Data(contentsOf: scratch.url("run/summary.json")))["run"] as? String
        let next = try await load("name,rank\nA,1\nB,2\n", attempt.nextOptions).run()
        #expect(next.status == 0, "\(next.errorText)")
        // What was piped isn't known again: the same options go on with the same run, and read the list anew.
        let isSame = attempt.isPiped
        #expect(
            next.errorText.contains("run held a run that sent nothing (\(before ?? "?");") != isSame,
            "\(next.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(report.outcomes == ["created": 2] && (report.summary["run"] as? String == before) == isSame)
        try await report.expectCreated(in: sandbox)
        #expect(try await command(["verify", "run"]).run().status == 0)
    }

    @Test("a run that sent something stays") func stays() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name,rank\nA,1\nB,x\n", as: "list.csv")
        let load = ["import", list, "--target", sandbox.url, "--run-dir", "run"]
        #expect(try await command(load).run().status == 1)
        #expect(try await command(load + ["--rate", "100/s"]).run().status == 73)
        _ = try scratch.write("name,rank\nA,1\nB,2\n", as: "list.csv")
        #expect(try await command(load).run().status == 65)
    }

    @Test("a run that was resumed and killed: what is known, which files are stale, and one finding") func unfinished()
        async throws
    {
        let sandbox = try await SandboxProcess.start(["--latency", "5ms"])
        let list = try scratch.write("name\n" + (1...600).map { "Known \($0)\n" }.joined(), as: "list.csv")
        func cut(_ arguments: [String], at count: Int, _ signal: Int32) async throws {
            _ = try await command(arguments).run { process in
                try await sandbox.waitForStored(count)
                if signal == SIGKILL {
                    let going = try await command(["report", "run", "--format", "json"]).run()
                    #expect(going.status == 0, "\(going.errorText)")
                    #expect(try object(going.output)["state"] as? String == "sending")
                }
                kill(process, signal)
            }
        }
        try await cut(
            ["import", list, "--target", sandbox.url, "--run-dir", "run", "--rate", "10/s", "--quiet"], at: 20, SIGTERM)
        try await cut(["resume", "run", "--quiet"], at: 40, SIGKILL)
        let json = try await command(["report", "run", "--format", "json"]).run()
        #expect(json.status == 0)
        let known = try object(json.output)
        #expect(known["read"] as? Int == 600 && known["exit"] == nil && known["target"] as? String == sandbox.url)
        let outcomes = try #require(known["outcomes"] as? [String: Int])
        #expect(outcomes["created", default: 0] > 20)
        #expect(known["left"] as? Int == 600 - outcomes.values.reduce(0, +))
        let stale = ["failed.csv", "report.html", "results.csv", "summary.json", "unprocessed.csv"]
        let named = try #require(known["stale_files"] as? [String])
        // No record had failed before the kill, nor has since.
        #expect(named.sorted() == stale.filter { $0 != "failed.csv" })
        #expect(json.errorText.contains("results.csv"))

        let again = try await command(["report", "run"]).run()
        #expect(again.status == 3 && again.errorText.contains("results.csv"))
        let verified = try await command(["verify", "run"]).run()
        let lines = verified.outputText.split(separator: "\n")
        #expect(verified.status == 1 && lines.count == 2, "\(verified.outputText)")
        #expect(verified.outputText.contains("finish it: groupload resume "))
        #expect(try await command(["resume", "run", "--rate", "auto", "--quiet"]).run().status == 0)
        #expect(try await command(["verify", "run"]).run().status == 0)
    }
}
