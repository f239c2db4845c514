import Foundation
import TestSupport
import Testing

/// Workbooks as lists, through the built program.
@Suite struct WorkbookTests {
    private static let rows = [["name", "rank"], ["Gold", "1"], ["Silver", "2"]]

    @Test("several sheets are refused with their names and sizes; --sheet reads one, in a run and its verification")
    func severalSheets() async throws {
        let scratch = try Scratch()
        let path = scratch.file("groups.xlsx")
        try WorkbookFile.write(
            [("First", false, Self.rows), ("Second", false, [["name"], ["Bronze"]])], to: path)
        let refused = try await Command.groupload(["validate", path]).run()
        #expect(refused.status == 64, "\(refused.errorText)")
        #expect(refused.errorText.contains("\"First\" (3 rows), \"Second\" (2 rows)"), "\(refused.errorText)")
        #expect(refused.errorText.contains("--sheet"))
        let wrong = try await Command.groupload(["validate", path, "--sheet", "Third"]).run()
        #expect(wrong.status == 64 && wrong.errorText.contains("no sheet \"Third\""), "\(wrong.errorText)")
        let sandbox = try await SandboxProcess.start()
        let run = scratch.file("run")
        let result = try await Command.groupload(
            ["import", path, "--sheet", "second", "--target", sandbox.url, "--run-dir", run]
        ).run()
        #expect(result.status == 0, "\(result.errorText)")
        let report = try await Report(run)
        report.expectAccounts()
        #expect(report.results.map { $0["name"] } == ["Bronze"])
        #expect(report.results.map { $0["_line"] } == ["2"])
        #expect(try await Command.groupload(["verify", run]).run().status == 0)
    }

    @Test("a workbook comes through a pipe and compressed", arguments: [false, true])
    func throughAPipe(isCompressed: Bool) async throws {
        let scratch = try Scratch()
        var command = Command.groupload(["validate", isCompressed ? scratch.file("a.xlsx.gz") : "-"])
        let data = try Data(contentsOf: URL(fileURLWithPath: Samples.path("dialect-xlsxwriter.xlsx")))
        if isCompressed {
            let path = Samples.path("dialect-xlsxwriter.xlsx")
            let gzip = try await Command("/usr/bin/env", ["gzip", "-c", path]).run()
            try gzip.output.write(to: scratch.url("a.xlsx.gz"))
        } else {
            command.input = data
        }
        let result = try await command.run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.contains("temporary file"))
        #expect(result.errorText.contains("22 records read"))
    }

    @Test("hidden rows are read and noted, or left out with --skip-hidden") func hiddenRows() async throws {
        let scratch = try Scratch()
        let path = scratch.file("groups.xlsx")
        try WorkbookFile.write([("Groups", false, Self.rows + [["(hidden)", "Old", "9"]])], to: path)
        let all = try await Command.groupload(["validate", path]).run()
        #expect(all.status == 0 && all.errorText.contains("3 records read"), "\(all.errorText)")
        #expect(all.errorText.contains("1 hidden row (row 4)") && all.errorText.contains("--skip-hidden"))
        let shown = try await Command.groupload(["validate", path, "--skip-hidden"]).run()
        #expect(shown.status == 0 && shown.errorText.contains("2 records read"), "\(shown.errorText)")
    }

    @Test("what of a workbook is no record is counted, in validate's summary, a run's, its page and its proof")
    func accounted() async throws {
        let scratch = try Scratch()
        let path = scratch.file("groups.xlsx")
        let rows = [
            ["Reward groups"], [], ["name", "rank"], ["Gold", "1"], [], ["(hidden)", "Old", "9"], ["Tin", "", "x"],
        ]
        try WorkbookFile.write(
            [("Groups", false, rows), ("Old", true, Self.rows), ("Notes", false, [["n"]])], to: path)
        var skipped = [
            "blank_rows": 1, "repeated_headers": 0, "ruler_rows": 0, "lines_above_header": 2, "hidden_rows": 0,
            "filtered_rows": 0, "trailing_rows": 0, "cells_beside": 1, "merged_areas": 0, "hidden_sheets": 1,
            "other_sheets": 1,
        ]
        let options = [path, "--sheet", "Groups"]
        let checked = try await Command.groupload(["validate", "--json"] + options).run()
        #expect(checked.status == 0, "\(checked.errorText)")
        let summary = try JSONSerialization.jsonObject(with: checked.output) as? [String: Any]
        #expect(summary?["skipped"] as? [String: Int] == skipped)
        #expect((summary?["tolerated"] as? [String: Int])?["hidden_rows"] == 1)
        let said =
            "1 blank row, 2 lines above the header, 1 cell beside the columns, 1 hidden sheet and 1 other sheet "
            + "were passed over (first: \(path):1)"
        #expect(checked.errorText.contains(said), "\(checked.errorText)")
        #expect(checked.errorText.contains("hidden sheets not read: \"Old\"; sheets not read: \"Notes\""))
        let sandbox = try await SandboxProcess.start()
        let run = scratch.file("run")
        let result = try await Command.groupload(
            ["import", "--skip-hidden", "--target", sandbox.url, "--run-dir", run] + options
        ).run()
        #expect(result.status == 0, "\(result.errorText)")
        skipped["hidden_rows"] = 1
        let written = try Data(contentsOf: scratch.url("run/summary.json"))
        let kept = try JSONSerialization.jsonObject(with: written) as? [String: Any]
        #expect(kept?["skipped"] as? [String: Int] == skipped)
        #expect(try String(contentsOf: scratch.url("run/report.html"), encoding: .utf8).contains("1 hidden row"))
        #expect(try await Command.groupload(["verify", run]).run().status == 0)
        try await OtherDatabaseUser.run(
            #"UPDATE run SET value = replace(value, '"hidden_rows":1', '"hidden_rows":3')"#,
            on: scratch.file("run/ledger.sqlite"))
        let verified = try await Command.groupload(["verify", run]).run()
        #expect(verified.outputText.contains("the inputs hold 1 hidden_rows, the ledger 3"), "\(verified.outputText)")
    }

    @Test("titles are passed over with --skip-lines, in a run and its verification; a sheet without a header is read")
    func skippedLines() async throws {
        let scratch = try Scratch()
        let path = scratch.file("groups.xlsx")
        try WorkbookFile.write([("Groups", false, [["Name", "Acme", "rank", "active"]] + Self.rows)], to: path)
        let sandbox = try await SandboxProcess.start()
        let run = scratch.file("run")
        let result = try await Command.groupload(
            ["import", path, "--skip-lines", "1", "--target", sandbox.url, "--run-dir", run]
        ).run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.contains("header in row 2; 1 row above it"), "\(result.errorText)")
        #expect(try await Report(run).results.map { $0["name"] } == ["Gold", "Silver"])
        #expect(try await Command.groupload(["verify", run]).run().status == 0)
        let bare = try await Command.groupload(
            ["validate", path, "--skip-lines", "2", "--no-header", "--columns", "name,rank"]
        ).run()
        #expect(bare.errorText.contains("no header; 2 rows passed over"), "\(bare.errorText)")
        #expect(bare.errorText.contains("2 records read"), "\(bare.errorText)")
    }

    @Test("a header of two rows is noted") func headerOfTwoRows() async throws {
        let scratch = try Scratch()
        let path = scratch.file("groups.xlsx")
        try WorkbookFile.write(
            [("Groups", false, [["Title"], ["name", "Details"], ["", "rank", "active"], ["Gold", "1", "yes"]])],
            to: path)
        let result = try await Command.groupload(["validate", path]).run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.contains("header in rows 2 and 3; 1 row above it"), "\(result.errorText)")
        #expect(result.errorText.contains("1  valid"), "\(result.errorText)")
    }

    @Test("the only sheet with a header is named where several have rows") func onlyList() async throws {
        let scratch = try Scratch()
        let path = scratch.file("groups.xlsx")
        try WorkbookFile.write([("Notes", false, [["see"]]), ("Reward groups", false, Self.rows)], to: path)
        let result = try await Command.groupload(["validate", path]).run()
        #expect(result.status == 64 && result.errorText.contains("--sheet 'Reward groups'"), "\(result.errorText)")
    }

    @Test("what can't be read of a cell is invalid by the cell's name, and stays so when it is fed back")
    func fedBack() async throws {
        let scratch = try Scratch()
        let sandbox = try await SandboxProcess.start()
        let run = scratch.file("run")
        let result = try await Command.groupload(
            ["import", Samples.path("onboarding.xlsx"), "--target", sandbox.url, "--run-dir", run]
        ).run()
        #expect(result.status == 1, "\(result.errorText)")
        #expect(result.errorText.contains("3 hidden rows (first: row 70)"), "\(result.errorText)")
        let messages = try await Report.rows("\(run)/results.csv").compactMap { $0["_message"] }
        for part in ["A10 is a date", "A20 is an error", "A30 holds a formula", "B120 holds a formula"] {
            #expect(messages.contains { $0.contains(part) }, "\(part)")
        }
        let again = try await Command.groupload(
            ["validate", "\(run)/failed.csv", "--results", scratch.file("again.csv")]
        ).run()
        #expect(again.status == 1, "\(again.errorText)")
        let rows = try await Report.rows(scratch.file("again.csv"))
        #expect(rows.count == 5 && rows.allSatisfy { $0["_outcome"] == "invalid" }, "\(rows)")
    }

    @Test("a damaged workbook sends nothing", arguments: [0.3, 0.9]) func damaged(_ share: Double) async throws {
        let scratch = try Scratch()
        let data = try Data(contentsOf: URL(fileURLWithPath: Samples.path("dialect-openpyxl.xlsx")))
        try data.prefix(Int(Double(data.count) * share)).write(to: scratch.url("groups.xlsx"))
        let result = try await Command.groupload(["validate", scratch.file("groups.xlsx")]).run()
        #expect(result.status == 65, "\(result.errorText)")
        #expect(result.errorText.contains("cut short"))
    }

    @Test("what is exported as a workbook is imported as it was") func exported() async throws {
        let scratch = try Scratch()
        let sandbox = try await SandboxProcess.start()
        for (list, run) in [(Samples.path("clean.csv"), "one"), (scratch.file("groups.xlsx"), "two")] {
            let result = try await Command.groupload(
                ["import", list, "--target", sandbox.url, "--run-dir", scratch.file(run)]
            ).run()
            #expect(result.status == 0, "\(result.errorText)")
            let report = try await Report(scratch.file(run))
            #expect(report.outcomes == [(run == "one" ? "created" : "existing"): 22])
            if run == "two" { break }
            let written = try await Command.groupload(
                ["export", "--target", sandbox.url, "-o", scratch.file("groups.xlsx")]
            ).run()
            #expect(written.status == 0, "\(written.errorText)")
        }
    }

    @Test("a list that is no workbook isn't one by --format") func noWorkbook() async throws {
        let result = try await Command.groupload(["validate", Samples.path("clean.csv"), "--format", "xlsx"]).run()
        #expect(result.status == 65 && result.errorText.contains("this is no workbook"), "\(result.errorText)")
    }

    @Test("a list becomes a workbook and a list again") func convertedTwice() async throws {
        let scratch = try Scratch()
        let rows = "name,rank\n0012,7\n=A1,\n\"a,b\",-5\n 1e5 ,1\n_x0041_,2\n"
        try Data(rows.utf8).write(to: scratch.url("a.csv"))
        for (from, to) in [("a.csv", "b.xlsx"), ("b.xlsx", "c.csv")] {
            let result = try await Command.groupload(["convert", scratch.file(from), scratch.file(to)]).run()
            #expect(result.status == 0, "\(result.errorText)")
        }
        #expect(try String(contentsOf: scratch.url("c.csv"), encoding: .utf8).contains("\n0012,7\n=A1,\n\"a,b\",-5\n"))
        #expect(try String(contentsOf: scratch.url("c.csv"), encoding: .utf8).contains("1e5"))
    }

    @Test("a workbook is converted to CSV") func converted() async throws {
        let scratch = try Scratch()
        for (name, out) in [("dialect-openpyxl.xlsx", "a.csv"), ("clean.csv", "b.csv")] {
            let result = try await Command.groupload(["convert", Samples.path(name), scratch.file(out)]).run()
            #expect(result.status == 0, "\(result.errorText)")
        }
        #expect(try Data(contentsOf: scratch.url("a.csv")) == Data(contentsOf: scratch.url("b.csv")))
    }
}
