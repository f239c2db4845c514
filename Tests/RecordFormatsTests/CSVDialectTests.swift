import Foundation
import RecordFormats
import TestSupport
import Testing

@Suite struct CSVDialectTests {
    static let semicolon = DecodingOptions.with(delimiter: .semicolon)
    static let bare = DecodingOptions.with(columns: ["rank", "name"])

    @Test(arguments: [
        DecoderCase("name;rank\nA, B;1\n", ["text:A, B | text:1 @ 2"]),
        DecoderCase("Rank\tGroup Name\n1\t\"a\tb\"\n", ["text:a\tb | text:1 @ 2"]),
        DecoderCase("id|name\n1|x;y,z\n2|v", ["text:x;y,z | absent @ 2", "text:v | absent @ 3"]),
        // The header alone tells which it is, whatever stands in the records.
        DecoderCase("name;rank\n\"a\"\"\n;b\";1\n", ["text:a\"\n;b | text:1 @ 2"]),
        DecoderCase("\"name\";\"a;b\"\nx;y\n", ["text:x | absent @ 2"]),
        // Nothing tells: a comma.
        DecoderCase("name\nA;B\n\"A,B\"\n", ["text:A;B | absent @ 2", "text:A,B | absent @ 3"]),
        // A header that has the name under two candidates: the records tell.
        DecoderCase("name,a;rank,name\nx,1;y,2\nz,1;w,3\n", [], fails: "duplicateColumn @ 1"),
        DecoderCase("name,a;name\n1,2;x\n3,4;y\n", ["text:1 | absent @ 2", "text:3 | absent @ 3"]),
        DecoderCase("name|rank,name\na|b,c\n", ["text:c | absent @ 2"]),
        DecoderCase("name|rank,name\na|b\nc|d\n", ["text:a | absent @ 2", "text:c | absent @ 3"]),
        DecoderCase("name;rank\nx\n", ["text:x | absent @ 2"]),
        DecoderCase("name;rank", []),
        DecoderCase("name\trank\n\t\n  \na\t1\n", ["text:a | text:1 @ 4"]),
        DecoderCase("name,rank\n\t \n,\na,1\n", ["text:a | text:1 @ 4"]),
    ])
    func detects(_ row: DecoderCase) {
        row.check(.csv)
    }

    @Test(arguments: [
        DecoderCase("name,rank;x\na;1\n", [], fails: "missingColumn @ 1", options: semicolon),
        DecoderCase("name;rank\n;1\n", ["text: | text:1 @ 2"], options: semicolon),
        DecoderCase(
            "1,VIP\n,\n2,x,y\n",
            [
                "text:VIP | text:1 @ 1", "text:x | text:2 @ 3 ! raggedRow(expected: 2, found: 3)",
            ], options: bare),
        DecoderCase("1;VIP\n2;a, b", ["text:VIP | text:1 @ 1", "text:a, b | text:2 @ 2"], options: bare),
        DecoderCase("", [], options: bare),
        DecoderCase(
            "name\nSmith, John\n",
            ["text:name | absent @ 1", "text:Smith | absent @ 2 ! raggedRow(expected: 1, found: 2)"],
            options: DecodingOptions.with(columns: ["name"])),
        DecoderCase(
            "a,b\n", [], fails: "missingColumn @ 1", options: DecodingOptions.with(columns: ["title", "rank"])),
    ])
    func asTold(_ row: DecoderCase) {
        row.check(.csv)
    }

    @Test("the choice is the same however the beginning is cut, also at the last byte that is looked at")
    func manyRecords() {
        // Two fits until far into the source, so that the sample is used up.
        let lines = String(repeating: "x,1;y\n", count: 12_000)
        let source = Array(("name,a;name\n" + lines).utf8)
        let decoded = Decoded.everyWay(source, .csv)
        #expect(decoded.delimiter == .comma)
        #expect(decoded.records.count == 12_000)
    }

    @Test("a delimiter whose header fits stays, also where no record behind the header can be read")
    func brokenFirstRecord() {
        let decoded = Decoded.everyWay(
            Array("name\tRank,x\n\"a 'b'\nc,1,\n\nVIP\n".utf8), .csv,
            options: DecodingOptions.with(limits: DecodingLimits(recordBytesMax: 12)))
        #expect(decoded.failureBrief == "recordTooLong @ 2 # 1")
    }

    /// Reads rows strictly; one that Python's reader refuses is "!", and reading goes on in the next line.
    static let python = """
        import csv, io, json, sys
        text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")
        rows = []
        def spaced(line, mark):
            # Blanks may stand between a closing quote and what ends its field.
            fields, place = [], 0
            while True:
                if line[place:place + 1] == '"':
                    end, field = place + 1, ""
                    while line[end] != '"' or line[end + 1:end + 2] == '"':
                        field += line[end]
                        end += 2 if line[end] == '"' else 1
                    rest = line[end + 1:].lstrip(" \\t".replace(mark, ""))
                    if rest and rest[0] != mark:
                        return "!"
                    fields.append(field)
                    place = len(line) - len(rest)
                else:
                    end = line.find(mark, place)
                    fields.append(line[place:] if end < 0 else line[place:end])
                    place = len(line) if end < 0 else end
                if place == len(line):
                    return fields
                place += 1
        for line in text.read().split("\\n")[:-1]:
            try:
                rows.append(next(csv.reader([line], delimiter=sys.argv[1], strict=True)))
            except csv.Error:
                rows.append(spaced(line, sys.argv[1]))
        print(json.dumps(rows))
        """

    @Test(
        "quotes are those of Python's csv in strict mode, but for blanks behind them, whatever the delimiter",
        arguments: CSVDelimiter.allCases)
    func agreesWithPython(_ delimiter: CSVDelimiter) async throws {
        let seed = SeededGenerator.seed()
        var random = SeededGenerator(state: seed)
        let mark = String(UnicodeScalar(delimiter.rawValue))
        let pieces = ["a", "\"", "\"\"", mark, mark, ",", ";", "\t", "|", " ", "é", "\0"]
        var lines = ["name" + mark + "rank" + mark + "x"]
        while lines.count < 3_000 {
            let line =
                "n" + mark
                + (0..<Int.random(in: 0...9, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined()
            // A quote that stays open would take the next lines into the field, here as there.
            if Decoded(
                Array("name\(mark)a\n\(line)".utf8), .csv, chunkBytes: 64,
                options: DecodingOptions.with(delimiter: delimiter)
            ).failure == nil {
                lines.append(line)
            }
        }
        let source = Array((lines.joined(separator: "\n") + "\n").utf8)
        let decoded = Decoded.everyWay(source, .csv, options: DecodingOptions.with(delimiter: delimiter))
        #expect(decoded.records.count == lines.count - 1, "seed \(seed)")
        var command = Command.python(Self.python, [mark])
        command.input = Data(source)
        let answer = try await command.run()
        let rows = try #require(JSONSerialization.jsonObject(with: answer.output) as? [Any], "\(answer.errorText)")
            .dropFirst()
        try #require(rows.count == decoded.records.count)
        for (record, row) in zip(decoded.records, rows) {
            if let cells = row as? [String] {
                #expect(record.columns == cells.map { Array($0.utf8) }, "seed \(seed)")
                let isWhole = cells.dropFirst(3).allSatisfy { $0.allSatisfy { $0 == " " || $0 == "\t" } }
                if cells.count >= 3 {
                    #expect((record.problem == nil) == isWhole, "seed \(seed)")
                } else if let problem = record.problem {
                    guard case .otherDelimiter(_, header: delimiter) = problem else {
                        Issue.record("seed \(seed): \(problem)")
                        continue
                    }
                }
            } else {
                #expect(record.problem == .strayQuote, "seed \(seed)")
            }
        }
    }
}
