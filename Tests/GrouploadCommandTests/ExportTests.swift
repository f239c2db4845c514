import Foundation
import TestSupport
import Testing

/// `export`: everything that the target lists, once, in any format, and importable as it is.
@Suite struct ExportTests {
    private static let formats = ["csv", "json", "ndjson", "xml"]
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// What Python's own readers see in an export: its rows as objects, with what isn't there as null and every value
    /// as text.
    private static let reader = """
        import csv, gzip, io, json, subprocess, sys, xml.etree.ElementTree as tree
        path = sys.argv[1]
        data = gzip.open(path).read() if path.endswith(".gz") else \\
            subprocess.run(["zstd", "-dc", path], check=True, stdout=subprocess.PIPE).stdout if \
        path.endswith(".zst") else open(path, "rb").read()
        kind = path.removesuffix(".gz").removesuffix(".zst").rsplit(".", 1)[1]
        def plain(value): return None if value in (None, "") else value if isinstance(value, str) else json.dumps(value)
        if kind == "csv": rows = list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))
        elif kind == "xml": rows = [{member.tag: member.text for member in record} for record in tree.fromstring(data)]
        elif kind == "json": rows = json.loads(data)
        else: rows = [json.loads(line) for line in data.decode().split("\\n") if line]
        print(json.dumps([{key: plain(value) for key, value in row.items() if plain(value) is not None} for row \
        in rows]))
        """

    private func rows(_ path: String) async throws -> [[String: String]] {
        let result = try await Command.python(Self.reader, [path]).run()
        #expect(result.status == 0, "\(result.errorText)")
        return try JSONDecoder().decode([[String: String]].self, from: result.output)
    }

    private func create(_ names: [String], _ sandbox: SandboxProcess) async throws {
        let groups = names.enumerated().map { number, name in
            ["name": name, "rank": number % 3 == 0 ? NSNull() : number - 50] as [String: Any]
        }
        try await sandbox.send(groups.map { ("POST", "create", $0) })
    }

    private func export(_ sandbox: SandboxProcess, _ options: [String]) async throws -> Command.Result {
        try await Command.groupload(["export", "--target", sandbox.url] + options).run()
    }

    /// Names of up to 40 scalars from all over Unicode that an import takes as they are.
    private static func names(_ count: Int, seed: UInt64) -> [String] {
        var generator = SeededGenerator(state: seed)
        let odd = Array(
            "\"'<>&;,|\\{}[]=+-@ \u{85}\u{A0}\u{AD}\u{301}\u{200D}\u{202E}\u{2028}\u{FEFF}\u{FFFD}é東🏳️‍🌈".unicodeScalars
        )
        .filter { $0.value != 0x85 }
        return (0..<count).map { number in
            var name = "\(number)"
            for _ in 0..<Int.random(in: 0..<40, using: &generator) {
                if Bool.random(using: &generator) {
                    name.unicodeScalars.append(odd.randomElement(using: &generator) ?? "x")
                } else {
                    let value = UInt32.random(in: 0xA1...0x10FFFD, using: &generator)
                    if let scalar = Unicode.Scalar(value), value & 0xFFFE != 0xFFFE {
                        name.unicodeScalars.append(scalar)
                    }
                }
            }
            return name + "."
        }
    }

    @Test(
        "exported, imported into an empty target and exported again, names, ranks and activity are the same",
        arguments: formats)
    func roundTrip(format: String) async throws {
        let seed = SeededGenerator.seed()
        let (first, second) = (try await SandboxProcess.start(), try await SandboxProcess.start())
        let names = Self.names(250, seed: seed)
        try await create(names, first)
        let list = scratch.file("list.\(format)")
        let exported = try await export(first, ["-o", list])
        #expect(exported.status == 0 && exported.errorText.contains("250 groups written"), "\(exported.errorText)")
        try await first.sight("stored").write(to: scratch.url("stored.ndjson"))
        let own: Set<String> = ["createdOn", "sent", "by"]
        let expected = try await rows(scratch.file("stored.ndjson")).map { $0.filter { !own.contains($0.key) } }
        #expect(expected.count == 250)
        let read = try await rows(list)
        let isSame = read == expected
        #expect(isSame, "seed \(seed)")
        if format == "xml" {
            let lint = try await Command("/usr/bin/xmllint", ["--noout", list]).run()
            #expect(lint.status == 0, "\(lint.errorText)")
        }

        let imported = try await Command.groupload(
            ["import", list, "--target", second.url, "--run-dir", scratch.file("run"), "--quiet"]
        ).run()
        #expect(imported.status == 0, "seed \(seed): \(imported.errorText)")
        let again = scratch.file("again.\(format)")
        #expect(try await export(second, ["-o", again, "--fields", "name,rank,isActive", "--quiet"]).status == 0)
        func bare(_ rows: [[String: String]]) -> Set<[String: String]> {
            Set(rows.map { $0.filter { $0.key != "id" } })
        }
        let isSameAgain = bare(try await rows(again)) == bare(expected)
        #expect(isSameAgain, "seed \(seed)")
    }

    @Test("a suffix compresses, every field comes as the API names it, and instants are what Python makes of them")
    func fieldsAndCompression() async throws {
        let sandbox = try await SandboxProcess.start()
        try await create((1...250).map { "Group \($0)" }, sandbox)
        let fields =
            """
            id,orgId,name,rank,isActive,createdBy,createdOn,createdOnDateTime,lastUpdatedBy,lastUpdatedOn,\
            lastUpdatedOnDateTime
            """
        let plain = scratch.file("all.csv")
        #expect(try await export(sandbox, ["-o", plain, "--fields", fields]).status == 0)
        let expected = try await rows(plain)
        for name in ["all.csv.gz", "all.ndjson.zst"] {
            #expect(try await export(sandbox, ["-o", scratch.file(name), "--fields", fields]).status == 0)
            #expect(try await rows(scratch.file(name)) == expected)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file("all.csv.gz"))).prefix(2) == Data([0x1F, 0x8B]))
        let instants = """
            import datetime, json, sys
            print(json.dumps([datetime.datetime.fromtimestamp(int(ms) // 1000, \
            datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(ms) % 1000:03}Z"
                              for ms in sys.argv[1:]]))
            """
        let stored = try await sandbox.stored()
        let times = stored.compactMap { $0["createdOn"] as? Int }
        let result = try await Command.python(instants, times.map(String.init)).run()
        let read = try JSONDecoder().decode([String].self, from: result.output)
        #expect(expected.compactMap { $0["createdOn"] } == read.map { $0.replacingOccurrences(of: ".000Z", with: "Z") })
        #expect(expected.allSatisfy { $0["orgId"] == "100737" && $0["lastUpdatedOn"] != nil && $0.count >= 10 })
        #expect(expected.allSatisfy { $0["createdOnDateTime"]?.prefix(19) == $0["createdOn"]?.prefix(19) })
        // The sandbox gives 100 a page, however many are asked for: the first response says so.
        let counted = try await export(sandbox, ["-o", plain, "--json", "--quiet"])
        let summary = try #require(try JSONSerialization.jsonObject(with: counted.output) as? [String: Any])
        #expect(summary["read"] as? Int == 250 && summary["requests"] as? Int == 3)
    }

    @Test("--active, --name and --sort choose and order") func choice() async throws {
        let sandbox = try await SandboxProcess.start()
        try await create((1...30).map { "Group \($0)" }, sandbox)
        let run = scratch.file("run")
        let list = try scratch.write("name\nGone 1\nGone 2\n", as: "gone.csv")
        _ = try await Command.groupload(["import", list, "--target", sandbox.url, "--run-dir", run, "--quiet"]).run()
        var undo = Command.groupload(["undo", run, "--yes", "--quiet"])
        undo.directory = scratch.path
        #expect(try await undo.run().status == 0)
        func names(_ options: [String]) async throws -> [String] {
            let result = try await export(sandbox, options + ["--format", "ndjson", "--fields", "name", "--quiet"])
            #expect(result.status == 0, "\(result.errorText)")
            return result.outputText.split(separator: "\n").map { String($0.dropFirst(9).dropLast(2)) }
        }
        // In order of their ids: which of the two was created first is not said.
        #expect(Set(try await names(["--active", "false"])) == ["Gone 1", "Gone 2"])
        #expect(try await names(["--active", "true"]).count == 30)
        #expect(try await names(["--name", "Group 2"]).count == 11)
        #expect(Set(try await names(["--sort", "updated"]).prefix(2)) == ["Gone 1", "Gone 2"])
        let ranked = try await export(sandbox, ["--sort", "rank", "--fields", "rank", "--quiet"]).outputText
        let ranks = ranked.split(separator: "\n").dropFirst().compactMap { Int($0.filter { $0 != "\"" }) }
        #expect(ranks == ranks.sorted() && ranks.count == 20)
    }

    @Test("groups that are there throughout are exported once each while others create, re-rank and deactivate")
    func holdsStill() async throws {
        let sandbox = try await SandboxProcess.start()
        try await create((1...600).map { "Steady \($0)" }, sandbox)
        let meddler = Meddler(sandbox)
        async let meddled: Void = meddler.run()
        try await sandbox.waitForRequests(10, matching: "PUT")
        for sort in [[], ["--sort", "rank"], ["--sort", "updated"]] {
            let list = scratch.file("list.ndjson")
            let result = try await export(sandbox, ["-o", list] + sort)
            #expect([0, 4].contains(result.status), "\(result.errorText)")
            let read = try await rows(list)
            let ids = Set(read.compactMap { $0["id"] })
            #expect(ids.count == read.count, "some group stands there twice")
            let names = Set(read.compactMap { $0["name"] })
            #expect((1...600).allSatisfy { names.contains("Steady \($0)") })
        }
        meddler.end()
        try await meddled
        #expect(try await sandbox.requests(matching: "PUT") > 10)
    }

    @Test("names that import would take otherwise, or that XML can't hold, are noted; a failure leaves no file")
    func refusals()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        try await create(["plain", " blanks ", "bell\u{7}"], sandbox)
        let list = scratch.file("list.xml")
        let xml = try await export(sandbox, ["-o", list])
        #expect(
            xml.status == 1 && xml.errorText.contains("XML can't express") && xml.errorText.contains("2 groups written")
        )
        #expect(xml.errorText.contains("blanks or characters that can't be seen around it"))
        let json = try await export(sandbox, ["-o", scratch.file("list.json")])
        #expect(json.status == 0 && json.errorText.contains("control character"))
        #expect(try await rows(scratch.file("list.json")).map { $0["name"] } == ["plain", " blanks ", "bell\u{7}"])

        var refused = Command.groupload(["export", "--target", sandbox.url, "-o", scratch.file("none.csv")])
        refused.environment["GROUPLOAD_PASSWORD"] = "wrong"
        #expect(try await refused.run().status == 3)
        #expect(try await export(sandbox, ["-o", scratch.file("no/such.csv")]).status == 73)
        #expect(try await export(sandbox, ["--json"]).status == 64)
        // What a link leads to is written, with the mode that it had; a device stays one.
        let real = try scratch.write("old", as: "real.csv")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: real)
        try FileManager.default.createSymbolicLink(atPath: scratch.file("link.csv"), withDestinationPath: real)
        #expect(try await export(sandbox, ["-o", scratch.file("link.csv"), "--quiet"]).status == 0)
        #expect(try String(contentsOfFile: real, encoding: .utf8).hasPrefix("id,name"))
        let attributes = try FileManager.default.attributesOfItem(atPath: real)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try await export(sandbox, ["-o", "/dev/full", "--quiet"]).status == 73)
        let streamed = try await export(sandbox, ["-o", "-", "--quiet"])
        #expect(streamed.outputText.hasPrefix("id,name"))
        #expect(try await export(sandbox, ["--fields", "name,colour"]).status == 64)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).allSatisfy { !$0.hasPrefix("none") })
    }
}

/// Lists of servers that aren't the sandbox, or are far longer than a page.
@Suite struct ExportOfOthersTests {
    /// An export from a server of 120 groups that says it has so many, and refuses pages of more than 30.
    private func exported(sayingTotal total: Int) async throws -> Command.Result {
        let server = try APIServer { request in
            let query = URLComponents(string: request.path)?.queryItems ?? []
            func number(_ name: String) -> Int { query.first { $0.name == name }?.value.flatMap { Int($0) } ?? 0 }
            let (page, size) = (number("page"), number("size"))
            guard size <= 30 else {
                let body = #"{"status":{"success":false,"code":400,"message":"size is too large"}}"#
                return .init(status: 400, body: body)
            }
            let groups = (page * size..<max(page * size, min(120, page * size + size))).map {
                #"{"id":\#($0 + 1),"name":"Group \#($0)","rank":\#($0),"isActive":true}"#
            }
            let paging =
                #"{"last":\#((page + 1) * size >= 120),"totalElements":\#(total),"#
                + #""totalPages":\#((119 + size) / size),"number":\#(page)}"#
            let list = groups.joined(separator: ",")
            let body = #"{"status":{"success":true},"groupRoList":[\#(list)],"pagingDto":\#(paging)}"#
            return .init(status: 200, body: body)
        }
        return try await Command.groupload([
            "export", "--target", server.target, "--format", "ndjson", "--fields", "name",
        ]).run()
    }

    @Test("a server that refuses large pages, and one that cuts them, is read at the size that it allows")
    func pageSizes() async throws {
        let refusing = try await exported(sayingTotal: 120)
        #expect(refusing.status == 0, "\(refusing.errorText)")
        #expect(refusing.outputText.split(separator: "\n").count == 120)
        let scratch = try Scratch()
        let sandbox = try await SandboxProcess.start(["--list-size-max", "7"])
        let list = try scratch.write("name\n" + (1...40).map { "Cut \($0)\n" }.joined(), as: "list.csv")
        _ = try await Command.groupload([
            "import", list, "--target", sandbox.url, "--run-dir", scratch.file("run"), "--quiet",
        ]).run()
        let cut = try await Command.groupload([
            "export", "--target", sandbox.url, "-o", scratch.file("cut.csv"), "--json", "--quiet",
        ]).run()
        let summary = try #require(try JSONSerialization.jsonObject(with: cut.output) as? [String: Any])
        #expect(summary["written"] as? Int == 40 && summary["requests"] as? Int == 6)
    }

    @Test("a page that is refused for once is asked for again") func refusedForOnce() async throws {
        let sandbox = try await SandboxProcess.start([
            "--list-size-max", "10", "--fault", "false-success=15%,500=5%", "--seed", "3",
        ])
        let scratch = try Scratch()
        let list = try scratch.write("name\n" + (1...300).map { "Once \($0)\n" }.joined(), as: "list.csv")
        _ = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", "1", "--quiet"]).run()
        let exported = try await scratch.groupload([
            "export", "--target", sandbox.url, "--format", "ndjson", "--fields", "name", "--quiet",
        ]).run()
        #expect(exported.status == 0, "\(exported.errorText)")
        let names = exported.outputText.split(separator: "\n").map { String($0.dropFirst(9).dropLast(2)) }
        let stored = try await sandbox.stored().compactMap { $0["name"] as? String }
        #expect(names == stored && stored.count > 150)
    }

    @Test("a list that never has as many groups as it says is written as far as it is known, with exit status 4")
    func unsettled() async throws {
        let result = try await exported(sayingTotal: 130)
        #expect(result.status == 4 && result.errorText.contains("120 groups read, the target says it has 130"))
        #expect(result.outputText.split(separator: "\n").count == 120)
    }

    /// More than one page holds at any size that a target allows.
    private static let large = 5_000

    @Test("groups of many pages go out and into an empty target, and are the same") func large() async throws {
        let first = try await SandboxProcess.start()
        let second = try await SandboxProcess.start(["--list-size-max", "1000"])
        let scratch = try Scratch()
        let rows = (0..<Self.large).map { "Großer \($0) \"Kreis\",\($0 % 7 == 0 ? "" : String($0 % 1000))\n" }
        let text = "name,rank\n" + rows.map { $0.replacingOccurrences(of: "\"", with: "|") }.joined()
        let list = try scratch.write(text, as: "list.csv")
        func run(_ arguments: [String], _ sandbox: SandboxProcess) async throws {
            let result = try await Command.groupload(arguments + ["--target", sandbox.url, "--quiet"]).run()
            #expect(result.status == 0, "\(result.errorText)")
        }
        try await run(["import", list, "--delimiter", ",", "--run-dir", scratch.file("1")], first)
        let (one, other) = (scratch.file("one.xml.zst"), scratch.file("other.csv"))
        try await run(["export", "-o", one], first)
        try await run(["import", one, "--run-dir", scratch.file("2")], second)
        try await run(["export", "-o", other, "--fields", "name,rank"], second)
        let (sent, came) = (try await Report.rows(list), try await Report.rows(other))
        #expect(sent.count == Self.large && Set(came) == Set(sent) && came.count == sent.count)

        let meddler = Meddler(second)
        async let meddled: Void = meddler.run()
        // It goes on from before the export's first page until after its last.
        try await second.waitForRequests(10, matching: "PUT")
        let before = try await second.requests(matching: "PUT")
        let busy = scratch.file("busy.csv")
        try await run(["export", "-o", busy, "--fields", "id,name", "--sort", "rank"], second)
        #expect(try await second.requests(matching: "PUT") > before)
        meddler.end()
        try await meddled
        let all = try await Report.rows(busy)
        #expect(Set(all.map { $0["id"] }).count == all.count)
        #expect(Set(sent.map { $0["name"] }).isSubset(of: all.map { $0["name"] }))
    }
}
