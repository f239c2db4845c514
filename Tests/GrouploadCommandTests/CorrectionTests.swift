import Foundation
import TestSupport
import Testing

/// What a run left to correct: the command that imports it, the link to the first run, and what became of the list as a
/// whole.
@Suite struct CorrectionTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func groupload(_ arguments: [String]) async throws -> Command.Result {
        var command = scratch.groupload(arguments)
        command.environment["XDG_STATE_HOME"] = scratch.file("state")
        return try await command.run()
    }

    /// A command that was printed, as somebody pastes it into a shell.
    private func pasted(_ line: String) async throws -> Command.Result {
        let own = Command.groupload([]).path
        var shell = Command("/bin/sh", ["-c", line])
        shell.environment = Command.sandboxCredentials
        shell.environment["PATH"] = "\((own as NSString).deletingLastPathComponent):/usr/bin:/bin"
        shell.environment["XDG_STATE_HOME"] = scratch.file("state")
        shell.directory = scratch.path
        return try await shell.run()
    }

    /// The command that a run printed at its end.
    private func command(_ result: Command.Result) throws -> String {
        let last = try #require(result.errorText.split(separator: "\n").last, "\(result.errorText)")
        return String(try #require(last.hasPrefix("  groupload import ") ? last : nil, "\(result.errorText)"))
    }

    private func replace(_ text: String, _ other: String, in name: String, as copy: String? = nil) throws {
        let found = try String(contentsOfFile: scratch.file(name), encoding: .utf8)
        #expect(found.contains(text), "\(found)")
        _ = try scratch.write(found.replacingOccurrences(of: text, with: other), as: copy ?? name)
    }

    private func object(_ data: Data) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("the command at a run's end, pasted once failed.csv is corrected, has the options that matter, and no others")
    func pastes() async throws {
        let sandbox = try await SandboxProcess.start()
        try FileManager.default.createDirectory(
            atPath: scratch.file("o'brien  lists"), withIntermediateDirectories: false)
        _ = try scratch.write(
            "Title line\nGroup Title;Priority;Live\nGold;1;yes\nSilver;x;no\nN/A;3;\nN A;4;\n",
            as: "o'brien  lists/a.csv")
        let secrets = try scratch.write(
            "GROUPLOAD_TILL=sandbox.till\nGROUPLOAD_PASSWORD=sandbox\n", as: "the secrets")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secrets)
        let first = try await groupload(
            [
                "import", "o'brien  lists/a.csv", "--target", sandbox.url, "--run-dir", "o'brien  lists/run",
                "--format", "csv", "--delimiter", ";", "--skip-lines", "1",
                "--map", "name=Group Title,rank=Priority,active=Live", "--null", "N A", "--null", "it's",
                "--min-records", "4", "--max-errors", "3", "--no-preflight", "--on-existing", "update",
                "--concurrency", "3", "--name-length-max", "80", "--credentials", "the secrets",
            ])
        #expect(first.status == 1, "\(first.errorText)")
        let line = try command(first)
        #expect(
            line == """
                  groupload import 'o'\\''brien  lists/run/failed.csv' --name-length-max 80 --target \(sandbox.url) \
                --concurrency 3 --on-existing update --null 'N A' --null 'it'\\''s' --credentials 'the secrets' \
                --run-dir 'o'\\''brien  lists/run-corrected'
                """)
        // Silver's rank is set right; the line without a name gets one.
        try replace(",Silver,x,", ",Silver,2,", in: "o'brien  lists/run/failed.csv")
        try replace(",N A,4,", ",Tin,4,", in: "o'brien  lists/run/failed.csv")
        let second = try await pasted(line)
        #expect(second.status == 0, "\(second.errorText)")
        let stored = try await sandbox.stored()
        let ranks = Dictionary(uniqueKeysWithValues: stored.map { ($0["name"] as? String ?? "", $0["rank"] as? Int) })
        #expect(ranks == ["Gold": 1, "N/A": 3, "Silver": 2, "Tin": 4])
        #expect(stored.first { $0["name"] as? String == "Silver" }?["isActive"] as? Bool == false)
        let run = try object(Data(contentsOf: scratch.url("o'brien  lists/run/summary.json")))["run"] as? String
        let summary = try object(Data(contentsOf: scratch.url("o'brien  lists/run-corrected/summary.json")))
        #expect(summary["corrects"] as? [String] == [try #require(run)])
    }

    @Test("a path of any bytes and controls, and a run's default directory, are pasted too") func paths() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name,rank\nA,x\n", as: "list.csv")
        for options in ["--run-dir=$'-caf\\xe9 \\x1b[31m\\u202e100%\\\\'", ""] {
            var shell = Command(
                "/bin/bash", ["-c", "\"$0\" import list.csv --target \(sandbox.url) \(options)"])
            shell.arguments.append(Command.groupload([]).path)
            shell.environment = Command.sandboxCredentials
            shell.environment["XDG_STATE_HOME"] = scratch.file("state")
            shell.directory = scratch.path
            let first = try await shell.run()
            #expect(first.status == 1, "\(first.errorText)")
            let line = try command(first)
            #expect(line.contains("--run-dir") == !options.isEmpty)
            let second = try await pasted(line)
            #expect(second.status == 1 && second.errorText.contains("1  invalid"), "\(line) \(second.errorText)")
        }
        let runs = try await groupload(["runs", "--json"])
        let listed = try #require(try JSONSerialization.jsonObject(with: runs.output) as? [[String: Any]])
        #expect(listed.count == 4 && listed.count { $0["corrects"] != nil } == 2)
    }

    @Test(
        "failed.csv is imported beside the list's --map too, as often as it is corrected", arguments: ["csv", "xlsx"])
    func mapped(form: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let map = "name=Group Title,rank=Priority"
        _ = try scratch.write("Group Title,Priority,Name\nGold,x,n\nSilver,y,n\nTin,3,n\n", as: "list.csv")
        var list = "list.csv"
        if form == "xlsx" {
            let renamed = try scratch.write("name,rank\nGold,x\nSilver,y\nTin,3\n", as: "plain.csv")
            list = "list.xlsx"
            let made = try await groupload(["convert", renamed, list])
            #expect(made.status == 0, "\(made.errorText)")
        }
        let load = ["import", "--target", sandbox.url, "--run-dir"]
        let options = form == "csv" ? ["--map", map] : []
        #expect(try await groupload(load + ["first", list] + options).status == 1)
        let failed = "first/failed.\(form)"
        if form == "csv" {
            try replace(",Gold,x,", ",Gold,1,", in: failed)
        }
        let second = try await groupload(load + ["second", failed, "--map", map])
        #expect(second.status == 1, "\(second.errorText)")
        let report = try await Report(scratch.file("second"))
        #expect(report.outcomes == (form == "csv" ? ["created": 1, "invalid": 1] : ["invalid": 2]))
        guard form == "csv" else { return }
        try replace(",Silver,y,", ",Silver,2,", in: "second/failed.csv")
        let third = try await groupload(load + ["third", "second/failed.csv", "--map", map])
        #expect(third.status == 0, "\(third.errorText)")
        #expect(try await sandbox.stored().compactMap { $0["rank"] as? Int }.sorted() == [1, 2, 3])
        // Any other list must have the columns that are named.
        _ = try scratch.write("name,rank\nA,1\n", as: "other.csv")
        #expect(try await groupload(load + ["other", "other.csv", "--map", map]).status == 65)
    }

    @Test("a header's value isn't in the command, which is refused until it is put in") func secret() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name,rank\nA,x\n", as: "list.csv")
        let first = try await groupload(
            ["import", "list.csv", "--target", sandbox.url, "--header", "X-Own: secret-value"])
        let line = try command(first)
        #expect(!line.contains("secret-value") && line.contains("--header 'x-own: …'"))
        #expect(try await pasted(line).status == 78)
        #expect(try await pasted(line.replacingOccurrences(of: "…", with: "secret-value")).status == 1)
    }

    @Test("a run that is to be resumed first, a quiet one, and one without failures print none") func none()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name,rank\nA,x\nB,1\n", as: "list.csv")
        _ = try scratch.write("name,rank\nB,1\n", as: "good.csv")
        for options in [["list.csv", "--min-records", "9"], ["list.csv", "--quiet"], ["good.csv"]] {
            let result = try await groupload(["import", "--target", sandbox.url] + options)
            #expect(!result.errorText.contains("groupload import"), "\(result.errorText)")
        }
    }

    @Test(
        "where too many records are invalid for any to be sent, the command imports both files; refused, there is none")
    func unsent() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name,rank,Owner\nA,x\nB,1,Ann\nC,2\n", as: "list.csv")
        let load = ["import", "list.csv", "--target", sandbox.url, "--run-dir", "run"]
        let first = try await groupload(load + ["--max-errors", "0"])
        #expect(first.status == 2 && first.errorText.contains("1  invalid      correct run/failed.csv\n"))
        #expect(
            first.errorText.contains("2  unprocessed  import run/unprocessed.csv with it, or first groupload resume"))
        #expect(first.errorText.contains("Once failed.csv is corrected, this imports it and what was not sent:\n"))
        let line = try command(first)
        #expect(line.hasPrefix("  groupload import run/failed.csv run/unprocessed.csv --target "), "\(line)")
        #expect(!line.contains("--max-errors"))
        // The row that lacks its last field needs no other correction than that of its rank.
        try replace(",A,x,", ",A,7,", in: "run/failed.csv")
        let second = try await pasted(line)
        #expect(second.status == 0, "\(second.errorText)")
        #expect(try await sandbox.stored().count == 3)
        let whole = try await groupload(["report", "run"])
        #expect(whole.errorText.contains(": 3 records\n         3  created\n"), "\(whole.errorText)")
        // What is refused would be refused again.
        _ = try scratch.write("name,rank\nA,x\n1-Mar,1\n", as: "list.csv")
        let refused = try await groupload(load + ["--strict"])
        #expect(refused.status == 65 && refused.errorText.contains("1  invalid      correct them in the list\n"))
        #expect(!refused.errorText.contains("groupload import") && !refused.errorText.contains("groupload resume"))
    }

    @Test("report counts the list as a whole over corrections that leave out, add, split and fail") func whole()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        let rows = ["Gold,1", "A,x", "B,x", "C,x", "D,x", "E,x", "Gold,1"]
        _ = try scratch.write("name,rank\n" + rows.map { $0 + "\n" }.joined(), as: "list.csv")
        let load = ["import", "--target", sandbox.url, "--quiet", "--run-dir"]
        #expect(try await groupload(load + ["first", "list.csv"]).status == 1)
        let before = try Data(contentsOf: scratch.url("first/summary.json"))
        let run = try #require(try object(before)["run"] as? String)
        #expect(try await groupload(["report", "first"]).errorText == "Report: first\n")

        let failed = try String(contentsOfFile: scratch.file("first/failed.csv"), encoding: .utf8)
        var lines = failed.split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("_record,_run,") && lines[1].hasPrefix("2,\(run),"), "\(failed)")
        // A is corrected, B still wrong, C made two of which one is wrong, D taken out, E a duplicate; one is added.
        lines[1] = lines[1].replacingOccurrences(of: ",A,x", with: ",A,1")
        lines.insert(lines[3].replacingOccurrences(of: ",C,x", with: ",C1,1"), at: 3)
        lines.removeAll { $0.contains(",D,x") }
        lines[5] = lines[5].replacingOccurrences(of: ",E,x", with: ",A,1")
        let blank = String(repeating: ",", count: lines[0].split(separator: ",").count - 2)
        lines.append("\(blank)New,x")
        _ = try scratch.write(lines.map { $0 + "\n" }.joined(), as: "corrected.csv")
        #expect(try await groupload(load + ["second", "corrected.csv"]).status == 1)

        func whole() async throws -> [String: Any] {
            let result = try await groupload(["report", "first", "--format", "json"])
            #expect(result.status == 0, "\(result.errorText)")
            return try #require(try object(result.output)["whole"] as? [String: Any])
        }
        let half = try await whole()
        #expect(half["outcomes"] as? [String: Int] == ["created": 2, "duplicate": 2, "invalid": 3])
        #expect(half["left_out"] as? Int == 1 && half["added"] as? [String: Int] == ["invalid": 1])

        // The second correction is saved with semicolons, and also corrects what was added.
        var table = try await Report.rows(scratch.file("second/failed.csv"))
        #expect(table.map { $0["name"] } == ["B", "C", "New"])
        for row in table.indices { table[row]["rank"] = "7" }
        let columns = table[0].keys.filter { $0 != "_message" }.sorted()
        let text = ([columns] + table.map { row in columns.map { row[$0] ?? "" } })
            .map { $0.joined(separator: ";") + "\n" }.joined()
        _ = try scratch.write(text, as: "again.csv")
        #expect(try await groupload(load + ["third", "again.csv"]).status == 0)

        let all = try await whole()
        #expect(all["outcomes"] as? [String: Int] == ["created": 4, "duplicate": 2, "invalid": 1])
        #expect(all["left_out"] as? Int == 1 && all["added"] as? [String: Int] == ["created": 1])
        #expect((all["runs"] as? [String])?.count == 2)
        let shown = try await groupload(["report", "first"]).errorText
        #expect(
            shown.contains(
                """
                7 records
                         4  created
                         2  duplicate
                         1  invalid
                1 record that was to be corrected is in no correction
                Lines that were added to corrections: 1 created

                """), "\(shown)")
        // What the run wrote stays as it was, and proves.
        #expect(try Data(contentsOf: scratch.url("first/summary.json")) == before)
        for run in ["first", "second", "third"] { #expect(try await groupload(["verify", run]).status == 0) }
        let second = try await groupload(["report", "second"]).errorText
        #expect(second.contains("It corrects run \(run)") && second.contains(": 6 records\n"), "\(second)")
    }

    @Test(
        "a field with text behind its closing quote stands in failed.csv as it is written, and is invalid there, too",
        arguments: [",", ";", "\t", "|"])
    func strayQuotes(delimiter: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let fields = ["\"Gold \"VIP\" club\"", "\"12\" Screen\""]
        let list = fields.map { "\($0)\(delimiter)1\n" }.joined()
        _ = try scratch.write("name\(delimiter)rank\nGold\(delimiter)1\n" + list, as: "a.csv")
        // Where lists have other columns, the names stand in a column of the report's own.
        _ = try scratch.write("rank,Group Name,note\n1,Iron,x\n", as: "b.csv")
        for (number, lists) in [["a.csv"], ["a.csv", "b.csv"]].enumerated() {
            let run = "run\(number)"
            let first = try await groupload(["import"] + lists + ["--target", sandbox.url, "--run-dir", run])
            #expect(first.status == 1, "\(first.errorText)")
            let failed = try String(contentsOfFile: scratch.file("\(run)/failed.csv"), encoding: .utf8)
            for field in fields { #expect(failed.contains(",\(field),"), "\(failed)") }
            let again = try await groupload(
                ["import", "\(run)/failed.csv", "--target", sandbox.url, "--run-dir", run + "-again"])
            #expect(again.status == 1, "\(again.errorText)")
            #expect(again.errorText.contains("has text behind a closing quote"), "\(again.errorText)")
        }
        #expect(Set(try await sandbox.stored().compactMap { $0["name"] as? String }) == ["Gold", "Iron"])
    }

    @Test("such a field that holds a comma stands there as text, with a field too many") func strayQuotesAndComma()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name;rank\n\"a \"b,\"c\" d\";1\nGold;x\n", as: "a.csv")
        let first = try await groupload(["import", "a.csv", "--target", sandbox.url, "--run-dir", "run"])
        #expect(first.status == 1, "\(first.errorText)")
        let failed = try String(contentsOfFile: scratch.file("run/failed.csv"), encoding: .utf8)
        #expect(
            failed.contains(#","""a ""b,""c"" d""",1,see _message and remove this field"# + "\n"), "\(failed)")
        let again = try await groupload(["validate", "run/failed.csv"])
        #expect(again.errorText.contains("2 records read"), "\(again.errorText)")
        #expect(again.errorText.contains("2  invalid"), "\(again.errorText)")
    }

    @Test("a failed.csv of an earlier version, without _run, is read, and corrects no run") func earlier() async throws
    {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("_record,_source,_message,name,rank\n4,a.csv,no,A,1\n", as: "failed.csv")
        let result = try await groupload(["import", "failed.csv", "--target", sandbox.url, "--json"])
        #expect(result.status == 0)
        let summary = try object(result.output)
        #expect(summary["corrects"] == nil && (summary["outcomes"] as? [String: Int])?["created"] == 1)
    }

    @Test("report leaves a failed.csv alone that is being corrected, and writes it again where it is gone")
    func spared()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("name,rank\nA,x\n", as: "list.csv")
        _ = try await groupload(["import", "list.csv", "--target", sandbox.url, "--quiet", "--run-dir", "run"])
        let written = try Data(contentsOf: scratch.url("run/failed.csv"))
        try replace(",A,x", ",A,1", in: "run/failed.csv")
        let corrected = try Data(contentsOf: scratch.url("run/failed.csv"))
        let spared = try await groupload(["report", "run"])
        #expect(spared.status == 0 && spared.errorText.contains("run/failed.csv isn't what the run wrote, and stays"))
        #expect(try Data(contentsOf: scratch.url("run/failed.csv")) == corrected)
        try FileManager.default.removeItem(atPath: scratch.file("run/failed.csv"))
        #expect(try await groupload(["report", "run"]).errorText == "Report: run\n")
        #expect(try Data(contentsOf: scratch.url("run/failed.csv")) == written)
    }
}
