import GroupLoad
import RecordFormats
import TestSupport
import Testing

@Suite struct RecordValidatorTests {
    /// The findings for a list in NDJSON, record by record.
    private func check(_ text: String, nameLengthMax: Int = 255) throws -> [(RecordValidator.Fields, String?)] {
        let stream = try RecordStream(format: .ndjson, options: DecodingOptions(mapping: .groups))
        var batch = RecordBatch()
        try stream.push(Array(text.utf8), into: &batch)
        try stream.finish(into: &batch)
        let validator = RecordValidator(nameLengthMax: nameLengthMax)
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

    @Test(arguments: ["\\u200b", "\\ufeff", "\\u180e", "é", "😀"])
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
            ("1.0", nil, .rankNotInteger), ("1e2", nil, .rankNotInteger), ("true", nil, .rankNotInteger),
            ("[1]", nil, .rankNotInteger), ("\"-\"", nil, .rankNotInteger), ("\"1 2\"", nil, .rankNotInteger),
            ("\"٣\"", nil, .rankNotInteger), ("\"0x1\"", nil, .rankNotInteger),
        ] as [(String, Int32?, Violations)])
    func readsARank(json: String, rank: Int32?, violations: Violations) throws {
        let found = try check("{\"name\":\"Gold\",\"rank\":\(json)}")
        #expect(found.map(\.0.violations) == [violations])
        if violations.isEmpty { #expect(found.map(\.0.rank) == [rank]) }
    }

    @Test(
        arguments: [
            ("{\"rank\":1}", Violations.nameMissing), ("{\"name\":null}", .nameMissing),
            ("{\"name\":\" \\t\"}", .nameMissing),
            ("{\"name\":5}", .nameNotText), ("{\"name\":\"a\\nb\"}", .nameControlCharacter),
            ("{\"name\":\"a\\u0085b\"}", .nameControlCharacter), ("{\"name\":\"a\\u0000b\"}", .nameControlCharacter),
            ("{\"name\":\"a\",\"name\":\"a\"}", .nameGivenTwice),
            ("{\"name\":\"\",\"rank\":\"x\"}", [.nameMissing, .rankNotInteger]),
        ] as [(String, Violations)])
    func findsViolations(json: String, violations: Violations) throws {
        #expect(try check(json).map(\.0.violations) == [violations])
    }

    @Test("counts characters, not bytes")
    func countsCharacters() throws {
        let text = "{\"name\":\"日本語\"}\n{\"name\":\"日本語x\"}\n{\"name\":\" 日本語 \"}"
        #expect(try check(text, nameLengthMax: 3).map(\.0.violations) == [[], .nameTooLong, []])
    }
}
