import Foundation
import TestSupport
import Testing

/// What goes wrong around a run: the ledger, the disk, the paths, the server's limits.
@Suite struct TroubleTests {
    private static func list(_ count: Int) -> String { "name\n" + (1...count).map { "Trouble \($0)\n" }.joined() }

    /// An import of so many records into a server that does as `behaviour` says.
    private func serve(
        records: Int = 40, _ behaviour: @escaping @Sendable (APIServer.Request) -> APIServer.Response?
    ) async throws -> (result: Command.Result, created: Int, run: String, scratch: Scratch) {
        let server = try APIServer(behaviour)
        let scratch = try Scratch()
        let list = try scratch.write(Self.list(records), as: "list.csv")
        let run = scratch.file("run")
        let result = try await Command.groupload(["import", list, "--run-dir", run, "--target", server.target]).run()
        return (result, server.created, run, scratch)
    }

    @Test("429 that does not say how long is waited out, however long it takes") func throttledWithoutWord()
        async throws
    {
        let served = try await serve { $0.seconds < 6 ? .init(status: 429) : nil }
        #expect(served.result.status == 0, "\(served.result.errorText)")
        #expect(served.created == 40)
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(report.outcomes == ["created": 40])
    }

    @Test("a wait of a day is told as that, with its end, and stops the run", arguments: [429, 503])
    func longWait(status: Int) async throws {
        let served = try await serve { _ in .init(status: status, headers: ["Retry-After: 86400"]) }
        #expect(served.result.status == 3, "\(served.result.errorText)")
        let end = /asks to wait until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, which makes 24h without a success/
        #expect(served.result.errorText.contains(end), "\(served.result.errorText)")
    }

    @Test("a target that fails every create, though it lists, is given up: 2, and what may be there is shown apart")
    func failingCreates() async throws {
        let served = try await serve(records: 400) { $0.method == "POST" ? .init(status: 500) : nil }
        #expect(served.result.status == 2, "\(served.result.errorText)")
        #expect(served.result.errorText.contains("responds with errors only (") && served.created == 0)
        // Nothing is to be corrected: both are the resumed run's.
        #expect(served.result.errorText.contains("  unresolved   groupload resume \(served.run) looks them up again\n"))
        #expect(served.result.errorText.contains("  unprocessed  groupload resume \(served.run)\n"))
        #expect(!served.result.errorText.contains("correct "), "\(served.result.errorText)")
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(Set(report.outcomes.keys) == ["unresolved", "unprocessed"])
    }

    @Test("a target that fails for a while is waited for") func failsForAWhile() async throws {
        let served = try await serve(records: 400) { 0.01 < $0.seconds && $0.seconds < 4 ? .init(status: 503) : nil }
        #expect(served.result.status == 0, "\(served.result.errorText)")
        #expect(served.created == 400)
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(report.outcomes == ["created": 400])
    }

    @Test("a target that redirects, or isn't the API, ends the run before anything is sent", arguments: [302, 404])
    func wrongTarget(status: Int) async throws {
        let served = try await serve { _ in .init(status: status, headers: ["Location: http://127.0.0.1:9/"]) }
        #expect(served.result.status == 3, "\(served.result.errorText)")
        #expect(served.result.errorText.contains("check --target"))
        #expect(served.created == 0)
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(report.outcomes == ["unprocessed": 40])
    }

    @Test("a ledger that somebody else has locked for a while is waited for") func lockedLedger() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "20ms"])
        let scratch = try Scratch()
        let list = try scratch.write(Self.list(2000), as: "list.csv")
        let ledger = scratch.file("run/ledger.sqlite")
        let result = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("run")]
        ).run { _ in
            try await sandbox.waitForStored(20)
            try await OtherDatabaseUser.holding("BEGIN IMMEDIATE", on: ledger) {
                // Until nothing more is stored: what was claimed has been sent, and the rest waits for the ledger.
                try await sandbox.waitForStandstill(atMost: .seconds(3))
            }
        }
        #expect(result.status == 0, "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        try await report.expectCreated(in: sandbox)
        #expect(report.outcomes == ["created": 2000])
        // Nobody else may read the names, and the ledger is one file.
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch.file("run"))
        #expect(files.filter { $0.hasPrefix("ledger") } == ["ledger.sqlite"])
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.file("run/ledger.sqlite"))[
            .posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("a ledger that can't grow: 3, with a word on what to do; nothing was sent") func fullDisk() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let list = try scratch.write(Self.list(20_000), as: "list.csv")
        var command = Command(
            "/bin/bash",
            [
                "-c", "trap '' XFSZ; ulimit -f 600; exec \"$@\"", "bash", Command.groupload([]).path, "import", list,
                "--target", sandbox.url, "--run-dir", scratch.file("run"),
            ])
        command.environment = Command.sandboxCredentials
        let result = try await command.run()
        #expect(result.status == 3, "\(result.errorText)")
        #expect(result.errorText.contains("the ledger can't be used") && result.errorText.contains("free space"))
        #expect(try await sandbox.stored().isEmpty)
    }

    @Test("no input is overwritten", arguments: ["validate", "import"]) func overwrites(command: String) async throws {
        let scratch = try Scratch()
        let list = try scratch.write("name\nA\n", as: "failed.csv")
        let options =
            command == "validate"
            ? ["--results", list] : ["--target", "http://127.0.0.1:9", "--run-dir", scratch.url("").path]
        let result = try await Command.groupload([command, list] + options).run()
        #expect(result.status == (command == "validate" ? 64 : 73), "\(result.errorText)")
        #expect(try String(contentsOfFile: list, encoding: .utf8) == "name\nA\n")
    }

    @Test("a path that can't be read is noted before anything is sent, also among a glob's") func unreadable()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        _ = try scratch.write("name\nA\n", as: "a.csv")
        try FileManager.default.createDirectory(atPath: scratch.file("b.csv"), withIntermediateDirectories: false)
        let result = try await Command.groupload(
            [
                "import", "--no-preflight", scratch.file("*.csv"), "--target", sandbox.url, "--run-dir",
                scratch.file("run"),
            ]
        ).run()
        #expect(result.status == 66 && result.errorText.contains("b.csv is a directory"))
        #expect(try await sandbox.stored().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("run")))
    }

    @Test("--max-errors that the list alone exceeds ends the run before anything is sent", arguments: ["1", "5%"])
    func maxErrorsBefore(limit: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let list = try scratch.write("name,rank\nA,1\nB,x\nC,y\n", as: "list.csv")
        let result = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("run"), "--max-errors", limit]
        ).run()
        #expect(result.status == 2)
        #expect(
            result.errorText.contains("2 of 3 records are invalid, more than --max-errors allows; nothing was sent"))
        #expect(try await sandbox.stored().isEmpty)
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(report.outcomes == ["invalid": 2, "unprocessed": 1])
    }

    @Test("what a slow pipe has given is sent, though more may come") func slowPipe() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let pipe = try scratch.pipe("list")
        let result = try await scratch.groupload(["import", "-", "--target", sandbox.url, "--run-dir", "run"])
            .redirected(input: pipe)
            .run(secondsMax: 60) { _ in
                let writer = try await blocking { try FileHandle(forWritingTo: URL(fileURLWithPath: pipe)) }
                try writer.write(contentsOf: Data("name,rank\nA,1\nB,2\n".utf8))
                try await sandbox.waitForStored(2)
                try writer.close()
            }
        #expect(result.status == 0, "\(result.errorText)")
    }

    @Test("a port that is taken: 78, with a word on what to do") func portTaken() async throws {
        let sandbox = try await SandboxProcess.start()
        let port = try #require(sandbox.url.split(separator: ":").last)
        let result = try await Command.groupload(["sandbox", "--port", String(port)]).run()
        #expect(result.status == 78)
        #expect(result.errorText.contains("can't listen on 127.0.0.1:\(port)"), "\(result.errorText)")
    }
}
