import Foundation
import TestSupport
import Testing

@Suite struct ConvertTests {
    private static let formats = ["csv", "json", "ndjson", "xml"]
    /// Names and ranks that each format must quote or escape somewhere.
    private static let groups: [(String, String?)] = [
        ("plain", "1"), ("a,b;c|d\te", "-5"), ("say \"hi\" \\ 'x'", nil), ("line\nbreak", "007"),
        ("cr\rand\r\ncrlf", "+5"),
        ("  blanks  ", " 7 "), ("<tag attr='x'>&amp;]]>", "12a"), ("東京 🎉 e\u{301}é\u{2028}", "2147483648"),
        ("=1+1", "1.5"), ("@cmd", "0"), ("-5", "-0"), ("'quoted'", nil), ("", "3"), ("\u{10FFFD}\u{FFFD}", nil),
        ("null", "null"),
        ("\u{7f}\u{85}", "[1]"),
    ]

    /// What Python's own readers see in a file: an array of name and rank, null where one isn't there or is empty.
    private static let reader = """
        import csv, json, sys, xml.etree.ElementTree as tree
        path = sys.argv[1]
        def plain(value): return None if value in (None, "") else value if isinstance(value, str) else json.dumps(value)
        if path.endswith(".csv"):
            with open(path, encoding="utf-8", newline="") as file: rows = [(r["name"], r["rank"]) for r in \
        csv.DictReader(file, strict=True)]
        elif path.endswith(".xml"):
            def text(record, name):
                element = record.find(name)
                return None if element is None else element.text
            rows = [(text(r, "name"), text(r, "rank")) for r in tree.parse(path).getroot()]
        else:
            with open(path, encoding="utf-8", newline="") as file: text = file.read()
            values = json.loads(text, parse_int=str) if path.endswith(".json") else [json.loads(line, \
        parse_int=str) for line in text.split("\\n") if line]
            rows = [(r.get("name"), r.get("rank")) for r in values]
        print(json.dumps([[plain(name), plain(rank)] for name, rank in rows]))
        """

    private func rows(_ path: String) async throws -> [[String?]] {
        let result = try await Command.python(Self.reader, [path]).run()
        #expect(result.status == 0, "\(result.errorText)")
        return try JSONDecoder().decode([[String?]].self, from: result.output)
    }

    @Test(
        "from any format to any, and read with others' readers, names and ranks are what they were", arguments: formats,
        formats)
    func everyPair(from: String, to: String) async throws {
        let scratch = try Scratch()
        let text = try JSONSerialization.data(
            withJSONObject: Self.groups.map { ["name": $0.0, "rank": $0.1 as Any? ?? NSNull()] })
        try text.write(to: scratch.url("first.json"))
        for (source, target) in [
            ("first.json", "from." + from), ("from." + from, "to." + to), ("to." + to, "last.json"),
        ] {
            let result = try await Command.groupload(
                ["convert", scratch.file(source), scratch.file(target)]).run()
            #expect(result.status == 0, "\(result.errorText)")
        }
        let expected = Self.groups.map { [$0.0.isEmpty ? nil : $0.0, $0.1] }
        #expect(try await rows(scratch.file("to." + to)) == expected)
        #expect(try await rows(scratch.file("last.json")) == expected)
        if to == "xml" {
            let lint = try await Command("/usr/bin/xmllint", ["--noout", scratch.file("to.xml")]).run()
            #expect(lint.status == 0, "\(lint.errorText)")
        }
    }

    private struct Row: Decodable {
        /// A value of any type.
        struct Value: Decodable {
            var text: String

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                if let flag = try? value.decode(Bool.self) {
                    text = String(flag)
                } else if let number = try? value.decode(Int.self) {
                    text = String(number)
                } else {
                    text = try value.decode(String.self)
                }
            }
        }
        var isActive: Value?
    }

    @Test("whether a group is active goes with it; too late for a column in CSV, it is noted", arguments: formats)
    func activity(format: String) async throws {
        let scratch = try Scratch()
        let text =
            #"""
            [{"name":"A","rank":1,"isActive":false},{"name":"B","rank":2},{"name":"C","isActive":"no"},\#
            {"name":"D","isActive":1}]
            """#
        let list = try scratch.write(text, as: "list.json")
        for (from, to) in [
            (list, scratch.file("middle." + format)), (scratch.file("middle." + format), scratch.file("last.json")),
        ] {
            let result = try await Command.groupload(["convert", from, to]).run()
            #expect(result.status == 0, "\(result.errorText)")
        }
        let last = try JSONDecoder().decode([Row].self, from: Data(contentsOf: scratch.url("last.json")))
        #expect(last.map(\.isActive?.text) == ["false", nil, "no", "1"])

        let late = try scratch.write(
            (1...5000).map { "{\"name\":\"\($0)\"}\n" }.joined() + #"{"name":"late","isActive":false}"# + "\n",
            as: "late.ndjson")
        let result = try await Command.groupload(["convert", late, scratch.file("late.csv")]).run()
        #expect(result.status == 1 && result.errorText.contains("record 5001: left out: it is the first that says"))
        let object = try await Command.groupload([
            "convert", try scratch.write(#"[{"name":"A","isActive":[1]}]"#, as: "x.json"), "-", "--to", "csv",
        ]).run()
        #expect(object.status == 1 && object.errorText.contains("the activity is neither"))
    }

    @Test("converted and back, each clean sample gives the same results", arguments: formats) func samples(
        format: String
    ) async throws {
        let scratch = try Scratch()
        let converted = scratch.file("clean." + format)
        // Of another format each; every pair is converted in ``everyPair(from:to:)``.
        for sample in Self.formats where Self.formats[((Self.formats.firstIndex(of: sample) ?? 0) + 1) % 4] == format {
            #expect(
                try await Command.groupload(["convert", Samples.path("clean." + sample), converted]).run().status == 0)
            var outcomes: [[[String]]] = []
            for list in [Samples.path("clean." + sample), converted] {
                let results = scratch.file("results.csv")
                #expect(try await Command.groupload(["validate", list, "--results", results]).run().status == 0)
                outcomes.append(
                    try await Report.rows(results).map { [$0["_outcome"] ?? "", $0["name"] ?? "", $0["rank"] ?? ""] })
            }
            #expect(outcomes[0] == outcomes[1] && outcomes[0].count == 22)
        }
    }

    @Test("what the other format can't hold, or can't be read, is left out, noted: 1") func leavesOut() async throws {
        let scratch = try Scratch()
        let lines = [
            #"{"name":"a"}"#, #"{"name":"\u0001"}"#, #"{"name":1}"#, #"{"name":"b","rank":true}"#, "oops",
            #"{"name":"c","rank":2}"#,
            #"{"name":"\uffff"}"#,
        ]
        let list = try scratch.write(lines.joined(separator: "\n"), as: "list.ndjson")
        let result = try await Command.groupload(["convert", list, scratch.file("list.xml")]).run()
        #expect(result.status == 1)
        #expect(try await rows(scratch.file("list.xml")) == [["a", nil], ["c", "2"]])
        for line in [2, 3, 4, 5, 7] {
            #expect(result.errorText.contains("list.ndjson:\(line): record \(line): left out: "))
        }
        #expect(result.errorText.contains("7 records read, 2 written"))
    }

    @Test("--spreadsheet-safe puts an apostrophe before formulas, and leaves numbers alone") func spreadsheetSafe()
        async throws
    {
        let scratch = try Scratch()
        let text =
            #"""
            [{"name":"=1+1","rank":-5},{"name":"@x"},{"name":"-x"},{"name":"+49"},{"name":"\tx"},{"name":"a;\#
            =b"},{"name":"-"}]
            """#
        let list = try scratch.write(text, as: "list.json")
        let result = try await Command.groupload(["convert", list, "-", "--to", "csv", "--spreadsheet-safe"]).run()
        #expect(result.status == 0)
        #expect(
            result.outputText
                == """
                \"name\",\"rank\"\n\"'=1+1\",\"-5\"\n\"'@x\",\"\"\n\"'-x\",\"\"\n\"+49\",\"\"\n\"'\tx\",\
                \"\"\n\"a;=b\",\"\"\n\"'-\",\"\"\n
                """
        )
        let other = try await Command.groupload(["convert", list, "-", "--to", "json", "--spreadsheet-safe"]).run()
        #expect(other.status == 64)
    }

    @Test("a damaged list, or one that would be overwritten, leaves everything as it was") func leavesAlone()
        async throws
    {
        let scratch = try Scratch()
        let output = try scratch.write("before", as: "out.csv")
        let damaged = try await Command.groupload(["convert", Samples.path("damaged.json"), output]).run()
        #expect(damaged.status == 65)
        #expect(try String(contentsOfFile: output, encoding: .utf8) == "before")
        let list = try scratch.write("name\nA\n", as: "list.csv")
        #expect(try await Command.groupload(["convert", list, list]).run().status == 64)
        #expect(try String(contentsOfFile: list, encoding: .utf8) == "name\nA\n")
        #expect(try await Command.groupload(["convert", list, scratch.file("list")]).run().status == 64)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.url("").path).sorted() == [
                "list.csv", "out.csv",
            ])
    }

    @Test("columns that are left out are noted; a pipe that closes ends it quietly") func pipes() async throws {
        let scratch = try Scratch()
        let list = try scratch.write(
            "Group Title;Region;Priority\n" + (1...50_000).map { "G\($0);EU;\($0)\n" }.joined(), as: "list.csv")
        var command = Command(
            "/bin/bash",
            [
                "-c",
                """
                set -o pipefail; \"$1\" convert - - --to ndjson --map 'name=Group Title,rank=Priority' < \
                \"$2\" | head -n 2
                """,
                "bash", Command.groupload([]).path, list,
            ])
        command.environment = [:]
        let result = try await command.run()
        #expect(result.status == 0)
        #expect(result.outputText == "{\"name\":\"G1\",\"rank\":1}\n{\"name\":\"G2\",\"rank\":2}\n")
        let whole = try await Command.groupload([
            "convert", list, scratch.file("a.csv"), "--map", "name=Group Title,rank=Priority",
        ]).run()
        #expect(
            whole.errorText.contains("list.csv: name ← Group Title, rank ← Priority; not used: Region\n"),
            "\(whole.errorText)"
        )
        #expect(whole.errorText.contains("50,000 records read, 50,000 written"))
    }
}
