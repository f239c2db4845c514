import Foundation
import TestSupport
import Testing

/// What becomes of names and columns that are noted: they are warned of at the end, kept for later, and refused by
/// `--strict`.
@Suite struct NotedNameTests {
    private let scratch: Scratch
    private static let list = "name,rank\nGold,1\n1-Mar,2\nGOLD,3\nSil\u{200B}ver <b>,4\nTotal,10\n"

    init() throws { scratch = try Scratch() }

    private func entries(_ summary: Any?, _ key: String) throws -> [[String: Any]] {
        try #require((summary as? [String: Any])?[key] as? [[String: Any]])
    }

    @Test("validate --json has them with record, line, name and reason") func validated() async throws {
        let list = try scratch.write(Self.list, as: "list.csv")
        let result = try await scratch.groupload(["validate", list, "--json"]).run()
        let summary = try JSONSerialization.jsonObject(with: result.output)
        let suspicious = try entries(summary, "suspicious_names")
        #expect(suspicious.map { $0["record"] as? Int } == [2, 4, 5] && result.status == 0)
        #expect(suspicious.map { $0["line"] as? Int } == [3, 5, 6])
        #expect(suspicious.map { $0["name"] as? String } == ["1-Mar", "Sil\u{200B}ver <b>", "Total"])
        #expect(suspicious.map { $0["path"] as? String } == [list, list, list])
        #expect((suspicious[1]["remark"] as? String)?.hasPrefix("holds a zero width space (U+200B)") == true)
        let near = try entries(summary, "near_duplicate_names")
        #expect(
            near.map { $0["record"] as? Int } == [3] && near[0]["remark"] as? String == #"is nearly record 1 "Gold""#)
    }

    @Test("report.html has the first hundred of each, with what can't be seen escaped, and the count") func reported()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        let names = (1...150).map { "Group\u{A0}\($0),\n" }.joined() + (1...120).map { "GROUP \($0),\n" }.joined()
        let list = try scratch.write(Self.list + names, as: "list.csv")
        let run = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", "run"]).run()
        #expect(run.status == 0, "\(run.errorText)")
        #expect(run.errorText.contains("whose names are suspicious (report.html lists the first 100 of all)"))
        #expect(run.errorText.contains("Warning: 152 names are suspicious; see above and run/report.html"))
        let page = try String(contentsOfFile: scratch.file("run/report.html"), encoding: .utf8)
        #expect(page.contains("152 names are suspicious, the first 100 of them"))
        #expect(page.contains("121 names are nearly an earlier one, the first 100 of them"))
        #expect(page.contains(#"<bdi>Sil\u{200B}ver &lt;b&gt;</bdi>"#) && !page.contains("ver <b>"))
        #expect(page.components(separatedBy: "holds a no-break space (U+00A0)").count - 1 == 98)
        #expect(try await scratch.groupload(["report", "run"]).run().status == 0)
        #expect(try String(contentsOfFile: scratch.file("run/report.html"), encoding: .utf8) == page)
        #expect(try await scratch.groupload(["verify", "run"]).run().status == 0)
    }

    @Test(
        "--strict refuses a list with a name that is noted, before anything is sent, read from a pipe too",
        arguments: ["validate", "plan", "import", "pipe"],
        ["1-Mar", "GOLD", "Gold\u{A0}Club", "Total"])
    func strict(command: String, name: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let text = "name,rank\nGold,1\nSilver,2\n\(name),3\n"
        let list = try scratch.write(text, as: "list.csv")
        let target = ["--target", sandbox.url] + (command == "plan" ? [] : ["--run-dir", "run"])
        var refused = scratch.groupload(
            command == "pipe"
                ? ["import", "-", "--strict"] + target
                : [command, list, "--strict"] + (command == "validate" ? [] : target))
        if command == "pipe" { refused.input = Data(text.utf8) }
        let result = try await refused.run()
        #expect(result.status == 65 && result.errorText.contains("which --strict refuses"), "\(result.errorText)")
        #expect(try await sandbox.stored().isEmpty)
        guard command == "import" else { return }
        #expect(try await Report(scratch.file("run")).outcomes == ["unprocessed": 3])
        let rows = try await Report.rows(scratch.file("run/results.csv"))
        #expect(rows.allSatisfy { $0["_message"]?.contains("--strict refuses") == true })
        // The corrected list makes a new run in the same directory.
        _ = try scratch.write("name,rank\nGold,1\nSilver,2\n", as: "list.csv")
        #expect(try await scratch.groupload([command, list, "--strict"] + target).run().status == 0)
        #expect(try await sandbox.stored().count == 2)
    }

    @Test(
        "what a report writes below a list is noted, and nothing of the list itself",
        arguments: [
            (
                """
                Gold,1
                Silver,2

                Grand Total,3

                My Report
                "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."
                Confidential Information - Do Not Distribute
                Generated By: Ann Smith 11/28/2026
                Acme Inc

                """, [3, 4, 5, 6, 7, 8]
            ),
            ("Gold,1\nTotal,1\nGenerated by Ann\n", [2, 3]), ("Gold,1\nSilver,2\nTotal,3\n", [3]),
            ("Gold,1\n\nThese groups were checked\nby Ann\n", [2, 3]), ("Gold,1\nPage 1 of 3\n", [2]),
            ("Gold,1\nSubtotal,1\nSilver,2\nTin,3\n", [2]), ("Gold,1\n\nSilver,\nTin,\n", []),
            ("Gold,1\nGenerated by Ann,2\n", []), ("Gold,1\n\nThe Founders Circle,2\nTin,\n", []),
            ("Gold,1\nTotal,1\nSilver,2\n", []), ("Gold,\nPage Turners,\n", []),
        ])
    func footers(list: String, records: [Int]) async throws {
        let path = try scratch.write("name,rank\n" + list, as: "list.csv")
        let result = try await scratch.groupload(["validate", path, "--json"]).run()
        let summary = try JSONSerialization.jsonObject(with: result.output)
        let found = try entries(summary, "suspicious_names")
        #expect(found.map { $0["record"] as? Int } == records, "\(result.errorText)")
        let strict = try await scratch.groupload(["validate", path, "--strict"]).run()
        #expect(strict.status == (records.isEmpty ? 0 : 65))
    }

    @Test("a column that isn't used, and an activity that doesn't count, are warned of behind the counts")
    func warned() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("Group name,Priority,Live\nGold,1,yes\nSilver,2,no\nTin,3,no\n", as: "list.csv")
        let options = ["--target", sandbox.url, "--map", "active=Live"]
        let notUsed = "Warning: \(list): not used: Priority looks like a rank: --map rank=Priority,active=Live"
        let unheeded = "Warning: 2 records say that the group isn't active, which counts only with --on-existing update"
        for command in [["plan"], ["import", "--run-dir", "run", "--json"]] {
            let result = try await scratch.groupload(command + [list] + options).run()
            let summary = try #require(result.errorText.components(separatedBy: "3 records read").last)
            #expect(summary.contains(notUsed) && summary.contains(unheeded), "\(result.errorText)")
            if command.count > 1 {
                let json = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
                #expect(json?["activity_unheeded"] as? Int == 2)
            }
        }
        let updating = try await scratch.groupload(
            ["plan", list, "--on-existing", "update"] + options + ["--json"]
        ).run()
        let json = try JSONSerialization.jsonObject(with: updating.output) as? [String: Any]
        #expect(json?["activity_unheeded"] as? Int == 0)
        #expect(!updating.errorText.contains("isn't active"), "\(updating.errorText)")
        let mapped = try await scratch.groupload(["validate", list, "--map", "rank=Priority,active=Live"]).run()
        #expect(!mapped.errorText.contains("Warning"), "\(mapped.errorText)")
    }

    @Test(
        "an invalid record that looks like a total is called one, wherever the word stands",
        arguments: ["Total,7140.5,", "Grand total:,\"7,140\",", ",Summe,7140", ",(3 rows),"])
    func total(row: String) async throws {
        let list = try scratch.write("name,rank,Owner\nGold,1,Ann\n\(row)\nX,y,z\n", as: "list.csv")
        let result = try await scratch.groupload(["validate", list, "--results", scratch.file("all.csv")]).run()
        let rows = try await Report.rows(scratch.file("all.csv"))
        #expect(result.status == 1 && rows.map { $0["_outcome"] } == ["draft", "invalid", "invalid"])
        #expect(rows.map { $0["_message"]?.contains("looks like a total; leave it out") } == [false, true, false])
    }

    @Test("what to do about a total says so in failed.xlsx, too, whatever is wrong with it", arguments: ["#REF!", "x"])
    func totalOfWorkbook(rank: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let type = rank == "x" ? "String" : "Error"
        let rows = [[("String", "name"), ("String", "rank")], [("String", "Total"), (type, rank)]].map { row in
            "<Row>\(row.map { "<Cell><Data ss:Type=\"\($0.0)\">\($0.1)</Data></Cell>" }.joined())</Row>"
        }
        let name = "urn:schemas-microsoft-com:office:spreadsheet"
        let list = try scratch.write(
            "<Workbook xmlns=\"\(name)\" xmlns:ss=\"\(name)\"><Worksheet ss:Name=\"S\"><Table>\(rows.joined())"
                + "</Table></Worksheet></Workbook>", as: "list.xml")
        let run = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", "run"]).run()
        #expect(run.status == 1, "\(run.errorText)")
        let cells = try await WorkbookFile.cells(scratch.file("run/failed.xlsx"))
        let remark = "; the record looks like a total; leave it out if it is one"
        for column in ["_what_to_do", "_message"] {
            #expect(cells.first?[column]?.hasSuffix(remark) == true, "\(cells)")
        }
    }

    @Test("words that mean nothing are named once in a message, with the options that make them empty")
    func nullWords() async throws {
        let list = try scratch.write("name,rank,isActive\nA,NULL,NULL\nB,NULL,-\nC,x,-\n", as: "list.csv")
        let result = try await scratch.groupload(["validate", list, "--results", scratch.file("all.csv")]).run()
        let messages = try await Report.rows(scratch.file("all.csv")).map { $0["_message"] ?? "" }
        let ends = ["--null NULL", "--null NULL where that means none; give --null -", "--null -"]
        #expect(result.status == 1 && messages.count == 3)
        for (message, end) in zip(messages, ends) {
            #expect(message.hasSuffix("or nothing; give \(end) where that means none"), "\(message)")
        }
        #expect(messages[0].components(separatedBy: "--null").count == 2)
    }
}
