import Foundation
import TestSupport
import Testing

/// Runs whose lists are workbooks: killed and resumed, planned, proved, taken back, corrected.
@Suite struct WorkbookRunTests {
    private let scratch: Scratch
    private let sandbox: SandboxProcess
    private let run: String
    private var target: [String] { ["--target", sandbox.url] }

    init() async throws {
        scratch = try Scratch()
        sandbox = try await SandboxProcess.start(["--latency", "2ms"])
        run = scratch.file("run")
    }

    /// Writes a workbook of so many groups.
    private func book(_ count: Int, _ name: String = "list.xlsx", title: String = "Group") async throws -> String {
        let list = try scratch.write(
            "name,rank\n" + (1...count).map { "\(title) \($0),\($0)\n" }.joined(), as: "list.csv")
        let made = try await Command.groupload(["convert", list, scratch.file(name)]).run()
        #expect(made.status == 0, "\(made.errorText)")
        return scratch.file(name)
    }

    private func groupload(_ arguments: [String], _ input: Data? = nil) async throws -> (Int32, String) {
        var command = scratch.groupload(arguments)
        if let input { command.input = input }
        let result = try await command.run()
        return (result.status, result.errorText)
    }

    private func active() async throws -> Int {
        try await sandbox.stored().count { $0["isActive"] as? Bool == true }
    }

    @Test("killed while it sends, a workbook's run is resumed and proved", arguments: [false, true])
    func killed(isPiped: Bool) async throws {
        let path = try await book(300)
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        var command = scratch.groupload(
            ["import", isPiped ? "-" : path, "--run-dir", run, "--quiet", "--rate", "5/s"] + target)
        if isPiped { command.input = data }
        let result = try await command.run { process in
            try await sandbox.waitForStored(10)
            kill(process, SIGKILL)
        }
        #expect(result.status == 128 + SIGKILL)
        let (status, text) = try await groupload(["resume", run, "--rate", "auto"], isPiped ? data : nil)
        #expect(status == 0, "\(text)")
        let report = try await Report(run)
        report.expectAccounts()
        try await report.expectCreated(in: sandbox)
        #expect(report.results.count == 300)
        #expect(report.results.map { $0["_line"] } == (2...301).map { "\($0)" })
        #expect(try await groupload(["verify", run, "--against-target"]).0 == 0)
    }

    @Test("a plan of a workbook is carried out, with its sheet, and the run taken back")
    func planned() async throws {
        let sheets = [["First", "1"], ["Second", "2"]].map { ($0[0], false, [["name", "rank"], $0]) }
        try WorkbookFile.write(sheets, to: scratch.file("two.xlsx"))
        let options = ["--sheet", "Second"] + target
        var (status, text) = try await groupload(["plan", "two.xlsx", "-o", "plan.json"] + options)
        #expect(status == 0, "\(text)")
        (status, text) = try await groupload(["import", "--plan", "plan.json", "--run-dir", run])
        #expect(status == 0, "\(text)")
        #expect(try await Report(run).results.map { $0["name"] } == ["Second"])
        #expect(try await groupload(["verify", run]).0 == 0)
        #expect(try await active() == 1)
        (status, text) = try await groupload(["undo", run, "--yes", "--run-dir", scratch.file("back")])
        #expect(status == 0, "\(text)")
        #expect(try await active() == 0)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("back/failed.xlsx")))
        #expect(try await groupload(["verify", scratch.file("back")]).0 == 0)
    }

    @Test("several workbooks of several forms are one run, with the sheet of each") func several() async throws {
        let sheets = [("Groups", false, [["name"], ["From the sheet"], ["Gold Members"]]), ("Notes", false, [["x"]])]
        try WorkbookFile.write(sheets, to: scratch.file("two.xlsx"))
        let (status, text) = try await groupload(
            ["import", "two.xlsx", Samples.path("dialect.ods"), "--sheet", "groups", "--run-dir", run] + target)
        #expect(status == 0, "\(text)")
        let report = try await Report(run)
        #expect(report.outcomes == ["created": 23, "duplicate": 1])
        #expect(Set(report.results.compactMap { $0["_source"] }) == ["two.xlsx", Samples.path("dialect.ods")])
        let summary = try #require(report.summary["skipped"] as? [String: Int])
        #expect((summary["hidden_sheets"], summary["other_sheets"]) == (1, 2))
        #expect(try await groupload(["verify", run]).0 == 0)
    }

    @Test("failed.xlsx has the records of failed.csv with the cells at fault marked, and is corrected and fed back")
    func correctedWorkbook() async throws {
        let scratch = try Scratch()
        let sandbox = try await SandboxProcess.start()
        let target = ["--target", sandbox.url]
        let run = scratch.file("run")
        let result = try await Command.groupload(
            ["import", Samples.path("onboarding.xlsx"), "--run-dir", run] + target
        ).run()
        #expect(result.errorText.contains("correct \(run)/failed.xlsx and import it"), "\(result.errorText)")
        let book = "\(run)/failed.xlsx"
        let (rows, lines) = (try await WorkbookFile.cells(book), try await Report.rows("\(run)/failed.csv"))
        #expect(rows.map { $0["_record"] } == lines.map { $0["_record"] })
        #expect(rows.map { $0["_message"] } == lines.map { $0["_message"] })
        #expect(rows.map { $0.values.count { $0.hasPrefix("*") } } == Array(repeating: 1, count: rows.count))
        #expect(rows.compactMap { $0["Group name"] }.filter { $0.hasPrefix("*") } == ["*#VALUE!", "*#N/A", "*NA()"])
        #expect(rows.contains { $0["Rank"] == "*1.5" && $0["_what_to_do"]?.contains("is not an integer") == true })
        #expect(rows[0]["_what_to_do"]?.hasPrefix("Correct the marked cell: it was a date (2026-03-01), ") == true)
        // As it is, all of it stays invalid.
        let again = try await Command.groupload(["validate", book]).run()
        #expect(again.status == 1 && again.errorText.contains("\(rows.count)  invalid"), "\(again.errorText)")
        // The report writes it again, and verify finds it as it was.
        #expect(try await Command.groupload(["report", run]).run().status == 0)
        #expect(try await Command.groupload(["verify", run]).run().status == 0)
        var corrections: [String: String] = [:]
        for (index, row) in rows.enumerated() {
            if row["Group name"]?.hasPrefix("*") == true { corrections["B\(index + 2)"] = "Mended \(index)" }
            if row["Rank"]?.hasPrefix("*") == true { corrections["C\(index + 2)"] = "\(index)" }
        }
        try await WorkbookFile.edit(book, corrections)
        let second = try await Command.groupload(["import", book, "--run-dir", scratch.file("second")] + target).run()
        #expect(second.status == 0, "\(second.errorText)")
        #expect(try await Report(scratch.file("second")).outcomes == ["created": rows.count])
        let stored = try await sandbox.stored().compactMap { $0["name"] as? String }
        #expect(stored.count { $0.hasPrefix("Mended") } == 3)
        // The corrected workbook is no difference, and the two runs are one list.
        let verified = try await Command.groupload(["verify", run]).run()
        #expect(verified.status == 0 && verified.errorText.contains("failed.xlsx"), "\(verified.errorText)")
        let report = try await Command.groupload(["report", run, "--format", "json"]).run()
        let summary = try #require(try JSONSerialization.jsonObject(with: report.output) as? [String: Any])
        let whole = try #require(summary["whole"] as? [String: Any])
        #expect(whole["outcomes"] as? [String: Int] == ["created": 108 + rows.count])
    }

    @Test("of a record whose name is taken, failed.xlsx marks the name and says what to do") func nameTaken()
        async throws
    {
        let path = try await book(2)
        _ = try scratch.write("name\nGroup 2\n", as: "earlier.csv")
        #expect(try await groupload(["import", "earlier.csv", "--run-dir", scratch.file("earlier")] + target).0 == 0)
        let (status, text) = try await groupload(
            ["import", path, "--on-existing", "fail", "--run-dir", run] + target)
        #expect(status == 1, "\(text)")
        let rows = try await WorkbookFile.cells("\(run)/failed.xlsx")
        #expect(rows.map { $0["name"] } == ["*Group 2"])
        #expect(rows.map { $0["rank"] } == ["2"])
        #expect(rows.first?["_what_to_do"]?.contains("Rename the record in this file") == true, "\(rows)")
    }

    @Test("lists that aren't all workbooks have no failed.xlsx") func otherLists() async throws {
        let scratch = try Scratch()
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name,rank\nGold,x\n", as: "list.csv")
        let result = try await Command.groupload(
            ["import", list, Samples.path("dialect.ods"), "--target", sandbox.url, "--run-dir", scratch.file("run")]
        ).run()
        #expect(result.status == 1 && result.errorText.contains("run/failed.csv"), "\(result.errorText)")
        #expect(!FileManager.default.fileExists(atPath: scratch.file("run/failed.xlsx")))
        #expect(try await Command.groupload(["verify", scratch.file("run")]).run().status == 0)
    }
}
