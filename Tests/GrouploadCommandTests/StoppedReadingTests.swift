import Foundation
import TestSupport
import Testing

/// A run that is stopped while it reads: it has not finished, though every record that it read has an outcome.
@Suite struct StoppedReadingTests {
    private let scratch: Scratch
    private let run: String

    init() throws {
        scratch = try Scratch()
        run = scratch.file("run")
    }

    private func groupload(_ arguments: [String], exit status: Int32) async throws -> Command.Result {
        let result = try await Command.groupload(arguments).run()
        #expect(result.status == status, "\(arguments): \(result.outputText)\(result.errorText)")
        return result
    }

    /// Makes sure that whoever asks is told that the run in ``run`` has not finished.
    private func expectUnfinished(_ read: Int) async throws {
        let seen = try await groupload(["status", run], exit: 1).outputText
        #expect(seen.contains("ended with exit 143, and records are left"), "\(seen)")
        #expect(seen.contains("The lists were read only in part.\nTo finish it: groupload resume \(run)"), "\(seen)")
        let listed = try await groupload(["runs", "--directory", scratch.path, "--json"], exit: 0)
        let runs = try #require(try JSONSerialization.jsonObject(with: listed.output) as? [[String: Any]])
        #expect(runs.first?["state"] as? String == "reading" && runs.first?["exit"] as? Int == 143)
        let verified = try await groupload(["verify", run], exit: 1).outputText
        #expect(verified.hasPrefix("unfinished: the run was stopped when it had read only a part"), "\(verified)")
        #expect(verified.contains("groupload resume \(run)") && !verified.contains("has changed"), "\(verified)")
        let report = try await Report(run)
        report.expectAccounts()
        #expect(report.results.count == read && report.summary["unread"] as? Bool == true)
        let input = try #require((report.summary["inputs"] as? [[String: Any]])?.first)
        #expect(input["sha256"] == nil && input["bytes"] as? Int ?? 0 > 0)
        let page = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
        #expect(page.contains("This run has not finished: it was stopped when \(read) records had been read."))
        let text = try String(contentsOfFile: HeldList(scratch).errors, encoding: .utf8)
        #expect(text.contains("Not all was read: groupload resume \(run)"), "\(text)")
        #expect(!text.contains(" is corrected"), "\(text)")
    }

    @Test("all that was read is invalid or a duplicate: no pruning removes it, and resume reads on") func file()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        let (list, text) = (scratch.file("list.csv"), "name,rank\nBad,x\nWorse,y\nWorst,\n")
        let load = ["import", list, "--target", sandbox.url, "--run-dir", run]
        let part = "name,rank\nBad,x\nWorse,y\n"
        #expect(
            try await HeldList(scratch).end(load, part, at: list, once: HeldList.has(2, "record", in: run), by: SIGTERM)
                == 143)
        try await expectUnfinished(2)

        let other = try scratch.write("name\nOther\n", as: "other.csv")
        for name in ["a", "b"] {
            _ = try await groupload(
                [
                    "import", other, "--target", sandbox.url, "--run-dir", scratch.file(name), "--keep-runs", "1",
                ], exit: 0)
        }
        try await expectUnfinished(2)
        try FileManager.default.removeItem(atPath: list)
        _ = try scratch.write(text, as: "list.csv")
        _ = try await groupload(["resume", run, "--quiet"], exit: 1)
        #expect(try await Report(run).outcomes == ["invalid": 2, "created": 1])
        #expect(try await Report(run).summary["unread"] == nil)
        _ = try await groupload(["status", run], exit: 0)
        _ = try await groupload(["verify", run], exit: 0)
    }

    @Test("all that was read is sent: resume without the rest of the list says that it is enough") func sent()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        let stopped = try await HeldList(scratch).end(
            ["import", "-", "--format", "csv", "--target", sandbox.url, "--run-dir", run], "name,rank\nGold,1\nTin,2\n",
            once: HeldList.has(2, "outcome", in: run), by: SIGTERM)
        #expect(stopped == 143)
        try await expectUnfinished(2)
        let ended = try await groupload(["resume", run, "--changed-input", "--quiet"], exit: 0)
        #expect(ended.errorText.isEmpty, "\(ended.errorText)")
        #expect(try await Report(run).summary["unread"] == nil)
        _ = try await groupload(["status", run], exit: 0)
        _ = try await groupload(["verify", run], exit: 0)
    }
}
