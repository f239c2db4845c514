import Foundation
import TestSupport
import Testing

/// `groupload work`: processes that share a run with its importer, and that die, stop, or are cut off meanwhile.
@Suite struct WorkerTests: DatabaseScene {
    let scratch: Scratch
    let schema: String

    init() throws {
        scratch = try Scratch()
        schema = URL(fileURLWithPath: scratch.path).lastPathComponent.lowercased()
    }

    private static let count = 400

    /// A sandbox whose responses take a while, so that a process is as slow as it has few requests under way.
    private func slowSandbox() async throws -> SandboxProcess {
        try await SandboxProcess.start(["--latency", "100ms"])
    }

    /// An import that is slow enough for others to join; its run directory is `run`.
    private func importer(_ sandbox: SandboxProcess) async throws -> Command {
        let list = try scratch.write("name\n" + (1...Self.count).map { "Shared \($0)\n" }.joined(), as: "list.csv")
        return try command([
            "import", list, "--target", sandbox.url, "--ledger", try await address(), "--run-dir", "run",
            "--concurrency", "1", "--request-timeout", "1",
        ])
    }

    private func worker(_ options: [String] = [], on machine: String = "there") async throws -> Command {
        try command(["work", "--ledger", try await address()] + options, on: machine)
    }

    /// A worker that doesn't end by itself before something happens to it.
    private func slowWorker(_ options: [String] = []) async throws -> Command {
        try await worker(["--concurrency", "2"] + options)
    }

    /// Has a fast worker send what is left.
    private func finish() async throws {
        let finished = try await worker(["--json"], on: "third").run()
        #expect(finished.status == 0, "\(finished.errorText)")
        let summary = try #require(try JSONSerialization.jsonObject(with: finished.output) as? [String: Any])
        #expect(summary["left"] as? Int == 0 && summary["exit"] as? Int == 0)
        #expect((summary["outcomes"] as? [String: Int])?["created"] ?? 0 > 0)
    }

    /// Waits until a process has claimed drafts.
    private func waitForClaims(of process: Int32) async throws {
        let claims = "SELECT FROM claim AS c JOIN lease AS l ON l.epoch = c.lease WHERE \(isOf(process))"
        try await wait(for: process, until: claims)
    }

    /// Waits until a query gives a row, while a process runs.
    private func wait(for process: Int32, until query: String) async throws {
        try await Command.wait(for: process) { try await sql("SELECT EXISTS (\(query))") == "t" }
    }

    /// A condition: the lease is that of a process.
    private func isOf(_ process: Int32) -> String { "name LIKE '%:\(process)'" }

    /// Checks that the run has every group once, and that its report says so.
    private func expectWhole(_ sandbox: SandboxProcess) async throws {
        let report = try await Report(scratch.file("here/run"))
        report.expectAccounts()
        #expect(report.results.count == Self.count && report.made == Self.count)
        let names = try await sandbox.stored().compactMap { $0["name"] as? String }
        #expect(names.sorted() == report.results.compactMap { $0["name"] }.sorted())
        try await run(["verify", "run", "--against-target"])
    }

    @Test("an importer and two workers, one of which is killed, create each group once") func killed() async throws {
        let sandbox = try await slowSandbox()
        let imported = try await importer(sandbox).run { _ in
            try await sandbox.waitForStored(3)
            let killed = try await slowWorker().run { process in
                try await waitForClaims(of: process)
                kill(process, SIGKILL)
                try await expire(isOf(process))
            }
            #expect(killed.status == 128 + SIGKILL)
            try await finish()
        }
        #expect(imported.status == 0, "\(imported.errorText)")
        try await expectWhole(sandbox)
        // Named, a run that is settled is nothing that failed.
        #expect(try await worker([sql("SELECT name FROM run")]).run().status == 0)
    }

    @Test("a worker that is asked to stop gives back what it hasn't settled", arguments: [true, false])
    func stopped(bySignal: Bool) async throws {
        let sandbox = try await slowSandbox()
        let imported = try await importer(sandbox).run { _ in
            try await sandbox.waitForStored(3)
            let stopped = try await slowWorker(bySignal ? [] : ["--for", "1s"]).run { process in
                try await waitForClaims(of: process)
                if bySignal { kill(process, SIGTERM) }
            }
            #expect(stopped.status == (bySignal ? 143 : 0), "\(stopped.errorText)")
            #expect(try await sql("SELECT count(*) FROM lease WHERE role = 'worker' AND ended_by = epoch") == "1")
            try await finish()
        }
        #expect(imported.status == 0, "\(imported.errorText)")
        try await expectWhole(sandbox)
    }

    @Test("a worker that slept while its lease was ended sends and writes nothing more, says so, and exits with 3")
    func fenced() async throws {
        let sandbox = try await slowSandbox()
        let imported = try await importer(sandbox).run { _ in
            try await sandbox.waitForStored(3)
            let lost = try await slowWorker(["--quiet"]).run { process in
                try await waitForClaims(of: process)
                kill(process, SIGSTOP)
                try await expire(isOf(process))
                let ended = "SELECT FROM lease WHERE \(isOf(process)) AND ended_at IS NOT NULL"
                try await wait(for: process, until: ended)
                kill(process, SIGCONT)
            }
            #expect(lost.status == 3 && lost.errorText.contains("its lease has ended"), "\(lost.errorText)")
            try await finish()
        }
        #expect(imported.status == 0, "\(imported.errorText)")
        try await expectWhole(sandbox)
    }

    @Test("workers go on without their importer, and together with the resume of its run") func resumed() async throws {
        let sandbox = try await slowSandbox()
        let killed = try await importer(sandbox).run { importer in
            try await sandbox.waitForStored(3)
            let worked = try await slowWorker().run { process in
                try await waitForClaims(of: process)
                kill(importer, SIGKILL)
                try await expire("role = 'importer'")
                try await sandbox.waitForStored(try await sandbox.stored().count + 20)
                async let resumed = command(["resume", "run"]).run()
                let taken = "SELECT FROM lease WHERE role = 'importer' AND expires_at > clock_timestamp()"
                try await wait(for: process, until: taken)
                try await finish()
                let result = try await resumed
                #expect(result.status == 0, "\(result.errorText)")
            }
            #expect(worked.status == 0, "\(worked.errorText)")
        }
        #expect(killed.status == 128 + SIGKILL)
        try await expectWhole(sandbox)
    }

    @Test("what can't be worked on: no such run, another till's, a file's, or none at all") func refused() async throws
    {
        let sandbox = try await SandboxProcess.start()
        #expect(try await worker().run().status == 75, "no run has been made there yet")
        #expect(try await importer(sandbox).run().status == 0)
        let none = try await worker().run()
        #expect(none.status == 75 && none.errorText.contains("has work for sandbox.till"), "\(none.errorText)")
        #expect(try await worker(["20260101-000000-abcd"]).run().status == 66)
        #expect(try await command(["work"]).run().status == 64)
        let id = try await sql("SELECT name FROM run")
        var other = try await worker([id])
        other.environment["GROUPLOAD_TILL"] = "other"
        let refused = try await other.run()
        #expect(refused.status == 78 && refused.errorText.contains("as sandbox.till, not at"), "\(refused.errorText)")
        try await run(["undo", "run", "--yes", "--run-dir", "undone"])
        let undo = try #require(try await Report(scratch.file("here/undone")).summary["run"] as? String)
        #expect(try await worker([undo]).run().status == 75)
    }
}
