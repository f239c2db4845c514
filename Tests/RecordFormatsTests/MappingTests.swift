import RecordFormats
import Testing

/// Names and places of records that the user gives.
@Suite struct MappingTests {
    static let mapped = DecodingOptions.with(mapping: .named("Group Title", rank: "Größe"))
    static func at(_ path: String...) -> DecodingOptions { .with(recordsPath: path) }

    @Test(arguments: [
        DecoderCase("group-title,name,Größe\na,b,1\n", ["text:a | text:1 @ 2"], options: mapped),
        DecoderCase("group_title;GRÖSSE\na;1\n", [], fails: "missingColumn @ 1", options: mapped),
        DecoderCase("Group Title,Size\na,1\n", [], fails: "missingColumn @ 1", options: mapped),
        // What a report left to correct has the standard names, unless it was given others.
        DecoderCase("_record,_source,name,rank\n1,b,a,2\n", ["text:a | text:2 @ 2"], options: mapped),
        DecoderCase(
            "_record,_source,name,Group Title,Größe\n1,b,x,a,2\n", ["text:a | text:2 @ 2"], options: mapped),
        DecoderCase("_record,name,rank\n1,a,2\n", [], fails: "missingColumn @ 1", options: mapped),
        DecoderCase(
            "_id,rank\na,1\n", ["text:a | text:1 @ 2"], options: .with(mapping: .named("_id"))),
        DecoderCase(
            "rank,x\na,b\n", ["text:a | absent @ 2"], options: .with(mapping: .named("rank"))),
    ])
    func columns(_ row: DecoderCase) {
        row.check(.csv)
    }

    @Test(arguments: [
        DecoderCase("{\"GROUP_TITLE\":\"a\",\"name\":1,\"Größe\":2}", ["text:a | number:2 @ 1"], options: mapped),
        DecoderCase(
            "{\"group\\u0020title\":\"a\"}", ["text:a | absent @ 1"],
            options: .with(mapping: .named("Group Title"))),
        DecoderCase(
            "{\"GroupTitle\":\"a\"}\n{}", ["text:a | absent @ 1", "absent | absent @ 2"], fails: "missingColumn @ 1",
            options: mapped),
        DecoderCase("{\"name\":\"a\"}", [], fails: "missingColumn @ 1", options: mapped),
    ])
    func members(_ row: DecoderCase) {
        row.check(.ndjson)
    }

    @Test(arguments: [
        DecoderCase("<a><b GroupTitle='x' name='y'><Größe>1</Größe></b></a>", ["text:x | text:1 @ 1"], options: mapped)
    ])
    func elements(_ row: DecoderCase) {
        row.check(.xml)
    }

    @Test(arguments: [
        DecoderCase(
            "{\"data\":{\"x\":[{}],\"groups\":[{\"name\":\"a\"},7]},\"groups\":[{\"name\":\"b\"}]}",
            ["text:a | absent @ 1", "absent | absent @ 1 ! notAnObject"], options: at("data", "groups")),
        DecoderCase(
            "{\"other\":{\"groups\":[{}]},\"a\\u0062\":[{\"name\":\"a\"}]}", ["text:a | absent @ 1"],
            options: at("ab")),
        DecoderCase("{\"data\":{\"groups\":[]}}", [], options: at("data", "groups")),
        DecoderCase("{\"data\":{\"group\":[]}}", [], fails: "noRecordsArray @ 1", options: at("data", "groups")),
        DecoderCase("{\"data\":\n[{\"name\":\"a\"}]}", [], fails: "missingColumn @ 2", options: at("data", "groups")),
        DecoderCase("{\"groups\":{}}", [], fails: "missingColumn @ 1", options: at("groups")),
        DecoderCase(
            "[{\"groups\":[]}]", ["absent | absent @ 1 ! notAnObject"], options: at("groups")),
        DecoderCase(
            "{\"g\":[{\"name\":\"a\"}],\"g\":[]}", ["text:a | absent @ 1"], fails: "noRecordsArray @ 1",
            options: at("g")),
        // What is passed over may be longer than a record, and is read strictly, too.
        DecoderCase(
            "{\"x\":[\(String(repeating: "{\"a\":1},", count: 500))0],\"g\":[{\"name\":\"a\"}]}",
            ["text:a | absent @ 1"],
            limits: DecodingLimits(recordBytesMax: 20), options: at("g")),
        DecoderCase("{\"x\":{\"y\":[1,]},\"g\":[]}", [], fails: "notWellFormed @ 1", options: at("g")),
        DecoderCase("{\"x\":{\"y\":[1}],\"g\":[]}", [], fails: "notWellFormed @ 1", options: at("g")),
    ])
    func jsonPaths(_ row: DecoderCase) {
        row.check(.json)
    }

    @Test(arguments: [
        DecoderCase(
            "<export><name>x</name>\n<groups><group><name>a</name></group><other><name>b</name></other></groups>\n"
                + "<groups><group name='c'/></groups></export>",
            ["text:a | absent @ 2", "text:c | absent @ 3"], options: at("export", "groups", "group")),
        DecoderCase(
            "<export><x><group><name>a</name></group></x></export>", [], fails: "noRecordsArray @ 1",
            options: at("export", "groups", "group")),
        DecoderCase(
            "<e xmlns:n='u'><n:g name='a' n:rank='no'><n:rank>1</n:rank></n:g></e>", ["text:a | text:1 @ 1"],
            options: at("e", "g")),
        DecoderCase("<e><groups/></e>", [], options: at("e", "groups", "group")),
        DecoderCase(
            "<e><groups><groupp/></groups></e>", [], fails: "noRecordsArray @ 1", options: at("e", "groups", "group")),
        DecoderCase(
            "<e><g><g><name>inner</name></g><name>outer</name></g></e>", ["text:outer | absent @ 1"],
            options: at("e", "g")),
    ])
    func xmlPaths(_ row: DecoderCase) {
        row.check(.xml)
    }
}
