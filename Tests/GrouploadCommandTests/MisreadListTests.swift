import Foundation
import TestSupport
import Testing

/// A list in another encoding than UTF-8 that is read without `--encoding`: some of its records happen to be ASCII.
@Suite struct MisreadListTests {
    private let scratch: Scratch
    private static let list = "name,rank\nGold,1\nCaf\u{E9},2\nNaj\u{93}A\u{94},3\n"

    init() throws { scratch = try Scratch() }

    /// Writes a text whose characters are bytes.
    private func write(_ text: String, as name: String) throws -> String {
        try Data(text.unicodeScalars.map { UInt8($0.value) }).write(to: scratch.url(name))
        return name
    }

    /// A command that was printed, as somebody pastes it into a shell.
    private func pasted(_ line: String) async throws -> Command.Result {
        let own = Command.groupload([]).path
        var shell = Command("/bin/sh", ["-c", line])
        shell.environment = Command.sandboxCredentials
        shell.environment["PATH"] = "\((own as NSString).deletingLastPathComponent):/usr/bin:/bin"
        shell.directory = scratch.path
        return try await shell.run()
    }

    private func lastLine(_ result: Command.Result) -> String {
        result.errorText.split(separator: "\n").last.map(String.init) ?? ""
    }

    private func names(_ sandbox: SandboxProcess) async throws -> Set<String> {
        Set(try await sandbox.stored().compactMap { $0["name"] as? String })
    }

    private let text =
        "is likely to be in windows-1252, but was read as UTF-8: 2 of its 3 records aren't UTF-8 and are invalid"

    @Test(
        "an import says so before it sends and at its end, which is the command that loads the rest, with nothing to do"
    )
    func loaded() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try write(Self.list, as: "list.csv")
        let first = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", "run"]).run()
        #expect(first.status == 1)
        #expect(first.errorText.contains("list.csv \(text); --encoding windows-1252 reads all of them\n"))
        #expect(first.errorText.contains("Warning: list.csv \(text)\n"), "\(first.errorText)")
        #expect(first.errorText.contains("Nothing has to be corrected in failed.csv; this reads it in windows-1252:\n"))
        #expect(lastLine(first).hasPrefix("  groupload import run/failed.csv --target "), "\(first.errorText)")
        #expect(try await names(sandbox) == ["Gold"])
        let second = try await pasted(lastLine(first))
        #expect(second.status == 0, "\(second.errorText)")
        #expect(try await names(sandbox) == ["Gold", "Café", "Naj“A”"])
    }

    @Test(
        "a record that has another fault besides has to be corrected, and its command says so",
        arguments: ["\"a \"b\u{E9}\" c\";3", "\u{E9};x", "\u{E9};1;2"])
    func alsoFaulty(record: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try write("name;rank\nGold;1\nCaf\u{E9};2\n\(record)\n", as: "list.csv")
        let first = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", "run"]).run()
        #expect(first.status == 1)
        #expect(!first.errorText.contains("Nothing has to be corrected"), "\(first.errorText)")
        #expect(first.errorText.contains("Once failed.csv is corrected"), "\(first.errorText)")
        let second = try await pasted(lastLine(first))
        #expect(second.status == 1, "\(second.errorText)")
        #expect(try await names(sandbox) == ["Gold", "Café"])
    }

    @Test(
        "an encoding that is given for a list in UTF-8 is doubted",
        arguments: [
            ("Caf\u{C3}\u{A9}", true), ("Caf\u{E9}", false), ("Cafe", false), ("Caf\u{C3}\u{A9}, \u{E9}", false),
        ])
    func isUTF8(name: String, isNoted: Bool) async throws {
        let list = try write("name;rank\n\(name);1\n", as: "list.csv")
        let result = try await scratch.groupload(["validate", list, "--encoding", "windows-1252"]).run()
        let text = "list.csv is UTF-8 as it stands, but is read as windows-1252; leave --encoding out\n"
        #expect(result.status == 0 && result.errorText.contains(text) == isNoted, "\(result.errorText)")
    }

    @Test(
        "where nothing is sent, the command at the end reads the whole list",
        arguments: [["--strict"], ["--max-errors", "0"]])
    func unsent(options: [String]) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try write(Self.list, as: "my list.csv")
        let load = ["import", list, "--target", sandbox.url, "--run-dir", "run"]
        let first = try await scratch.groupload(load + options).run()
        #expect(first.status == (options == ["--strict"] ? 65 : 2), "\(first.errorText)")
        #expect(try await names(sandbox).isEmpty)
        #expect(first.errorText.contains("This reads all of the list:\n"))
        #expect(first.errorText.contains("2  invalid      read the list in its encoding, see below\n"))
        #expect(!first.errorText.contains("correct run") && !first.errorText.contains("groupload resume"))
        #expect(lastLine(first).hasPrefix("  groupload import 'my list.csv' ") && lastLine(first).contains(options[0]))
        let second = try await pasted(lastLine(first))
        #expect(second.status == 0, "\(second.errorText)")
        #expect(try await names(sandbox) == ["Gold", "Café", "Naj“A”"])
    }

    @Test("validate ends with the command, of a pipe with the notice; --strict refuses both")
    func validated() async throws {
        let list = try write(Self.list, as: "list.csv")
        let result = try await scratch.groupload(["validate", list]).run()
        #expect(result.status == 1 && lastLine(result) == "  groupload validate list.csv --encoding windows-1252")
        #expect(try await pasted(lastLine(result)).status == 0)
        let strict = try await scratch.groupload(["validate", list, "--strict", "--json"]).run()
        #expect(
            strict.status == 65 && strict.errorText.contains("\(text), which --strict refuses; give --encoding win"))
        let summary = try #require(try JSONSerialization.jsonObject(with: strict.output) as? [String: Any])
        let misread = try #require((summary["misread"] as? [[String: Any]])?.first)
        #expect(misread["encoding"] as? String == "windows-1252" && misread["records"] as? Int == 2)
        var piped = scratch.groupload(["validate", "-", "--strict"])
        piped.input = try Data(contentsOf: scratch.url("list.csv"))
        let found = try await piped.run()
        #expect(found.status == 65 && found.errorText.contains("standard input \(text)"), "\(found.errorText)")
    }

    @Test("of a Cyrillic list another encoding is offered, with its first name, and reads it")
    func cyrillic() async throws {
        // "Золото" and "Серебро" in windows-1251.
        let names = ["\u{C7}\u{EE}\u{EB}\u{EE}\u{F2}\u{EE}", "\u{D1}\u{E5}\u{F0}\u{E5}\u{E1}\u{F0}\u{EE}"]
        let list = try write("name,rank\n\(names[0]),1\n\(names[1]),2\n", as: "list.csv")
        let result = try await scratch.groupload(["validate", list]).run()
        #expect(result.status == 1 && result.errorText.contains("list.csv is likely to be in windows-1251, but was"))
        #expect(result.errorText.contains("; one of them reads \"Золото\" in windows-1251"))
        #expect(lastLine(result) == "  groupload validate list.csv --encoding windows-1251")
        #expect(try await pasted(lastLine(result)).status == 0)
        #expect(try await scratch.groupload(["validate", list, "--encoding", "cp1251"]).run().status == 0)
    }

    @Test(
        "nothing is said of a list with text in UTF-8, with bytes that windows-1252 lacks, or whose encoding is given",
        arguments: [
            ("name\nGold\nCaf\u{E9}\nMus\u{C3}\u{A9}e\n", []), ("name\nGold\n\u{81}\u{E9}\n", []),
            ("name\nGold\nCaf\u{E9}\n", ["--encoding", "utf-8"]),
        ] as [(String, [String])])
    func others(list: String, options: [String]) async throws {
        let result = try await scratch.groupload(
            ["validate", try write(list, as: "list.csv"), "--strict", "--json"] + options
        ).run()
        #expect(result.status == 1 && !result.errorText.contains("likely"), "\(result.errorText)")
        let summary = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
        #expect((summary?["misread"] as? [Any])?.isEmpty == true)
    }
}
