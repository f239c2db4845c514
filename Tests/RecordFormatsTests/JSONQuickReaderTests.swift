import RecordFormats
import TestSupport
import Testing

/// Records that lie whole in a chunk, well before its end, are read in a way of their own: in chunks of 65,536 bytes,
/// but not in those of 1, 2 and 7, which must give the same.
@Suite struct JSONQuickReaderTests {
    /// Stands behind what is tested, so that the chunk's end is out of reach.
    static let padding = #"{"name":"\#(String(repeating: "p", count: 60))"}"#
    static let sixty = String(repeating: "s", count: 60)

    /// An object, and what is made of it as a record.
    static let objects: [(String, String)] = [
        ("{}", "absent | absent"),
        ("{ \t\r}", "absent | absent"),
        (#"{"name":"VIP","rank":12}"#, "text:VIP | number:12"),
        (" { \"rank\"  :  -3 , \"NAME\"\t:\t\"a b\"  } ", "text:a b | number:-3"),
        (#"{"name":"","rank":null}"#, "text: | null"),
        (#"{"Name":null,"RANK":"7"}"#, "null | text:7"),
        // What is one of the given names with something to pass over, and what only looks like one.
        (#"{"na-me":"a","group_rank":1,"nam":"x","names":"y","ran\u006b":2}"#, "text:a | duplicate:1"),
        (#"{"_name":"x","nbme":"y","name ":"a","":0}"#, "text:a | absent"),
        // Every length around the 16 and 32 bytes that are looked at together.
        (#"{"name":"123456789012345"}"#, "text:123456789012345 | absent"),
        (#"{"name":"1234567890123456"}"#, "text:1234567890123456 | absent"),
        (#"{"name":"1234567890123456789012345678901"}"#, "text:1234567890123456789012345678901 | absent"),
        (#"{"name":"12345678901234567890123456789012"}"#, "text:12345678901234567890123456789012 | absent"),
        (#"{"name":"\#(sixty)é","rank":1}"#, "text:\(sixty)é | number:1"),
        (#"{"name":"é東🎉","x":"é"}"#, "text:é東🎉 | absent"),
        ("{\"é\":\"x\",\"name\":\"\u{7F}\u{80}\"}", "text:\u{7F}\u{80} | absent"),
        // Escapes, before and behind other text.
        (#"{"name":"a\"b\\\u00e9\ud83c\udf89","rank":1}"#, #"text:a"b\é🎉 | number:1"#),
        (#"{"rank":"\#(sixty)\n","name":"\/"}"#, "text:/ | text:\(sixty)\n"),
        (#"{"x":"\"}","name":"a"}"#, "text:a | absent"),
        (#"{"name":"\ud800","rank":1}"#, #"text:\ud800 | number:1 ! loneSurrogate"#),
        // Integers, and numbers that are none.
        (#"{"rank":0}"#, "absent | number:0"), (#"{"rank":-0}"#, "absent | number:-0"),
        (#"{"rank":1234567}"#, "absent | number:1234567"), (#"{"rank":12345678}"#, "absent | number:12345678"),
        (#"{"rank":-12345678901234}"#, "absent | number:-12345678901234"),
        (#"{"rank":123456789012345678901234567890}"#, "absent | number:123456789012345678901234567890"),
        (#"{"rank":1.50,"name":-1e5}"#, "number:-1e5 | number:1.50"), (#"{"rank":2E-7}"#, "absent | number:2E-7"),
        // Members that stand there again.
        (#"{"name":"a","rank":1,"name":"b","rank":null}"#, "duplicate:a | duplicate:1"),
        (#"{"name":null,"name":"b","name":"c"}"#, "duplicate: | absent"),
        // Other values.
        (#"{"name":true,"rank":[1,{"a":"\u00e9"}]}"#, #"wrongType:true | wrongType:[1,{"a":"\u00e9"}]"#),
        (#"{"x":{"name":"no","y":[[],{}]},"name":"a","z":[1.5,"é",false]}"#, "text:a | absent"),
    ]

    /// Objects that break the grammar; all but these ways to read them are covered by the other tests.
    static let damaged = [
        #"{"name":"a" "rank":1}"#, #"{"name" "a"}"#, #"{"name":}"#, #"{"name":"a",}"#, #"{,"name":"a"}"#,
        #"{name:"a"}"#,
        #"{"rank":01}"#, #"{"rank":-}"#, #"{"rank":00}"#, #"{"rank":1.}"#, #"{"rank":1e}"#, #"{"rank":+1}"#,
        #"{"rank":1-2}"#, #"{"rank":-01}"#, #"{"rank":123456789a}"#, #"{"rank":nul}"#, #"{"rank":nulL}"#,
        #"{"rank":nullx}"#,
        #"{"rank":tru}"#, "{\"name\":\"a\u{1}b\"}", "{\"name\":\"\u{1F}\"}", "{\"\u{9}\":1}", #"{"name":"\x"}"#,
        #"{"name":"\u12g4"}"#, #"{"name":"a"]"#, #"{"x":[1}}"#, #"{"name":"a"}}"#, #"{"name":"a"} x"#, "{\"a\":\u{B}1}",
        "{\"a\":1\u{0}}", #"{"name":"a""#,
    ]

    @Test func objectsOfEveryShape() {
        let lines = Self.objects.map(\.0).joined(separator: "\r\n") + "\n" + Self.padding + "\n"
        let array = "[" + Self.objects.map(\.0).joined(separator: ",") + ",\n" + Self.padding + "]"
        let wanted = Self.objects.map(\.1)
        for (source, format) in [(lines, RecordFormat.ndjson), (array, .json)] {
            let decoded = Decoded.everyWay(Array(source.utf8), format)
            #expect(decoded.failure == nil)
            #expect(
                decoded.records.dropLast().map { record in
                    "\(record.name) | \(record.rank)" + (record.problem == nil ? "" : " ! loneSurrogate")
                } == wanted)
            #expect(decoded.records.dropLast().allSatisfy { $0.problem == nil || $0.problem == .loneSurrogate })
            #expect(decoded.records.last?.name == "text:" + String(repeating: "p", count: 60))
        }
    }

    @Test(arguments: damaged)
    func damageIsToldAsElsewhere(_ object: String) throws {
        let lines = Decoded.everyWay(Array(" \(object)\n\(Self.padding)\n".utf8), .ndjson)
        #expect(lines.records.map { $0.problem == nil } == [false, true])
        let array = Decoded.everyWay(Array("[\n\(object),\n\(Self.padding)]".utf8), .json)
        #expect(array.failure?.code == .notWellFormed)
    }

    @Test(arguments: [
        // Blank lines, and what isn't part of a record.
        DecoderCase(
            "\n \r\n{\"name\":\"a\"} \r\n\r\n\t{\"name\":\"b\"}\n\(padding)",
            ["text:a | absent @ 3", "text:b | absent @ 5", "text:\(String(repeating: "p", count: 60)) | absent @ 6"]),
        // An object that goes on behind the line's end.
        DecoderCase(
            "{\"name\":\n\"a\"}\n{\"x\":[\n1]}\n\(padding)",
            [
                "text:a | absent @ 1", "absent | absent @ 3",
                "text:\(String(repeating: "p", count: 60)) | absent @ 5",
            ]),
        // The limit holds for the line, its CR included.
        DecoderCase(
            "{\"name\":\"abcdefg\"}\r\n{\"name\":\"abcdefgh\"}\r\n\(padding)", ["text:abcdefg | absent @ 1"],
            fails: "recordTooLong @ 2 # 2", limits: DecodingLimits(recordBytesMax: 19)),
        DecoderCase(
            bytes: Array("{\"name\":\"".utf8) + [0xC3] + Array("\"}\n{\"".utf8) + [0xED, 0xA0, 0x80]
                + Array("\":1}\n{\"x\":[\"".utf8) + [0xFF] + Array("\"]}\n\(padding)".utf8),
            [
                "text:? | absent @ 1 ! badEncoding(utf-8)", "absent | absent @ 2 ! badEncoding(utf-8)",
                "absent | absent @ 3 ! badEncoding(utf-8)", "text:\(String(repeating: "p", count: 60)) | absent @ 4",
            ]),
    ])
    func lines(_ row: DecoderCase) {
        row.check(.ndjson)
    }

    @Test(arguments: [
        DecoderCase(
            "[\n{\n\"name\"\n:\n\"a\"\n,\n\"x\":[\n1]\n}\n,\n\n{\"name\":\"b\"}\r\n,{\"name\":\"c\"},7,\(padding)\n]",
            [
                "text:a | absent @ 2", "text:b | absent @ 12", "text:c | absent @ 13",
                "absent | absent @ 13 ! notAnObject", "text:\(String(repeating: "p", count: 60)) | absent @ 13",
            ]),
        DecoderCase(
            "[{\"name\":\"a\"},\n{\"name\":\"b\"}\n{\"name\":\"c\"},\(padding)]",
            ["text:a | absent @ 1", "text:b | absent @ 2"], fails: "notWellFormed @ 3"),
        DecoderCase(
            "[{\"name\":\"a\"},\n,\(padding)]", ["text:a | absent @ 1"], fails: "notWellFormed @ 2 # 2"),
        DecoderCase(
            "[{\"name\":\"abcdefgh\"},\n{\"name\":\"abcdefghi\"},\(padding)]", ["text:abcdefgh | absent @ 1"],
            fails: "recordTooLong @ 2 # 2", limits: DecodingLimits(recordBytesMax: 19)),
        DecoderCase(
            "[{\"x\":[[]]},\n{\"x\":[[[]]]},\(padding)]", ["absent | absent @ 1"], fails: "depthExceeded @ 2 # 2",
            limits: DecodingLimits(depthMax: 4)),
        DecoderCase(
            bytes: Array("[{\"a\":1},\n{\n\"".utf8) + [0xC0, 0x80] + Array("\":\"\"},\(padding)]".utf8),
            ["absent | absent @ 1"], fails: "invalidUTF8 @ 3 # 2"),
    ])
    func elements(_ row: DecoderCase) {
        row.check(.json)
    }

    @Test func namesThatWereGiven() {
        let options = DecodingOptions.with(mapping: .named("title", rank: "r"))
        let lines = "{\"Title\":\"a\",\"name\":\"no\",\"r\":1,\"rank\":2}\n" + #"{"title":"\#(Self.sixty)"}"#
        let decoded = Decoded.everyWay(Array(lines.utf8), .ndjson, options: options)
        #expect(decoded.briefs == ["text:a | number:1 @ 1", "text:\(Self.sixty) | absent @ 2"])
    }

    /// A list of records of every shape gives the same wherever it is cut, so wherever the chunk's end comes in reach.
    @Test(arguments: [RecordFormat.json, .ndjson])
    func chunksOfEverySize(_ format: RecordFormat) {
        let objects = Self.objects.map(\.0) + [Self.padding]
        let source = format == .json ? "[" + objects.joined(separator: "\n,") + "]" : objects.joined(separator: "\n")
        let whole = Decoded(Array(source.utf8), format, chunkBytes: 65_536, options: DecodingOptions.with())
        #expect(whole.records.count == objects.count)
        for chunkBytes in 30...200 {
            let cut = Decoded(Array(source.utf8), format, chunkBytes: chunkBytes, options: DecodingOptions.with())
            #expect(cut == whole, "chunks of \(chunkBytes)")
        }
    }
}
