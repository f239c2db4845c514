import Foundation
import TestSupport
import Testing

/// `undo`: what a run created is taken back, and nothing else is touched.
@Suite struct UndoTests {
    private let scratch: Scratch
    private let run: String
    private let back: String

    init() throws {
        scratch = try Scratch()
        (run, back) = (scratch.file("run"), scratch.file("back"))
    }

    /// Loads `names` where "There 1" and "There 2" are already.
    private func loaded(_ sandbox: SandboxProcess, _ names: [String]) async throws {
        let earlier = try scratch.write("name,rank\nThere 1,1\nThere 2,2\n", as: "earlier.csv")
        #expect(
            try await scratch.groupload(["import", earlier, "--target", sandbox.url, "--quiet", "--run-dir", "earlier"])
                .run()
                .status == 0)
        let rows = (["There 1", "There 2"] + names).map { "\($0),3\n" }.joined()
        let list = try scratch.write("name,rank\n" + rows, as: "list.csv")
        let result = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", run, "--quiet"])
            .run()
        #expect(result.status == 0, "\(result.errorText)")
    }

    /// Sets one group's rank as somebody else would.
    private func setRank(_ rank: Int, of name: String, _ sandbox: SandboxProcess) async throws {
        let group = try #require(try await sandbox.stored().first { $0["name"] as? String == name })
        let id = try #require(group["id"] as? Int)
        try await sandbox.send([("PUT", String(id), ["name": name, "rank": rank])])
    }

    private func active(_ sandbox: SandboxProcess) async throws -> Set<String> {
        Set(try await sandbox.stored().filter { $0["isActive"] as? Bool == true }.compactMap { $0["name"] as? String })
    }

    @Test(
        """
        what the run created is inactive afterwards, what is changed or was there before is not, and redo \
        takes it back
        """
    )
    func undo() async throws {
        let sandbox = try await SandboxProcess.start()
        let names = (1...150).map { "Undo \($0)" }
        try await loaded(sandbox, names)
        try await setRank(9, of: "Undo 3", sandbox)
        let before = try await sandbox.stored()

        let refused = try await scratch.groupload(["undo", run]).run()
        #expect(
            refused.status == 64 && refused.errorText.contains("150  groups") && refused.errorText.contains("--yes"))
        #expect(try await sandbox.requests(matching: "PUT") == 1)

        let undone = try await scratch.groupload(["undo", run, "--yes", "--json", "--run-dir", back]).run()
        #expect(undone.status == 0, "\(undone.errorText)")
        let summary = try #require(try JSONSerialization.jsonObject(with: undone.output) as? [String: Any])
        #expect(summary["read"] as? Int == 150)
        let outcomes = try #require(summary["outcomes"] as? [String: Int])
        #expect(outcomes["updated"] == 149 && outcomes["existing"] == 1)
        #expect(try await active(sandbox) == ["There 1", "There 2", "Undo 3"])
        let after = try await sandbox.stored()
        #expect(after.map { $0["name"] as? String } == before.map { $0["name"] as? String })
        #expect(after.map { $0["rank"] as? Int } == before.map { $0["rank"] as? Int })
        let left = try #require(try await Report(back).results.first { $0["_outcome"] == "existing" })
        #expect(left["name"] == "Undo 3" && left["_line"] == "5")
        #expect(left["_message"] == "changed since, and left as it is: its rank is 9 now, was 3")

        // Again: nothing is left to be done, and the proof of both holds.
        let again = try await scratch.groupload(["undo", run, "--yes", "--json", "--run-dir", "again"]).run()
        #expect(again.status == 0 && again.outputText.contains("\"existing\" : 150"))
        #expect(try await sandbox.requests(matching: "PUT") == 150)
        let proof = try await scratch.groupload(["verify", back, "--against-target"]).run()
        #expect(proof.status == 0 && proof.outputText.isEmpty, "\(proof.outputText)\(proof.errorText)")
        let same = try await scratch.groupload(["undo", run, "--yes", "--run-dir", back]).run()
        #expect(same.status == 0)
        #expect(try await sandbox.requests(matching: "PUT") == 150)

        #expect(try await scratch.groupload(["undo", back, "--yes"]).run().status == 64)
        #expect(try await scratch.groupload(["undo", run, "--redo", "--yes"]).run().status == 64)
        let redone = try await scratch.groupload(["undo", back, "--redo", "--yes", "--quiet"]).run()
        #expect(redone.status == 0 && redone.errorText.isEmpty, "\(redone.errorText)")
        #expect(try await active(sandbox).count == 152)
        let runs = try await scratch.groupload(["runs"]).run()
        #expect(runs.outputText.contains("undo of") && runs.outputText.contains("149 updated"))
        let page = try String(contentsOfFile: back + "/report.html", encoding: .utf8)
        #expect(page.contains("undo of run") && page.contains("150 read") && page.contains("149 updated"))
    }

    @Test("verify of an undo finds what was tampered with") func proof() async throws {
        let sandbox = try await SandboxProcess.start()
        try await loaded(sandbox, ["A", "B", "C"])
        #expect(try await scratch.groupload(["undo", run, "--yes", "--quiet", "--run-dir", back]).run().status == 0)
        #expect(try await scratch.groupload(["verify", back]).run().status == 0)
        let tampered = try await Command(
            "/usr/bin/env",
            ["sqlite3", back + "/ledger.sqlite", "UPDATE group_update SET id = 99 WHERE record = 2"]
        ).run()
        #expect(tampered.status == 0)
        let found = try await scratch.groupload(["verify", back]).run()
        #expect(found.status == 1 && found.outputText.contains("the ledger has group 99"))
        try await setRank(8, of: "A", sandbox)
        let changed = try await scratch.groupload(["verify", back, "--against-target"]).run()
        #expect(changed.outputText.contains("its rank is 8 now, was 3"))
    }

    @Test("an undo that is killed is finished by resume, with each group changed once") func resume() async throws {
        let sandbox = try await SandboxProcess.start()
        let names = (1...300).map { "Killed \($0)" }
        try await loaded(sandbox, names)
        let before = try await sandbox.requests(matching: "/group")
        _ = try await scratch.groupload(["undo", run, "--yes", "--quiet", "--run-dir", back, "--rate", "5/s"]).run {
            process in
            try await sandbox.waitForRequests(20, matching: "PUT")
            kill(process, SIGKILL)
        }
        let verified = try await scratch.groupload(["verify", back]).run()
        #expect(verified.status == 1 && verified.outputText.contains("groupload resume"))
        let resumed = try await scratch.groupload(["resume", back, "--json", "--rate", "auto"]).run()
        #expect(resumed.status == 0, "\(resumed.errorText)")
        #expect(resumed.errorText.contains("going on with run"))
        #expect(resumed.outputText.contains("\"updated\" : 300"))
        #expect(try await active(sandbox) == ["There 1", "There 2"])
        // The summary counts the requests of both processes, but for those that were under way when the first was
        // killed.
        let summary = try await Report(back).summary
        let sent = try await sandbox.requests(matching: "/group") - before
        let counted = try #require(summary["requests"] as? Int)
        #expect((sent - 16...sent).contains(counted))
        // None that was done is done again: what was under way when it was killed, sixteen at most, may be.
        #expect(try await sandbox.requests(matching: "PUT") <= 316)
        #expect(try await scratch.groupload(["verify", back, "--against-target"]).run().status == 0)
    }

    @Test("SIGTERM ends an undo with a report of all groups") func interrupted() async throws {
        let sandbox = try await SandboxProcess.start()
        try await loaded(sandbox, (1...400).map { "Ended \($0)" })
        let ended = try await scratch.groupload(["undo", run, "--yes", "--quiet", "--run-dir", back, "--rate", "5/s"])
            .run {
                process in
                try await sandbox.waitForRequests(20, matching: "PUT")
                kill(process, SIGTERM)
            }
        #expect(ended.status == 143)
        let report = try await Report(back)
        #expect(report.results.count == 400)
        let inactive = try await sandbox.stored().count { $0["isActive"] as? Bool == false }
        #expect(report.outcomes["updated"] == inactive && report.outcomes["unprocessed"] == 400 - inactive)
        #expect(try await scratch.groupload(["resume", back, "--quiet", "--rate", "auto"]).run().status == 0)
        #expect(try await active(sandbox) == ["There 1", "There 2"])
    }

    @Test("an undo against a target that loses answers settles each group by reading it again") func faults()
        async throws
    {
        let sandbox = try await SandboxProcess.start([
            "--fault", "500=5%,lost-after=8%,lost-before=4%,cut=4%,429=3%", "--seed", "7",
        ])
        try await loaded(sandbox, (1...200).map { "Fault \($0)" })
        let undone = try await scratch.groupload(["undo", run, "--yes", "--quiet", "--run-dir", back]).run()
        let report = try await Report(back)
        let stored = try await sandbox.stored()
        let inactive = Set(stored.filter { $0["isActive"] as? Bool == false }.compactMap { $0["id"] as? Int })
        func ids(_ outcome: String) -> Set<Int> {
            Set(report.results.filter { $0["_outcome"] == outcome }.compactMap { Int($0["_id"] ?? "") })
        }
        let updated = ids("updated")
        #expect(updated.isSubset(of: inactive), "\(undone.errorText)")
        #expect(inactive.isSubset(of: updated.union(ids("unresolved"))), "\(undone.errorText)")
        let said = "exit \(undone.status), \(report.outcomes), \(undone.errorText)"
        #expect(report.results.allSatisfy { ["updated", "failed", "unresolved"].contains($0["_outcome"]) }, "\(said)")
        #expect(updated.count > 180, "\(said)")
    }
}
