import Foundation
import TestSupport
import Testing

/// Names that a person takes for the same, and characters in names that nobody sees.
@Suite struct NearNameTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func validate(_ list: String, _ options: [String] = []) async throws -> (Command.Result, [String: Any]) {
        let path = try scratch.write(list, as: "list.csv")
        let result = try await scratch.groupload(["validate", path, "--json"] + options).run()
        let summary = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
        return (result, try #require(summary))
    }

    @Test("a near name is noted with both records and both names, and what can't be seen is shown") func told()
        async throws
    {
        let (result, summary) = try await validate(
            "name\nStore Cluster 003\nGold\u{A0}Circle\nstore cluster 003\nGold Circle\n"
                + "Pla\u{AD}tinum\nPlatinum\nA  B\nA B\n"
        )
        #expect(result.status == 0)
        #expect(summary["near_duplicates"] as? Int == 4)
        for line in [
            #"list.csv:4: record 3 "store cluster 003" is nearly record 1 "Store Cluster 003""#,
            #"list.csv:5: record 4 "Gold Circle" is nearly record 2 "Gold\u{A0}Circle""#,
            #"list.csv:7: record 6 "Platinum" is nearly record 5 "Pla\u{AD}tinum""#,
            #"list.csv:9: record 8 "A B" is nearly record 7 "A  B""#,
        ] { #expect(result.errorText.contains(line), "\(result.errorText)") }
    }

    @Test("the first ten are noted, and how many more; over files and batches") func capped() async throws {
        let first = try scratch.write("name\n" + (1...3_000).map { "Group \($0)\n" }.joined(), as: "first.csv")
        let second = try scratch.write("name\n" + (1...25).map { "GROUP \($0 * 100)\n" }.joined(), as: "second.csv")
        let result = try await scratch.groupload(["validate", first, second]).run()
        let lines = result.errorText.split(separator: "\n")
        #expect(lines.count { $0.contains("is nearly record") } == 10)
        #expect(
            lines.contains { $0.hasSuffix(#"second.csv:2: record 3001 "GROUP 100" is nearly record 100 "Group 100""#) })
        #expect(
            lines.contains("and 15 more whose names are near others (--results FILE lists them all)"),
            "\(result.errorText)")
    }

    @Test("what is trimmed unseen makes a duplicate, and is noted once a list with the first place") func trimmed()
        async throws
    {
        let (result, summary) = try await validate(
            "name,rank\nGold,1\nGold\u{FEFF},1\nTin\u{200B},2\n\u{2060} Zinc,3\n\u{200B},4\n")
        #expect(result.status == 1)
        #expect(summary["outcomes"] as? [String: Int] == ["draft": 3, "duplicate": 1, "invalid": 1])
        #expect(summary["near_duplicates"] as? Int == 0)
        #expect(
            result.errorText.contains(
                "list.csv: 3 names have characters at an end that can't be seen, and are read without them "
                    + "(the first is record 2 on line 3, a zero width no-break space (U+FEFF))"), "\(result.errorText)")
    }

    @Test(
        "a name of which nothing can be seen is invalid",
        arguments: ["\u{200D}", "\u{FE0F} ", "\u{3164}", "\u{2060}\u{AD}"])
    func invisible(name: String) async throws {
        let (result, summary) = try await validate("name,rank\n\(name),1\nGold,2\n")
        #expect(result.status == 1)
        #expect(summary["outcomes"] as? [String: Int] == ["draft": 1, "duplicate": 0, "invalid": 1])
        #expect(result.errorText.contains("holds nothing that can be seen"), "\(result.errorText)")
    }

    @Test(
        "--name-match folded takes for the same all that is near: what differs unseen, in case, or in its blanks",
        arguments: [
            "Gold\nGO\u{200D}LD", "A B\na  b", "A B\nA\u{A0}B", "A\u{2009}B\nA\u{202F}B", "A \u{A0} B\nA B",
            "A\u{1680}B\na b", "A\u{3000}B\nA\u{2028}b", "A\u{200B} B\nA B",
        ])
    func folded(names: String) async throws {
        let (exact, near) = try await validate("name\n\(names)\n")
        #expect(near["outcomes"] as? [String: Int] == ["draft": 2, "duplicate": 0, "invalid": 0])
        #expect(near["near_duplicates"] as? Int == 1)
        #expect(exact.errorText.contains("--name-match folded takes"), "\(exact.errorText)")
        let (_, folded) = try await validate("name\n\(names)\n", ["--name-match", "folded"])
        #expect(folded["outcomes"] as? [String: Int] == ["draft": 1, "duplicate": 1, "invalid": 0])
        #expect(folded["near_duplicates"] as? Int == 0)
    }

    @Test("with --name-match folded a group of the target is found whose name has other blanks") func blanksOfTarget()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        let old = try scratch.write("name\nGold  Club\n", as: "old.csv")
        let load = ["--target", sandbox.url, "--name-match", "folded", "--run-dir"]
        #expect(try await scratch.groupload(["import", old] + load + ["old"]).run().status == 0)
        let list = try scratch.write("name\ngold\u{A0}club\n", as: "list.csv")
        #expect(try await scratch.groupload(["import", list] + load + ["new"]).run().status == 0)
        #expect(try await Report(scratch.file("new")).outcomes == ["existing": 1])
        #expect(try await sandbox.stored().count == 1)
    }

    @Test("import and plan tell near names, and the target's names are compared alike", arguments: ["import", "plan"])
    func target(command: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let old = try scratch.write("name\nPlatinum\n", as: "old.csv")
        #expect(
            try await scratch.groupload(["import", old, "--target", sandbox.url, "--run-dir", "old"]).run().status == 0)
        let list = try scratch.write("name,rank\nPla\u{AD}tinum,1\nSil\u{200D}ver,2\nSilver,3\n", as: "list.csv")
        let options = ["--target", sandbox.url, "--json", "--name-match", "folded"]
        let result = try await scratch.groupload(
            [command, list] + options + (command == "import" ? ["--run-dir", "new"] : [])
        ).run()
        #expect(result.status == 0, "\(result.errorText)")
        let exact = try await scratch.groupload(["plan", list, "--target", sandbox.url, "--json"]).run()
        #expect(
            exact.errorText.contains(#"record 3 "Silver" is nearly record 2 "Sil\u{200D}ver""#), "\(exact.errorText)")
        let summary = try #require(try JSONSerialization.jsonObject(with: exact.output) as? [String: Any])
        #expect(summary["near_duplicates"] as? Int == 1 && summary["near"] as? Int ?? 0 > 0, "\(exact.outputText)")
        if command == "import" {
            #expect(try await Report(scratch.file("new")).outcomes == ["existing": 1, "created": 1, "duplicate": 1])
            #expect(try await sandbox.stored().count == 2)
        }
    }
}
