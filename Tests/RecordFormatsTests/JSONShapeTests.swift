import RecordFormats
import TestSupport
import Testing

/// Where the records of a JSON source are, and what it is of: a document, objects one behind the other, lines.
@Suite struct JSONShapeTests {
    private static func at(_ path: String...) -> DecodingOptions { .with(recordsPath: path) }
    private static func keyed(_ name: String, at path: [String]? = nil, limits: DecodingLimits = .init())
        -> DecodingOptions
    {
        .with(limits: limits, recordsPath: path, keyName: name)
    }

    @Test(
        "an object with a name is a record, whatever arrays it has",
        arguments: [
            DecoderCase(#"{"name":"Gold","rank":1}"#, ["text:Gold | number:1 @ 1"]),
            DecoderCase(#"{"members":[{"name":"Ann"}],"name":"Gold"}"#, ["text:Gold | absent @ 1"]),
            DecoderCase("\n {\"name\":\"Gold\",\n\"tags\":[]}\n", ["text:Gold | absent @ 2"]),
            DecoderCase(#"{"name":null,"rows":[{"a":1}]}"#, ["null | absent @ 1"]),
            DecoderCase(#"{"groups":[{"name":"Ann"}],"title":"x"}"#, ["text:Ann | absent @ 1"]),
            DecoderCase(
                #"{"lists":[{"name":"Gold"}],"_links":[{"rel":"self"}],"links":[{}]}"#, ["text:Gold | absent @ 1"]),
            DecoderCase(#"{"name":"x","groups":[{"name":"Gold"}]}"#, [], fails: "noRecordsArray @ 1"),
            DecoderCase(#"{"name":"x","groups":[{"id":1}]}"#, ["text:x | absent @ 1"]),
            DecoderCase(#"{"Items":[{"name":"Gold"}],"name":"x"}"#, [], fails: "noRecordsArray @ 1"),
            // Too long to be held back: what was read before the name is no list.
            DecoderCase(
                "{\"l\":[{\"name\":\"a\"}],\n\"x\":\"0123456789\",\"name\":\"z\"\n}", ["text:a | absent @ 1"],
                fails: "noRecordsArray @ 3", limits: DecodingLimits(recordBytesMax: 20)),
        ])
    func record(_ row: DecoderCase) {
        row.check(.json)
    }

    @Test(
        "objects stand one behind the other, over any lines",
        arguments: [
            DecoderCase(
                "{\n \"name\": \"Gold\",\n \"rank\": 1\n}\n{\n \"name\": \"Silver\"\n}\n",
                ["text:Gold | number:1 @ 1", "text:Silver | absent @ 5"]),
            DecoderCase(
                "{\"name\":\"a\"}{\"name\":\"b\"} {\n\"name\":\"c\"}\n\n{\"rank\":1}",
                ["text:a | absent @ 1", "text:b | absent @ 1", "text:c | absent @ 1", "absent | number:1 @ 4"]),
            DecoderCase(
                "{\n\"name\":\"a\"}\n{\n\"name\":\"b\",\n}\n{\"name\":\"c\"}\n", ["text:a | absent @ 1"],
                fails: "notWellFormed @ 5 # 2"),
            DecoderCase("{\n\"name\":\"a\"},\n{\"name\":\"b\"}\n", ["text:a | absent @ 1"], fails: "notWellFormed @ 2"),
            DecoderCase("{\n\"name\":\"a\"}\n{\n\"name\":", ["text:a | absent @ 1"], fails: "truncated @ 3 # 2"),
            DecoderCase("{\"name\":", [], fails: "truncated @ 1 # 1"),
            // Pages of a list.
            DecoderCase(
                "{\n\"l\":[{\"name\":\"a\"}]}\n{\"l\":[{\"name\":\"b\"}]}",
                ["text:a | absent @ 2", "text:b | absent @ 3"]),
        ])
    func sequence(_ row: DecoderCase) {
        row.check(.json)
    }

    @Test(
        "documents of one kind stand one behind the other",
        arguments: [
            (
                DecoderCase(
                    "[{\"name\":\"a\"}]\n[][{\"name\":\"b\"}, {\"name\":\"c\"}]",
                    ["text:a | absent @ 1", "text:b | absent @ 2", "text:c | absent @ 2"]), 3
            ),
            (
                DecoderCase(
                    #"{"items":[{"name":"a"}]}{"items":[{"name":"b"}]}"#,
                    ["text:a | absent @ 1", "text:b | absent @ 1"]),
                2
            ),
            (
                DecoderCase(
                    #"[{"fields":{"name":"a"}}] [{"fields":{"name":"b"}}]"#,
                    ["text:a | absent @ 1", "text:b | absent @ 1"], options: at("fields")), 2
            ),
            (DecoderCase(#"[{"name":"a"}]{"name":"b"}"#, ["text:a | absent @ 1"], fails: "notWellFormed @ 1"), 1),
            (DecoderCase(#"[{"name":"a"}],[{"name":"b"}]"#, ["text:a | absent @ 1"], fails: "notWellFormed @ 1"), 1),
            (
                DecoderCase(
                    #"{"items":[{"name":"a"}]}[{"name":"b"}]"#, ["text:a | absent @ 1"], fails: "notWellFormed @ 1"), 1
            ),
        ])
    func documents(row: DecoderCase, documents: Int) throws {
        row.check(.json)
        let stream = try RecordStream(format: .json, options: row.options)
        var batch = RecordBatch()
        do { try stream.push(row.input, into: &batch) } catch { #expect(row.failure != nil) }
        #expect(stream.documentsRead == documents)
    }

    @Test(
        "lines of JSON may go on; a line that was cut is one invalid record",
        arguments: [
            DecoderCase(
                "{\n  \"name\": \"Gold\",\n\n  \"rank\": 1\n}\n{\"name\":\"Silver\"}\r\n"
                    + "{ \"x\": [\r\n1 ], \"name\":\"c\" }\r\n",
                ["text:Gold | number:1 @ 1", "text:Silver | absent @ 6", "text:c | absent @ 7"]),
            DecoderCase(
                "{\"name\":\"a\"}{\"name\":\"b\"}\n{\n\"name\":\"c\"} {\n\"name\":\"d\"}",
                ["text:a | absent @ 1", "text:b | absent @ 1", "text:c | absent @ 2", "text:d | absent @ 3"]),
            // Cut behind a value, a colon, a bracket, and at the end.
            DecoderCase(
                "{\"name\":\"a\",\n{\"name\":\"b\"}\n",
                [
                    "text:a | absent @ 1 ! notJSON(RecordFormats.JSONFault.endedEarly, column: 13)",
                    "text:b | absent @ 2",
                ]),
            DecoderCase(
                "{\"x\":\n{\"name\":\"b\"}\n{\"name\":\"c\"}\n",
                [
                    "absent | absent @ 1 ! notJSON(RecordFormats.JSONFault.endedEarly, column: 6)",
                    "text:b | absent @ 2", "text:c | absent @ 3",
                ]),
            DecoderCase(
                "{\"name\":\"z\"}\n{\"x\":[\n{\"name\":\"b\"}\n",
                [
                    "text:z | absent @ 1",
                    "absent | absent @ 2 ! notJSON(RecordFormats.JSONFault.endedEarly, column: 7)",
                    "text:b | absent @ 3",
                ]),
            DecoderCase(
                "{\"name\":\"z\"}\n{\"name\":\"a\"",
                [
                    "text:z | absent @ 1",
                    "text:a | absent @ 2 ! notJSON(RecordFormats.JSONFault.endedEarly, column: 12)",
                ]),
            // Broken over several lines: no line is a record by itself.
            DecoderCase(
                "{\"name\":\"z\"}\n{\n\"name\":\"a\",\n}\n{\"name\":\"b\"}\n", ["text:z | absent @ 1"],
                fails: "notWellFormed @ 4 # 2"),
            DecoderCase(
                "{\"name\":\"z\"}\n{\n\"name\":\"a\"\n{\n\"name\":\"b\"\n}\n", ["text:z | absent @ 1"],
                fails: "notWellFormed @ 4 # 2"),
            DecoderCase(
                "{\"name\":\"z\"}\n{\n\"name\":\"a\n\"}\n", ["text:z | absent @ 1"], fails: "notWellFormed @ 3 # 2"),
            DecoderCase("{\"name\":\"z\"}\n{\n\"name\":\"a\",\n", ["text:z | absent @ 1"], fails: "truncated @ 2 # 2"),
            DecoderCase(
                "{\"name\":\"z\"}\n{\n\"name\":\"a\"}, 1\n", ["text:z | absent @ 1", "text:a | absent @ 2"],
                fails: "notWellFormed @ 3 # 3"),
            DecoderCase(
                "{\"name\":\"z\"}\n{\n\n\"name\":\"abcdefghi\"\n}\n", ["text:z | absent @ 1"],
                fails: "recordTooLong @ 2 # 2", limits: DecodingLimits(recordBytesMax: 20)),
            DecoderCase(
                "{\"name\":\"z\"}\n{\"a\":\n[[[[]]]]}\n", ["text:z | absent @ 1"], fails: "depthExceeded @ 3 # 2",
                limits: DecodingLimits(depthMax: 4)),
        ])
    func lines(_ row: DecoderCase) {
        row.check(.ndjson)
    }

    @Test(
        "--records-at leads to an array, to one record, and into each element",
        arguments: [
            DecoderCase(
                #"[{"fields":{"name":"a","rank":1},"name":"no"},{"fields":{"name":"b"}},{"pk":1},{"fields":[]}]"#,
                [
                    "text:a | number:1 @ 1", "text:b | absent @ 1", "absent | absent @ 1",
                    "absent | absent @ 1 ! notAnObject",
                ], options: at("fields")),
            DecoderCase(
                #"{"data":{"edges":[{"node":{"g":{"name":"a"}}},{"node":{"g":{"name":"b"}}}]}}"#,
                ["text:a | absent @ 1", "text:b | absent @ 1"], options: at("data", "edges", "node", "g")),
            DecoderCase(#"{"group":{"name":"a"}}"#, ["text:a | absent @ 1"], options: at("group")),
            DecoderCase(
                "{\"p\":[{\"name\":\"a\"}]}\n{\"p\":[{\"name\":\"b\"}]}",
                ["text:a | absent @ 1", "text:b | absent @ 2"],
                options: at("p")),
            DecoderCase(#"{"a":{"b":7}}"#, [], fails: "noRecordsArray @ 1", options: at("a", "b")),
            DecoderCase(#"{"a":1}"#, [], fails: "noRecordsArray @ 1", options: at("b")),
        ])
    func path(_ row: DecoderCase) {
        row.check(.json)
    }

    @Test func pathInLines() {
        let row = DecoderCase(
            "{\"_source\":{\"name\":\"a\"},\"name\":\"no\"}\n{\"_source\":\n{\"name\":\"b\"}}\n",
            ["text:a | absent @ 1", "text:b | absent @ 2"], options: Self.at("_source"))
        row.check(.ndjson)
    }

    @Test(
        "a key becomes a member of its record",
        arguments: [
            DecoderCase(
                "{\"Gold\":{\"rank\":1},\n\"S\\u00e9\":{\"isActive\":true},\"T\":{}}",
                ["text:Gold | number:1 @ 1", "text:Sé | absent @ 2", "text:T | absent @ 2"], options: keyed("name")),
            DecoderCase(
                #"{"Gold":1,"Silver":"2","Tin":null,"Zinc":true,"Iron":[1]}"#,
                [
                    "text:Gold | number:1 @ 1", "text:Silver | text:2 @ 1", "text:Tin | null @ 1",
                    "text:Zinc | wrongType:true @ 1 ! notAnObject", "text:Iron | wrongType:[1] @ 1 ! notAnObject",
                ], options: keyed("name")),
            DecoderCase(
                #"{"v":1,"groups":{"Gold":{"rank":1}},"x":{"No":{}}}"#, ["text:Gold | number:1 @ 1"],
                options: keyed("Name", at: ["groups"])),
            DecoderCase(
                #"{"g1":{"name":"Gold"},"g2":{"name":"Silver"}}"#,
                ["text:Gold | absent @ 1", "text:Silver | absent @ 1"],
                options: keyed("id")),
            DecoderCase(#"{"g1":{"name":"Gold"}}"#, ["duplicate:g1 | absent @ 1"], options: keyed("name")),
            DecoderCase("{}", [], options: keyed("name")),
            DecoderCase("[{}]", [], fails: "noRecordsArray @ 1", options: keyed("name")),
            DecoderCase(#"{"g":[{}]}"#, [], fails: "noRecordsArray @ 1", options: keyed("name", at: ["g"])),
            DecoderCase(
                "{\"a\":{},\n\"b\":{\"x\":\"0123456789\"}}", ["text:a | absent @ 1"], fails: "recordTooLong @ 2 # 2",
                options: keyed("name", limits: DecodingLimits(recordBytesMax: 12))),
        ])
    func keys(_ row: DecoderCase) {
        row.check(.json)
    }

    /// A list in which no record has a name; the message says where they are, and which flag reads them.
    struct Nameless: Sendable, CustomTestStringConvertible {
        let format: RecordFormat
        let text: String
        let words: String
        init(_ format: RecordFormat, _ text: String, _ words: String) {
            (self.format, self.text, self.words) = (format, text, words)
        }
        var testDescription: String { text }
    }

    @Test(
        "a list without a name is refused, with the flag that reads it",
        arguments: [
            Nameless(.json, #"[{"fields":{"name":"a"}},{"fields":{"name":"b"}}]"#, "--records-at fields"),
            Nameless(.json, #"[{"group":{"name":"a","rank":1}}]"#, "--records-at group"),
            Nameless(.json, #"{"data":{"groups":[{"name":"a"},{"name":"b"}]}}"#, "--records-at data.groups"),
            Nameless(.json, #"{"meta":[{"d":1}],"data":{"groups":[{"name":"a"}]}}"#, "--records-at data.groups"),
            Nameless(.json, #"{"a.b":{"c d":[{"name":"a"}]}}"#, "--records-at 'a.b/c d'"),
            Nameless(.json, #"{"group":{"name":"a"}}"#, "--records-at group"),
            Nameless(.json, #"[{"groups":[{"name":"a"}]}]"#, "jq -c"),
            Nameless(.json, #"{"Gold":{"rank":1},"Silver":{"rank":2}}"#, "with --key-as name"),
            Nameless(.json, #"{"Gold":{"rank":1}}"#, "with --key-as name"),
            Nameless(.json, #"{"Gold":1,"Silver":2}"#, "with --key-as name"),
            Nameless(
                .json, #"{"groups":{"Gold":{"rank":1},"Silver":{"rank":2}}}"#, "--records-at groups --key-as name"),
            Nameless(.json, #"{"g1":{"name":"Gold"},"g2":{"name":"Silver"}}"#, "with --key-as id"),
            Nameless(.json, #"[{"title":"a","id":1}]"#, "\"title\", \"id\""),
            Nameless(.json, #"{"error":"no"}"#, "--map name=NAME"),
            Nameless(
                .ndjson, "{\"_source\":{\"name\":\"a\"}}\n{\"_source\":{\"name\":\"b\"}}\n", "--records-at _source"),
            Nameless(.ndjson, "{\"l\":[{\"name\":\"a\"}]}\n", "--format json --records-at l"),
            Nameless(.xml, "<e><m><d>1</d></m><gs><g><name>a</name></g></gs></e>", "--records-at e/gs/g"),
            Nameless(.xml, "<e><gs><g name='a'/></gs></e>", "--records-at e/gs/g"),
            Nameless(.xml, "<e><g><info><name>a</name></info></g></e>", "--records-at e/g/info"),
            Nameless(.xml, "<e><g><title>a</title></g></e>", "\"title\""),
        ])
    func nameless(_ row: Nameless) {
        let decoded = Decoded.everyWay(Array(row.text.utf8), row.format)
        #expect(decoded.records.isEmpty && decoded.failure?.code == .missingColumn)
        #expect(decoded.failure?.message.contains(row.words) == true, "\(decoded.failure?.message ?? "")")
    }

    @Test("records without a name before one that has it are read") func late() {
        let records = (0..<1_500).map { _ in "{\"rank\":1}" }
        for count in [3, 1_500] {
            let text = "[" + records.prefix(count).joined(separator: ",") + ",{\"name\":\"a\"}]"
            let decoded = Decoded(Array(text.utf8), .json, chunkBytes: 1_000, options: .with())
            #expect(decoded.failure == nil && decoded.records.count == count + 1)
            #expect(decoded.records.last?.name == "text:a")
            let nameless = "[" + records.prefix(count).joined(separator: ",") + "]"
            let refused = Decoded(Array(nameless.utf8), .json, chunkBytes: 1_000, options: .with())
            #expect(refused.failure?.code == .missingColumn)
        }
    }

    /// An object that is longer than what is held back is a document unless its name comes first.
    @Test func longDocuments() {
        let rows = (0..<40_000).map { "{\"name\":\"Group \($0)\",\"rank\":\($0)}" }.joined(separator: ",\n")
        let document = Decoded(Array("{\"rows\":[\(rows)],\"x\":1}".utf8), .json, chunkBytes: 65_536, options: .with())
        #expect(document.failure == nil && document.records.count == 40_000)
        #expect(document.records.last?.line == 40_000)
    }

    @Test func whatIsTold() throws {
        func stream(_ text: String, _ format: RecordFormat) throws -> RecordStream {
            let stream = try RecordStream(format: format, options: .with())
            var batch = RecordBatch()
            try stream.push(Array(text.utf8), into: &batch)
            try stream.finish(into: &batch)
            return stream
        }
        #expect(try stream(#"{"l":[{"name":"a"}]}"#, .json).recordsMember == "l")
        #expect(try stream(#"[{"name":"a"}]"#, .json).recordsMember == nil)
        let nested = try stream(#"[{"name":"a"},{"name":"b","subGroups":[{"name":"c"}]}]"#, .json).nestedNames
        #expect(nested?.recordNumber == 2 && nested?.path == ["subGroups"])
        let plain = try stream(#"[{"name":"a","tags":["x"],"owner":{"name":"b"},"l":[{"id":1}]}]"#, .json).nestedNames
        #expect(plain == nil)
        let xml = try stream("<g><i><name>a</name><subs><i><name>b</name></i></subs></i></g>", .xml).nestedNames
        #expect(xml?.recordNumber == 1 && xml?.path == ["g", "i", "subs", "i"])
    }
}
