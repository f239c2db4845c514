import Foundation
import TestSupport
import Testing

/// What can be said of a run afterwards: its page, its report again, the list of runs, and its proof.
@Suite struct ProofTests {
    private let scratch: Scratch
    private let run: String
    /// Names that a page, a table or a line could break on.
    private static let hostile = [
        "<script>alert(1)</script>", "\"quoted\" & <b>bold</b>", "'; DROP TABLE record; --", "\u{202E}backwards",
        "a,b;c|d",
        "</style><img src=x onerror=alert(1)>", "new \u{2028} line", "🏳️‍🌈 流",
    ]

    init() throws {
        scratch = try Scratch()
        run = scratch.file("run")
    }

    private func loaded(_ sandbox: SandboxProcess) async throws {
        let names = Self.hostile + (1...200).map { "Proof \($0)" }
        let rows =
            names.map { "\"\($0.replacingOccurrences(of: "\"", with: "\"\""))\",5\n" }
            + Self.hostile.map { "\"\($0.replacingOccurrences(of: "\"", with: "\"\""))\",no rank\n" } + ["Proof 1,6\n"]
        let list = try scratch.write("name,rank\n" + rows.joined(), as: "list.csv")
        let result = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", run, "--quiet"]
        ).run()
        #expect(result.status == 1, "\(result.errorText)")
    }

    @Test("the page holds nothing that a name could put there, asks for nothing from elsewhere, and its figures add up")
    func page() async throws {
        try await loaded(try await SandboxProcess.start())
        let program = """
            import html.parser, json, sys
            class Page(html.parser.HTMLParser):
                void = {"meta", "link", "br", "img", "hr", "input", "rect", "line"}
                def __init__(self):
                    super().__init__()
                    self.tags, self.stack, self.text, self.links = set(), [], [], []
                def handle_starttag(self, tag, attributes):
                    self.tags.add(tag)
                    self.links += [value for name, value in attributes if name in ("src", "href")]
                    assert not any(name.startswith("on") for name, _ in attributes), attributes
                    if tag not in self.void: self.stack.append(tag)
                def handle_startendtag(self, tag, attributes): self.tags.add(tag)
                def handle_endtag(self, tag): assert self.stack.pop() == tag, tag
                def handle_data(self, data):
                    if self.stack and self.stack[-1] != "style": self.text.append(data)
            page = Page()
            page.feed(open(sys.argv[1], encoding="utf-8").read())
            page.close()
            print(json.dumps({"tags": sorted(page.tags), "open": page.stack, "text": "".join(page.text), \
            "links": page.links}))
            """
        let read = try await Command.python(program, [run + "/report.html"]).run()
        #expect(read.status == 0, "\(read.errorText)")
        let page = try #require(try JSONSerialization.jsonObject(with: read.output) as? [String: Any])
        let tags = try #require(page["tags"] as? [String])
        #expect(Set(tags).isDisjoint(with: ["script", "img", "b2", "iframe", "link", "form"]))
        #expect((page["open"] as? [String]) == [])
        #expect(Set(page["links"] as? [String] ?? []).isSubset(of: ["results.csv", "failed.csv", "unprocessed.csv"]))
        let text = try #require(page["text"] as? String)
        #expect(text.contains("217 read = 208 created + 1 duplicate + 8 invalid ✓ it adds up"))
        #expect(text.contains("<script>alert(1)</script>") && text.contains("rank \"no rank\" is not an integer"))
        let mode = try FileManager.default.attributesOfItem(atPath: run + "/report.html")[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("report writes the same again, and parts of it that Python reads as one") func report() async throws {
        try await loaded(try await SandboxProcess.start())
        let names = ["results.csv", "failed.csv", "unprocessed.csv", "report.html", "summary.json"]
        let before = try names.map { try Data(contentsOf: URL(fileURLWithPath: run + "/" + $0)) }
        for name in names { try FileManager.default.removeItem(atPath: run + "/" + name) }
        #expect(try await Command.groupload(["report", run]).run().status == 0)
        #expect(try names.map { try Data(contentsOf: URL(fileURLWithPath: run + "/" + $0)) } == before)

        let csv = try await Command.groupload(["report", run, "--format", "csv"]).run()
        #expect(csv.output == before[0])
        _ = try await Command.groupload(
            ["report", run, "--format", "ndjson", "--outcome", "invalid,duplicate", "-o", scratch.file("some.ndjson")]
        ).run()
        let lines = try String(contentsOfFile: scratch.file("some.ndjson"), encoding: .utf8).split(separator: "\n")
        let objects = try lines.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] }
        let rows = try await Report(run).results.filter { ["invalid", "duplicate"].contains($0["_outcome"]) }
        #expect(objects.count == 9 && objects.map { $0["name"] as? String } == rows.map { $0["name"] })
        #expect(objects.map { $0["_message"] as? String ?? "" } == rows.map { $0["_message"] ?? "" })
        let json = try await Command.groupload(["report", run, "--format", "json"]).run()
        #expect(json.output == before[4])
        #expect(
            try await Command.groupload(["report", run, "--format", "csv", "--outcome", "lost"]).run().status == 64)
    }

    @Test("runs lists what there is, also a run that died") func runs() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "20ms"])
        let list = try scratch.write("name\n" + (1...600).map { "Run \($0)\n" }.joined(), as: "list.csv")
        var first = Command.groupload([
            "import", try scratch.write("name\nA\n", as: "a.csv"), "--target", sandbox.url, "--quiet",
        ])
        first.directory = scratch.path
        first.environment["XDG_STATE_HOME"] = scratch.file("state")
        #expect(try await first.run().status == 0)
        var second = Command.groupload(["import", list, "--target", sandbox.url, "--quiet", "--rate", "5/s"])
        second.directory = scratch.path
        second.environment = first.environment
        _ = try await second.run { process in
            try await sandbox.waitForStored(20)
            kill(process, SIGKILL)
        }
        var listing = Command.groupload(["runs", "--json"])
        listing.directory = scratch.path
        listing.environment = first.environment
        let runs = try #require(
            try JSONSerialization.jsonObject(with: try await listing.run().output) as? [[String: Any]])
        #expect(Set(runs.map { $0["state"] as? String }) == ["finished", "sending"])
        #expect(Set(runs.map { $0["read"] as? Int }) == [1, 600])
        listing.arguments = ["runs"]
        let text = try await listing.run().outputText
        #expect(text.contains("finished  1 read: 1 created") && text.contains("unfinished (sending)"))
        listing.arguments = ["resume", "--last", "--quiet", "--rate", "auto"]
        #expect(try await listing.run().status == 0)
    }

    @Test("verify finds nothing in a sound run, and what was tampered with by name") func verify() async throws {
        let sandbox = try await SandboxProcess.start()
        try await loaded(sandbox)
        let sound = try await Command.groupload(["verify", run, "--against-target"]).run()
        #expect(sound.status == 0 && sound.outputText.isEmpty, "\(sound.outputText)\(sound.errorText)")
        // A copy of the directory is the same run, which has nothing twice.
        try FileManager.default.copyItem(atPath: run, toPath: run + "-copy")
        for directory in [run, run + "-copy"] {
            let copied = try await Command.groupload(["verify", directory]).run()
            #expect(copied.status == 0, "\(directory): \(copied.outputText)")
        }
        try FileManager.default.removeItem(atPath: run + "-copy")

        func verified(_ options: [String] = []) async throws -> Command.Result {
            try await Command.groupload(["verify", run] + options).run()
        }
        func tamper(_ sql: String) async throws {
            let result = try await Command("/usr/bin/env", ["sqlite3", run + "/ledger.sqlite", sql]).run()
            #expect(result.status == 0, "\(result.errorText)")
        }
        try await tamper("UPDATE outcome SET id = 9999 WHERE record IN (10, 11)")
        let twice = try await verified()
        #expect(
            twice.status == 1 && twice.outputText.contains("records 10 and 11 both claim to have created group 9999"))
        try await tamper("DELETE FROM outcome WHERE record = 20")
        #expect(try await verified().outputText.contains("record 20 has no outcome"))
        try await tamper("UPDATE record SET name = 'Other' WHERE record = 30")
        #expect(try await verified().outputText.contains("record 30: the input gives the draft \"Proof 22\""))
        try Data("x".utf8).write(to: URL(fileURLWithPath: run + "/results.csv"))
        #expect(try await verified().outputText.contains("results.csv isn't what the run wrote"))
        try Data("name\nB\n".utf8).write(to: scratch.url("list.csv"))
        try FileManager.default.removeItem(atPath: run + "/input-1.zst")
        #expect(try await verified().outputText.contains("list.csv has changed"))
    }

    @Test("verify --against-target reads pages, not groups one by one, and finds what was changed there") func target()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        try await loaded(sandbox)
        let ids = try await sandbox.stored().reduce(into: [String: String]()) {
            $0[$1["name"] as? String ?? ""] = ($1["id"] as? Int).map(String.init)
        }
        let changes: [(String, [String: Any])] = [
            ("Proof 4", ["name": "Proof 4", "rank": 9]), ("Proof 5", ["name": "Renamed"]),
            ("Proof 6", ["name": "Proof 6", "isActive": false]),
        ]
        try await sandbox.send(changes.map { ("PUT", ids[$0] ?? "", $1) })
        let requests = try await sandbox.requests(matching: "/group")
        let result = try await Command.groupload(["verify", run, "--against-target"]).run()
        #expect(result.status == 1)
        #expect((1...5).contains(try await sandbox.requests(matching: "/group") - requests))
        let lines = result.outputText.split(separator: "\n")
        #expect(lines.count >= 3 && result.outputText.contains("its rank is 9 now, was 5"))
        #expect(
            result.outputText.contains("its name is \"Renamed\" now") && result.outputText.contains("it is not active"))
    }
}
