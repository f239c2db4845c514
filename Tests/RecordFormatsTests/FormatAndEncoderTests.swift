import RecordFormats
import Testing

@Suite struct FormatTests {
    @Test(arguments: [
        ("a.csv", RecordFormat.csv), ("A.JSON", .json), ("a.b.ndjson", .ndjson), ("x/y.jsonl", .ndjson),
        ("x.xml", .xml),
        ("x", nil), ("x.txt", nil), ("csv", nil),
    ])
    func suffix(_ path: String, _ format: RecordFormat?) {
        #expect(RecordFormat.fromSuffix(of: path) == format)
    }

    @Test(arguments: [
        ("name,rank\n", RecordFormat.csv), ("", .csv), ("\u{FEFF} \n<a/>", .xml), ("\u{FEFF}[", .json),
        (" {\"a\":[", .json),
        ("{\"a\":1}\n", .json), ("{\n\"a\":1}\n", .json), ("{\"a\":1}\r\n\n{\"a\"", .ndjson), ("{\"a\":1}\n]", .json),
    ])
    func firstBytes(_ text: String, _ format: RecordFormat) {
        #expect(RecordFormat.detect(firstBytes: text.utf8) == format)
    }
}

extension FormatTests {
    @Test("UTF-16 is looked at like bytes")
    func firstUnits() {
        for (text, format) in [
            ("{\"name\":1}\n{\"", RecordFormat.ndjson), ("[{", .json), ("<a/>", .xml), ("name\n", .csv),
        ] {
            let units = Array("\u{FEFF}\(text)".utf16)
            #expect(RecordFormat.detect(firstBytes: units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }) == format)
            #expect(RecordFormat.detect(firstBytes: units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }) == format)
        }
    }

    @Test(
        "a .json file of an object a line is NDJSON; every other suffix is taken at its word",
        arguments: [
            ("a.json", "{\"name\":\"a\"}\n{\"name\":\"b\"}\n", RecordFormat.ndjson), ("a.json", "[1]", .json),
            ("a.json", "name\n", .json), ("a.csv", "[1]", .csv), ("a.xml", "[1]", .xml), ("a.ndjson", " [1]", .json),
            ("a.jsonl", "\u{FEFF}[", .json), ("a.ndjson", "{\"a\":1}", .ndjson), ("a.ndjson", "x", .ndjson),
            ("a", "[1]", .json), ("-", "<a/>", .xml),
        ])
    func suffixAndFirstBytes(_ path: String, _ text: String, _ format: RecordFormat) {
        #expect(RecordFormat.of(path: path, firstBytes: text.utf8) == format)
    }
}

@Suite struct CSVEncoderTests {
    @Test(arguments: [
        (["a", "b"], "a,b\n"), (["a,b", "c\"d", "e\nf", "g\rh"], "\"a,b\",\"c\"\"d\",\"e\nf\",\"g\rh\"\n"),
        ([" a", "b ", "c\t"], "\" a\",\"b \",\"c\t\"\n"), (["", ""], ",\n"), ([""], "\"\"\n"), (["é"], "é\n"),
    ])
    func rows(_ fields: [String], _ expected: String) {
        var encoder = CSVEncoder()
        encoder.appendRow(fields)
        encoder.appendRow(fields)
        #expect(String(decoding: encoder.bytes, as: UTF8.self) == expected + expected)
    }
}
