import Foundation
import TestSupport
import Testing

/// `plan`, and `import --plan`.
@Suite struct PlanTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func held(_ text: String) async throws -> SandboxProcess {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write(text, as: "held.csv")
        let result = try await scratch.groupload([
            "import", list, "--target", sandbox.url, "--run-dir", "held", "--quiet",
        ])
        .run()
        #expect(result.status == 0, "\(result.errorText)")
        return sandbox
    }

    private static let held =
        "name,rank\nSame,1\nRanked,2\nOff,3\nGone,4\nvip  club,5\n" + (1...40).map { "Many \($0),\n" }.joined()
    private static let list =
        "name,rank,isActive\nSame,1,\nRanked,20,\nOff,3,false\nNew,7,\nVIP CLUB,5,\nSame,9,\n"
        + (1...40).map { "Many \($0),,\n" }.joined()
    private static let options = ["--on-existing", "update", "--deactivate-missing"]

    private func planned(_ sandbox: SandboxProcess, _ options: [String] = options) async throws -> [String: Any] {
        _ = try scratch.write(Self.list, as: "list.csv")
        let result = try await scratch.groupload(
            ["plan", "list.csv", "--target", sandbox.url, "-o", "plan.json", "--json"] + options
        ).run()
        #expect(result.status == 0, "\(result.errorText)")
        return try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    }

    /// The plan's file.
    private func kept() throws -> [String: Any] {
        let data = try Data(contentsOf: scratch.url("plan.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("a plan says what would become of every record, in JSON, and changes nothing") func plan()
        async throws
    {
        let sandbox = try await held(Self.held)
        let before = try await sandbox.stored().count
        let summary = try await planned(sandbox)
        let counts = [
            "create": 2, "existing": 41, "update": 1, "reactivate": 0, "deactivate": 2, "duplicate": 1, "invalid": 0,
            "failed": 0,
        ]
        #expect(summary["counts"] as? [String: Int] == counts)
        #expect(summary["near"] as? Int == 1 && summary["groups"] as? Int == 45 && summary["read"] as? Int == 46)
        #expect(try await sandbox.stored().count == before)
        #expect(try await sandbox.requests(matching: "PUT") == 0)
        let plan = try kept()
        let records = try #require(plan["records"] as? [[String: Any]])
        let actions = records.reduce(into: [String: Int]()) { $0[$1["action"] as? String ?? "", default: 0] += 1 }
        #expect(actions == counts.filter { $0.value > 0 } && plan["counts"] as? [String: Int] == counts)
        #expect(records.compactMap { $0["record"] as? Int } == Array(1...46))
        let update = try #require(records.first { $0["action"] as? String == "update" })
        #expect(update["name"] as? String == "Ranked")
        #expect((update["from"] as? [String: Any])?["rank"] as? Int == 2)
        #expect((update["to"] as? [String: Any])?["rank"] as? Int == 20)
        let near = try #require(records.first { $0["near"] != nil })
        #expect(near["name"] as? String == "VIP CLUB")
        #expect((near["near"] as? [[Any]])?.first?[1] as? String == "vip  club")
    }

    @Test("the messy sample, where half of it is there, gives what the samples' README says, and then does that")
    func sample()
        async throws
    {
        let data = try Data(contentsOf: URL(fileURLWithPath: Samples.path("planned.json")))
        let expected = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let sandbox = try await SandboxProcess.start()
        let target = ["--target", sandbox.url, "--on-existing", "update"]
        let held = Samples.path(try #require(expected["held"] as? String))
        #expect(
            try await scratch.groupload(["import", held, "--run-dir", "held", "--quiet"] + target).run().status == 0)
        let list = Samples.path(try #require(expected["list"] as? String))
        let plan = try await scratch.groupload(["plan", list, "-o", "plan.json", "--json", "--quiet"] + target).run()
        #expect(plan.status == expected["exit"] as? Int32)
        let summary = try #require(try JSONSerialization.jsonObject(with: plan.output) as? [String: Any])
        #expect(summary["counts"] as? [String: Int] == expected["counts"] as? [String: Int])
        #expect(summary["groups"] as? Int == expected["groups"] as? Int)
        let records = try #require(try kept()["records"] as? [[String: Any]])
        func numbers(_ isMeant: ([String: Any]) -> Bool) -> [Int] {
            records.filter(isMeant).compactMap { $0["record"] as? Int }
        }
        #expect(numbers { $0["near"] != nil } == expected["near"] as? [Int])
        for action in ["update", "reactivate"] {
            #expect(numbers { $0["action"] as? String == action } == expected[action] as? [Int], "\(action)")
        }
        let before = try await sandbox.stored().count
        let done = try await scratch.groupload(["import", "--plan", "plan.json", "--run-dir", "run", "--quiet"]).run()
        #expect(done.status == expected["exit"] as? Int32, "\(done.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(report.outcomes == expected["outcomes"] as? [String: Int])
        #expect(try await sandbox.stored().count == before + 12)
        #expect(try await sandbox.requests(matching: "PUT") == 2 + 5)
    }

    @Test("a plan is carried out from anywhere, exactly, and not again") func carriedOut() async throws {
        let sandbox = try await held(Self.held)
        _ = try await planned(sandbox)
        let done = try await Command.groupload([
            "import", "--plan", scratch.file("plan.json"), "--yes", "--run-dir", scratch.file("run"),
        ]).run()
        #expect(done.status == 0, "\(done.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(report.outcomes == ["created": 2, "existing": 41, "updated": 3, "duplicate": 1])
        let again = try await scratch.groupload(["import", "--plan", "plan.json", "--yes", "--run-dir", "again"]).run()
        #expect(again.status == 65 && again.errorText.contains("isn't what it was when this was planned"))
        #expect(try await sandbox.requests(matching: "PUT") == 3)
        let beside = try await scratch.groupload(["import", "list.csv", "--plan", "plan.json", "--target", sandbox.url])
            .run()
        #expect(beside.status == 64)
    }

    @Test("a change of the list, or of what it touches on the target, is refused by name; any other is not")
    func refused() async throws {
        let sandbox = try await held(Self.held)
        _ = try await planned(sandbox, ["--on-existing", "update"])
        func load(_ text: String, _ run: String) async throws {
            let list = try scratch.write(text, as: run + ".csv")
            #expect(
                try await scratch.groupload([
                    "import", list, "--target", sandbox.url, "--on-existing", "update", "--run-dir", run, "--quiet",
                ]).run().status == 0)
        }
        let before = try await sandbox.requests(matching: "create")
        _ = try scratch.write(Self.list + "More,1,\n", as: "list.csv")
        let changed = try await scratch.groupload(["import", "--plan", "plan.json", "--run-dir", "1"]).run()
        #expect(changed.status == 65 && changed.errorText.contains("list.csv has changed since it was planned"))
        _ = try scratch.write(Self.list, as: "list.csv")
        try await load("name,rank\nRanked,5\n", "other")
        let moved = try await scratch.groupload(["import", "--plan", "plan.json", "--run-dir", "2"]).run()
        #expect(
            moved.status == 65 && moved.errorText.contains("planned: update, rank 2 → 20; now: update, rank 5 → 20"))
        #expect(try await sandbox.requests(matching: "create") == before + 1)
        try await load("name,rank\nRanked,2\nQuite another,2\n", "back")
        let done = try await scratch.groupload(["import", "--plan", "plan.json", "--run-dir", "3"]).run()
        #expect(done.status == 0, "\(done.errorText)")
    }

    @Test("a saved plan is shown whole, without a network; one that was changed isn't a plan") func show() async throws
    {
        let sandbox = try await held(Self.held)
        _ = try await planned(sandbox)
        var command = scratch.groupload(["plan", "--show", "plan.json"])
        command.environment = [:]
        let shown = try await command.run()
        #expect(shown.status == 0 && shown.error.isEmpty, "\(shown.errorText)")
        let lines = shown.outputText.split(separator: "\n")
        let text = try String(contentsOfFile: scratch.file("plan.json"), encoding: .utf8)
        let entries = lines.filter { "+~-=!x".contains($0.first ?? " ") }
        #expect(entries.count == text.components(separatedBy: #"{"action":"#).count - 1 && entries.count == 47)
        #expect(entries.contains { $0.hasPrefix(#"~ update "Ranked": rank 2 → 20 (group "#) }, "\(entries)")
        #expect(entries.contains { $0.wholeMatch(of: /- deactivate "Gone" \(group \d+\): no record names it/) != nil })
        #expect(lines.last == "2 create, 1 update, 2 deactivate, 41 existing, 1 duplicate; groups at the target: 45")
        let edited = text.replacing(#""name":"New""#, with: #""name":"Old""#)
        _ = try scratch.write(edited, as: "plan.json")
        #expect(try await scratch.groupload(["plan", "--show", "plan.json"]).run().status == 65)
        _ = try scratch.write(String(text.prefix(text.count / 2)), as: "plan.json")
        #expect(try await scratch.groupload(["plan", "--show", "plan.json"]).run().status == 65)
        #expect(try await scratch.groupload(["plan", "--show", "none.json"]).run().status == 66)
        #expect(try await scratch.groupload(["plan", "--show", "plan.json", "list.csv"]).run().status == 64)
    }

    @Test("a refused plan says what differs as a person reads it, and the command that helps") func again() async throws
    {
        let sandbox = try await held(Self.held)
        _ = try await planned(sandbox)
        _ = try scratch.write(
            "name,rank\nNew,1\nRanked,5\n" + (1...40).map { "Many \($0),7\n" }.joined(), as: "other.csv")
        let other = try await scratch.groupload([
            "import", "other.csv", "--target", sandbox.url, "--on-existing", "update", "--run-dir", "other", "--quiet",
        ]).run()
        #expect(other.status == 0, "\(other.errorText)")
        let refused = try await scratch.groupload(["import", "--plan", "plan.json", "--yes", "--run-dir", "run"]).run()
        let text = refused.errorText
        #expect(refused.status == 65 && !text.contains("groupload resume") && !text.contains("{"), "\(text)")
        #expect(text.contains("1  planned: create, now: update (the group is there now)\n"), "\(text)")
        #expect(
            text.contains(#""New" (group 46, record 4): planned: create, rank 7; now: update, rank 1 → 7"#), "\(text)")
        #expect(text.contains("record 2): planned: update, rank 2 → 20; now: update, rank 5 → 20"))
        let path = scratch.file("plan.json")
        #expect(text.contains("plan again, which shows all that differs: groupload plan --again \(path) -o \(path)"))
        let message = try await Report(scratch.file("run")).results.first?["_message"]
        #expect(message?.contains("plan again") == true && message?.contains("What differs") == false)
        let again = try await scratch.groupload(["plan", "--again", path, "-o", path]).run()
        #expect(again.status == 0, "\(again.errorText)")
        #expect(again.outputText.split(separator: "\n").count == 2 && again.errorText.contains("differences from"))
        let done = try await scratch.groupload(["import", "--plan", "plan.json", "--yes", "--run-dir", "done"]).run()
        #expect(done.status == 0, "\(done.errorText)")
        let beside = try await scratch.groupload(["plan", "--again", path, "--on-existing", "skip"]).run()
        #expect(beside.status == 64)
    }

    @Test("a plan says what an import will refuse") func refusal() async throws {
        let sandbox = try await held(Self.held)
        _ = try scratch.write("name,rank\nSame,1\n", as: "short.csv")
        let options = ["short.csv", "--target", sandbox.url, "--deactivate-missing"]
        let plan = try await scratch.groupload(["plan"] + options + ["--json"]).run()
        #expect(plan.status == 0 && plan.errorText.contains("give --max-deactivate 44"), "\(plan.errorText)")
        let summary = try #require(try JSONSerialization.jsonObject(with: plan.output) as? [String: Any])
        #expect((summary["refusal"] as? String)?.contains("--max-deactivate") == true)
        let done = try await scratch.groupload(["import"] + options + ["--yes", "--run-dir", "run"]).run()
        #expect(done.status == 2 && !done.errorText.contains("groupload resume"), "\(done.errorText)")
        let allowed = try await scratch.groupload(["plan"] + options + ["--max-deactivate", "44"]).run()
        #expect(allowed.status == 0 && !allowed.errorText.contains("does nothing of this"), "\(allowed.errorText)")
        let folded = try await scratch.groupload([
            "import", "short.csv", "--target", sandbox.url, "--name-match", "folded", "--snapshot", "never",
        ]).run()
        #expect(folded.status == 64)
    }

    /// Inactive groups and one with a rank; the rows of a list; options; the counts that differ from 0.
    private static let truths: [(String, [String], [String: Int])] = [
        // A new rank for a group that stays inactive is no deactivation.
        ("Off,30,false\n", ["--on-existing", "update"], ["update": 1]),
        ("Off,3,true\n", ["--on-existing", "update"], ["reactivate": 1]),
        ("Ranked,2,false\n", ["--on-existing", "update"], ["deactivate": 1]),
        ("Ranked,,\n", ["--on-existing", "update"], ["existing": 1]),
        ("Ranked,,\n", ["--on-existing", "update", "--empty-rank", "clear"], ["update": 1]),
        ("New,1,false\n", [], ["create": 1]), ("New,1,false\n", ["--on-existing", "update"], ["create": 1]),
    ]

    @Test("what a plan says of ranks and activities is what an import does", arguments: truths)
    func truth(row: String, options: [String], counts: [String: Int]) async throws {
        let sandbox = try await SandboxProcess.start()
        let target = ["--target", sandbox.url]
        let held = try scratch.write("name,rank,isActive\nOff,3,false\nRanked,2,\n", as: "held.csv")
        let update = ["--on-existing", "update", "--run-dir", "held", "--quiet"]
        #expect(try await scratch.groupload(["import", held] + target + update).run().status == 0)
        let list = try scratch.write("name,rank,isActive\n" + row, as: "list.csv")
        let plan = try await scratch.groupload(["plan", list, "-o", "plan.json", "--json"] + target + options).run()
        #expect(plan.status == 0, "\(plan.errorText)")
        let summary = try #require(try JSONSerialization.jsonObject(with: plan.output) as? [String: Any])
        #expect((summary["counts"] as? [String: Int])?.filter { $0.value > 0 } == counts)
        let saysInactive = plan.errorText.contains("not active (record 1)")
        #expect(saysInactive == (row.hasPrefix("New") && !options.isEmpty), "\(plan.errorText)")
        // Nobody is asked, for no group is set inactive that the list doesn't name.
        let done = try await scratch.groupload(["import", "--plan", "plan.json", "--run-dir", "run"]).run()
        #expect(done.status == 0, "\(done.errorText)")
        let groups = try await sandbox.stored().map { group in
            "\(group["name"] ?? "") \(group["rank"] ?? "") \(group["isActive"] as? Bool ?? true)"
        }
        let ending = try #require(
            [
                "Off,30,false\n": "Off 30 false", "Off,3,true\n": "Off 3 true", "Ranked,2,false\n": "Ranked 2 false",
                "Ranked,,\n": options.last == "clear" ? "Ranked <null> true" : "Ranked 2 true",
                "New,1,false\n": "New 1 \(options.isEmpty)",
            ][row])
        #expect(groups.contains(ending), "\(groups)")
    }

    @Test("--empty-rank without --on-existing update is wrong usage") func emptyRank() async throws {
        let list = try scratch.write("name\nA\n", as: "list.csv")
        for command in ["plan", "import"] {
            let result = try await scratch.groupload([
                command, list, "--target", "http://127.0.0.1:9", "--empty-rank", "clear",
            ]).run()
            #expect(result.status == 64)
        }
    }

    @Test("a planned import that is killed is resumed, without the plan's file") func resumed() async throws {
        let sandbox = try await held(Self.held)
        let rows = (1...400).map { "Slow \($0),1,\n" }.joined()
        _ = try scratch.write(Self.list + rows, as: "list.csv")
        #expect(
            try await scratch.groupload(
                ["plan", "list.csv", "--target", sandbox.url, "-o", "plan.json", "--quiet"] + Self.options
            )
            .run().status == 0)
        _ = try await scratch.groupload([
            "import", "--plan", "plan.json", "--yes", "--rate", "100/s", "--run-dir", "run",
        ]).run {
            try await sandbox.waitForRequests(100, matching: "create")
            kill($0, SIGKILL)
        }
        try FileManager.default.removeItem(atPath: scratch.file("plan.json"))
        let result = try await scratch.groupload(["resume", "run", "--rate", "auto"]).run()
        #expect(result.status == 0, "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(report.outcomes["updated"] == 3 && report.outcomes["existing"] == 41)
        #expect(report.made == 402)
        #expect(try await sandbox.stored().count == 447)
    }

    @Test("what a killed process had decided is decided again, and still as planned") func decidedAgain() async throws {
        let sandbox = try await held(Self.held)
        _ = try await planned(sandbox)
        // Nobody to ask: it stops before anything is sent.
        let unasked = try await scratch.groupload(["import", "--plan", "plan.json", "--run-dir", "run"]).run()
        #expect(unasked.status == 64)
        let half = """
            UPDATE outcome SET outcome = 'existing', id = 1 WHERE record = 1; DELETE FROM outcome WHERE record = 2;
            INSERT INTO group_update (record, id, name, from_rank, from_active, to_rank, to_active) VALUES (2, \
            2, 'Ranked', 2, 1, 20, 1);
            """
        let tampered = try await Command("/usr/bin/env", ["sqlite3", scratch.file("run/ledger.sqlite"), half]).run()
        #expect(tampered.status == 0, "\(tampered.errorText)")
        let again = try await scratch.groupload(["resume", "run"]).run()
        #expect(again.status == 64)
        let done = try await scratch.groupload(["import", "--plan", "plan.json", "--yes", "--run-dir", "run"]).run()
        #expect(done.status == 0, "\(done.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(report.outcomes == ["created": 2, "existing": 41, "updated": 3, "duplicate": 1])
    }

    @Test("what isn't a plan is said to be none") func notOne() async throws {
        for (text, status) in [("", 65), ("{}\n", 65), ("{\"plan\":1,\"records\":[\n", 65)] as [(String, Int32)] {
            _ = try scratch.write(text, as: "plan.json")
            #expect(try await scratch.groupload(["import", "--plan", "plan.json"]).run().status == status)
        }
        #expect(try await scratch.groupload(["import", "--plan", "none.json"]).run().status == 66)
        let sandbox = try await held(Self.held)
        _ = try await planned(sandbox)
        for option in [["--snapshot", "never"], ["--name-match", "folded"], ["--on-existing=fail"]] {
            let result = try await scratch.groupload(["import", "--plan", "plan.json"] + option).run()
            #expect(result.status == 64 && result.errorText.contains("is a matter of the plan"), "\(result.errorText)")
        }
        let over = try await scratch.groupload(["plan", "list.csv", "--target", sandbox.url, "-o", "list.csv"]).run()
        #expect(over.status == 64)
        #expect(try String(contentsOfFile: scratch.file("list.csv"), encoding: .utf8) == Self.list)
        let other = try String(contentsOfFile: scratch.file("plan.json"), encoding: .utf8)
            .replacingOccurrences(of: #""plan":2,"#, with: #""plan":3,"#)
        _ = try scratch.write(other, as: "plan.json")
        let newer = try await scratch.groupload(["import", "--plan", "plan.json", "--yes"]).run()
        #expect(newer.status == 65 && newer.errorText.contains("another version"))
    }
}
