import Foundation
import TestSupport
import Testing

/// Lists that have fewer records than last time, and lists that may be cut off.
@Suite struct ListLengthTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func list(_ count: Int, _ ending: String = "\n") throws -> String {
        let text = "name,rank\n" + (1...count).map { "Group \($0),\($0)" }.joined(separator: "\n") + ending
        return try scratch.write(text, as: "list.csv")
    }

    private func load(
        _ sandbox: SandboxProcess, _ run: String, _ options: [String] = []
    ) async throws -> Command.Result {
        try await scratch.groupload(
            ["import", scratch.file("list.csv"), "--target", sandbox.url, "--run-dir", run] + options
        ).run()
    }

    @Test("under nine tenths of the last finished run is noted, by import and plan") func told() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try list(1200)
        let first = try await load(sandbox, "1")
        #expect(first.status == 0 && !first.errorText.contains("shorter"), "\(first.errorText)")
        _ = try list(1080)
        #expect(try await !load(sandbox, "2").errorText.contains("shorter"))
        _ = try list(900)
        let plan = try await scratch.groupload(["plan", scratch.file("list.csv"), "--target", sandbox.url]).run()
        let third = try await load(sandbox, "3")
        #expect(third.status == 0)
        #expect(
            third.errorText.contains(
                "the list is shorter than last time: 900 records; the last run on this target read 1,080"),
            "\(third.errorText)")
        #expect(plan.status == 0)
        // A stream is noted when it has ended.
        _ = try list(10)
        let text = try Data(contentsOf: URL(fileURLWithPath: scratch.file("list.csv")))
        var command = scratch.groupload(["import", "-", "--target", sandbox.url, "--run-dir", "4"])
        command.input = text
        let fourth = try await command.run()
        #expect(fourth.status == 0 && fourth.errorText.contains("10 records; the last run on this target read 900"))
    }

    @Test("too few records by --min-records send nothing, and don't become the measure") func least() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try list(100)
        // Nothing is known yet to take a percentage of.
        let first = try await load(sandbox, "1", ["--min-records", "90%"])
        #expect(first.status == 0 && first.errorText.contains("--min-records 90% isn't checked"), "\(first.errorText)")
        _ = try list(89)
        let second = try await load(sandbox, "2", ["--min-records", "90%", "--json"])
        #expect(
            second.status == 2 && second.errorText.contains("which is 90 of the 100 that run"), "\(second.errorText)")
        let report = try await Report(scratch.file("2"))
        #expect(report.outcomes == ["unprocessed": 89] && report.summary["requests"] as? Int == 0)
        #expect(try await scratch.groupload(["resume", "2"]).run().status == 2)
        #expect(try await load(sandbox, "3", ["--min-records", "90"]).status == 2)
        #expect(try await load(sandbox, "4", ["--min-records", "89"]).status == 0)
        #expect(try await sandbox.stored().count == 100)
        #expect(try await load(sandbox, "5", ["--min-records", "many"]).status == 64)
    }

    @Test("what a run left to correct is no shorter list, and no measure for the next") func correction() async throws {
        let sandbox = try await SandboxProcess.start()
        let lines = (1...40).map { "Group \($0),\($0 == 7 ? "x" : "1")\n" }.joined()
        _ = try scratch.write("name,rank\n" + lines, as: "list.csv")
        #expect(try await load(sandbox, "1").status == 1)
        let failed = try String(contentsOfFile: scratch.file("1/failed.csv"), encoding: .utf8)
        _ = try scratch.write(failed.replacingOccurrences(of: ",x", with: ",7"), as: "list.csv")
        let second = try await load(sandbox, "2")
        #expect(second.status == 0 && !second.errorText.contains("shorter"), "\(second.errorText)")
        _ = try list(20)
        #expect(try await load(sandbox, "3").errorText.contains("20 records; the last run on this target read 40"))
    }

    @Test(
        "a last record without a line end is noted where groups may be set inactive, and nowhere else",
        arguments: [("\n", false), ("", true), ("\r\n", false)])
    func cutOff(ending: String, isTold: Bool) async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try list(20, ending)
        let plain = try await load(sandbox, "1")
        #expect(plain.status == 0 && !plain.errorText.contains("no line end"), "\(plain.errorText)")
        let options = ["--deactivate-missing", "--yes", "--on-existing", "update"]
        let careful = try await load(sandbox, "2", options)
        #expect(careful.status == 0, "\(careful.errorText)")
        #expect(
            careful.errorText.contains("list.csv: the last record has no line end; see that the list isn't cut off")
                == isTold, "\(careful.errorText)")
        let plan = try await scratch.groupload(
            ["plan", scratch.file("list.csv"), "--target", sandbox.url, "--deactivate-missing"]
        ).run()
        #expect(plan.errorText.contains("no line end") == isTold, "\(plan.errorText)")
    }

    /// Where a list of 60 groups breaks off, and how many records of it are whole.
    private static let cuts: [(cut: String, invalid: Int)] = [
        ("Group 60", 1), ("Gro", 1), ("\"Group 60\"", 1), ("Group 60,", 0), ("Group 60,60", 0),
    ]

    @Test(
        "a list that breaks off in its last record makes no group of the rest, and sets none inactive", arguments: cuts)
    func brokenOff(cut: String, invalid: Int) async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try list(59)
        let options = ["--on-existing", "update", "--deactivate-missing", "--yes"]
        #expect(try await load(sandbox, "1", options).status == 0)
        let whole = try String(contentsOfFile: scratch.file("list.csv"), encoding: .utf8)
        _ = try scratch.write(whole + cut, as: "list.csv")
        let second = try await load(sandbox, "2", options)
        let report = try await Report(scratch.file("2"))
        report.expectAccounts()
        #expect(report.outcomes["invalid"] ?? 0 == invalid, "\(second.errorText)")
        if invalid > 0 {
            // Nobody is set inactive by a list that isn't whole.
            #expect(second.status == 2 && report.summary["deactivated"] as? Int == 0, "\(second.errorText)")
            #expect(second.errorText.contains("the list seems to be cut off here"), "\(second.errorText)")
            #expect(try await sandbox.stored().count == 59)
        } else {
            #expect(second.status == 0 && second.errorText.contains("no line end"), "\(second.errorText)")
            #expect(try await sandbox.stored().count == 60)
        }
        #expect(try await sandbox.stored().allSatisfy { $0["isActive"] as? Bool == true })
        #expect(try await scratch.groupload(["verify", "2"]).run().status == 0)
    }

    @Test("the size that a list had last time is that of the last finished import, not of a correction or an undo")
    func measure() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try list(50)
        #expect(try await load(sandbox, "1").status == 0)
        #expect(try await scratch.groupload(["undo", "1", "--yes", "--run-dir", "back"]).run().status == 0)
        _ = try list(30)
        let short = try await load(sandbox, "2", ["--min-records", "80%"])
        #expect(short.status == 2 && short.errorText.contains("which is 40 of the 50"), "\(short.errorText)")
        // What was refused is no measure; what was let in is.
        #expect(try await load(sandbox, "3", ["--min-records", "60%"]).status == 0)
        _ = try list(20)
        let next = try await load(sandbox, "4", ["--min-records", "80%"])
        #expect(next.status == 2 && next.errorText.contains("which is 24 of the 30"), "\(next.errorText)")
    }
}
