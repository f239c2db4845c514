import Foundation
import TestSupport
import Testing

/// What of a list is no record, as each command tells it.
@Suite struct ListRowsTests {
    private static let list = """
        sep=;
        name;rank;note
        ;;
        \u{FEFF}Gold;1
        Name;Rank;"Note"
        "";"";
        Silver;2;x;

        """
    private static let skipped = ["blank_rows": 2, "repeated_headers": 1, "ruler_rows": 0, "lines_above_header": 1]
    private static let tolerated = ["short_rows": 1, "long_rows": 1, "byte_order_marks": 1, "blanks_behind_quotes": 0]
    private static let line = "2 blank rows, 1 repeated header and 1 line above the header were passed over "

    private func scratch(_ list: String = Self.list) throws -> Scratch {
        let scratch = try Scratch()
        _ = try scratch.write(list, as: "list.csv")
        return scratch
    }

    private func json(_ data: Data) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("validate says it on the screen and in its summary") func validates() async throws {
        let scratch = try scratch()
        let result = try await scratch.groupload(["validate", "list.csv", "--json"]).run()
        #expect(result.status == 0)
        #expect(result.errorText.contains(Self.line + "(first: list.csv:1)\n"), "\(result.errorText)")
        for remark in [
            "1 record lacks last fields, taken as empty (line 4)", "1 record has empty fields too many (line 7)",
            "1 byte order mark inside the list was dropped (line 4)",
        ] {
            #expect(result.errorText.contains("list.csv: \(remark)\n"), "\(result.errorText)")
        }
        let summary = try json(result.output)
        #expect(summary["skipped"] as? [String: Int] == Self.skipped)
        #expect(summary["tolerated"] as? [String: Int] == Self.tolerated)
        let places = try #require(summary["skipped_places"] as? [[String: Any]])
        #expect(places.map { $0["line"] as? Int } == [1, 3, 5, 6])
        #expect(
            places.map { $0["kind"] as? String }
                == ["lines_above_header", "blank_rows", "repeated_headers", "blank_rows"])
    }

    @Test("each kind stands in the summary of a list without any") func zeros() async throws {
        let scratch = try scratch("name\nGold\n")
        let result = try await scratch.groupload(["validate", "list.csv", "--json"]).run()
        #expect(try json(result.output)["skipped"] as? [String: Int] == Self.skipped.mapValues { _ in 0 })
        #expect(!result.errorText.contains("passed over"))
    }

    @Test("an import keeps it: summary, page, proof; the list is whole enough to set groups inactive")
    func imports() async throws {
        let scratch = try scratch()
        let sandbox = try await SandboxProcess.start()
        let target = ["--target", sandbox.url]
        let arguments = ["import", "list.csv", "--deactivate-missing", "--yes", "--run-dir", "run"] + target
        let result = try await scratch.groupload(arguments).run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.contains(Self.line), "\(result.errorText)")
        #expect(try await sandbox.stored().compactMap { $0["name"] as? String }.sorted() == ["Gold", "Silver"])
        let summary = try json(Data(contentsOf: scratch.url("run/summary.json")))
        #expect(summary["skipped"] as? [String: Int] == Self.skipped)
        #expect(summary["tolerated"] as? [String: Int] == Self.tolerated)
        let page = try String(contentsOf: scratch.url("run/report.html"), encoding: .utf8)
        #expect(page.contains("2 blank rows, 1 repeated header, 1 line above the header"))
        #expect(page.contains("1 record lacks last fields"))
        let again = try await scratch.groupload(["report", "run", "--format", "json"]).run()
        #expect(try json(again.output)["skipped"] as? [String: Int] == Self.skipped, "\(again.errorText)")
        #expect(try await scratch.groupload(["verify", "run"]).run().status == 0)
        // A ledger that says otherwise doesn't pass.
        try await OtherDatabaseUser.run(
            #"UPDATE run SET value = replace(value, '"blank_rows":2', '"blank_rows":3')"#,
            on: scratch.file("run/ledger.sqlite"))
        let verified = try await scratch.groupload(["verify", "run"]).run()
        #expect(verified.status == 1)
        #expect(verified.outputText.contains("the inputs hold 2 blank_rows, the ledger 3"), "\(verified.outputText)")
    }

    @Test("titles end reading with the flag that passes over them, which a run keeps") func titles() async throws {
        let scratch = try scratch("Report,\n\"Exported, 2026-11-25\",\n,\nname,rank\nGold,1\n")
        let refused = try await scratch.groupload(["validate", "list.csv"]).run()
        #expect(refused.status == 65)
        #expect(refused.errorText.contains("line 4 looks like the header"), "\(refused.errorText)")
        #expect(refused.errorText.contains("with --skip-lines 3\n"), "\(refused.errorText)")
        let sandbox = try await SandboxProcess.start()
        let arguments = ["import", "list.csv", "--target", sandbox.url, "--run-dir", "run", "--skip-lines"]
        let result = try await scratch.groupload(arguments + ["3"]).run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try await sandbox.stored().compactMap { $0["name"] as? String } == ["Gold"])
        let other = try await scratch.groupload(arguments + ["2"]).run()
        #expect(other.status == 73 && other.errorText.contains("(--skip-lines)"), "\(other.errorText)")
        #expect(try await scratch.groupload(["verify", "run"]).run().status == 0)
        let converted = try await scratch.groupload(["convert", "list.csv", "-", "--to", "ndjson", "--skip-lines", "3"])
            .run()
        #expect(converted.outputText == "{\"name\":\"Gold\",\"rank\":1}\n", "\(converted.errorText)")
        #expect(converted.errorText.contains("3 lines above the header were passed over"), "\(converted.errorText)")
    }

    @Test("rows that are separated otherwise than the header are noted once, with the flag") func otherDelimiter()
        async throws
    {
        let scratch = try scratch("name;rank\nGold,1\nSilver,2\n")
        let result = try await scratch.groupload(["validate", "list.csv"]).run()
        #expect(result.status == 1)
        let remark = "2 records seem to be separated by comma (,), but the header by semicolon (;) (first: line 2); "
        #expect(result.errorText.components(separatedBy: remark).count == 2, "\(result.errorText)")
        #expect(result.errorText.contains("--delimiter comma --no-header"), "\(result.errorText)")
        _ = try scratch.write("name\nGold;1\nSilver;2\n", as: "list.csv")
        let single = try await scratch.groupload(["validate", "list.csv"]).run()
        #expect(single.status == 0)
        #expect(single.errorText.contains("--delimiter semicolon"), "\(single.errorText)")
    }

    @Test(
        "a record of failed.csv that another delimiter would make whole stays invalid",
        arguments: ["name;rank\n", "name;note\n"])
    func feedsBack(_ header: String) async throws {
        let scratch = try scratch(header + "Gold,1\n\"a\"b;2\n")
        let sandbox = try await SandboxProcess.start()
        for (list, run) in [("list.csv", "first"), ("first/failed.csv", "second"), ("second/failed.csv", "third")] {
            _ = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", run]).run()
            #expect(try await Report(scratch.file(run)).outcomes["invalid"] == 2)
        }
    }
}
