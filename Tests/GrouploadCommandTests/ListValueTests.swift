import Foundation
import TestSupport
import Testing

/// Ranks, activities and words for nothing as spreadsheets and databases write them, and names that nobody wants.
@Suite struct ListValueTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func validate(
        _ text: String, as name: String = "list.csv", _ options: [String] = []
    ) async throws -> (Command.Result, [String: Any]) {
        let path = try scratch.write(text, as: name)
        let result = try await scratch.groupload(["validate", path, "--json"] + options).run()
        let summary = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
        return (result, try #require(summary))
    }

    @Test(
        "a rank with a point is the integer that it is, in every format, and stays as it was written in the report",
        arguments: [
            ("list.csv", "name,rank\nGold,1.0\nSilver,2.00\nTin,\nZinc,1.5\n"),
            ("list.tsv", "name\trank\nGold\t1.0E+00\nSilver\t2,0\nTin\t\nZinc\t1.5\n"),
            (
                "list.json",
                #"[{"name":"Gold","rank":1.0},{"name":"Silver","rank":"2.0"},"#
                    + #"{"name":"Tin","rank":""},{"name":"Zinc","rank":1.5}]"#
            ),
            (
                "list.xml",
                "<groups><group><name>Gold</name><rank>1.0</rank></group><group name='Silver' rank='2.00'/>"
                    + "<group><name>Tin</name></group><group><name>Zinc</name><rank>1.5</rank></group></groups>"
            ),
        ])
    func floats(name: String, text: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write(text, as: name)
        let result = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", "run"]).run()
        #expect(result.status == 1, "\(result.errorText)")
        let stored = try await sandbox.stored().map {
            "\($0["name"] ?? "") \(($0["rank"] as? Int).map(String.init) ?? "")"
        }
        #expect(stored.sorted() == ["Gold 1", "Silver 2", "Tin "])
        let failed = try await Report.rows(scratch.file("run/failed.csv"))
        #expect(failed.map { $0["rank"] } == ["1.5"])
        #expect(result.errorText.contains("is not an integer; write digits only"), "\(result.errorText)")
        #expect(try await scratch.groupload(["verify", "run", "--against-target"]).run().status == 0)
    }

    @Test(
        "a rank that is none says what to do about it",
        arguments: [
            ("NULL", "leave it empty; give --null NULL where that means none"), (#"\N"#, #"--null '\N'"#),
            ("N/A", "--null N/A"), ("-", "--null -"), ("nan", "--null nan"),
            ("1.000,5", "without anything between them"),
            ("12 000", "without anything between them"), ("1.23E+04", "a spreadsheet may have rounded it"),
            ("-1,234,567.5", "without anything between them"), ("+1’000.25", "without anything between them"),
            ("1,2e9", "a spreadsheet may have rounded it"), ("two", "write digits only, or leave it empty"),
            ("1,05", "write digits only, or leave it empty"), ("1234,5", "write digits only, or leave it empty"),
            ("1,23,456", "write digits only, or leave it empty"), ("1.2e", "write digits only, or leave it empty"),
            ("--1,000", "write digits only, or leave it empty"), ("1,,000", "write digits only, or leave it empty"),
        ])
    func remedies(rank: String, remedy: String) async throws {
        let (result, summary) = try await validate("name\trank\nGold\t\(rank)\n", as: "list.tsv")
        #expect(
            result.status == 1 && summary["outcomes"] as? [String: Int] == ["draft": 0, "duplicate": 0, "invalid": 1])
        #expect(result.errorText.contains(remedy), "\(result.errorText)")
    }

    @Test(
        "names that are numbers, and those of lines with a comma behind, stand in the report and can be fed back",
        arguments: [
            ("list.json", #"[{"name":5,"rank":1},{"name":1.50},{"name":12345678901234567890}]"#),
            ("list.ndjson", "{\"name\":5,\"rank\":1}\n{\"name\":1.50}\n{\"name\":12345678901234567890}\n"),
            (
                "commas.ndjson",
                "{\"name\":\"5\",\"rank\":1},\n{\"name\":\"1.50\"} , \r\n{\"name\":12345678901234567890},"
            ),
        ])
    func numbers(name: String, text: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write(text, as: name)
        let result = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", "run"]).run()
        #expect(result.status == 1, "\(result.errorText)")
        let names = ["5", "1.50", "12345678901234567890"]
        for file in ["failed.csv", "results.csv"] {
            let rows = try await Report.rows(scratch.file("run/\(file)"))
            #expect(rows.map { $0["name"] } == names && rows.map { $0["rank"] } == ["1", "", ""])
        }
        let again = try await scratch.groupload(
            ["import", "run/failed.csv", "--target", sandbox.url, "--run-dir", "again"]
        ).run()
        #expect(again.status == 0, "\(again.errorText)")
        #expect(Set(try await sandbox.stored().compactMap { $0["name"] as? String }) == Set(names))
    }

    @Test(
        "what isn't surely the name stays out of the report, and the message fits the format",
        arguments: [
            ("list.json", #"[{"name":["x"]},{"name":true}]"#, "is not text; give every group a name that is text"),
            (
                "list.ndjson", "{\"name\":\"x\"} y\n{\"name\":\"x\",\"rank\":01}\n{\"name\":\"x\"}, z,\n",
                "there is more behind the value"
            ),
            (
                "list.xml", "<gs><g><name>a<b>x</b></name></g></gs>",
                "is not plain text; write it without elements in it"
            ),
        ])
    func unsure(name: String, text: String, told: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write(text, as: name)
        let result = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", "run"]).run()
        #expect(result.status == 1 && result.errorText.contains(told), "\(result.errorText)")
        #expect(try await Report.rows(scratch.file("run/failed.csv")).allSatisfy { $0["name"] == "" })
    }

    @Test("--null is for ranks, activities and names, is kept by the run, and its failed.csv can be fed back")
    func null() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name,rank,isActive\nA,NULL,-\nB,-,yes\nNULL,1,yes\nC,null,\n", as: "list.csv")
        let options = ["--null", "NULL", "--null", "-"]
        let (result, summary) = try await validate(
            "name,rank,isActive\nA,NULL,-\nB,-,yes\nNULL,1,yes\nC,null,\n", options)
        #expect(
            result.status == 1 && summary["outcomes"] as? [String: Int] == ["draft": 2, "duplicate": 0, "invalid": 2])
        #expect(result.errorText.contains("name \"NULL\" means none by --null"), "\(result.errorText)")
        let load = ["import", list, "--target", sandbox.url, "--run-dir", "run"]
        #expect(try await scratch.groupload(load + options).run().status == 1)
        #expect(try await Report(scratch.file("run")).outcomes == ["created": 2, "invalid": 2])
        #expect(try await scratch.groupload(["verify", "run", "--against-target"]).run().status == 0)
        let other = try await scratch.groupload(load + ["--null", "NULL"]).run()
        #expect(other.status == 73 && other.errorText.contains("--null"), "\(other.errorText)")
        let failed = try await Report.rows(scratch.file("run/failed.csv"))
        #expect(failed.map { $0["rank"] } == ["1", "null"])
        #expect(try await scratch.groupload(["validate", list, "--null", ""]).run().status == 64)
    }

    @Test(
        "validate, plan and import judge an activity alike, whatever becomes of groups that are there",
        arguments: [
            (["Y", "x", "Yes", "ja", "TRUE", "1", "active", "inactive", "enabled", ""], true),
            (["maybe", "2"], false),
        ])
    func activity(words: [String], areKnown: Bool) async throws {
        let text = "name,isActive\n" + words.map { "Gold \($0)!,\($0)\n" }.joined()
        let (validated, summary) = try await validate(text)
        #expect(validated.status == (areKnown ? 0 : 1), "\(validated.errorText)")
        let invalid = (summary["outcomes"] as? [String: Int])?["invalid"]
        #expect(invalid == (areKnown ? 0 : words.count))
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write(text, as: "list.csv")
        for (number, options) in [[], ["--on-existing", "update"]].enumerated() {
            let plan = try await scratch.groupload(["plan", list, "--target", sandbox.url, "--quiet"] + options).run()
            #expect(plan.status == validated.status)
            let run = ["import", list, "--target", sandbox.url, "--quiet", "--run-dir", "run\(number)"]
            #expect(try await scratch.groupload(run + options).run().status == validated.status)
            #expect(try await Report(scratch.file("run\(number)")).outcomes["invalid"] ?? 0 == invalid)
        }
        #expect(try await sandbox.stored().count == (areKnown ? words.count : 0))
        if !areKnown {
            #expect(validated.errorText.contains("doesn't say yes or no; write yes, true"), "\(validated.errorText)")
            for word in ["ja", "oui", "sí"] { #expect(validated.errorText.contains(word)) }
        }
    }

    @Test("suspicious names are shown by record, counted, noted in the results, and change nothing") func suspicious()
        async throws
    {
        let list = "name,rank\nGold,1\n1-Mar,2\n“Tin”,3\nCafÃ©,4\n1-Mar,5\n#REF!,6\nSumme:,21\n"
        let (result, summary) = try await validate(list, ["--results", scratch.file("checked.csv")])
        #expect(result.status == 0 && summary["suspicious"] as? Int == 5)
        for line in [
            "list.csv:3: record 2 \"1-Mar\" looks like a date",
            "list.csv:4: record 3 \"“Tin”\" stands in quotation marks",
            "list.csv:5: record 4 \"CafÃ©\" looks like text that was decoded wrongly",
            "list.csv:7: record 6 \"#REF!\" is an error", "list.csv:8: record 7 \"Summe:\" is the last of its list",
        ] { #expect(result.errorText.contains(line), "\(result.errorText)") }
        let rows = try await Report.rows(scratch.file("checked.csv"))
        #expect(rows.map { $0["_outcome"] } == ["draft", "draft", "draft", "draft", "duplicate", "draft", "draft"])
        #expect(rows[1]["_message"]?.hasPrefix("name looks like a date") == true && rows[0]["_message"] == "")
        let sandbox = try await SandboxProcess.start()
        let load = ["import", scratch.file("list.csv"), "--target", sandbox.url, "--run-dir", "run"]
        let loaded = try await scratch.groupload(load).run()
        #expect(
            loaded.status == 0 && loaded.errorText.contains("Warning: 5 names are suspicious"), "\(loaded.errorText)")
        #expect(try await Report(scratch.file("run")).summary["suspicious"] as? Int == 5)
    }

    @Test("ten suspicious names are noted, then how many more; only the last record of each list can be a total")
    func manySuspicious() async throws {
        let first = try scratch.write(
            "name\nTotal\n" + (1...28).map { "\($0)-Mar\n" }.joined() + "Gold\n", as: "first.csv")
        let second = try scratch.write("name\nSilver\nGrand total\n", as: "second.csv")
        let result = try await scratch.groupload(["validate", first, second, "--json"]).run()
        let lines = result.errorText.split(separator: "\n")
        #expect(lines.count { $0.contains("looks like a date") } == 10)
        #expect(
            lines.contains("and 19 more whose names are suspicious (--results FILE lists them all)"),
            "\(result.errorText)")
        #expect(result.outputText.contains("\"suspicious\" : 29"))
    }
}
