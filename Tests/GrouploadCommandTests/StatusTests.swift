import Foundation
import TestSupport
import Testing

/// `groupload status`: what a run is doing, seen from another process.
@Suite struct StatusTests: DatabaseScene {
    let scratch: Scratch
    let schema: String
    private let run: String

    init() throws {
        scratch = try Scratch()
        schema = URL(fileURLWithPath: scratch.path).lastPathComponent.lowercased()
        run = scratch.file("run")
    }

    private func list(_ count: Int) throws -> String {
        try scratch.write("name\n" + (1...count).map { "Seen \($0)\n" }.joined(), as: "list.csv")
    }

    private func load(_ target: String, _ count: Int, _ options: [String]) throws -> Command {
        Command.groupload(["import", try list(count), "--target", target, "--run-dir", run, "--quiet"] + options)
    }

    /// Waits until the run's file of its status says something.
    private func waitForStatus(of process: Int32, saying text: String) async throws {
        let file = run + "/status.json"
        try await Command.wait(for: process) {
            FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self).contains(text) }
                == true
        }
    }

    private func status(_ arguments: [String], exit: Int32) async throws -> [String: Any] {
        try Self.object(try await Command.groupload(["status"] + arguments + ["--json"]).run(), exit: exit)
    }

    private static func object(_ result: Command.Result, exit: Int32) throws -> [String: Any] {
        #expect(result.status == exit, "\(result.errorText)")
        return try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    }

    @Test("a run goes on, is stopped and killed, and is finished by resume: each is seen, and disturbs nothing")
    func states() async throws {
        let sandbox = try await SandboxProcess.start()
        let killed = try await load(sandbox.url, 300, ["--rate", "20/s"]).run { process in
            try await waitForStatus(of: process, saying: "\"phase\":\"sending\"")
            let seen = try await status([run], exit: 0)
            #expect(seen["state"] as? String == "running" && seen["phase"] as? String == "sending")
            #expect(seen["read"] as? Int == 300 && seen["left"] as? Int ?? 0 > 0)
            kill(process, SIGSTOP)
            let file = URL(fileURLWithPath: run + "/status.json")
            var live = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
            live["seen"] = try #require(live["seen"] as? Int64) - 60_000
            try JSONSerialization.data(withJSONObject: live).write(to: file)
            let silent = try await Command.groupload(["status", run]).run()
            #expect(silent.status == 0 && silent.outputText.contains("silent since"), "\(silent.outputText)")
            kill(process, SIGKILL)
        }
        #expect(killed.status == 128 + SIGKILL)
        let gone = try await Command.groupload(["status", run]).run()
        #expect(gone.status == 1)
        #expect(gone.outputText.contains("not running (sending); last seen "), "\(gone.outputText)")
        #expect(gone.outputText.contains("groupload resume \(run)"), "\(gone.outputText)")

        #expect(try await Command.groupload(["resume", run, "--rate", "auto", "--quiet"]).run().status == 0)
        let ended = try await status([run], exit: 0)
        #expect(ended["state"] as? String == "finished" && ended["exit"] as? Int == 0)
        #expect(ended["outcomes"] as? [String: Int] == (try await Report(run)).summaryOutcomes)
        #expect(!FileManager.default.fileExists(atPath: run + "/status.json"))
    }

    @Test("what the target asks for is waited for, and said; --watch goes on until the run ends")
    func waiting() async throws {
        let sandbox = try await SandboxProcess.start(["--rate-limit", "60/min"])
        let ended = try await load(sandbox.url, 90, []).run { process in
            try await waitForStatus(of: process, saying: "waiting_until")
            let said = try await Command.groupload(["status", run]).run()
            #expect(said.outputText.contains("waiting until "), "\(said.outputText)")
            #expect(said.outputText.contains("for the target, which asks for it (Rate limit"), "\(said.outputText)")
            let watched = try await Command.groupload(["status", run, "--watch"]).run { _ in kill(process, SIGTERM) }
            #expect(watched.status == 1, "\(watched.outputText)")
            #expect(watched.outputText.contains("ended with exit 143, and records are left"), "\(watched.outputText)")
            #expect(watched.outputText.contains("groupload resume \(run)"), "\(watched.outputText)")
        }
        #expect(ended.status == 143)
        let left = try await status([run], exit: 1)
        let outcomes = try #require(left["outcomes"] as? [String: Int])
        #expect(left["state"] as? String == "interrupted" && left["exit"] as? Int == 143)
        #expect(left["left"] as? Int == ["unprocessed", "unresolved"].reduce(0) { $0 + (outcomes[$1] ?? 0) })
        // Of the last look: each record is counted once.
        let told = try await Command.groupload(["status", run]).run().outputText
        let counts = try #require(told.firstMatch(of: /90 records read: (\d+) done, 0 failed, (\d+) left/), "\(told)")
        #expect(Int(counts.1).flatMap { done in Int(counts.2).map { done + $0 } } == 90)
    }

    @Test("from another machine: the database says who works on a run, and that nobody does any more")
    func database() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "100ms"])
        let ledger = ["--ledger", try await address()]
        let importer = try command(
            [
                "import", try list(400), "--target", sandbox.url, "--run-dir", "run", "--concurrency", "1",
            ] + ledger)
        let killed = try await importer.run { process in
            try await sandbox.waitForStored(3)
            _ = try await command(["work", "--concurrency", "1"] + ledger, on: "there").run { worker in
                try await Command.wait(for: worker) {
                    try await sql("SELECT EXISTS (SELECT FROM lease WHERE name LIKE '%:\(worker)')") == "t"
                }
                let seen = try Self.object(
                    try await command(["status", "--last", "--json"] + ledger, on: "third").run(), exit: 0)
                #expect(seen["state"] as? String == "running" && seen["read"] as? Int == 400)
                let processes = try #require(seen["processes"] as? [[String: Any]])
                #expect(processes.compactMap { $0["role"] as? String } == ["importer", "worker"])
                #expect(processes.allSatisfy { $0["is_live"] as? Bool == true })
                // Beside the importer, too, the requests of all are counted.
                let counted = "SELECT requests > 5 FROM lease WHERE name LIKE '%:\(worker)'"
                try await Command.wait(for: worker) { try await sql(counted) == "t" }
                let beside = try Self.object(
                    try await command(["status", "run", "--json"]).run(), exit: 0)
                let all = try #require(beside["processes"] as? [[String: Any]]).compactMap { $0["requests"] as? Int }
                #expect(all.count == 2 && beside["requests"] as? Int ?? 0 >= all.reduce(0, +), "\(beside)")
                kill(worker, SIGTERM)
            }
            kill(process, SIGKILL)
        }
        #expect(killed.status == 128 + SIGKILL)
        try await expire()
        let gone = try await command(["status", "--last"] + ledger, on: "third").run()
        #expect(gone.status == 1 && gone.outputText.contains("importer "), "\(gone.outputText)")
        #expect(gone.outputText.contains("silent since "), "\(gone.outputText)")
    }
}
