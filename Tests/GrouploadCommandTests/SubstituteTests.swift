import Foundation
import TestSupport
import Testing

/// Records of one name that say different things: of which one is invalid, or that have another rank or activity.
@Suite struct SubstituteTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func groupload(_ arguments: [String]) async throws -> Command.Result {
        var command = scratch.groupload(arguments)
        command.environment["XDG_STATE_HOME"] = scratch.file("state")
        return try await command.run()
    }

    private func object(_ data: Data) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// Records that stand between two of one name: none, and more than a batch has.
    private static let between = [0, 2500]

    @Test(
        "an invalid record's message names the record of its name that is loaded, wherever each stands, of any format",
        arguments: [
            (["Gold,abc", "Gold,5"], [1], 2, "rank 5"), (["Gold,5", " Gold ,abc"], [2], 1, "rank 5"),
            (["Gold,abc", "Gold,1.5", "Gold,"], [1, 2], 3, "no rank"),
            (["Café,abc", "Gold,1", "Café,7", "Café,x"], [1, 4], 3, "rank 7"),
        ] as [([String], [Int], Int, String)], between)
    func named(list: ([String], [Int], Int, String), between: Int) async throws {
        let (rows, invalid, loaded, values) = list
        let sandbox = try await SandboxProcess.start()
        // The first stands alone, then come others.
        let fill = (0..<between).map { "Fill \($0),1" }
        let all = [rows[0]] + fill + rows.dropFirst()
        func number(_ row: Int) -> Int { row == 1 ? 1 : row + between }
        _ = try scratch.write((["name,rank"] + all).joined(separator: "\n") + "\n", as: "list.csv")
        let result = try await groupload(["import", "list.csv", "--target", sandbox.url, "--run-dir", "run"])
        #expect(result.status == 1)
        let message = "; record \(number(loaded)) has the same name and is loaded in its place with \(values); take"
        for file in ["results.csv", "failed.csv"] {
            let rows = try await Report.rows(scratch.file("run/\(file)")).filter { $0["_outcome"] == "invalid" }
            #expect(rows.map { $0["_record"] } == invalid.map { "\(number($0))" })
            #expect(rows.allSatisfy { $0["_message"]?.contains(message) == true }, "\(rows)")
        }
        #expect(result.errorText.contains(" is loaded in "), "\(result.errorText)")
        #expect(result.errorText.contains(" of an invalid record and of one that is loaded; see above before"))
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect((report.summary["substitutes"] as? Int ?? 0) > 0)
        let page = try String(contentsOfFile: scratch.file("run/report.html"), encoding: .utf8)
        #expect(page.contains("of an invalid record and of one that is loaded"))
        #expect(try await groupload(["verify", "run", "--against-target"]).status == 0)
    }

    @Test("a record is no substitute for one whose name can't be known, or isn't the same")
    func unrelated() async throws {
        let list = "name,rank\nGold,1,x,y\n\"Gold\"s,1\n,x\nSilver,x\nGold,2\nSilver 2,2\n"
        _ = try scratch.write(list, as: "list.csv")
        let result = try await groupload(["validate", "list.csv", "--json", "--strict"])
        let summary = try object(result.output)
        #expect(result.status == 1 && summary["substitutes"] as? Int == 0, "\(result.errorText)")
    }

    @Test(
        "two spellings of one name are nearly the same, also where one is invalid; folded, one takes the other's place")
    func spellings() async throws {
        _ = try scratch.write("name,rank\nGold,abc\ngold,5\n", as: "list.csv")
        let exact = try object(try await groupload(["validate", "list.csv", "--json"]).output)
        #expect(exact["near_duplicates"] as? Int == 1 && exact["substitutes"] as? Int == 0)
        let folded = try object(
            try await groupload(["validate", "list.csv", "--json", "--name-match", "folded"]).output)
        #expect(folded["near_duplicates"] as? Int == 0 && folded["substitutes"] as? Int == 1)
        let entry = try #require((folded["substitute_names"] as? [[String: Any]])?.first)
        #expect(entry["record"] as? Int == 2 && entry["name"] as? String == "gold" && entry["line"] as? Int == 3)
        #expect(
            entry["remark"] as? String == "is loaded in place of record 1, which has the same name and is invalid")
    }

    @Test(
        "--strict refuses them before anything is sent, and says what to do", arguments: ["validate", "plan", "import"])
    func strict(command: String) async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name,rank\nGold,abc\nGold,5\n", as: "list.csv")
        let target = command == "validate" ? [] : ["--target", sandbox.url]
        let result = try await groupload(
            [command, "list.csv", "--strict"] + target + (command == "import" ? ["--run-dir", "run"] : []))
        #expect(result.status == 65, "\(result.errorText)")
        #expect(result.errorText.contains("1 name is that of an invalid record, too, which --strict refuses"))
        #expect(try await sandbox.stored().isEmpty)
        guard command == "import" else { return }
        #expect(result.errorText.contains("1  invalid      correct them in the list"), "\(result.errorText)")
        #expect(result.errorText.contains("correct the list and import it again, or import it without --strict"))
        #expect(!result.errorText.contains("failed.csv and import it"))
        let page = try String(contentsOfFile: scratch.file("run/report.html"), encoding: .utf8)
        #expect(page.contains("Correct the list, and import it again.") && !page.contains("Go on with the run"))
    }

    @Test("a correction that changes a rank is named by verify of the first run, and nobody else's change is")
    func corrected() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name,rank\nGold,abc\nGold,5\nSilver,1\n", as: "list.csv")
        let load = ["import", "--target", sandbox.url, "--on-existing", "update", "--run-dir"]
        #expect(try await groupload(load + ["first", "list.csv"]).status == 1)
        let failed = try String(contentsOfFile: scratch.file("first/failed.csv"), encoding: .utf8)
        _ = try scratch.write(failed.replacingOccurrences(of: ",Gold,abc", with: ",Gold,3"), as: "first/failed.csv")
        #expect(try await groupload(load + ["second", "first/failed.csv"]).status == 0)
        let id = try #require(try await Report(scratch.file("second")).summary["run"] as? String)
        let proof = try await groupload(["verify", "first", "--against-target"])
        #expect(proof.status == 0 && proof.outputText.isEmpty, "\(proof.outputText)")
        #expect(
            proof.errorText.contains(
                "it has rank 3, active now, had rank 5, active: run \(id), which corrects this one, changed it"),
            "\(proof.errorText)")
        // What a third run changes, which corrects nothing, is a difference of both.
        _ = try scratch.write("name,rank\nGold,9\n", as: "other.csv")
        #expect(try await groupload(load + ["third", "other.csv"]).status == 0)
        for run in ["first", "second"] {
            let proof = try await groupload(["verify", run, "--against-target"])
            #expect(proof.status == 1 && proof.outputText.contains("its rank is 9 now"), "\(proof.outputText)")
        }
    }

    @Test("a corrected record whose group is loaded otherwise says so, with the command that changes it")
    func stays() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name,rank\nGold,abc\nGold,5\nSilver,x\nSilver,2\n", as: "list.csv")
        let load = ["import", "--target", sandbox.url, "--run-dir"]
        #expect(try await groupload(load + ["first", "list.csv"]).status == 1)
        let failed = try String(contentsOfFile: scratch.file("first/failed.csv"), encoding: .utf8)
        let corrected = failed.replacingOccurrences(of: ",Gold,abc", with: ",Gold,3")
            .replacingOccurrences(of: ",Silver,x", with: ",Silver,2")
        _ = try scratch.write(corrected, as: "first/failed.csv")
        let second = try await groupload(load + ["second", "first/failed.csv"])
        #expect(second.status == 0)
        #expect(
            second.errorText.contains(
                "2  existing     1 differs from the list and stayed as it was; second/results.csv says how"),
            "\(second.errorText)")
        let command =
            "  groupload import first/failed.csv --target \(sandbox.url) --on-existing update "
            + "--run-dir second-corrected\n"
        #expect(second.errorText.hasSuffix("To change what differs:\n" + command), "\(second.errorText)")
        let words = command.split(whereSeparator: \.isWhitespace).dropFirst().map(String.init)
        #expect(try await groupload(words).status == 0)
        let stored = try await sandbox.stored()
        #expect(stored.count == 2 && stored.contains { $0["name"] as? String == "Gold" && $0["rank"] as? Int == 3 })
        #expect(try await groupload(["verify", "first", "--against-target"]).status == 0)
    }

    @Test("duplicates that say another rank or activity are told once, with how many and the first")
    func differing() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write(
            "name,rank,isActive\nGold,1,\nGold,1,yes\nGold,2,\nGold,,no\nSilver,,no\nSilver,,\n", as: "list.csv")
        let text = """
            3 duplicates have another rank or activity than the first record of their name, the first of them: \
            list.csv:4: record 3 "Gold" has rank 2, but record 1 has rank 1, which counts
            """
        let validated = try await groupload(["validate", "list.csv", "--json"])
        let summary = try object(validated.output)
        #expect(validated.status == 0 && summary["differing_duplicates"] as? Int == 3)
        #expect(validated.errorText.components(separatedBy: text).count == 2, "\(validated.errorText)")
        let entries = try #require(summary["differing_duplicate_names"] as? [[String: Any]])
        #expect(
            entries.map { $0["remark"] as? String } == [
                "has rank 2, but record 1 has rank 1, which counts",
                "has no rank, not active, but record 1 has rank 1, which counts",
                "has no rank, but record 5 has no rank, not active, which counts",
            ])
        let result = try await groupload(["import", "list.csv", "--target", sandbox.url, "--run-dir", "run"])
        #expect(result.status == 0 && result.errorText.contains(text), "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        #expect(report.summary["differing_duplicates"] as? Int == 3)
        #expect(
            report.results.map { $0["_message"] } == [
                "", "", "rank differs from record 1, which has 1",
                "rank differs from record 1, which has 1; isActive differs from record 1, which has none", "",
                "isActive differs from record 5, which has false",
            ])
        let page = try String(contentsOfFile: scratch.file("run/report.html"), encoding: .utf8)
        #expect(page.contains("3 names are given again with another rank or activity"))
    }
}
