import Foundation
import TestSupport
import Testing

/// A run's settings, as its ledger keeps them for those who work on it later.
@Suite struct SavedConfigurationTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("a run is proved, resumed and taken back from any directory, though its lists were named by relative paths")
    func anywhere() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name\nOne\nTwo\n", as: "list.csv")
        let begun = try await scratch.groupload([
            "import", "list.csv", "--target", sandbox.url, "--run-dir", "run", "--quiet",
        ]).run()
        #expect(begun.status == 0, "\(begun.errorText)")
        #expect(try await Report(scratch.file("run")).results.map { $0["_source"] } == ["list.csv", "list.csv"])
        func elsewhere(_ arguments: [String]) async throws -> Command.Result {
            var command = Command.groupload(arguments)
            command.directory = "/"
            return try await command.run()
        }
        let run = scratch.file("run")
        #expect(try await elsewhere(["verify", run, "--against-target"]).status == 0)
        #expect(try await elsewhere(["resume", run]).status == 0)
        let undone = try await elsewhere(["undo", run, "--yes", "--quiet", "--run-dir", scratch.file("back")])
        #expect(undone.status == 0, "\(undone.errorText)")
        _ = try scratch.write("name\nOne\nThree\n", as: "list.csv")
        let changed = try await elsewhere(["verify", run])
        #expect(changed.status == 0 && changed.errorText.contains("list.csv has changed since; checked against"))
    }

    @Test("a run directory that holds a run with other options names those that differ") func names() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\nOne\n", as: "list.csv")
        let base = ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("run"), "--quiet"]
        #expect(try await Command.groupload(base + ["--concurrency", "7"]).run().status == 0)
        #expect(try await Command.groupload(base + ["--concurrency=7", "--wait-max", "15m"]).run().status == 0)
        let other = try await Command.groupload(base + ["--concurrency", "8", "--name-match", "folded"]).run()
        #expect(other.status == 73 && other.errorText.contains("(--name-match, --concurrency)"), "\(other.errorText)")
    }

    @Test(
        "a ledger of 0.1.0 is refused with a sentence",
        arguments: ["resume", "report", "verify", "undo", "runs", "import"])
    func older(command: String) async throws {
        let run = scratch.file("groupload-runs/20260101-000000-0001")
        try FileManager.default.createDirectory(
            atPath: run, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let tables = ["grdb_migrations", "run", "source", "record", "claim", "doubt", "amendment", "outcome"]
        let sql = tables.map { "CREATE TABLE \($0) (key TEXT, value TEXT)" }.joined(separator: ";")
        #expect(try await Command("/usr/bin/env", ["sqlite3", run + "/ledger.sqlite", sql]).run().status == 0)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: run + "/ledger.sqlite")
        let list = try scratch.write("name\nOne\n", as: "list.csv")
        let arguments =
            switch command {
            case "runs": ["runs"]
            case "import": ["import", list, "--target", "http://localhost:1", "--run-dir", run]
            default: [command, run]
            }
        let result = try await scratch.groupload(arguments).run()
        #expect(result.status == 3 && result.errorText.contains("groupload 0.1.0"), "\(result.errorText)")
    }
}
