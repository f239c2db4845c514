import Foundation
import TestSupport
import Testing

@Suite struct ImportTests {
    @Test("a pipe streams") func streams() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        var command = Command.groupload([
            "import", "-", "--target", sandbox.url, "--run-dir", scratch.file("run"), "--json",
        ])
        command.input = Data((["name,rank"] + (1...3000).map { "Pipe \($0),\($0)" }).joined(separator: "\n").utf8)
        let result = try await command.run()
        #expect(result.status == 0, "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        try await report.expectCreated(in: sandbox)
        #expect(report.outcomes == ["created": 3000])
        let printed = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
        #expect(printed?["read"] as? Int == 3000)
    }

    @Test("several inputs are one run, and repeats span them") func spansInputs() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let first = try scratch.write("name,rank\nA,1\nB,2\n", as: "1.csv")
        _ = try scratch.write("{\"name\":\"B\",\"rank\":3}\n{\"name\":\"C\"}\n", as: "2.ndjson")
        let result = try await Command.groupload(
            ["import", first, scratch.file("*.ndjson"), "--target", sandbox.url, "--run-dir", scratch.file("run")]
        ).run()
        #expect(result.status == 0, "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(report.results.map { $0["_outcome"] } == ["created", "created", "duplicate", "created"])
        #expect(report.results[2]["_duplicate_of"] == "2")
        #expect(report.results[2]["_message"]?.contains("rank differs") == true)
        #expect(report.results[3]["_line"] == "2")
    }

    @Test("SIGTERM: what is in flight ends, the rest is unprocessed, the report is whole") func stops() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "20ms"])
        let scratch = try Scratch()
        let list = try scratch.write("name\n" + (1...20_000).map { "Stop \($0)\n" }.joined(), as: "list.csv")
        let result = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("run"), "--concurrency", "4"]
        ).run { process in
            try await sandbox.waitForStored(20)
            kill(process, SIGTERM)
        }
        #expect(result.status == 143, "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        try await report.expectCreated(in: sandbox)
        #expect(Set(report.outcomes.keys) == ["created", "unprocessed"])
        #expect(try await Report.rows(scratch.file("run") + "/unprocessed.csv").count == report.outcomes["unprocessed"])
    }

    @Test("a limit of the server is met with patience") func throttled() async throws {
        let sandbox = try await SandboxProcess.start(["--rate-limit", "30/min"])
        let scratch = try Scratch()
        let list = try scratch.write("name\nA\nB\nC\n", as: "list.csv")
        let result = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("run"), "--rate", "5/s"]
        ).run()
        #expect(result.status == 0, "\(result.errorText)")
    }

    @Test("--max-errors ends a run with 2") func maxErrors() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let list = try scratch.write("name\n" + (1...2000).map { "E \($0)\n" }.joined(), as: "list.csv")
        let target = ["--target", sandbox.url]
        #expect(
            try await Command.groupload(["import", list, "--run-dir", scratch.file("1")] + target).run().status == 0)
        let result = try await Command.groupload(
            [
                "import", list, "--run-dir", scratch.file("2"), "--on-existing", "fail", "--snapshot", "never",
                "--max-errors", "10",
            ] + target
        ).run()
        #expect(result.status == 2, "\(result.errorText)")
        let report = try await Report(scratch.file("2"))
        report.expectAccounts()
        #expect(Set(report.outcomes.keys) == ["failed", "unprocessed"])
        #expect(result.errorText.contains("2 --max-errors N, with a larger limit"), "\(result.errorText)")
    }

    @Test("a name that differs in case only is noted on a target that ignores case") func ignoresCase() async throws {
        let sandbox = try await SandboxProcess.start(["--names", "case-insensitive"])
        let scratch = try Scratch()
        let list = try scratch.write("name\nGold\nGOLD\n", as: "list.csv")
        let exact = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("1"), "--concurrency", "1"]
        ).run()
        #expect(exact.status == 1, "\(exact.errorText)")
        let report = try await Report(scratch.file("1"))
        #expect(report.results.map { $0["_outcome"] } == ["created", "failed"])
        #expect(report.results[1]["_message"]?.contains("--name-match folded") == true)
        let folded = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("2"), "--name-match", "folded"]
        ).run()
        #expect(folded.status == 0, "\(folded.errorText)")
        #expect(try await Report(scratch.file("2")).results.map { $0["_outcome"] } == ["existing", "duplicate"])
    }
}
