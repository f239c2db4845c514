import Foundation
import GroupLoad
import RecordFormats
import RewardsClient
import TestSupport
import Testing

/// Lists written and read in one process: an export, a conversion and a validation agree on what a list says.
@Suite struct ListRoundTripTests {
    /// Names that formats must quote or escape.
    private static let names = [
        "Plain", "a,b", "a;b", "say \"hi\"", "'quoted'", "<b>&amp;</b>", "]]>", "back\\slash", "{\"a\":1}", "=1+1",
        "-5", "@x", "007", "1e5", "true", "null", "NULL", "é", "e\u{301}", "東京", "🎉👩‍👩‍👧", "\u{10FFFD}", "a b",
        "a\u{A0}b", "#", "// x",
        "name", "1,000",
        "2026-01-01", "_x0041_", "%41", "${x}", "\u{200D}x", String(repeating: "x", count: 255),
    ]
    private static let groups = names.enumerated().map { index, name in
        ModelServer.Group(
            id: Int64(index + 1), name: name, rank: index % 3 == 0 ? nil : Int64(index) - 5, isActive: index % 4 != 0)
    }

    /// Exports the groups into a file.
    private func export(
        to path: String, _ format: RecordFormat, active: Bool? = nil, fields: [GroupField] = GroupField.standard,
        groups: [ModelServer.Group] = groups
    ) async throws -> ExportSummary {
        let environment = RunEnvironment.system
        let server = ModelServer(environment, groups: groups, latency: .zero, pageSizeMax: 10)
        let reader = PageReader(
            client: try server.client(), rate: nil, environment: environment, stop: StopSwitch(),
            progress: RunProgress())
        return try await Export(
            reader, query: ListQuery(), active: active, concurrency: 4, fields: fields, format: format, to: path,
            note: { _ in }
        )
        .run()
    }

    /// Converts a file, and gives what the result says in lines of JSON.
    private func lines(_ path: String, _ format: RecordFormat?, in scratch: Scratch) async throws -> [[String: Any]] {
        let result = scratch.file("converted-\(UUID().uuidString).ndjson")
        let summary = try await Converter(
            sources: try InputSource.resolve([path], format: format), options: DecodingOptions(mapping: .groups),
            to: result, format: .ndjson, isSpreadsheetSafe: false, progress: RunProgress(), stop: StopSwitch(),
            // Where the header of a workbook stands is said.
            note: { if !$0.contains("header in row 1") { Issue.record("\($0)") } }
        )
        .run()
        #expect(summary.read == summary.written)
        return try String(contentsOfFile: result, encoding: .utf8).split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    private func validated(_ path: String) async throws -> ValidationSummary {
        var generator = SystemRandomNumberGenerator()
        let ingest = Ingest(
            sources: try InputSource.resolve([path], format: nil), options: DecodingOptions(mapping: .groups),
            validator: RecordValidator(), nameMatch: .exact, hash: KeyedHash(using: &generator),
            progress: RunProgress(), stop: StopSwitch(), note: { _ in })
        return try await Validation(ingest: ingest, resultsPath: nil).run { _ in }
    }

    @Test(
        "what is exported in any format, compressed or not, reads as it was",
        arguments: RecordFormat.allCases, ["", ".gz", ".zst"])
    func exports(format: RecordFormat, suffix: String) async throws {
        // A workbook is compressed as it is.
        guard format != .xlsx || suffix.isEmpty else { return }
        let scratch = try Scratch()
        let path = scratch.file("groups.\(format.rawValue)\(suffix)")
        let summary = try await export(to: path, format)
        #expect(summary.read == Self.names.count && summary.written == Self.names.count && summary.total == nil)
        let found = try await lines(path, format == .xlsx ? nil : format, in: scratch)
        #expect(found.map { $0["name"] as? String } == Self.names)
        for (line, group) in zip(found, Self.groups) {
            #expect((line["rank"] as? NSNumber)?.int64Value == group.rank, "\(group.name)")
            #expect(line["isActive"] as? Bool == group.isActive, "\(group.name)")
        }
        // Negative ranks are the API's, and none of a list's.
        let checked = try await validated(path)
        #expect(checked.read == Self.names.count && checked.outcomes["duplicate"] == 0)
    }

    @Test(
        "only groups that are in use, or aren't, are written where that is asked for",
        arguments: [(Bool?.none, names.count), (true, names.count * 3 / 4), (false, (names.count + 3) / 4)])
    func active(active: Bool?, count: Int) async throws {
        let scratch = try Scratch()
        let path = scratch.file("groups.csv")
        let summary = try await export(to: path, .csv, active: active)
        #expect(summary.selected == summary.written && abs(summary.written - count) <= 1)
        let found = try await lines(path, .csv, in: scratch)
        #expect(found.count == summary.written)
        if let active { #expect(found.allSatisfy { $0["isActive"] as? Bool == active }) }
    }

    @Test("an export's CSV reads in Python as it does here") func python() async throws {
        let scratch = try Scratch()
        let path = scratch.file("groups.csv")
        _ = try await export(to: path, .csv, fields: [.name, .id, .rank])
        let python = Command.python(
            """
            import csv, json, sys
            with open(sys.argv[1], newline="", encoding="utf-8-sig") as file:
                print(json.dumps([[r["name"], r["id"], r["rank"]] for r in csv.DictReader(file)]))
            """, [path])
        let rows = try JSONSerialization.jsonObject(with: try await python.run().output) as? [[String]]
        #expect(rows == Self.groups.map { [$0.name, "\($0.id)", $0.rank.map(String.init) ?? ""] })
    }

    @Test("no groups are a list of none, in every format", arguments: RecordFormat.allCases)
    func empty(format: RecordFormat) async throws {
        let scratch = try Scratch()
        let path = scratch.file("groups.\(format.rawValue)")
        #expect(try await export(to: path, format, groups: []).written == 0)
        let checked = try await validated(path)
        #expect(checked.read == 0 && checked.exit == Status.done.rawValue)
    }

    @Test(
        "a conversion to any format and back says the same",
        arguments: [RecordFormat.csv, .json, .ndjson, .xml, .xlsx])
    func converts(format: RecordFormat) async throws {
        let scratch = try Scratch()
        let list = "name,rank,active\n\"a,b\",1,yes\nb,,no\n\"say \"\"hi\"\"\",3,\n<x>&,4,yes\n"
        let source = try scratch.write(list, as: "list.csv")
        let path = scratch.file("out.\(format.rawValue)")
        let summary = try await Converter(
            sources: try InputSource.resolve([source], format: .csv), options: DecodingOptions(mapping: .groups),
            to: path, format: format, isSpreadsheetSafe: false, progress: RunProgress(), stop: StopSwitch(),
            note: { Issue.record("\($0)") }
        )
        .run()
        #expect(summary.read == 4 && summary.written == 4)
        let found = try await lines(path, format == .xlsx ? nil : format, in: scratch)
        #expect(found.map { $0["name"] as? String } == ["a,b", "b", "say \"hi\"", "<x>&"])
        #expect(found.map { ($0["rank"] as? NSNumber)?.intValue } == [1, nil, 3, 4])
        #expect(try await validated(path).outcomes == ["draft": 4, "duplicate": 0, "invalid": 0])
    }

    @Test("what can't be read leaves no file", arguments: ["damaged", "itself", "stopped"])
    func fails(what: String) async throws {
        let scratch = try Scratch()
        let source = try scratch.write("[{\"name\":\"a\"},", as: "list.json")
        let stop = StopSwitch()
        if what == "stopped" { stop.stop(.signal(.interrupted)) }
        let path = what == "itself" ? source : scratch.file("out.csv")
        let converter = Converter(
            sources: try InputSource.resolve([source], format: .json), options: DecodingOptions(mapping: .groups),
            to: path, format: .csv, isSpreadsheetSafe: false, progress: RunProgress(), stop: stop, note: { _ in })
        let code = try await runErrorCode { _ = try await converter.run() }
        let expected: [String: RunError.Code] = [
            "damaged": .damagedInput, "itself": .usage, "stopped": .interrupted,
        ]
        #expect(code == expected[what])
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["list.json"])
    }

    @Test(
        "a validation finds what an import would",
        arguments: [
            ("name,rank\nA,1\nB,x\nA,2\n,1\n", 2, 1, 1), ("name\n", 0, 0, 0), ("name\nA\na\n A \n", 0, 1, 2),
            ("name,rank\nA,2147483647\nB,2147483648\nC,-1\nD,1.0\n", 1, 0, 3),
        ])
    func validates(list: String, invalid: Int, duplicates: Int, drafts: Int) async throws {
        let world = try RunWorld()
        let path = try world.scratch.write(list, as: "list.csv")
        let checked = try await validated(path)
        let loaded = try await world.load(try world.configuration(of: ["list.csv"]))
        #expect(checked.read == loaded.read)
        #expect(checked.outcomes["invalid"] ?? 0 == loaded.outcomes["invalid"])
        #expect(checked.outcomes["duplicate"] ?? 0 == loaded.outcomes["duplicate"])
        #expect(checked.outcomes["draft"] ?? 0 == loaded.outcomes["created"])
        #expect(checked.outcomes["invalid"] ?? 0 == invalid && checked.outcomes["duplicate"] ?? 0 == duplicates)
        #expect(checked.outcomes["draft"] ?? 0 == drafts)
    }
}
