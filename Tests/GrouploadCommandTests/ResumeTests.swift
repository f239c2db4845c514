import Foundation
import TestSupport
import Testing

/// Runs that were cut short, and what finishes them.
@Suite struct ResumeTests {
    private let scratch: Scratch
    private let run: String

    init() throws {
        scratch = try Scratch()
        run = scratch.file("run")
    }

    private func list(_ count: Int) throws -> String {
        try scratch.write("name\n" + (1...count).map { "Resumed \($0)\n" }.joined(), as: "list.csv")
    }

    /// An import that is killed once the sandbox holds so many groups.
    private func killed(_ sandbox: SandboxProcess, _ list: String, after stored: Int, _ options: [String] = [])
        async throws
    {
        let result = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", run, "--quiet", "--rate", "5/s"] + options
        ).run { process in
            try await sandbox.waitForStored(stored)
            kill(process, SIGKILL)
        }
        #expect(result.status == 128 + SIGKILL)
    }

    private func query(_ sql: String) async throws -> String {
        let result = try await Command("/usr/bin/env", ["sqlite3", run + "/ledger.sqlite", sql]).run()
        #expect(result.status == 0, "\(result.errorText)")
        return result.outputText.trimmingCharacters(in: .newlines)
    }

    @Test(
        "killed while it sends: resume looks up what is in doubt, sends the rest, and touches nothing that has ended")
    func resumes() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "5ms"])
        try await killed(sandbox, try list(600), after: 20)
        let settled = Int(try await query("SELECT count(*) FROM outcome")) ?? 0
        let claimed = Int(try await query("SELECT max(last) FROM claim")) ?? 0
        let (creates, lists) = (
            try await sandbox.requests(matching: "create"), try await sandbox.requests(matching: "GET /group")
        )
        let resumed = try await Command.groupload(["resume", run, "--rate", "auto"]).run()
        #expect(resumed.status == 0, "\(resumed.errorText)")
        #expect(
            resumed.errorText.contains(
                "\(settled) record\(settled == 1 ? " has" : "s have") an outcome, \(600 - settled) left, "))
        let report = try await Report(run)
        // What was claimed and never sent is no retry.
        #expect(report.summary["retries"] as? Int == 0)
        report.expectAccounts()
        try await report.expectCreated(in: sandbox)
        #expect(report.made == 600)
        // One create for what was never sent; one look-up for what is in doubt, and the check of the target.
        #expect(try await sandbox.requests(matching: "create") - creates <= 600 - settled)
        #expect(try await sandbox.requests(matching: "GET /group") - lists <= claimed - settled + 20)

        let requests = try await sandbox.requests(matching: "/group")
        let again = try await Command.groupload(["resume", run, "--rate", "auto", "--json"]).run()
        #expect(again.status == 0 && again.outputText.contains("\"read\" : 600"))
        let sameAgain = try await Command.groupload(
            [
                "import", scratch.file("list.csv"), "--target", sandbox.url, "--run-dir", run, "--quiet", "--rate",
                "5/s",
            ]
        ).run()
        #expect(sameAgain.status == 0, "\(sameAgain.errorText)")
        #expect(try await sandbox.requests(matching: "/group") == requests, "a run that has ended makes no request")
    }

    @Test("interrupted by a signal: what is unprocessed is sent by resume") func afterSignal() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "20ms"])
        let interrupted = try await Command.groupload(
            ["import", try list(600), "--target", sandbox.url, "--run-dir", run, "--quiet", "--rate", "5/s"]
        ).run { process in
            try await sandbox.waitForStored(20)
            kill(process, SIGTERM)
        }
        #expect(interrupted.status == 143)
        #expect(try await Report(run).outcomes["unprocessed", default: 0] > 0)
        let resumed = try await Command.groupload(["resume", run, "--rate", "auto", "--quiet"]).run()
        #expect(resumed.status == 0, "\(resumed.errorText)")
        let report = try await Report(run)
        report.expectAccounts()
        try await report.expectCreated(in: sandbox)
        #expect(report.outcomes == ["created": 600])
    }

    @Test("input that has changed is refused with the remedy, and accepted by --changed-input") func changedInput()
        async throws
    {
        let sandbox = try await SandboxProcess.start(["--latency", "5ms"])
        let list = try list(600)
        try await killed(sandbox, list, after: 20, ["--no-keep-input"])
        try Data("name\nSomething else\n".utf8).write(to: URL(fileURLWithPath: list))
        let refused = try await Command.groupload(["resume", run, "--rate", "auto"]).run()
        #expect(refused.status == 65)
        #expect(refused.errorText.contains("list.csv has changed") && refused.errorText.contains("--changed-input"))
        let accepted = try await Command.groupload(["resume", run, "--rate", "auto", "--changed-input", "--quiet"])
            .run()
        #expect(accepted.status == 0, "\(accepted.errorText)")
        let report = try await Report(run)
        report.expectAccounts()
        #expect(report.results.count == 600)
        try await report.expectCreated(in: sandbox)
    }

    @Test("a list from standard input is piped again; another one is refused") func piped() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "2ms"])
        let text = "name\n" + (1...5000).map { "Piped \($0)\n" }.joined()
        // The rest of the list would come when somebody writes to a pipe, which nobody does before the process is dead.
        let feed = try scratch.write(text, as: "feed.csv")
        let hold = scratch.file("hold")
        let command = """
            mkfifo \(hold)
            (head -c 40000 \(feed); cat \(hold)) | \(Command.groupload([]).path) import - --format csv --target \
                \(sandbox.url) --run-dir \(run) --quiet &
            load=$!
            until [ "$(curl -sf \(sandbox.url)/sandbox/stored | wc -l)" -gt 20 ]; do :; done
            kill -KILL $load; : >\(hold); wait
            """
        var shell = Command("/bin/bash", ["-c", command])
        shell.environment = Command.sandboxCredentials
        _ = try await shell.run()
        #expect(try await query("SELECT value FROM run WHERE key = 'input'") == "reading")
        var other = Command.groupload(["resume", run, "--rate", "auto"])
        other.input = Data("name\nOther\n".utf8)
        let refused = try await other.run()
        #expect(refused.status == 65 && refused.errorText.contains("standard input has changed since this run read it"))
        var same = Command.groupload(["resume", run, "--rate", "auto", "--quiet"])
        same.input = Data(text.utf8)
        let resumed = try await same.run()
        #expect(resumed.status == 0, "\(resumed.errorText)")
        let report = try await Report(run)
        report.expectAccounts()
        #expect(report.results.count == 5000)
        try await report.expectCreated(in: sandbox)
    }

    @Test("a run directory that holds a run with other options is left alone") func otherOptions() async throws {
        let sandbox = try await SandboxProcess.start()
        let import1 = ["import", try list(10), "--target", sandbox.url, "--run-dir", run, "--quiet"]
        #expect(try await Command.groupload(import1).run().status == 0)
        let other = try await Command.groupload(import1 + ["--rate", "100/s"]).run()
        #expect(other.status == 73 && other.errorText.contains("holds a run with other options"), "\(other.errorText)")
    }

    @Test("two runs on one scope exclude each other; the lock goes with the process") func locked() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "20ms"])
        let first = try await Command.groupload(
            ["import", try list(600), "--target", sandbox.url, "--run-dir", run, "--quiet", "--rate", "5/s"]
        ).run { process in
            try await sandbox.waitForStored(10)
            let second = try await Command.groupload(
                ["import", scratch.file("list.csv"), "--target", sandbox.url, "--run-dir", scratch.file("other")]
            ).run()
            #expect(second.status == 75 && second.errorText.contains("process \(process)"), "\(second.errorText)")
            kill(process, SIGKILL)
        }
        #expect(first.status == 128 + SIGKILL)
        #expect(try await Command.groupload(["resume", run, "--rate", "auto", "--quiet"]).run().status == 0)
    }

    @Test("headers' values aren't kept: they must be given again") func headers() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "20ms"])
        try await killed(sandbox, try list(600), after: 20, ["--header", "X-Secret: hush"])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: run + "/ledger.sqlite"))
        #expect(bytes.range(of: Data("hush".utf8)) == nil)
        let missing = try await Command.groupload(["resume", run, "--rate", "auto"]).run()
        #expect(missing.status == 64 && missing.errorText.contains("x-secret"), "\(missing.errorText)")
        let given = try await Command.groupload([
            "resume", run, "--rate", "auto", "--header", "X-Secret: hush", "--quiet",
        ]).run()
        #expect(given.status == 0, "\(given.errorText)")
    }

    @Test("what is no ledger, or none that can be read, is refused: 3; no such run: 66") func noLedger() async throws {
        #expect(try await Command.groupload(["resume", run, "--rate", "auto"]).run().status == 66)
        try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
        for bytes in [Data("not a database, but long enough to be looked at as one".utf8), Data()] {
            try bytes.write(to: URL(fileURLWithPath: run + "/ledger.sqlite"))
            let result = try await Command.groupload(["resume", run, "--rate", "auto"]).run()
            #expect(result.status == 3 && !result.errorText.contains("internal"), "\(result.errorText)")
        }
    }

    @Test("SIGTERM in a load of 100,000 leaves a whole report") func drains() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "5ms"])
        let list = try list(100_000)
        let result = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", run, "--quiet"]
        ).run { process in
            try await sandbox.waitForRequests(2000, matching: "create")
            kill(process, SIGTERM)
        }
        #expect(result.status == 143)
        let report = try await Report(run)
        report.expectAccounts()
        #expect(report.results.count == 100_000 && report.outcomes["unprocessed", default: 0] > 0)
    }
}
