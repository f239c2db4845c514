import Foundation
import TestSupport
import Testing

/// Targets that behave as the API's page and HTTP allow, though no friend would: what a load says of its groups then.
@Suite struct UnrulyTargetTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func list(_ count: Int, prefix: String = "Unruly") throws -> String {
        try scratch.write("name,rank\n" + (1...count).map { "\(prefix) \($0),\($0)\n" }.joined(), as: "list.csv")
    }

    private func load(_ sandbox: SandboxProcess, _ run: String, _ options: [String] = []) async throws -> Command.Result
    {
        try await scratch.groupload(
            ["import", scratch.file("list.csv"), "--target", sandbox.url, "--run-dir", run, "--snapshot", "never"]
                + options
        ).run()
    }

    @Test(
        "what was lost is confirmed by one clock in milliseconds, and present where the clock can't tell",
        arguments: [("skew=+5s", true), ("list-grain=1s", false), ("nodes=100ms", false)])
    func lost(clock: String, isTold: Bool) async throws {
        let sandbox = try await SandboxProcess.start(["--clock", clock, "--fault", "lost-after=20%", "--seed", "5"])
        _ = try list(200)
        let result = try await load(sandbox, "run")
        #expect([0, 4].contains(result.status), "\(result.errorText)")
        let outcomes = try await Report(scratch.file("run")).outcomes
        let (confirmed, present) = (outcomes["confirmed", default: 0], outcomes["present", default: 0])
        #expect(confirmed + present > 20 && outcomes["existing"] == nil)
        #expect(isTold ? confirmed * 100 >= (confirmed + present) * 95 : present > 0)
    }

    @Test("undo leaves what is present alone, unless --include-present asks for it") func undoOfPresent() async throws {
        let sandbox = try await SandboxProcess.start([
            "--clock", "list-grain=1s", "--fault", "lost-after=20%", "--seed", "5",
        ])
        _ = try list(100)
        _ = try await load(sandbox, "run")
        let outcomes = try await Report(scratch.file("run")).outcomes
        let (created, present) = (outcomes["created", default: 0], outcomes["present", default: 0])
        #expect(present > 5)
        func active() async throws -> Int { try await sandbox.stored().count { $0["isActive"] as? Bool == true } }
        let before = try await active()
        let undone = try await scratch.groupload(["undo", "run", "--yes", "--run-dir", "undone"]).run()
        #expect(undone.errorText.contains("--include-present"), "\(undone.errorText)")
        #expect(try await active() == before - created)
        let all = try await scratch.groupload(["undo", "run", "--yes", "--include-present", "--run-dir", "all"]).run()
        #expect([0, 1, 4].contains(all.status), "\(all.errorText)")
        #expect(try await active() == before - created - present)
        #expect(try await scratch.groupload(["verify", "all"]).run().status == 0)
    }

    @Test(
        "503 with Retry-After, redirects and 429 after the fact leave nothing disowned",
        arguments: [
            "503-after=20%", "redirect=20%", "429-after=20%", "false-id=20%", "desync=10%",
        ])
    func carriedOut(fault: String) async throws {
        let sandbox = try await SandboxProcess.start(["--fault", fault, "--seed", "3"])
        _ = try list(60)
        let result = try await load(sandbox, "run")
        #expect([0, 4].contains(result.status), "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(report.outcomes["existing"] == nil && report.outcomes["failed"] == nil, "\(report.outcomes)")
        let stored = try await sandbox.stored().reduce(into: [String: Int]()) {
            $0[$1["name"] as? String ?? ""] = $1["id"] as? Int
        }
        for row in report.results where ["created", "confirmed"].contains(row["_outcome"]) {
            #expect(row["_id"] == stored[row["name"] ?? ""].map(String.init))
        }
    }

    @Test("one name that a firewall refuses is failed, and stops nothing") func firewall() async throws {
        let sandbox = try await SandboxProcess.start(["--fault", "firewall=3%", "--seed", "2"])
        _ = try list(200)
        let result = try await load(sandbox, "run")
        #expect(result.status == 1, "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        let failed = report.results.filter { $0["_outcome"] == "failed" }
        #expect((1...20).contains(failed.count) && report.outcomes["created"] == 200 - failed.count)
        #expect(failed.allSatisfy { $0["_message"]?.contains("blocked before the API (HTTP 403, a web page") == true })
    }

    @Test(
        "a session that is lost in mid-run stops it with 3, and is no record's fault",
        arguments: ["redirect", "404", "400", "403"])
    func sessionLost(form: String) async throws {
        let sandbox = try await SandboxProcess.start(["--session-lost-after", "100", "--session-lost-as", form])
        _ = try list(400)
        let result = try await load(sandbox, "run", ["--concurrency", "4"])
        #expect(result.status == 3, "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(
            (100...104).contains(report.outcomes["created", default: 0]) && report.outcomes["failed"] == nil,
            "\(report.outcomes)")
        #expect(report.outcomes["unprocessed", default: 0] >= 200)
    }

    @Test("a create that is answered with a group of long ago is existing") func upsert() async throws {
        let sandbox = try await SandboxProcess.start(["--upsert", "--clock", "skew=-86400s"])
        _ = try list(5)
        // Somebody else's groups, a day old once the clock is right.
        #expect(try await load(sandbox, "old").status == 0)
        let database = sandbox.database
        let copy = scratch.file("copy.sqlite")
        try FileManager.default.copyItem(atPath: database, toPath: copy)
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: database + suffix) {
            try FileManager.default.copyItem(atPath: database + suffix, toPath: copy + suffix)
        }
        let now = try await SandboxProcess.start(["--upsert", "--database", copy])
        _ = try list(40)
        let result = try await load(now, "run")
        #expect(result.status == 0, "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        #expect(report.outcomes == ["existing": 5, "created": 35], "\(report.outcomes)")
    }

    @Test(
        "a server that keeps other names and ranks is noted, and its groups are found again",
        arguments: ["lower", "cut=24", "cut=9", "no-rank"])
    func normalised(form: String) async throws {
        let sandbox = try await SandboxProcess.start(["--normalise", form])
        _ = try list(30, prefix: "A Name That Is Long Enough To Be Cut By \(form)")
        if form.hasPrefix("cut") {
            _ = try scratch.write(
                "name,rank\n" + (1...30).map { "\($0) Name That Is Long Enough To Be Cut,\($0)\n" }.joined(),
                as: "list.csv")
        }
        let first = try await load(sandbox, "1", ["--json"])
        #expect(first.status == 0, "\(first.errorText)")
        let summary = try JSONSerialization.jsonObject(with: first.output) as? [String: Any]
        #expect(summary?["altered"] as? Int == 30)
        let report = try await Report(scratch.file("1"))
        #expect(report.results.allSatisfy { $0["_message"] != "" })
        let proved = try await scratch.groupload(["verify", "1", "--against-target"]).run()
        #expect(proved.status == 0 && proved.errorText.contains("the server keeps 30 groups in another form than was"))
        let second = try await load(sandbox, "2")
        #expect(second.status == 0, "\(second.errorText)")
        #expect(try await Report(scratch.file("2")).outcomes == ["existing": 30])
        // What is taken back has the server's name and rank.
        #expect(try await scratch.groupload(["undo", "1", "--yes", "--quiet"]).run().status == 0)
        #expect(try await sandbox.stored().allSatisfy { $0["isActive"] as? Bool == false })
    }

    @Test("a record whose name the server keeps otherwise isn't deactivated as missing") func spares() async throws {
        let sandbox = try await SandboxProcess.start(["--normalise", "question"])
        _ = try scratch.write("name,rank\n😀 vip,1\nGold,2\nSilver,3\n", as: "list.csv")
        #expect(try await load(sandbox, "1").status == 0)
        _ = try scratch.write("name,rank\n😀 vip,1\nGold,2\n", as: "list.csv")
        let second = try await load(
            sandbox, "2", ["--deactivate-missing", "--max-deactivate", "100%", "--yes", "--snapshot", "always"])
        #expect(second.status == 0, "\(second.errorText)")
        let active = try await sandbox.stored().filter { $0["isActive"] as? Bool == true }
        #expect(Set(active.compactMap { $0["name"] as? String }) == ["? vip", "Gold"])
        let report = try await Report(scratch.file("2"))
        report.expectAccounts()
        #expect(report.results.contains { $0["_message"]?.contains("left active") == true }, "\(report.results)")
        #expect(report.outcomes["updated"] == 1, "\(report.outcomes)")
    }

    @Test("changes after which a group has another name stop the run, and are told") func renames() async throws {
        let sandbox = try await SandboxProcess.start([])
        _ = try list(20, prefix: "Gold")
        #expect(try await load(sandbox, "1").status == 0)
        let copy = scratch.file("copy.sqlite")
        try FileManager.default.copyItem(atPath: sandbox.database, toPath: copy)
        let database = sandbox.database
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: database + suffix) {
            try FileManager.default.copyItem(atPath: database + suffix, toPath: copy + suffix)
        }
        let lowering = try await SandboxProcess.start(["--normalise", "lower", "--database", copy])
        let names = try await lowering.stored().compactMap { $0["name"] as? String }
        _ = try scratch.write("name,rank\n" + names.map { "\($0),777\n" }.joined(), as: "list.csv")
        let result = try await load(
            lowering, "2", ["--on-existing", "update", "--snapshot", "always"])
        #expect(result.status == 3 && result.errorText.contains("renames groups"), "\(result.errorText)")
        let report = try await Report(scratch.file("2"))
        report.expectAccounts()
        #expect(report.outcomes["updated"] == 1 && report.outcomes["unprocessed"] == 19, "\(report.outcomes)")
        let message = report.results.first { $0["_outcome"] == "updated" }?["_message"]
        #expect(message?.contains("the server keeps the name as") == true, "\(message ?? "")")
        // What was changed is taken back, under the name that the group has now.
        #expect(try await scratch.groupload(["undo", "2", "--yes", "--quiet"]).run().status == 0)
        let stored = try await lowering.stored()
        #expect(stored.allSatisfy { $0["rank"] as? Int != 777 }, "\(stored)")
    }

    @Test("waits that come to more than --wait-max stop the run, and say until when") func waitMax() async throws {
        let sandbox = try await SandboxProcess.start(["--rate-limit", "5/min"])
        _ = try list(40)
        let result = try await load(sandbox, "run", ["--wait-max", "1s"])
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        // The minute may be over in less than a second.
        if result.status != 0 {
            #expect(result.status == 3 && result.errorText.contains("--wait-max 1s"), "\(result.errorText)")
            #expect(report.outcomes["unprocessed", default: 0] > 0)
        }
        #expect(try await scratch.groupload(["import", "--help"]).run().outputText.contains("--wait-max"))
    }
}
