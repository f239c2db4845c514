import Foundation
import RecordFormats
import TestSupport
import Testing

/// Holds the decoders against others' on generated hostile, sound input.
@Suite struct DifferentialTests {
    static let pieces = [
        "a", "VIP", "é", "東京", "🎉", "\u{301}", " ", "\t", ",", "\"", "\"\"", "\n", "\r\n", "\r", "'", "<", "&amp;",
        "]]>",
        "\\", "\\n", "/", "{", "}", "[", "null", "0", "-1", "_", "\u{7F}", "\u{2028}", "\u{FEFF}", "\u{10FFFD}",
    ]

    /// Rows of CSV that are no records, and what may stand behind a record's last field.
    static let noRecords = [
        "", ",", " ,\t", "\"\",\"\"", "\"\"", ",,,", "name,rank", "\"Name\", RANK ", "\u{FEFF}name,rank", "\u{1A}",
    ]
    static let surplus = ["", "", "", "", ",,"]

    /// Prints each record's name and rank as one JSON array of arrays; absent and null alike are null.
    static let readers: [RecordFormat: String] = [
        .csv: """
        import csv, io, json, sys
        def is_blank(row):
            return not set("".join(row)) - set(', \\t\\r\\n\\x1a"\\u2028\\ufeff')
        def is_header(row):
            folded = [cell.strip(" \\ufeff").lower() for cell in row]
            return folded == ["name", "rank"]
        def plain(cell):
            # Without quotes, the marks at the beginning of a line are dropped; such cells end with "!".
            return cell.lstrip("\\ufeff") if cell.endswith("!") else cell
        rows = csv.reader(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline=""))
        rows = [row for row in rows if not is_blank(row) and not is_header(row)]
        print(json.dumps([[plain(r[0]), r[1] if len(r) > 1 else None] for r in rows]))
        """,
        .json: """
        import json, sys
        print(json.dumps([[r.get("name"), r.get("rank")] for r in json.load(sys.stdin)]))
        """,
        .ndjson: """
        import json, sys
        lines = sys.stdin.buffer.read().split(b"\\n")
        print(json.dumps([[r.get("name"), r.get("rank")] for r in (json.loads(l) for l in lines if l.strip())]))
        """,
        .xml: """
        import json, sys, xml.etree.ElementTree as tree
        def text(r, n):
            e = r.find(n)
            return r.get(n) if e is None else (e.text or "")
        print(json.dumps([[text(r, "name"), text(r, "rank")] for r in tree.fromstring(sys.stdin.buffer.read())]))
        """,
    ]

    @Test(arguments: RecordFormat.allCases)
    func agreesWithPython(_ format: RecordFormat) async throws {
        let seed = SeededGenerator.seed()
        var random = SeededGenerator(state: seed)
        let source = Self.source(format, records: 2_000, &random)
        let decoded = Decoded.everyWay(source, format)
        #expect(decoded.failure == nil, "seed \(seed)")
        for problem in decoded.records.compactMap(\.problem) {
            // A short record that a tab, or a comma inside quotes, would make whole.
            guard case .otherDelimiter(_, header: .comma) = problem else {
                Issue.record("seed \(seed): \(problem)")
                continue
            }
        }
        let script = try #require(Self.readers[format])
        let answer = try JSONSerialization.jsonObject(
            with: try await Self.run(["python3", "-c", script], input: source))
        let rows = try #require(answer as? [[Any]])
        if format != .csv { #expect(decoded.records.count == 2_000) }
        try #require(rows.count == decoded.records.count, "seed \(seed)")
        for (record, row) in zip(decoded.records, rows) {
            #expect(
                [record.name, record.rank] == row.map { ($0 as? String).map { "text:\($0)" } ?? "absent" },
                "seed \(seed)")
        }
    }

    @Test func agreesWithXmllintOnCountAndText() async throws {
        var random = SeededGenerator(state: SeededGenerator.seed())
        let source = Self.source(.xml, records: 300, &random)
        let decoded = Decoded.everyWay(source, .xml)
        let count = try await Self.run(["xmllint", "--noout", "--xpath", "count(/*/*)", "-"], input: source)
        #expect(String(decoding: count, as: UTF8.self).prefix { $0.isNumber } == "\(decoded.records.count)")
        let last = try await Self.run(["xmllint", "--xpath", "string(/*/*[last()]/name)", "-"], input: source)
        #expect("text:" + String(decoding: last, as: UTF8.self) == (decoded.records.last?.name ?? "") + "\n")
    }

    /// A sound source of `records` records, each with a name and a rank of random text.
    private static func source(_ format: RecordFormat, records: Int, _ random: inout SeededGenerator) -> [UInt8] {
        var text = ["csv": "name,rank\n", "json": "[", "ndjson": "", "xml": "<g>\n"][format.rawValue] ?? ""
        for index in 0..<records {
            let name = Self.text(&random)
            let rank = Self.text(&random)
            switch format {
            case .csv, .xlsx:
                let lineEnd = ["\n", "\r\n"][index % 2]
                if Int.random(in: 0..<8, using: &random) == 0 {
                    text += (Self.noRecords.randomElement(using: &random) ?? "") + lineEnd
                }
                text += Self.cell(name, &random)
                if Int.random(in: 0..<8, using: &random) > 0 { text += "," + Self.cell(rank, &random) }
                text += (Self.surplus.randomElement(using: &random) ?? "") + lineEnd
            case .json: text += (index > 0 ? ",\n" : "") + Self.object(name, rank)
            case .ndjson: text += Self.object(name, rank) + "\n"
            case .xml:
                text += "<i><name>\(Self.escaped(name))</name><rank>\(Self.escaped(rank))</rank><x>\(index)</x></i>\n"
            }
        }
        return Array((text + (["json": "]", "xml": "</g>\n"][format.rawValue] ?? "")).utf8)
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    private static func cell(_ text: String, _ random: inout SeededGenerator) -> String {
        let plain = !text.unicodeScalars.contains { ["\"", ",", "\n", "\r"].contains($0) }
        if plain, Bool.random(using: &random) { return text + "!" }
        return "\"" + text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }

    private static func object(_ name: String, _ rank: String) -> String {
        "{\"x\":[{}],\"name\":\(quoted(name)),\"rank\":\(quoted(rank))}"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for unit in text.utf16 {
            let hex = String(unit, radix: 16)
            quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }
        return text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\"" && $0 != "\\" }
            ? "\"\(text)\"" : quoted + "\""
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&", "<", ">", "\r": "&#\(scalar.value);"
            default: String(scalar)
            }
        }.joined()
    }

    private static func run(_ arguments: [String], input: [UInt8]) async throws -> Data {
        var command = Command("/usr/bin/env", arguments)
        command.input = Data(input)
        let result = try await command.run()
        #expect(result.status == 0)
        return result.output
    }
}
