import GroupLoad
import RecordFormats
import TestSupport
import Testing

@Suite struct RecordValidatorTests {
    /// The findings for a list in NDJSON, record by record.
    private func check(_ text: String, nameLengthMax: Int = 255, nullWords: [String] = []) throws -> [(
        RecordValidator.Fields, String?
    )] {
        let stream = try RecordStream(format: .ndjson, options: DecodingOptions(mapping: .groups))
        var batch = RecordBatch()
        try stream.push(Array(text.utf8), into: &batch)
        try stream.finish(into: &batch)
        let validator = RecordValidator(nameLengthMax: nameLengthMax, nullWords: nullWords)
        return batch.records.map { record in
            let fields = batch.arena.withUnsafeBytes { validator.check(record, in: $0) }
            return (fields, batch.string(fields.name))
        }
    }

    @Test(
        "trims what Python's str.strip with White_Space trims",
        arguments: [
            "9", "a", "b", "c", "d", "20", "85", "a0", "1680", "2000", "200a", "2028", "2029", "202f", "205f", "3000",
        ])
    func trims(hex: String) throws {
        let blank = try #require(UInt32(hex, radix: 16).flatMap(Unicode.Scalar.init))
        #expect(blank.properties.isWhitespace)
        let escape = "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        let found = try check("{\"name\":\"\(escape)\(escape) Gold \(escape)\"}")
        #expect(found.map(\.1) == ["Gold"])
        #expect(found[0].0.violations == [])
    }

    @Test(
        "trims what can't be seen and means nothing, beside white space or not",
        arguments: ["\\u00ad", "\\u200b", "\\u200e", "\\u200f", "\\u2060", "\\ufeff"])
    func trimsInvisible(edge: String) throws {
        let text = "{\"name\":\"\(edge) \(edge)Gold\(edge)Plus\(edge)\\u00a0\(edge)\",\"rank\":\"\(edge)7\(edge)\"}"
        let found = try check(text + "\n{\"name\":\" \(edge)\(edge)\"}")
        #expect(found[0].1?.unicodeScalars.count == 9 && found[0].1?.hasPrefix("Gold") == true)
        #expect(found[0].0.rank == 7)
        #expect(found.map(\.0.violations) == [[], .nameMissing])
    }

    @Test("joiners and variation selectors stay", arguments: ["\\u200d", "\\u200c", "\\ufe0f", "\\u180e", "é", "😀"])
    func keepsWhatIsNoWhiteSpace(edge: String) throws {
        let found = try check("{\"name\":\"\(edge)Gold\"}")
        #expect(found[0].1 != "Gold")
        #expect(found[0].0.violations == [])
    }

    @Test(
        arguments: [
            ("5", Int32(5), Violations()), ("-7", -7, []), ("\"+8\"", 8, []), ("\" 9 \"", 9, []), ("\"\"", nil, []),
            ("null", nil, []), ("2147483647", .max, []), ("-2147483648", .min, []), ("\"007\"", 7, []), ("-0", 0, []),
            ("2147483648", nil, .rankOutOfRange), ("-99999999999999999999999", nil, .rankOutOfRange),
            ("1.0", 1, []), ("1e2", 100, []), ("1.23e4", 12_300, []), ("1.5e1", 15, []), ("10e-1", 1, []),
            ("0e99999999999", 0, []), ("1e9999999999", nil, .rankOutOfRange), ("1.5", nil, .rankNotInteger),
            ("1e-1", nil, .rankNotInteger), ("-2.000", -2, []), ("2147483647.0", .max, []),
            ("2147483648.0", nil, .rankOutOfRange), ("true", nil, .rankNotInteger),
            ("\"1.0\"", 1, []), ("\"2.\"", 2, []), ("\"+3.00\"", 3, []), ("\"1e0\"", 1, []), ("\"1.0E+01\"", 10, []),
            ("\"1e+05\"", 100_000, []), ("\"4,0\"", 4, []), ("\"4,00\"", 4, []), ("\" 5.0 \"", 5, []),
            ("\"1.23E+04\"", nil, .rankNotInteger), ("\"1,000\"", nil, .rankNotInteger),
            ("\"4,5\"", nil, .rankNotInteger), ("\"1.000\"", nil, .rankNotInteger), ("\"0.000\"", 0, []),
            ("\"-12.000\"", nil, .rankNotInteger), ("\"1234.000\"", 1234, []), ("\"7.0000\"", 7, []),
            ("\".0\"", nil, .rankNotInteger), ("\"1.0.0\"", nil, .rankNotInteger), ("\"1e\"", nil, .rankNotInteger),
            ("\"1,0e1\"", nil, .rankNotInteger), ("\"1 e1\"", nil, .rankNotInteger), ("\"--1\"", nil, .rankNotInteger),
            ("[1]", nil, .rankNotInteger), ("\"-\"", nil, .rankNotInteger), ("\"1 2\"", nil, .rankNotInteger),
            ("\"7,\"", nil, .rankNotInteger), ("\"1.234E3\"", 1_234, []), ("\"1.234E4\"", nil, .rankNotInteger),
            ("\"٣\"", nil, .rankNotInteger), ("\"0x1\"", nil, .rankNotInteger),
        ] as [(String, Int32?, Violations)])
    func readsARank(json: String, rank: Int32?, violations: Violations) throws {
        let found = try check("{\"name\":\"Gold\",\"rank\":\(json)}")
        #expect(found.map(\.0.violations) == [violations])
        if violations.isEmpty { #expect(found.map(\.0.rank) == [rank]) }
    }

    @Test(
        arguments: [
            ("{\"name\":null}", Violations.nameMissing),
            ("{\"name\":\" \\t\"}", .nameMissing),
            ("{\"name\":5}", .nameNotText), ("{\"name\":\"a\\nb\"}", .nameControlCharacter),
            ("{\"name\":\"a\\u0085b\"}", .nameControlCharacter), ("{\"name\":\"a\\u009fb\"}", .nameControlCharacter),
            ("{\"name\":\"a\\u00a0b\"}", []), ("{\"name\":\"a\\u0000b\"}", .nameControlCharacter),
            ("{\"name\":\"a\",\"name\":\"a\"}", .nameGivenTwice),
            ("{\"name\":\"\",\"rank\":\"x\"}", [.nameMissing, .rankNotInteger]),
        ] as [(String, Violations)])
    func findsViolations(json: String, violations: Violations) throws {
        #expect(try check(json).map(\.0.violations) == [violations])
    }

    @Test("words of --null mean nothing, as they are written, in every format's text and number")
    func nullWords() throws {
        let text = """
            {"name":"A","rank":"NULL","isActive":" \\\\N "}
            {"name":"NULL","rank":1}
            {"name":"B","rank":"null"}
            {"name":"NULLS","rank":-1,"isActive":"-"}
            """
        let found = try check(text, nullWords: ["NULL", "\\N", "-1", "-"])
        #expect(found.map(\.0.violations) == [[], .nameMissing, .rankNotInteger, []])
        #expect(found.map(\.0.rank) == [nil, 1, nil, nil] && found.map(\.0.active) == [nil, nil, nil, nil])
    }

    @Test(
        "an activity is what people write for yes and no, regardless of case",
        arguments: [
            ("\"Y\"", true), ("\"x\"", true), ("\"Yes\"", true), ("\"ja\"", true), ("\"TRUE\"", true),
            ("\"Sí\"", true), ("\"SÌ\"", true), ("\"si\"", true), ("\"sì\"", true), ("1", true),
            ("\"active\"", true), ("\"Enabled\"", true), ("true", true), ("\"t\"", true), ("\"WAHR\"", true),
            ("1.0", true),
            ("\"on\"", true), ("\"N\"", false), ("\"No\"", false), ("\"inactive\"", false), ("0", false),
            ("false", false),
            ("\"Disabled\"", false), ("\"nein\"", false), ("\"F\"", false), ("\"off\"", false),
        ])
    func readsAnActivity(json: String, isActive: Bool) throws {
        let found = try check("{\"name\":\"Gold\",\"isActive\":\(json)}")
        #expect(found.map(\.0.violations) == [[]] && found.map(\.0.active) == [isActive])
    }

    @Test(
        "any other activity is invalid, and nothing says nothing",
        arguments: [
            ("\"maybe\"", Violations.activeNotBoolean), ("2", .activeNotBoolean), ("[]", .activeNotBoolean),
            ("\"\"", []),
            ("null", []), ("\" \"", []), ("\"yess\"", .activeNotBoolean),
        ] as [(String, Violations)])
    func refusesAnActivity(json: String, violations: Violations) throws {
        let found = try check("{\"name\":\"Gold\",\"isActive\":\(json)}")
        #expect(found.map(\.0.violations) == [violations] && found.map(\.0.active) == [nil])
    }

    @Test("counts characters, not bytes")
    func countsCharacters() throws {
        let text = "{\"name\":\"日本語\"}\n{\"name\":\"日本語x\"}\n{\"name\":\" 日本語 \"}"
        #expect(try check(text, nameLengthMax: 3).map(\.0.violations) == [[], .nameTooLong, []])
    }
}
