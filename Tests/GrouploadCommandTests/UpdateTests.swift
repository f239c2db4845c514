import Foundation
import Synchronization
import TestSupport
import Testing

/// `--on-existing update`, `--snapshot`, `--deactivate-missing` and the list's own activity.
@Suite struct UpdateTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let first =
        "name,rank\nSame,1\nRanked,2\nOff,3\nGone 1,4\nGone 2,5\nKept,6\n"
        + (1...60).map { "Many \($0),\($0)\n" }.joined()
    private static let second =
        "name,rank,isActive\nSame,1,\nRanked,20,yes\nOff,3,No\nKept,,\nNew,7,TRUE\nNew off,8,0\nRanked,21,\n"
        + (1...60).map { "Many \($0),\($0),\n" }.joined()

    private func imported(
        _ text: String, _ sandbox: SandboxProcess, _ run: String, _ options: [String] = []
    ) async throws -> Command.Result {
        let list = try scratch.write(text, as: run + ".csv")
        return try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", run] + options).run()
    }

    /// What the sandbox stores of each group, by name: its rank and whether it is in use.
    private func stored(_ sandbox: SandboxProcess) async throws -> [String: String] {
        var groups: [String: String] = [:]
        for group in try await sandbox.stored() {
            let rank = (group["rank"] as? Int).map(String.init) ?? "none"
            groups[group["name"] as? String ?? ""] = "\(rank) \(group["isActive"] as? Bool == true ? "on" : "off")"
        }
        return groups
    }

    private static let updated = [
        "Same": "1 on", "Ranked": "20 on", "Off": "3 off", "Kept": "6 on", "New": "7 on", "New off": "8 off",
        "Gone 1": "4 on", "Gone 2": "5 on",
    ]

    @Test(
        "rank and activity become the list's where they differ, and an undo gives back what was",
        arguments: ["auto", "always", "never"])
    func update(snapshot: String) async throws {
        let sandbox = try await SandboxProcess.start()
        #expect(try await imported(Self.first, sandbox, "1").status == 0)
        let before = try await stored(sandbox)
        let result = try await imported(
            Self.second, sandbox, "2", ["--on-existing", "update", "--snapshot", snapshot])
        #expect(result.status == 0, "\(result.errorText)")
        let after = try await stored(sandbox)
        #expect(after.filter { !$0.key.hasPrefix("Many") } == Self.updated)
        let report = try await Report(scratch.file("2"))
        report.expectAccounts()
        #expect(report.outcomes == ["existing": 62, "updated": 2, "created": 2, "duplicate": 1])
        #expect(try await sandbox.requests(matching: "PUT") == 3)

        let again = try await imported(Self.second, sandbox, "3", ["--on-existing", "update", "--json"])
        #expect(again.status == 0)
        let summary = try #require(try JSONSerialization.jsonObject(with: again.output) as? [String: Any])
        #expect((summary["outcomes"] as? [String: Int])?["existing"] == 66)
        #expect(summary["requests"] as? Int == 2, "one to see whether the target is there, and a page")

        let verified = try await scratch.groupload(["verify", "2", "--against-target"]).run()
        #expect(verified.status == 0, "\(verified.outputText)")
        #expect(try await scratch.groupload(["undo", "2", "--yes", "--run-dir", "back"]).run().status == 0)
        var expected = before
        (expected["New"], expected["New off"]) = ("7 off", "8 off")
        #expect(try await stored(sandbox) == expected)
    }

    @Test("what somebody else changes between the list and the change is kept for the undo, and overridden")
    func changedMeanwhile() async throws {
        let sandbox = try await SandboxProcess.start()
        let names = (1...300).map { "Many \($0)" }
        let ranks = names.enumerated().map { "\($0.element),\($0.offset)\n" }.joined()
        #expect(try await imported("name,rank\n" + ranks, sandbox, "1").status == 0)
        let list = try scratch.write("name,rank\n" + names.map { "\($0),1000\n" }.joined(), as: "many.csv")
        // It stops once its list is compared and its changes have begun, and goes on after the other's.
        let stopped = try await scratch.groupload([
            "import", list, "--target", sandbox.url, "--on-existing", "update", "--run-dir", "2", "--rate", "10/s",
        ]).run { process in
            try await sandbox.waitForRequests(1, matching: "PUT")
            kill(process, SIGTERM)
        }
        #expect(stopped.status == 143, "\(stopped.errorText)")
        #expect(
            try await imported("name,rank\nMany 300,77\n", sandbox, "other", ["--on-existing", "update"]).status == 0)
        let own = try await scratch.groupload(["resume", "2", "--rate", "auto"]).run()
        #expect(own.status == 0, "\(own.errorText)")
        #expect(try await stored(sandbox)["Many 300"] == "1000 on")
        #expect(
            try await scratch.groupload(["undo", "2", "--yes", "--quiet", "--rate", "auto", "--run-dir", "back"]).run()
                .status == 0)
        #expect(try await stored(sandbox)["Many 300"] == "77 on")
        #expect(try await stored(sandbox)["Many 299"] == "298 on")
    }

    @Test("without update the list's activity is left aside, which is noted; one that can't be understood is invalid")
    func activity() async throws {
        let sandbox = try await SandboxProcess.start()
        let text = "name,isActive\nA,maybe\nB,false\n"
        let without = try await imported(text, sandbox, "1")
        #expect(without.status == 1 && without.errorText.contains("counts only with --on-existing update"))
        #expect(try await stored(sandbox) == ["B": "none on"])
        let with = try await imported(text, sandbox, "2", ["--on-existing", "update"])
        #expect(
            with.status == 1 && with.errorText.contains("isActive \"maybe\" doesn't say yes or no; write yes, true"))
        #expect(try await stored(sandbox) == ["B": "none off"])
    }

    @Test("what differs of a group that is left alone is noted, however it was found", arguments: ["never", "always"])
    func notes(snapshot: String) async throws {
        let sandbox = try await SandboxProcess.start()
        #expect(try await imported("name,rank\nA,1\nB,2\nC,3\n", sandbox, "1").status == 0)
        let off = try await imported("name,active\nC,no\n", sandbox, "2", ["--on-existing", "update"])
        #expect(off.status == 0, "\(off.errorText)")
        let result = try await imported(
            "name,rank,active\nA,1,no\nB,9,yes\nC,3,\n", sandbox, "3", ["--snapshot", snapshot])
        #expect(result.status == 0, "\(result.errorText)")
        #expect(
            try await Report(scratch.file("3")).results.map { $0["_message"] } == [
                "the group is active", "rank on the server is 2", "the group is not active",
            ])
    }

    @Test("--map says where the activity stands, and what is fed back keeps it", arguments: ["csv", "ndjson"])
    func mapped(format: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let lines =
            format == "csv"
            ? "Title,Prio,Live,isActive\nA,1,no,yes\nB,x,no,yes\nC,3,yes,no\n"
            : #"{"Title":"A","Prio":1,"Live":false,"isActive":true}"# + "\n" + #"{"Title":"B","Prio":"x","Live":"no"}"#
                + "\n"
                + #"{"Title":"C","Prio":3,"Live":"yes","isActive":false}"# + "\n"
        let list = try scratch.write(lines, as: "list." + format)
        let result = try await scratch.groupload([
            "import", list, "--map", "name=Title,rank=Prio, active=Live", "--target", sandbox.url, "--on-existing",
            "update", "--run-dir", "1",
        ]).run()
        #expect(result.status == 1, "\(result.errorText)")
        #expect(try await stored(sandbox) == ["A": "1 off", "C": "3 on"])
        let rows = try await Report.rows(scratch.file("1/failed.csv"))
        #expect(rows.count == 1 && rows[0]["name"] == "B" && rows[0]["rank"] == "x")
        #expect(rows[0]["isActive"] == (format == "csv" ? "no" : "false"))
        let missing = try await scratch.groupload(["validate", list, "--map", "name=Title,active=Alive"]).run()
        #expect(missing.status == 65 && missing.errorText.contains("Alive"))
    }

    @Test("every format says whether a group is active", arguments: ["csv", "json", "ndjson", "xml"])
    func formats(format: String) async throws {
        let (source, target) = (try await SandboxProcess.start(), try await SandboxProcess.start())
        #expect(try await imported(Self.first, source, "1").status == 0)
        #expect(try await imported(Self.second, source, "2", ["--on-existing", "update"]).status == 0)
        let list = scratch.file("list.\(format)")
        #expect(try await scratch.groupload(["export", "--target", source.url, "-o", list]).run().status == 0)
        let moved = try await scratch.groupload([
            "import", list, "--target", target.url, "--on-existing", "update", "--run-dir", "moved",
        ]).run()
        #expect(moved.status == 0, "\(moved.errorText)")
        #expect(try await stored(target) == stored(source))
        let report = try await Report(scratch.file("moved"))
        #expect(report.outcomes == ["created": 68])
    }

    @Test("failed records of any format keep what they say of activity") func feedback() async throws {
        let sandbox = try await SandboxProcess.start(["--fault", "500=100%"])
        let lines = #"{"name":"A","rank":1,"isActive":false}"# + "\n" + #"{"name":"B"}"# + "\n"
        let list = try scratch.write(lines, as: "list.ndjson")
        _ = try await scratch.groupload([
            "import", list, "--target", sandbox.url, "--on-existing", "update", "--run-dir", "1", "--snapshot", "never",
        ]).run()
        let report = try await Report(scratch.file("1"))
        let name = report.outcomes["unprocessed"] == 2 ? "unprocessed.csv" : "failed.csv"
        let rows = try await Report.rows(scratch.file("1/" + name))
        #expect(rows.map { $0["isActive"] } == ["false", ""])
    }

    @Test("groups that the list lacks are set inactive only when that is agreed to, and not too many") func missing()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        #expect(try await imported(Self.first, sandbox, "1").status == 0)
        let options = ["--on-existing", "update", "--deactivate-missing"]
        let unasked = try await imported(Self.second, sandbox, "2", options)
        #expect(unasked.status == 64 && unasked.errorText.contains("- \"Gone 1\" (group "))
        let tooMany = try await imported(Self.second, sandbox, "3", options + ["--yes", "--max-deactivate", "1"])
        #expect(tooMany.status == 2 && tooMany.errorText.contains("2 of the target's 66 active groups"))
        let invalid = try await imported(Self.second + "Bad,x,\n", sandbox, "4", options + ["--yes"])
        #expect(invalid.status == 2 && invalid.errorText.contains("invalid records (1)"))
        let empty = try await imported(
            "name,rank\n", sandbox, "empty", options + ["--yes", "--max-deactivate", "100%"])
        #expect(empty.status == 2 && empty.errorText.contains("the list names no group"))
        let page = try scratch.write(#"{"items": [{"name": "Steady"}], "hasMore": true}"#, as: "page.json")
        for command in [["import", "--run-dir", "page", "--yes"], ["plan"]] {
            let list = [page, "--target", sandbox.url, "--max-deactivate", "100%"] + options
            let result = try await scratch.groupload(command + list).run()
            #expect(result.status == 2 && result.errorText.contains("one page of a longer list"), "\(result.errorText)")
        }
        let plan = try await scratch.groupload(["plan", "empty.csv", "--target", sandbox.url] + options).run()
        #expect(plan.status == 2 && plan.errorText.contains("the list names no group"))
        #expect(try await sandbox.requests(matching: "PUT") == 0)

        let done = try await imported(Self.second, sandbox, "5", options + ["--yes", "--json"])
        #expect(done.status == 0, "\(done.errorText)")
        var expected = Self.updated
        (expected["Gone 1"], expected["Gone 2"]) = ("4 off", "5 off")
        #expect(try await stored(sandbox).filter { !$0.key.hasPrefix("Many") } == expected)
        let report = try await Report(scratch.file("5"))
        report.expectAccounts()
        #expect(report.outcomes["updated"] == 4 && report.results.count == 69)
        #expect(report.results.last?["_source"] == "(groups that the lists don't have)")
        let verified = try await scratch.groupload(["verify", "5", "--against-target"]).run()
        #expect(verified.status == 0, "\(verified.outputText)")
        // The resume of a finished run does nothing.
        let requests = try await sandbox.requests(matching: "/group")
        #expect(try await scratch.groupload(["resume", "5"]).run().status == 0)
        #expect(try await sandbox.requests(matching: "/group") == requests)
        #expect(try await scratch.groupload(["undo", "5", "--yes", "--run-dir", "back"]).run().status == 0)
        #expect(try await stored(sandbox)["Gone 1"] == "4 on")
        // A list from standard input is read whole before anything is set inactive.
        var piped = scratch.groupload(["import", "-", "--target", sandbox.url, "--run-dir", "6", "--yes"] + options)
        piped.input = Data(Self.second.utf8)
        #expect(try await piped.run().status == 0)
        #expect(try await stored(sandbox)["Gone 2"] == "5 off")
    }

    @Test("on a terminal it shows the plan and asks, and does nothing unless the answer is yes", arguments: ["n", "y"])
    func asks(response: String) async throws {
        let sandbox = try await SandboxProcess.start()
        #expect(try await imported(Self.first, sandbox, "1").status == 0)
        let list = try scratch.write(Self.second, as: "second.csv")
        let terminal = try PseudoTerminal(columns: 80)
        var command = Command(
            "/usr/bin/env",
            [
                "setsid", "/bin/sh", "-c", "exec \"$0\" \"$@\" <$TTY >$TTY 2>&1", Command.groupload([]).path,
                "import", list, "--target", sandbox.url, "--on-existing", "update", "--deactivate-missing", "--run-dir",
                scratch.file("2"),
            ])
        command.environment = Command.sandboxCredentials.merging(
            ["TERM": "xterm", "NO_COLOR": "", "TTY": terminal.path]
        ) { $1 }
        let shown = Mutex("")
        let result = try await command.run { _ in
            let drawn = try await blocking {
                var isTyped = false
                return terminal.drawn { text in
                    guard !isTyped, text.contains("Go on? [y/N] ") else { return }
                    terminal.type(response + "\n")
                    isTyped = true
                }
            }
            shown.withLock { $0 = drawn }
        }
        let text = shown.withLock { $0 }
        #expect(text.contains("\u{1b}[31m- \"Gone 1\" (group "), "\(text)")
        #expect(result.status == (response == "y" ? 0 : 64))
        #expect(try await stored(sandbox)["Gone 1"] == (response == "y" ? "4 off" : "4 on"))
    }

    @Test("groups made for records that call them inactive are set so by whoever goes on, and taken back by an undo")
    func madeInactive() async throws {
        let sandbox = try await SandboxProcess.start()
        let rows = (1...20).map { "Off \($0),\($0),no\n" }.joined()
        let list = try scratch.write("name,rank,active\n" + rows, as: "list.csv")
        let stopped = try await scratch.groupload([
            "import", list, "--target", sandbox.url, "--on-existing", "update", "--run-dir", "1", "--rate", "1/s",
        ]).run { process in
            // Some 40 seconds of changes are left then, for a machine that is busy.
            try await sandbox.waitForRequests(1, matching: "PUT")
            kill(process, SIGTERM)
        }
        #expect(stopped.status == 143)
        let active = try await stored(sandbox).filter { $0.value.hasSuffix(" on") }.count
        #expect(active > 0)
        let part = try await Report(scratch.file("1"))
        part.expectAccounts()
        let undone = try await scratch.groupload([
            "undo", "1", "--yes", "--rate", "auto", "--json", "--run-dir", "back",
        ]).run()
        let summary = try #require(try JSONSerialization.jsonObject(with: undone.output) as? [String: Any])
        #expect(summary["read"] as? Int == active, "\(undone.errorText)")
        #expect(try await stored(sandbox).allSatisfy { $0.value.hasSuffix(" off") })
        #expect(try await scratch.groupload(["undo", "back", "--redo", "--yes", "--rate", "auto"]).run().status == 0)
        #expect(try await stored(sandbox).filter { $0.value.hasSuffix(" on") }.count == active)
        let resumed = try await scratch.groupload(["resume", "1", "--rate", "auto"]).run()
        #expect(resumed.status == 0, "\(resumed.errorText)")
        #expect(try await stored(sandbox).allSatisfy { $0.value.hasSuffix(" off") })
        let verified = try await scratch.groupload(["verify", "1", "--against-target"]).run()
        #expect(verified.status == 0, "\(verified.outputText)")
        #expect(try await Report(scratch.file("1")).outcomes == ["created": 20])
    }

    @Test(
        "folded names are compared with the target's list, however few records there are",
        arguments: ["GOLD,5\n", "GOLD,5\nx1,\n"])
    func folded(rows: String) async throws {
        let sandbox = try await SandboxProcess.start()
        #expect(try await imported("name,rank\nGold,1\nx1,\nx2,\n", sandbox, "1").status == 0)
        let result = try await imported(
            "name,rank\n" + rows, sandbox, "2", ["--name-match", "folded", "--on-existing", "update"])
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try await stored(sandbox) == ["Gold": "5 on", "x1": "none on", "x2": "none on"])
    }

    @Test("the list is read where that spares requests, and only there") func snapshots() async throws {
        let sandbox = try await SandboxProcess.start()
        let names = "name\n" + (1...1000).map { "Snap \($0)\n" }.joined()
        #expect(try await imported(names, sandbox, "1", ["--quiet"]).status == 0)
        func requests(_ text: String, _ run: String, _ options: [String] = []) async throws -> Int {
            let result = try await imported(text, sandbox, run, ["--json", "--quiet"] + options)
            let summary = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
            #expect((summary["outcomes"] as? [String: Int])?["existing"] == summary["read"] as? Int)
            return try #require(summary["requests"] as? Int)
        }
        #expect(try await requests(names, "2") == 11)
        #expect(try await requests(names, "3", ["--snapshot", "never"]) > 2000)
        #expect(try await requests("name\nSnap 1\nSnap 2\n", "4") < 11)
        #expect(try await requests("name\nSnap 1\nSnap 2\n", "5", ["--snapshot", "always"]) == 11)
    }
}
