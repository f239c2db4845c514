import Foundation
import TestSupport
import Testing

@Suite struct MessageTests {
    /// A list in which 6 ranks are bad alike, 2 names are missing, and a row is ragged.
    private static let list =
        "name;rank\n" + (1...6).map { "Group \($0);\($0)a\n" }.joined() + ";1\nGood;1\n;2\na;b;c\n"

    private static let messages = [
        "list.csv:2: record 1: rank \"1a\" is not an integer; write digits only, or leave it empty",
        "list.csv:3: record 2: rank \"2a\" is not an integer; write digits only, or leave it empty",
        "list.csv:4: record 3: rank \"3a\" is not an integer; write digits only, or leave it empty",
        "list.csv:8: record 7: name is missing; give every group a name",
        "list.csv:10: record 9: name is missing; give every group a name",
        """
        list.csv:11: record 10: has 3 fields where the header has 2; add or remove delimiters, or quote a \
        field that holds one
        """,
        "list.csv: its fields are separated by semicolon (;)",
    ]

    @Test(
        "the screen shows the first few of each kind and a count; the report has all",
        arguments: ["validate", "import"])
    func fewAndCount(command: String) async throws {
        let scratch = try Scratch()
        try Data(Self.list.utf8).write(to: scratch.url("list.csv"))
        let sandbox = try await SandboxProcess.start()
        let options =
            command == "import" ? ["--target", sandbox.url, "--run-dir", "run"] : ["--results", "results.csv"]
        var groupload = Command.groupload([command, "list.csv"] + options)
        groupload.directory = scratch.url("").path
        let result = try await groupload.run()
        #expect(result.status == 1)
        let shown = result.errorText.split(separator: "\n").filter { $0.hasPrefix("list.csv") || $0.hasPrefix("and ") }
        let listing = command == "import" ? "failed.csv" : "results.csv"
        let rest = "and 3 more: rank is not an integer (\(listing) lists them all)"
        #expect(shown.map(String.init).sorted() == (Self.messages + [rest]).sorted())
        let results = try String(
            contentsOf: scratch.url(command == "import" ? "run/results.csv" : "results.csv"), encoding: .utf8)
        #expect(results.split(separator: "\n").count { $0.contains("is not an integer") } == 6)
    }

    @Test("a list that is damaged in its first record is not said to hold none") func damagedAtOnce() async throws {
        let scratch = try Scratch()
        let list = try scratch.write(#"[{"name":"a","x":"\x"}]"#, as: "list.json")
        let damaged = try await Command.groupload(["validate", list]).run()
        #expect(damaged.status == 65 && !damaged.errorText.contains("holds no records"), "\(damaged.errorText)")
        let empty = try await Command.groupload(["validate", try scratch.write("[]", as: "empty.json")]).run()
        #expect(empty.status == 0 && empty.errorText.contains("it holds no records"), "\(empty.errorText)")
    }
}
