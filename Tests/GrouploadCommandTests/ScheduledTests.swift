import Foundation
import TestSupport
import Testing

/// The same command again and again, as cron, a systemd timer or a CronJob gives it.
@Suite struct ScheduledTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func runs() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: scratch.file("runs")))
    }

    @Test("--keep-runs removes what is old and finished, and nothing that somebody could want to resume or put there")
    func keepRuns() async throws {
        let (sandbox, other) = (try await SandboxProcess.start(), try await SandboxProcess.start())
        let list = try scratch.write("name\n" + (1...30).map { "Kept \($0)\n" }.joined(), as: "list.csv")
        func load(_ run: String, _ target: String, _ options: [String] = []) async throws -> Command.Result {
            let result = try await scratch.groupload(
                ["import", list, "--target", target, "--run-dir", "runs/\(run)"] + options
            ).run()
            return result
        }
        #expect(try await load("elsewhere", other.url).status == 0)
        #expect(try await load("1", sandbox.url).status == 0)
        #expect(
            try await load(
                "stopped", sandbox.url,
                ["--on-existing", "fail", "--max-errors", "0", "--snapshot", "never", "--concurrency", "1"]
            ).status == 2)
        #expect(try await load("2", sandbox.url).status == 0)
        _ = try scratch.write("mine", as: "runs/2/notes.txt")
        #expect(try await load("3", sandbox.url).status == 0)
        let last = try await load("4", sandbox.url, ["--keep-runs", "2"])
        #expect(last.status == 0 && last.errorText.contains("removed the old run"), "\(last.errorText)")
        #expect(try runs() == ["elsewhere", "stopped", "2", "3", "4"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("runs/2")) == ["notes.txt"])
        #expect(try await scratch.groupload(["verify", "runs/3"]).run().status == 0)
        #expect(try await load("5", sandbox.url, ["--keep-runs", "0"]).status == 64)
    }

    @Test("--keep-runs keeps the last run that finished, which --min-records measures by")
    func keepMeasure() async throws {
        let sandbox = try await SandboxProcess.start()
        func load(_ count: Int, _ run: String) async throws -> Command.Result {
            let list = try scratch.write("name\n" + (0..<count).map { "Measure \($0)\n" }.joined(), as: "list.csv")
            return try await scratch.groupload([
                "import", list, "--target", sandbox.url, "--run-dir", "runs/\(run)", "--keep-runs", "1",
                "--min-records", "50%",
            ]).run()
        }
        #expect(try await load(40, "1").status == 0)
        #expect(try await load(0, "2").status == 2)
        #expect(try await load(0, "3").status == 2)
        #expect(try runs() == ["1", "3"])
        #expect(try await load(10, "4").status == 2)
        #expect(try await load(30, "5").status == 0)
        #expect(try runs().isDisjoint(with: ["1", "3"]))
        #expect(try await load(10, "6").status == 2)
    }

    @Test("the run after a killed one names it; resuming that after a later one has finished is noted")
    func unfinishedBefore() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\n" + (1...300).map { "Before \($0)\n" }.joined(), as: "list.csv")
        let command = ["import", list, "--target", sandbox.url, "--run-dir"]
        _ = try await scratch.groupload(command + ["runs/a", "--rate", "100/s"]).run {
            try await sandbox.waitForRequests(20, matching: "create")
            kill($0, SIGKILL)
        }
        let next = try await scratch.groupload(command + ["runs/b"]).run()
        #expect(next.status == 0 && next.errorText.contains("did not finish: "), "\(next.errorText)")
        #expect(next.errorText.contains("runs/a; what it created is found as existing"))
        let third = try await scratch.groupload(command + ["runs/c"]).run()
        #expect(third.status == 0 && !third.errorText.contains("did not finish"), "\(third.errorText)")
        let resumed = try await scratch.groupload(["resume", "runs/a"]).run()
        #expect(resumed.status == 0 && resumed.errorText.contains("has finished meanwhile: "), "\(resumed.errorText)")
        #expect(resumed.errorText.contains("runs/c; what this one still changes"))
        #expect(try await sandbox.stored().count == 300)
    }

    @Test("the same command again, after the same list, makes few requests; killed, it goes on where it was")
    func again() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name,rank\n" + (1...500).map { "Night \($0),\($0)\n" }.joined(), as: "list.csv")
        let command = ["import", list, "--target", sandbox.url, "--on-existing", "update", "--json", "--quiet"]
        _ = try await scratch.groupload(command + ["--run-dir", "runs/a", "--rate", "100/s"]).run {
            try await sandbox.waitForRequests(50, matching: "create")
            kill($0, SIGKILL)
        }
        func summary(_ run: String, _ rate: [String] = []) async throws -> [String: Any] {
            let result = try await scratch.groupload(command + ["--run-dir", run] + rate).run()
            #expect(result.status == 0, "\(result.errorText)")
            return try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
        }
        _ = try await summary("runs/a", ["--rate", "100/s"])
        #expect(try await Report(scratch.file("runs/a")).made == 500)
        _ = try scratch.write("name,rank\nNight 1,2\n", as: "list.csv")
        let changed = try await scratch.groupload(command + ["--run-dir", "runs/a", "--rate", "100/s"]).run()
        #expect(changed.status == 65 && changed.errorText.contains("name another --run-dir"), "\(changed.errorText)")
        _ = try scratch.write("name,rank\n" + (1...500).map { "Night \($0),\($0)\n" }.joined(), as: "list.csv")
        let same = try await summary("runs/b")
        #expect(same["requests"] as? Int == 6 && (same["outcomes"] as? [String: Int])?["existing"] == 500)
    }
}
