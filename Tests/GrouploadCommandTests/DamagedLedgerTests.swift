import Foundation
import TestSupport
import Testing

/// A ledger that is damaged, cut, emptied, foreign or gone: an error with its status, never a trap, and nothing good
/// is replaced.
@Suite struct DamagedLedgerTests {
    private let scratch: Scratch
    private let run: String

    init() throws {
        scratch = try Scratch()
        run = scratch.file("groupload-runs/20260101-000000-0001")
    }

    private func loaded(_ sandbox: SandboxProcess) async throws -> Data {
        let list = try scratch.write(
            "name,rank\n" + (1...300).map { "D \($0),\($0 % 7 == 0 ? "x" : "1")\n" }.joined(), as: "list.csv")
        let result = try await Command.groupload(["import", list, "--target", sandbox.url, "--run-dir", run, "--quiet"])
            .run()
        #expect(result.status == 1, "\(result.errorText)")
        return try Data(contentsOf: URL(fileURLWithPath: run + "/ledger.sqlite"))
    }

    private func write(_ ledger: Data) throws { try ledger.write(to: URL(fileURLWithPath: run + "/ledger.sqlite")) }

    @Test("bytes changed or cut off anywhere give a documented status") func fuzzed() async throws {
        let whole = try await loaded(try await SandboxProcess.start())
        let seed = SeededGenerator.seed()
        var generator = SeededGenerator(state: seed)
        for round in 0..<3 {
            var ledger = whole
            switch round % 3 {
            case 0: ledger = ledger.prefix(Int.random(in: 0..<whole.count, using: &generator))
            case 1:
                for _ in 0..<8 {
                    ledger[Int.random(in: 0..<whole.count, using: &generator)] = .random(
                        in: 0 ... .max, using: &generator)
                }
            default:
                // What SQLite calls a cell's types, and its texts' ends.
                for place in whole.indices where whole[place] != 0 && Int.random(in: 0..<4000, using: &generator) == 0 {
                    ledger[place] = [0, 1, 6, 8, 9, 12, 13, 255].randomElement(using: &generator) ?? 0
                }
            }
            for arguments in [
                ["runs"], ["verify", run], ["report", run, "--format", "html"], ["report", run],
                ["undo", run, "--yes", "--quiet", "--run-dir", scratch.file("back\(round)")],
                ["resume", run, "--quiet"],
            ] {
                try write(ledger)
                let result = try await scratch.groupload(arguments).run()
                #expect(
                    [0, 1, 3, 4, 73, 78].contains(result.status),
                    "seed \(seed), round \(round), \(arguments): \(result.errorText)")
            }
        }
    }

    @Test(
        "a cut ledger: 3, the report stays what it was, and an import beside it ends as it would",
        arguments: [0, 4000, 60_000])
    func cut(bytes: Int) async throws {
        let sandbox = try await SandboxProcess.start()
        let whole = try await loaded(sandbox)
        let results = try Data(contentsOf: URL(fileURLWithPath: run + "/results.csv"))
        try write(whole.prefix(bytes))
        let output = try scratch.write("old", as: "out.csv")
        for arguments in [
            ["runs"], ["verify", run], ["report", run], ["report", run, "--format", "csv", "-o", output],
            ["undo", run, "--yes"], ["resume", run],
        ] {
            let result = try await scratch.groupload(arguments).run()
            #expect(result.status == 3 && result.errorText.contains("ledger"), "\(arguments): \(result.errorText)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: run + "/results.csv")) == results)
        #expect(try String(contentsOfFile: output, encoding: .utf8) == "old")
        let list = try scratch.write("name\nBeside\n", as: "beside.csv")
        let beside = try await scratch.groupload(["import", list, "--target", sandbox.url, "--keep-runs", "1"]).run()
        #expect(beside.status == 0 && beside.errorText.contains("left alone"), "\(beside.errorText)")
        let runs = try await scratch.groupload(["runs"]).run()
        #expect(runs.status == 3 && runs.outputText.contains("1 read: 1 created"))
    }

    @Test("rows that are missing are found by the sum, before anything is replaced") func sum() async throws {
        _ = try await loaded(try await SandboxProcess.start())
        let results = try Data(contentsOf: URL(fileURLWithPath: run + "/results.csv"))
        let sql = "DELETE FROM outcome WHERE record > 250; DELETE FROM record WHERE record > 250"
        #expect(try await Command("/usr/bin/env", ["sqlite3", run + "/ledger.sqlite", sql]).run().status == 0)
        let result = try await Command.groupload(["report", run]).run()
        #expect(
            result.status == 3 && result.errorText.contains("300 records were read, it holds 250"),
            "\(result.errorText)")
        #expect(
            try await Command.groupload(["report", run, "--format", "csv", "-o", scratch.file("out.csv")]).run().status
                == 3)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("out.csv")))
        #expect(try Data(contentsOf: URL(fileURLWithPath: run + "/results.csv")) == results)
    }

    @Test("a ledger that is removed or replaced while the run is going on: 3", arguments: [false, true])
    func gone(isReplaced: Bool) async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "20ms"])
        let list = try scratch.write("name\n" + (1...120).map { "G \($0)\n" }.joined(), as: "list.csv")
        let result = try await Command.groupload([
            "import", list, "--target", sandbox.url, "--run-dir", run, "--rate", "20/s",
        ]).run { _ in
            try await sandbox.waitForStored(5)
            try FileManager.default.removeItem(atPath: run + "/ledger.sqlite")
            if isReplaced { try Data().write(to: URL(fileURLWithPath: run + "/ledger.sqlite")) }
        }
        #expect(result.status == 3 && result.errorText.contains("removed or replaced"), "\(result.errorText)")
        let report = try await Report(run)
        report.expectAccounts()
        #expect(report.outcomes == ["created": 120])
    }
}
