import RecordFormats
import TestSupport
import Testing

/// Workbooks that lie, or are written as no program should: the right value, or a failure that says why.
@Suite struct HostileWorkbookTests {
    /// A workbook whose archive, or whose parts, are changed; what it gives, or how it fails.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Changes an entry; nil leaves it out.
        var change: @Sendable (RawArchive.Entry) -> RawArchive.Entry? = { $0 }
        var further: [RawArchive.Entry] = []
        var failure: DecodingFailure.Code?

        static func entries(
            _ description: String, _ failure: DecodingFailure.Code? = nil,
            _ change: @escaping @Sendable (inout RawArchive.Entry) -> Void
        ) -> Case {
            Case(
                testDescription: description,
                change: { entry in
                    var entry = entry
                    change(&entry)
                    return entry
                }, failure: failure)
        }

        /// Replaces text in all parts.
        static func texts(
            _ description: String, _ old: String, _ new: String, _ failure: DecodingFailure.Code? = nil
        ) -> Case {
            .entries(description, failure) { entry in
                let text = String(decoding: entry.text, as: UTF8.self)
                entry.text = Array(
                    text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new).utf8)
            }
        }
    }

    private static let longSizes =
        RawArchive.little(1, 2) + RawArchive.little(16, 2) + Array(repeating: UInt8(0xFF), count: 16)

    private static func utf16(_ text: [UInt8]) -> [UInt8] {
        [0xFF, 0xFE] + String(decoding: text, as: UTF8.self).utf16.flatMap { RawArchive.little(Int($0), 2) }
    }

    static let cases: [Case] = [
        .entries("as it is") { _ in },
        .entries("sizes in no header, and no data descriptor") { $0.hasNoSizes = true },
        .entries("a data descriptor without its signature") { entry in
            entry.hasNoSizes = true
            entry.descriptor =
                RawArchive.little(RawArchive.crc(entry.text), 4)
                + RawArchive.little(entry.text.count, 4) + RawArchive.little(entry.text.count, 4)
        },
        .entries("sizes of -1 in 64 bits", .damagedArchive) { entry in
            entry.size = .max
            entry.extra = longSizes
        },
        .entries("sizes of 64 bits that are missing", .refusedArchive) { $0.size = .max },
        .entries("an extra field that is longer than all of them") { $0.extra = [1, 0, 200, 0] },
        Case(
            testDescription: "two entries whose names differ in case",
            further: [.init("XL/Workbook.XML", Array("<workbook/>".utf8))], failure: .refusedArchive),
        .entries("names in capitals") { $0.name = $0.name.uppercased() },
        .entries("names with backslashes") { entry in
            entry.name = entry.name.split(separator: "/").joined(separator: "\\")
        },
        .entries("names from the root", .refusedArchive) { $0.name = "/" + $0.name },
        .texts("targets from the root", "Target=\"worksheets/", "Target=\"/xl/worksheets/"),
        .texts("targets with steps", "Target=\"worksheets/", "Target=\"./../xl/./worksheets/../worksheets/"),
        .texts("targets with backslashes", "Target=\"worksheets/", "Target=\"worksheets\\"),
        .texts("a target that leads out", "Target=\"worksheets/", "Target=\"../../../etc/", .damagedArchive),
        .texts(
            "a target outside", "Target=\"worksheets", "TargetMode=\"External\" Target=\"http://127.0.0.1/",
            .noSuchSheet),
        .entries("parts in UTF-16") { $0.text = utf16($0.text) },
        .entries("parts behind a byte order mark") { $0.text = [0xEF, 0xBB, 0xBF] + $0.text },
        .entries("a part that is cut", .truncated) { entry in
            if entry.name.contains("sheet1") { entry.text.removeLast(9) }
        },
        .entries("a part with bytes behind it", .notWellFormed) { entry in
            if entry.name.contains("sheet1") { entry.text += Array("<x/>".utf8) }
        },
        Case(
            testDescription: "a part that is missing", change: { $0.name.contains("sheet1") ? nil : $0 },
            failure: .damagedArchive),
        Case(
            testDescription: "shared texts that are missing", change: { $0.name.contains("shared") ? nil : $0 },
            failure: .notWellFormed),
        Case(testDescription: "styles that are missing", change: { $0.name.contains("styles") ? nil : $0 }),
        .texts("a style that there isn't", "<c r=\"B2\"", "<c r=\"B2\" s=\"999999999\""),
        .texts("a style of no number", "<c r=\"B2\"", "<c r=\"B2\" s=\"-1\""),
        .texts("a shared text of no number", "<v>0</v>", "<v>0x0</v>", .notWellFormed),
        .texts("a shared text beyond all", "<v>0</v>", "<v>4294967296</v>", .notWellFormed),
        .texts("rows without numbers", "<row r=\"2\">", "<row>"),
        .texts("cells without places", " r=\"A2\"", ""),
        .texts("a row that goes back", "<row r=\"2\">", "<row r=\"1\">", .notWellFormed),
        .texts("a cell of another row", " r=\"A2\"", " r=\"A7\"", .notWellFormed),
        .texts("a cell that goes back", " r=\"B2\"", " r=\"A2\"", .notWellFormed),
        .texts("a row beyond all", "<row r=\"2\">", "<row r=\"99999999999999999999\">", .notWellFormed),
        .texts("a number that is none", "<v>7</v>", "<v> 7 </v>"),
        .texts("spans and dimensions that lie", "<sheetData>", "<dimension ref=\"A1:XFD1048576\"/><sheetData>"),
    ]

    private static let rows = """
        <row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c>\
        <c r="B1" t="inlineStr"><is><t>rank</t></is></c></row>\
        <row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>7</v></c></row>
        """

    @Test(arguments: cases) func workbook(_ change: Case) {
        var book = TestWorkbook(rows: Self.rows)
        book.strings = ["<t>Gold</t>"]
        let entries = book.all.compactMap { change.change(.init($0.0, Array($0.1.utf8))) } + change.further
        let decoded = DecodedWorkbook(RawArchive.bytes(entries))
        #expect(decoded.failure?.code == change.failure, "\(String(describing: decoded.failure))")
        if let failure = decoded.failure {
            #expect(failure.message.contains(";") || failure.message.contains(":"), "no remedy: \(failure.message)")
            #expect(decoded.records.isEmpty || [.notWellFormed, .truncated].contains(change.failure))
        } else {
            #expect(decoded.records.map(\.name) == ["text:Gold"])
            #expect(decoded.records.map { $0.rank.filter { $0 != " " } } == ["text:7"])
        }
    }

    /// Every element with a prefix, in name spaces of either form.
    @Test(arguments: [false, true]) func prefixes(_ isStrict: Bool) {
        var book = TestWorkbook(rows: "")
        book.isStrict = isStrict
        let main = isStrict ? "http://purl.oclc.org/ooxml/spreadsheetml/main" : "urn:main"
        book.parts["xl/worksheets/sheet1.xml"] =
            "<p:worksheet xmlns:p='\(main)'><p:sheetData>"
            + "<p:row><p:c t='inlineStr'><p:is><p:t>name</p:t></p:is></p:c></p:row>"
            + "<p:row><p:c t='s'><p:v>0</p:v></p:c></p:row></p:sheetData></p:worksheet>"
        book.parts["xl/sharedStrings.xml"] =
            "<p:sst xmlns:p='\(main)'><p:si><p:r><p:rPr><p:b/></p:rPr><p:t>Go</p:t></p:r>"
            + "<p:r><p:t>ld</p:t></p:r></p:si></p:sst>"
        #expect(DecodedWorkbook(book.bytes).briefs == ["text:Gold | absent @ 2"])
    }

    /// What only looks like a number to a program stays the text that it is.
    @Test(arguments: ["0x10", "NaN", "INF", "1e999", "1_000", "1,5", "+5", ".5.", "infinity", "0x1p4"])
    func numbers(_ text: String) {
        let rows =
            TestWorkbook.row(1, ["name", "rank"])
            + "<row r='2'><c r='A2' t='str'><v>Gold</v></c><c r='B2'><v>\(text)</v></c></row>"
        let rank = DecodedWorkbook(TestWorkbook(rows: rows).bytes).records.first?.rank
        #expect(rank == (text == "+5" ? "text:5" : "text:\(text)"))
    }
}
