import Foundation
import GroupLoad
import RecordFormats
import Synchronization
import TestSupport
import Testing

/// A list that is decoded in parts has the results of one that is decoded from its beginning to its end.
@Suite struct PartReadingTests {
    /// The results of a list, record by record, and all that is said of it.
    private struct Reading {
        var lines: [Substring]
        var summary: ValidationSummary
        /// In no order, for two tasks make them.
        var notes: Set<String>
        var complaints: [String]
    }

    private static let rows = [
        "plain %,5", "\"quoted %\",7", "\"with \"\"quotes\"\" %\",1", "\"over\ntwo lines %\",2",
        "\"over\r\nthree\n%\",3",
        "short %", "surplus %,1,,", "ragged %,1,x,y", "", " ", ",", "name,rank", "NAME,RANK", "-- %,4", "----,----",
        "\u{feff}marked %,1", "stray \" %,3", "\"behind\" it %,4", "Größe %,8", "rank %,x", "rank %,99999999999",
        "same,1", "Same,2", "\u{1a}", "semi % ;5", "O\\'Neil %,2", "section %,",
        "Warning: x() in /var/www/x.php on line %,", "\"open %,5", "close %\",6",
    ]
    private static let objects = [
        #"{"name":"plain %","rank":5}"#, #"{"name":"quoted \" %"}"#, "{\"name\":\n\"over two lines %\"}",
        "{\"name\":\"over\n", #"{"name":"two %"} {"name":"on a line %"}"#, "", " ", "no JSON %", #"{"name":5}"#,
        #"{"rank":1,"name":"G\u00f6 %","tags":["a",{"name":"inner"}]}"#, #"{"name":"cut %","rank":"#, "}", "[",
        #"{"name":"same"}"#, #"{"name":"Größe %"}"#, "\u{1a}",
    ]

    private static let elements = [
        #"{"name":"plain %","rank":5},"#, #"{"name":"quoted \" %"},"#, "{\"name\":\n\"over two lines %\"\n}\n,",
        #"{"name":"in a text },{ \"},{\"name\":\"%"} , "#,
        #"{"name":"deep %","more":[{"name":"a"},{"name":"b"}, {}]},"#, #"{"name":"Größe %"},"#,
        #"{"rank":1,"name":"G\u00f6 %"},"#, #"{"name":"same"},"#, #"{"name":5},"#, "{},", "7,", #""},{","#, "[{},{}],",
        "null,", "", " ",
    ]

    private static let markup = [
        "<i><name>plain %</name><rank>5</rank></i>", "<i><name>R&amp;D %</name></i>", "<i name='attribute %'/>",
        "<i><name><![CDATA[</i>\n<i>%]]></name></i>", "<!-- <i>\n<i/> -->", "<i><name>Größe\n%</name></i>",
        "<i><name>deep %</name><more>\n<i/>\n<i/></more></i>", "<i><x%/></i>", "<i><name>same</name></i>", "<i/>", "",
        "<other/>", " ",
    ]

    /// A list whose rows are nearly all plain, as lists are, or of all kinds.
    private static func list(_ format: RecordFormat, _ random: inout SeededGenerator) -> [UInt8] {
        let ends = ["\n", "\r\n", "\r"]
        let end = ends[Int.random(in: 0..<30, using: &random) % (Bool.random(using: &random) ? 2 : 3)]
        let kinds = [.csv: rows, .json: elements, .xml: markup][format] ?? objects
        // Of so many rows one is unusual.
        let rarity = [1, 20, 5_000, 100_000].randomElement(using: &random) ?? 1
        let frames = [
            RecordFormat.csv: [("name,rank\(end)", "")],
            .json: [
                ("[", "{}]"), ("{\"count\":1,\"data\":[", "{}],\"nextPage\":2}"), ("[", "{}],[{}]"), ("[", "]{}"),
                ("", "{}"),
            ],
            .xml: [
                ("<list>", "</list>"),
                ("<?xml version=\"1.0\"?>\n<list>\n", "<isTruncated>true</isTruncated></list>\n"),
            ],
        ]
        let (head, tail) = frames[format]?.randomElement(using: &random) ?? ("", "")
        var text = head
        for number in 1...Int.random(in: 1_000...30_000, using: &random) {
            let isUsual = Int.random(in: 0..<rarity, using: &random) > 0 || number < 3
            let row = isUsual ? kinds[0] : kinds[Int.random(in: 0..<kinds.count, using: &random)]
            text += row.replacingOccurrences(of: "%", with: "\(number)") + end
        }
        var bytes = Array((text + tail).utf8)
        if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<200, using: &random)) }
        return bytes
    }

    private static func read(_ path: String, _ parts: PartReading?, in scratch: Scratch) async throws -> Reading {
        let notes = Mutex<[String]>([]), complaints = Mutex<[String]>([])
        var generator = SeededGenerator(state: 1)
        var ingest = Ingest(
            sources: try InputSource.resolve([path], format: nil), options: DecodingOptions(mapping: .groups),
            validator: RecordValidator(), nameMatch: .exact, hash: KeyedHash(using: &generator),
            progress: RunProgress(), stop: StopSwitch(), note: { note in notes.withLock { $0.append(note) } })
        ingest.parts = parts
        let results = scratch.file("results.csv")
        let summary = try await Validation(ingest: ingest, resultsPath: results).run { complaint in
            complaints.withLock { $0.append(complaint) }
        }
        return Reading(
            lines: try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n"), summary: summary,
            notes: Set(notes.withLock { $0 }), complaints: complaints.withLock { $0 })
    }

    @Test(
        "each record, line, count and note is the same, whatever stands at the parts' ends",
        arguments: [RecordFormat.csv, .json, .ndjson, .xml], 0..<6 as Range<UInt64>)
    func sameResults(format: RecordFormat, number: UInt64) async throws {
        let seed = SeededGenerator.seed() &+ number
        var random = SeededGenerator(state: seed)
        let scratch = try Scratch()
        let path = scratch.file("list.\(format.rawValue)")
        try Data(Self.list(format, &random)).write(to: URL(fileURLWithPath: path))
        let whole = try await Self.read(path, nil, in: scratch)
        let parts = PartReading(atOnce: Int(number) % 4 + 1, bytesMin: number % 2 == 0 ? 1 : 1 << 17)
        let parted = try await Self.read(path, parts, in: scratch)
        let differing = zip(whole.lines, parted.lines).first { $0 != $1 }
        #expect(differing == nil && whole.lines.count == parted.lines.count, "seed \(seed)")
        #expect(whole.summary == parted.summary, "seed \(seed)")
        #expect(whole.notes == parted.notes && whole.complaints == parted.complaints, "seed \(seed)")
    }

    @Test(
        "parts are decoded by themselves, unless they end within a record",
        arguments: [
            (RecordFormat.csv, "name,rank\na,1\n", "b,2\n\"c\",3\n", "d,1\n\"e\n"),
            (
                .json, "[" + String(repeating: "{\"name\":\"a\"},", count: 1_001),
                "{\"name\":\"b\"},\n{\"name\":\"},{\"},", "{\"name\":\"d\"},{\"name\":[{},"
            ),
            (
                .ndjson, String(repeating: "{\"name\":\"a\"}\n", count: 1_001), "{\"name\":\"b\"}\n{\"name\":\"c\"}\n",
                "{\"name\":\"d\"}\n{\"name\":\n"
            ),
        ])
    func decodesParts(format: RecordFormat, head: String, part: String, open: String) throws {
        let stream = try RecordStream(format: format, options: DecodingOptions(mapping: .groups))
        var batch = RecordBatch()
        try stream.push(Array(head.utf8), into: &batch)
        let before = Int64(batch.records.count)
        let decoder = try #require(stream.partDecoder)
        for time in 0..<Int64(2) {
            batch.removeAll()
            let decoded = try #require(decoder.decode([Array(part.utf8)[...]], into: &batch))
            stream.pass(decoded, &batch)
            #expect(batch.records.map(\.ordinal) == [before + 2 * time + 1, before + 2 * time + 2])
        }
        #expect(stream.recordsRead == before + 4)
        batch.removeAll()
        #expect(decoder.decode([Array(open.utf8)[...]], into: &batch) == nil && batch.isEmpty)
    }

    @Test(
        "on two cores lists are read from beginning to end, on more in parts",
        arguments: [(1, nil), (2, nil), (3, 1), (8, 6), (64, 6)])
    func cores(cores: Int, atOnce: Int?) {
        #expect(PartReading(cores: cores)?.atOnce == atOnce)
    }
}
