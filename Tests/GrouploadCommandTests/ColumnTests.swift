import Foundation
import TestSupport
import Testing

/// What the commands that read lists say of their columns.
@Suite struct ColumnTests {
    private let scratch: Scratch
    private static let list = "Group name,Priority,Owner,Active?\nGold,1,Ann,Y\nSilver,2,Bob,N\n"
    private static let line = "name ← Group name, rank ← none; not used: Priority, Owner, Active?\n"
    private static let remark =
        "looks like a rank, Active? looks like an activity: --map rank=Priority,active='Active?'"

    init() throws { scratch = try Scratch() }

    private func arguments(_ command: String, _ list: String, _ url: String) -> [String] {
        switch command {
        case "validate": ["validate", list]
        case "convert": ["convert", list, scratch.file("out.json")]
        default: [command, list, "--target", url] + (command == "import" ? ["--run-dir", scratch.file("run")] : [])
        }
    }

    @Test(
        "each command says once what it uses; not under --quiet", arguments: ["validate", "plan", "import", "convert"])
    func told(command: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write(Self.list, as: "groups.csv")
        let arguments = arguments(command, list, sandbox.url)
        let shown = try await scratch.groupload(arguments).run()
        #expect(shown.status == 0, "\(shown.errorText)")
        #expect(shown.errorText.components(separatedBy: "groups.csv: " + Self.line).count == 2, "\(shown.errorText)")
        #expect(shown.errorText.contains("groups.csv: Priority " + Self.remark), "\(shown.errorText)")
        #expect(!shown.outputText.contains("Owner"))
        let quiet = try await scratch.groupload(arguments + ["--quiet"]).run()
        #expect(!quiet.errorText.contains("←"), "\(quiet.errorText)")
    }

    @Test("--json has it as an object", arguments: ["validate", "plan", "import"])
    func json(command: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write(Self.list, as: "groups.csv")
        let result = try await scratch.groupload(arguments(command, list, sandbox.url) + ["--json", "--quiet"]).run()
        let summary = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
        let use = try #require((summary["columns"] as? [String: Any])?[list] as? [String: Any])
        #expect(use["name"] as? String == "Group name" && use["rank"] is NSNull && use["isActive"] is NSNull)
        #expect(use["not_used"] as? [String] == ["Priority", "Owner", "Active?"])
        #expect(use["looks_like"] as? [String: [String]] == ["rank": ["Priority"], "isActive": ["Active?"]])
    }

    @Test("--json says which lists are pages of longer ones", arguments: ["validate", "plan", "import"])
    func partial(command: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write(#"{"hasMore": true, "groups": [{"name": "Gold"}]}"#, as: "groups.json")
        let result = try await scratch.groupload(arguments(command, list, sandbox.url) + ["--json", "--quiet"]).run()
        let summary = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
        let partial = try #require(summary["partial"] as? [[String: Any]])
        #expect(partial.count == 1 && partial[0]["path"] as? String == list, "\(partial)")
        #expect(partial[0]["member"] as? String == "hasMore" && partial[0]["read"] as? Int == 1, "\(partial)")
        #expect(command == "import" || (summary["misread"] as? [Any])?.isEmpty == true)
    }

    @Test(
        "--strict refuses a list that has what looks like a rank, before anything is sent",
        arguments: ["validate", "plan", "import", "convert"])
    func strict(command: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write(Self.list, as: "groups.csv")
        let arguments = arguments(command, list, sandbox.url) + ["--strict"]
        let refused = try await scratch.groupload(arguments).run()
        #expect(refused.status == 65 && refused.errorText.contains(Self.remark), "\(refused.errorText)")
        #expect(!FileManager.default.fileExists(atPath: scratch.file("out.json")))
        #expect(try await sandbox.stored().isEmpty)
        #expect(try await sandbox.requests(matching: "create") == 0)
        var streamed = scratch.groupload([
            "import", "-", "--target", sandbox.url, "--run-dir", scratch.file("streamed"), "--strict",
        ])
        streamed.input = Data(Self.list.utf8)
        #expect(try await streamed.run().status == 65)
        #expect(try await sandbox.stored().isEmpty)
    }

    @Test("--strict takes a list whose other columns look like nothing, or are left out on purpose")
    func harmless() async throws {
        for text in ["name,rank,Owner,Priority\nA,1,x,7\n", "name,_Priority\nA,1\n", "name,rank\nA,1\n"] {
            let list = try scratch.write(text, as: "groups.csv")
            let result = try await scratch.groupload(["validate", list, "--strict"]).run()
            #expect(result.status == 0, "\(result.errorText)")
        }
        let mapped = try await scratch.groupload([
            "validate", try scratch.write(Self.list, as: "groups.csv"), "--strict", "--map",
            "rank=Priority,active=Active?",
        ]).run()
        #expect(mapped.status == 0, "\(mapped.errorText)")
        #expect(mapped.errorText.contains("rank ← Priority, isActive ← Active?; not used: Owner\n"))
    }

    @Test(
        "of records inside of objects, what is used of the records is said, as of a list of records",
        arguments: [
            ("a.json", #"{"data":[{"id":"1","attributes":{"name":"Gold","priority":1}}]}"#, "data.attributes"),
            ("a.json", #"[{"id":"1","a":{"b":{"name":"Gold","priority":1}}}, {"a":{}}, {"a":7}]"#, "a.b"),
            (
                "a.ndjson",
                "{\"attributes\":{\"name\":\"Gold\",\"priority\":1},\"id\":\"1\"}\n{\"attributes\":null}\n",
                "attributes"
            ),
        ])
    func inner(name: String, text: String, path: String) async throws {
        let list = try scratch.write(text, as: name)
        let result = try await scratch.groupload(["validate", list, "--records-at", path]).run()
        #expect(result.errorText.contains("name ← name, rank ← none; not used: priority\n"), "\(result.errorText)")
        #expect(result.errorText.contains("priority looks like a rank: --map rank=priority"), "\(result.errorText)")
        let strict = try await scratch.groupload(["validate", list, "--records-at", path, "--strict"]).run()
        #expect(strict.status == 65, "\(strict.errorText)")
        let mapped = try await scratch.groupload(
            ["validate", list, "--records-at", path, "--strict", "--map", "rank=priority"]
        ).run()
        #expect(mapped.errorText.contains("name ← name, rank ← priority\n"), "\(mapped.errorText)")
    }

    @Test("--map that is given more than once counts each time", arguments: [0, 1])
    func severalMaps(first: Int) async throws {
        let maps = [["--map", "rank=Priority"], ["--map", "active=Active?"]]
        let list = try scratch.write(Self.list, as: "groups.csv")
        let result = try await scratch.groupload(["validate", list] + maps[first] + maps[1 - first]).run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(
            result.errorText.contains("name ← Group name, rank ← Priority, isActive ← Active?; not used: Owner\n"),
            "\(result.errorText)")
    }

    @Test("lists of one form are noted once; --empty-rank clear needs a rank") func several() async throws {
        for number in 1...3 { _ = try scratch.write("name,Owner\nA\(number),x\n", as: "\(number).csv") }
        let result = try await scratch.groupload(["validate", "1.csv", "2.csv", "3.csv"]).run()
        #expect(result.errorText.components(separatedBy: "←").count == 3, "\(result.errorText)")
        let sandbox = try await SandboxProcess.start()
        let clears = try await scratch.groupload([
            "import", "1.csv", "--target", sandbox.url, "--on-existing", "update", "--empty-rank", "clear",
        ]).run()
        #expect(clears.status == 65 && clears.errorText.contains("has no rank"), "\(clears.errorText)")
        #expect(try await sandbox.stored().isEmpty)
    }

    @Test("of a list with titles above a header of other names, the line and both flags are named")
    func titlesAbove() async throws {
        let list = try scratch.write("Loyalty groups 2026\n\nGroup;Priority\nGold;1\n", as: "titles.csv")
        let result = try await scratch.groupload(["validate", list]).run()
        #expect(
            result.status == 65
                && result.errorText.contains(
                    """
                    ; line 3 looks like the header: "Group", "Priority"; pass over the 2 lines above it with \
                    --skip-lines 2; "Group" looks like the name: give --map name=Group
                    """),
            "\(result.errorText)")
        let read = try await scratch.groupload(["validate", list, "--skip-lines", "2", "--map", "name=Group"]).run()
        #expect(read.status == 0, "\(read.errorText)")
        let book = scratch.file("titles.xlsx")
        try WorkbookFile.write(
            [("Groups", false, [["Loyalty groups 2026"], ["Group", "Priority"], ["Gold", "1", "a note"]])], to: book)
        let sheet = try await scratch.groupload(["validate", book]).run()
        #expect(sheet.errorText.contains("row 2 has \"Group\", \"Priority\": \"Group\" looks like the name: give"))
    }
}
