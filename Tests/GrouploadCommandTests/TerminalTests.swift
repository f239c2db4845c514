import Foundation
import TestSupport
import Testing

/// What others wrote, on its way to a terminal and to a spreadsheet.
@Suite struct TerminalTests {
    private let scratch: Scratch
    private static let evil = "\u{1B}]0;x\u{7}\u{202E}evil\u{2028}"

    init() throws { scratch = try Scratch() }

    private func expectPlain(_ result: Command.Result, _ what: String) {
        for text in [result.errorText, result.outputText] {
            for scalar in ["\u{1B}", "\u{7}", "\u{202E}", "\u{2028}", "\u{9B}"] {
                #expect(!text.unicodeScalars.contains { String($0) == scalar }, "\(what): \(text)")
            }
        }
    }

    @Test("nothing foreign is raw: names, header cells, file names, server's and ledger's words") func raw()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name,\(Self.evil)\n\(Self.evil) 1,x\nplain,y\n", as: "\(Self.evil).csv")
        let run = scratch.file("run")
        for arguments in [
            ["validate", list], ["convert", list, scratch.file("out.xml")], ["validate", list + "x"],
            ["plan", list, "--target", sandbox.url], ["import", list, "--target", sandbox.url, "--run-dir", run],
            ["import", list, "--no-preflight", "--target", sandbox.url, "--run-dir", scratch.file("run2")],
        ] { expectPlain(try await scratch.groupload(arguments).run(), arguments[0]) }
        let converted = try await scratch.groupload(["convert", list, "-", "--to", "csv"]).run()
        #expect(converted.errorText.contains("\\u{1B}]0;x") && converted.outputText.unicodeScalars.contains("\u{1B}"))
        let plain = try scratch.write("name\nU\n", as: "plain.csv")
        #expect(
            try await scratch.groupload([
                "import", plain, "--target", sandbox.url, "--run-dir", "groupload-runs/run3", "--quiet",
            ]).run().status == 0)
        let sql =
            """
            UPDATE record SET name = 'U' || char(27) || char(8238) || char(8232); UPDATE run SET value = \
            'r' || char(27) || char(8238) WHERE key IN ('run')
            """
        let tampered = try await Command(
            "/usr/bin/env", ["sqlite3", scratch.file("groupload-runs/run3/ledger.sqlite"), sql]
        ).run()
        #expect(tampered.status == 0)
        for arguments in [["runs"], ["verify", "groupload-runs/run3"], ["undo", "groupload-runs/run3"]] {
            let result = try await scratch.groupload(arguments).run()
            expectPlain(result, arguments[0])
            #expect((result.errorText + result.outputText).contains("\\u{1B}"), "\(arguments)")
        }
    }

    @Test("the page shows as escapes, and JSON writes in its own, what a terminal or a browser acts on") func escaped()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        // C1, DEL, marks of direction and line separators; NUL and ESC a name can't have.
        let name = "a\u{85}b\u{9B}31m\u{7F}\u{202E}c\u{2066}\u{2028}\u{61C}d ÿ €"
        let list = try scratch.write(
            "name,rank\nGold \u{202E}\u{2066}\u{2028},x\n\(name),1\nGold,1\n", as: "\u{9B}\u{202E}.csv")
        let run = scratch.file("run")
        let load = try await scratch.groupload([
            "import", list, "--target", sandbox.url, "--run-dir", run, "--json",
        ]).run()
        #expect(load.status == 1)
        expectPlain(load, "import --json")
        let summary = try #require(try JSONSerialization.jsonObject(with: load.output) as? [String: Any])
        let inputs = try #require(summary["inputs"] as? [[String: Any]])
        #expect((inputs.first?["path"] as? String)?.hasSuffix("\u{9B}\u{202E}.csv") == true)
        let page = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
        #expect(page.contains("\\u{202E}"))
        for scalar in page.unicodeScalars where scalar != "\n" {
            let isPlain = ![.control, .format, .lineSeparator].contains(scalar.properties.generalCategory)
            #expect(isPlain, "U+\(String(scalar.value, radix: 16))")
        }
        let lines = try await scratch.groupload(["report", run, "--format", "ndjson"]).run()
        expectPlain(lines, "report --format ndjson")
        #expect(!lines.outputText.unicodeScalars.contains { "\u{7F}\u{85}\u{61C}\u{2066}".unicodeScalars.contains($0) })
        let second = try #require(lines.outputText.split(separator: "\n").dropFirst().first)
        let record = try #require(try JSONSerialization.jsonObject(with: Data(second.utf8)) as? [String: Any])
        #expect((record["name"] as? String)?.unicodeScalars.elementsEqual(name.unicodeScalars) == true)
    }

    @Test("a spreadsheet runs nothing: names and ranks where asked for, messages always") func formulas() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name,rank\n=1+1,5\nplain,-7\n@sum,=2\n", as: "list.csv")
        let (run, safe) = (scratch.file("run"), scratch.file("safe"))
        let load = ["import", list, "--target", sandbox.url, "--quiet", "--run-dir"]
        #expect(try await scratch.groupload(load + [run]).run().status == 1)
        #expect(try await scratch.groupload(load + [safe, "--spreadsheet-safe"]).run().status == 1)
        #expect(try await Report(run).results.map { $0["name"] } == ["=1+1", "plain", "@sum"])
        let guarded = try await Report(safe)
        #expect(guarded.results.map { $0["name"] } == ["'=1+1", "plain", "'@sum"])
        #expect(guarded.results.map { $0["rank"] } == ["5", "-7", "'=2"])
        // What is fed back is what was read.
        #expect(try await Report.rows(safe + "/failed.csv").map { $0["name"] } == ["@sum"])
        #expect(try await scratch.groupload(["verify", safe]).run().status == 0)
        let before = try Data(contentsOf: URL(fileURLWithPath: safe + "/results.csv"))
        #expect(try await scratch.groupload(["report", safe]).run().status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: safe + "/results.csv")) == before)
        let sql = "UPDATE outcome SET message = '=HYPERLINK(1)' WHERE outcome = 'invalid'"
        #expect(try await Command("/usr/bin/env", ["sqlite3", run + "/ledger.sqlite", sql]).run().status == 0)
        #expect(try await scratch.groupload(["report", run]).run().status == 0)
        #expect(try await Report(run).results[2]["_message"] == "'=HYPERLINK(1)")
        #expect(try await Report.rows(run + "/failed.csv")[0]["_message"] == "'=HYPERLINK(1)")
        let report = try await scratch.groupload(["report", run, "--format", "csv", "--spreadsheet-safe"]).run()
        #expect(report.outputText.contains("\"'=1+1\""))
    }
}
