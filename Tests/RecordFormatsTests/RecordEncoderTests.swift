import RecordFormats
import Testing

@Suite struct RecordEncoderTests {
    static let source = """
        {"name":"a<b","rank":1,"isActive":true}
        {"rank":"01","name":null}
        {"name":"","rank":"7","active":"no"}
        {"rank":null}

        """

    /// The records of `source` in `format`, and the faults of those that can't be written.
    private func encoded(
        _ source: String, _ format: RecordFormat, hasFlags: Bool = true
    ) throws -> (text: String, faults: [RecordEncoder.Fault]) {
        var batch = RecordBatch()
        let stream = try RecordStream(format: .ndjson, options: .with())
        try stream.push(Array(source.utf8), into: &batch)
        try stream.finish(into: &batch)
        var encoder = RecordEncoder(format: format, mapping: .standard)
        var faults: [RecordEncoder.Fault] = []
        encoder.begin(hasFlags: hasFlags)
        for record in batch.records {
            do throws(RecordEncoder.Fault) {
                try encoder.append(record, in: batch)
            } catch {
                faults.append(error)
            }
        }
        encoder.end()
        return (String(decoding: encoder.bytes, as: UTF8.self), faults)
    }

    static let objects: [String] = [
        #"{"name":"a<b","rank":1,"isActive":true}"#, #"{"name":null,"rank":"01"}"#,
        #"{"name":"","rank":7,"isActive":"no"}"#, #"{"rank":null}"#,
    ]
    static let xml = """
        <?xml version="1.0" encoding="UTF-8"?>
        <groups>
        <group><name>a&lt;b</name><rank>1</rank><isActive>true</isActive></group>
        <group><rank>01</rank></group>
        <group><name></name><rank>7</rank><isActive>no</isActive></group>
        <group></group>
        </groups>

        """
    static let expectations: [(RecordFormat, String)] = [
        (.csv, "name,rank,isActive\na<b,1,true\n,01,\n,7,no\n,,\n"),
        (.ndjson, objects.map { $0 + "\n" }.joined()),
        (.json, "[\n" + objects.joined(separator: ",\n") + "\n]\n"),
        (.xml, xml),
    ]

    @Test(arguments: expectations)
    func formats(_ format: RecordFormat, _ expected: String) throws {
        let result = try encoded(Self.source, format)
        #expect(result.text == expected)
        #expect(result.faults.isEmpty)
    }

    @Test(
        "a record that can't be written changes nothing and names its role",
        arguments: [
            (#"{"name":1}"#, .wrongContent(role: 0)), (#"{"name":"a","name":"b"}"#, .wrongContent(role: 0)),
            (#"{"name":"a","rank":[]}"#, .wrongContent(role: 1)),
            (#"{"name":"a","rank":true}"#, .wrongContent(role: 1)),
            (#"{"name":"a","active":{}}"#, .wrongContent(role: 2)),
            (#"{"name":"a","active":1}"#, .flagTooLate(role: 2)), ("[]", .problem(.notAnObject)),
        ] as [(String, RecordEncoder.Fault)])
    func faults(_ source: String, _ fault: RecordEncoder.Fault) throws {
        let result = try encoded(source, .csv, hasFlags: false)
        #expect(result.text == "name,rank\n")
        #expect(result.faults == [fault])
    }

    @Test("a control character can't be written in XML")
    func notInXML() throws {
        #expect(try encoded(#"{"name":"a","rank":"\u0001"}"#, .xml).faults == [.notInXML])
    }
}
