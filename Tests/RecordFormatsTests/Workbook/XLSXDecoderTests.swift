import RecordFormats
import Testing

/// What cells, rows and sheets of Office Open XML are read as.
@Suite struct XLSXDecoderTests {
    /// A cell of the name's column, and the record that it gives.
    struct CellCase: Sendable, CustomTestStringConvertible {
        let xml: String
        let name: String
        var problem: RecordProblem?
        var strings: [String] = []
        var codes: [String] = []

        init(
            _ xml: String, _ name: String, _ fault: CellFault? = nil, strings: [String] = [], codes: [String] = []
        ) {
            self.xml = xml
            self.name = name
            problem = fault.map { .cell($0, column: 1) }
            self.strings = strings
            self.codes = codes
        }

        var testDescription: String { xml }
    }

    @Test(arguments: [
        CellCase("<c r='B2' t='s'><v>1</v></c>", "text:Gold", strings: ["<t>no</t>", "<t>Gold</t>"]),
        CellCase("<c t='str'><f>A1</f><v>Gold</v></c>", "text:Gold"),
        CellCase("<c t='inlineStr'><is><t>A &amp; B</t></is></c>", "text:A & B"),
        // Runs are joined, and readings left out.
        CellCase(
            "<c t='s'><v>0</v></c>", "text:Gold Club",
            strings: ["<r><rPr><b/></rPr><t>Gold</t></r><r><t xml:space='preserve'> Club</t></r><rPh><t>no</t></rPh>"]),
        CellCase("<c t='inlineStr'><is><r><t>Go</t></r><rPh><t>x</t></rPh><r><t>ld</t></r></is></c>", "text:Gold"),
        // White space is kept where it is said to be.
        CellCase("<c t='inlineStr'><is><t xml:space='preserve'> a </t></is></c>", "text: a "),
        CellCase("<c t='inlineStr'><is><t> a </t></is></c>", "text:a"),
        CellCase("<c t='inlineStr'><is><t>a_x000A_b_x005F_x000A_</t></is></c>", "text:a\nb_x000A_"),
        CellCase("<c t='inlineStr'><is><t>_xD83C__xDF89__xD83C_</t></is></c>", "text:🎉_xD83C_"),
        CellCase("<c t='inlineStr'><is><t>_x00e9_x_x12_</t></is></c>", "text:éx_x12_"),
        // Numbers: integers as such.
        CellCase("<c><v>1</v></c>", "text:1"),
        CellCase("<c><v>1.0</v></c>", "text:1"),
        CellCase("<c><v>-0.0</v></c>", "text:0"),
        CellCase("<c><v>007</v></c>", "text:7"),
        CellCase("<c><v>1E3</v></c>", "text:1000"),
        CellCase("<c><v>1.5</v></c>", "text:1.5"),
        CellCase("<c><v>0.30000000000000004</v></c>", "text:0.3"),
        CellCase("<c><v>123456789012345678</v></c>", "text:123456789012345680"),
        CellCase("<c><v>1E+300</v></c>", "text:1e+300"),
        CellCase("<c><v>nothing</v></c>", "text:nothing"),
        // Formats of digits are followed.
        CellCase("<c s='1'><v>7</v></c>", "text:007", codes: ["000"]),
        CellCase("<c s='1'><v>1234</v></c>", "text:1234", codes: ["000"]),
        CellCase("<c s='1'><v>1234</v></c>", "text:00-1234", codes: ["00\\-0000"]),
        CellCase("<c s='1'><v>12</v></c>", "text:G-0012", codes: ["&quot;G-&quot;0000;[Red]0"]),
        CellCase("<c s='1'><v>1234.5</v></c>", "text:1234.5", codes: ["#,##0"]),
        CellCase("<c s='2'><v>5</v></c>", "text:5", codes: ["yyyy", "General"]),
        // Dates where a name belongs.
        CellCase("<c s='1'><v>45231</v></c>", "text:2023-11-01", .date, codes: ["dd/mm/yyyy"]),
        CellCase("<c s='1'><v>0.5</v></c>", "text:12:00:00", .date, codes: ["[h]:mm"]),
        CellCase("<c s='1'><v>59</v></c>", "text:1900-02-28", .date, codes: ["[$-409]d-mmm;@"]),
        CellCase("<c s='1'><v>61.25</v></c>", "text:1900-03-01T06:00:00", .date, codes: ["m/d/yy h:mm AM/PM"]),
        CellCase("<c s='1'><v>3</v></c>", "text:3", codes: ["&quot;days&quot; [Red]0.00"]),
        CellCase("<c t='d'><v>2024-03-01</v></c>", "text:2024-03-01", .date),
        CellCase("<c t='b'><v>1</v></c>", "text:TRUE"),
        CellCase("<c t='e'><v>#N/A</v></c>", "text:#N/A", .error),
        CellCase("<c t='e'><f>1/0</f><v>#DIV/0!</v></c>", "text:#DIV/0!", .error),
        CellCase("<c><f>A1</f></c>", "text:", .bareFormula),
        CellCase("<c><f>A1</f><v></v></c>", "text:", .bareFormula),
        CellCase("<c><f>A1</f><v>5</v></c>", "text:5"),
        CellCase("<c t='str'><f>A1</f><v></v></c>", "text:"),
        CellCase("<c/>", "text:"),
        CellCase("<c><v/></c>", "text:"),
    ])
    func cells(_ row: CellCase) {
        // Column A makes sure that the row is no blank one.
        var book = TestWorkbook(
            rows: TestWorkbook.row(1, ["note", "name"]) + "<row r='2'><c t='str'><v>x</v></c>\(row.xml)</row>")
        book.strings = row.strings
        book.styles = TestWorkbook.styles(row.codes)
        let decoded = DecodedWorkbook(book.bytes)
        #expect(decoded.failure == nil)
        #expect(decoded.records.first?.name == row.name)
        #expect(decoded.records.first?.problem == row.problem)
    }

    @Test func daysSince1904() {
        var book = TestWorkbook(rows: TestWorkbook.row(1, ["name"]) + "<row><c s='1'><v>0</v></c></row>")
        book.styles = TestWorkbook.styles(["d/m/y"])
        book.bookProperties = "<workbookPr date1904='1'/>"
        #expect(DecodedWorkbook(book.bytes).records.first?.name == "text:1904-01-01")
    }

    @Test func strictForm() {
        var book = TestWorkbook(rows: TestWorkbook.row(1, ["name"]) + TestWorkbook.row(2, ["Gold"]))
        book.isStrict = true
        #expect(DecodedWorkbook(book.bytes).briefs == ["text:Gold | absent @ 2"])
    }

    @Test func rowsAndCellsWithoutReferences() {
        let book = TestWorkbook(
            rows: "<row><c t='str'><v>name</v></c><c t='str'><v>rank</v></c></row><row/>"
                + "<row><c t='str'><v>Gold</v></c><c><v>3</v></c></row>"
                + "<row r='9'><c r='b9'><v>4</v></c></row><row><c t='str'><v>Silver</v></c></row>")
        #expect(
            DecodedWorkbook(book.bytes).briefs
                == ["text:Gold | text:3 @ 3", "text: | text:4 @ 9", "text:Silver | text: @ 10"])
    }

    @Test(arguments: [
        "<row r='3'/><row r='2'/>", "<row r='0'/>", "<row r='x'/>", "<row r='2'><c r='A3'/></row>",
        "<row r='2'><c r='B2'/><c r='A2'/></row>", "<row r='2'><c r='A2'/><c r='A2'/></row>",
        "<row r='2'><c r='2A'/></row>", "<row r='2'><c t='s'><v>5</v></c></row>", "<row><c t='s'><v>-1</v></c></row>",
        "<row></c></row>",
    ])
    func damage(_ rows: String) {
        let book = TestWorkbook(rows: TestWorkbook.row(1, ["name"]) + rows)
        #expect(DecodedWorkbook(book.bytes).failure?.code == .notWellFormed)
    }

    @Test(arguments: [
        "<row r='1048577'><c t='str'><v>x</v></c></row>", "<row r='2'><c r='XFE2'><v>1</v></c></row>",
        "<row r='2'><c r='AAAAAAAAAA2'><v>1</v></c></row>",
    ])
    func beyondASheet(_ rows: String) {
        let book = TestWorkbook(rows: TestWorkbook.row(1, ["name"]) + rows)
        #expect(DecodedWorkbook(book.bytes).failure?.code == .limitExceeded)
    }

    @Test func whatIsMetBesideRecords() throws {
        let rows =
            TestWorkbook.row(1, ["Reward groups"]) + TestWorkbook.row(3, ["", "Group Name", "Rank", "Note"])
            + TestWorkbook.row(4, ["", "Gold", "1", "a,b"]) + TestWorkbook.row(5, ["", "Silver", "2"], "hidden='1'")
            + TestWorkbook.row(6, ["", " ", ""]) + TestWorkbook.row(9, ["", "Group Name", "Rank", "Note"])
            + TestWorkbook.row(10, ["", "Bronze \"B\"", "", "", "beside"])
            + "<row r='11'><c r='B11' s='1'/></row><row r='12' ht='20'/>"
        let book = TestWorkbook(
            rows: rows, after: "<mergeCells><mergeCell ref='A1:C1'/><mergeCell ref='A2:B2'/></mergeCells>")
        let decoded = DecodedWorkbook(book.bytes)
        #expect(decoded.columns == ["Group Name", "Rank", "Note"])
        #expect(
            decoded.briefs == [
                "text:Gold | text:1 @ 4", "text:Silver | text:2 @ 5", "text:Bronze \"B\" | text: @ 10",
            ])
        #expect(decoded.raws == ["Gold,1,\"a,b\"", "Silver,2,", "\"Bronze \"\"B\"\"\",,"])
        let found = decoded.found
        #expect((found.sheet, found.headerRow) == ("Groups", 3))
        #expect((found.rowsAbove.count, found.rowsAbove.place) == (2, "row 1"))
        #expect((found.hiddenRows.count, found.hiddenRows.place) == (1, "row 5"))
        #expect((found.blankRows.count, found.blankRows.place) == (3, "row 6"))
        #expect((found.repeatedHeaders.count, found.repeatedHeaders.row) == (1, 9))
        #expect((found.outsideCells.count, found.outsideCells.place) == (1, "E10"))
        #expect((found.trailingRows.count, found.trailingRows.row) == (2, 11))
        #expect((found.mergedAreas, found.firstMerged) == (2, "A1:C1"))
        let shown = DecodedWorkbook(book.bytes, options: .sheet("1", skipsHidden: true))
        #expect(shown.briefs.count == 2)
        #expect(shown.found.hiddenRows.count == 1)
    }

    /// What is counted is what `skipped` and `tolerated` of a summary say.
    @Test func tallies() {
        let rows =
            TestWorkbook.row(2, ["Reward groups"]) + TestWorkbook.row(4, ["Name", "Rank"])
            + TestWorkbook.row(5, ["Gold", "1"]) + TestWorkbook.row(6, ["Silver", "2"], "hidden='1'")
            + TestWorkbook.row(9, ["Bronze", "3", "beside"]) + TestWorkbook.row(10, ["Name", "Rank"])
            + TestWorkbook.row(11, ["Tin", "4"]) + "<row r='12'/>"
        let merged = "<mergeCells><mergeCell ref='C9:D10'/><mergeCell ref='A1:B1'/></mergeCells>"
        var book = TestWorkbook(rows: rows, after: merged)
        book.sheets += [
            .init(name: "Old", state: "hidden", body: ""), .init(name: "Notes", body: ""),
        ]
        let read = DecodedWorkbook(book.bytes, options: .sheet("Groups")).found.tally
        let common: [SkippedRow: Int] = [
            .aboveHeader: 3, .blank: 2, .repeatedHeader: 1, .trailing: 1, .outside: 1, .merged: 2, .hiddenSheet: 1,
            .otherSheet: 1,
        ]
        #expect(counts(read.skipped) == common)
        #expect(counts(read.tolerated) == [.hidden: 1])
        #expect(read.skipped.lines(.aboveHeader) == [1, 2, 3])
        #expect(read.skipped.lines(.blank) == [7, 8])
        #expect(read.skipped.lines(.merged) == [9])
        #expect(read.tolerated.lines(.hidden) == [6])
        let left = DecodedWorkbook(book.bytes, options: .sheet("Groups", skipsHidden: true)).found.tally
        #expect(counts(left.skipped) == common.merging([.hidden: 1]) { $1 })
        #expect(counts(left.tolerated) == [:])
    }

    private func counts<Kind: CaseIterable & Hashable>(_ tally: LineTally<Kind>) -> [Kind: Int] {
        Dictionary(uniqueKeysWithValues: tally.kinds.map { ($0, tally.count($0)) })
    }

    @Test(arguments: [
        ("<col min='2' max='2' width='9' hidden='1'/>", ["B \"Name\""]),
        ("<col hidden='true' min='1' max='16384'/>", ["B \"Name\"", "C \"Rank\""]),
        ("<col min='1' max='2'/><col min='3' max='3' hidden='1'/><col min='4' max='9' hidden='1'/>", ["C \"Rank\""]),
        ("<col min='1' max='1' hidden='1'/><col min='2' max='4' hidden='0'/>", []),
        ("<col min='x' max='-3' hidden='1'/>", []), ("<col hidden='1' min='3' max='1'/>", ["C \"Rank\""]),
    ])
    func hiddenColumnsThatAreRead(_ columns: String, _ hidden: [String]) {
        let rows =
            TestWorkbook.row(1, ["id", "Name", "Rank", "Note"]) + TestWorkbook.row(2, ["7", "Gold", "1", "x"])
        let book = TestWorkbook(sheets: [
            .init(name: "Groups", body: "<cols>\(columns)</cols><sheetData>\(rows)</sheetData>")
        ])
        let decoded = DecodedWorkbook(book.bytes)
        #expect(decoded.briefs == ["text:Gold | text:1 @ 2"])
        #expect(decoded.found.hiddenColumns == hidden)
    }

    @Test func aHeaderFarDown() {
        let titles = (1...40).map { TestWorkbook.row($0, ["Line \($0)"]) }.joined()
        let rows = titles + TestWorkbook.row(41, ["Name", "Rank"]) + TestWorkbook.row(42, ["Gold", "1"])
        // What stands behind it is no other header, however many columns it names.
        let more = TestWorkbook.row(43, ["Name", "Rank", "Active"])
        let decoded = DecodedWorkbook(TestWorkbook(rows: rows + more).bytes)
        #expect((decoded.found.headerRow, decoded.found.rowsAbove.count) == (41, 40))
        #expect(decoded.briefs.first == "text:Gold | text:1 @ 42")
    }

    @Test func rowsThatAFilterHides() {
        let book = TestWorkbook(
            rows: TestWorkbook.row(1, ["name"]) + TestWorkbook.row(2, ["Gold"], "hidden='true'"),
            after: "<autoFilter ref='A1:A2'><filterColumn colId='0'/></autoFilter>")
        let found = DecodedWorkbook(book.bytes).found
        #expect((found.filteredRows.count, found.hiddenRows.count) == (1, 0))
    }

    @Test func longRowsAreRefused() {
        let options = DecodingOptions.with(limits: DecodingLimits(recordBytesMax: 1024))
        let name = String(repeating: "x", count: 2000)
        let book = TestWorkbook(rows: TestWorkbook.row(1, ["name"]) + TestWorkbook.row(2, [name]))
        #expect(DecodedWorkbook(book.bytes, options: options).failureBrief == "recordTooLong @ 2 # 1")
    }

    @Test(arguments: [
        "<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet/>", "<!DOCTYPE x SYSTEM 'http://127.0.0.1/'><worksheet/>",
    ])
    func doctypes(_ part: String) {
        var book = TestWorkbook(rows: "")
        book.parts["xl/sharedStrings.xml"] = part
        #expect(DecodedWorkbook(book.bytes).failure?.code == .doctypeRefused)
    }
}

/// Which sheet is read.
@Suite struct SheetChoiceTests {
    private static let filled =
        "<sheetData>\(TestWorkbook.row(1, ["name"]))\(TestWorkbook.row(2, ["Gold"]))</sheetData>"
    private static let empty = "<sheetData><row r='1'/></sheetData>"

    private static func book(_ sheets: (String, String, String)...) -> [UInt8] {
        TestWorkbook(sheets: sheets.map { .init(name: $0.0, state: $0.1, body: $0.2) }).bytes
    }

    @Test func onlyVisibleSheetWithRows() {
        let bytes = Self.book(
            ("Notes", "visible", Self.empty), ("Old", "hidden", Self.filled), ("Groups", "visible", Self.filled),
            ("Older", "veryHidden", Self.filled))
        let decoded = DecodedWorkbook(bytes)
        #expect(decoded.briefs == ["text:Gold | absent @ 2"])
        #expect(decoded.found.sheet == "Groups")
        #expect(decoded.found.hiddenSheets == ["Old", "Older"])
    }

    @Test func severalAreNamedWithTheirSizes() {
        let bytes = Self.book(("One", "visible", Self.filled), ("Two", "visible", Self.filled))
        let failure = DecodedWorkbook(bytes).failure
        #expect(failure?.code == .sheetNotChosen)
        #expect(failure?.message.contains("\"One\" (2 rows), \"Two\" (2 rows)") == true)
    }

    @Test(arguments: [("Two", "Two"), ("two", "Two"), ("2", "Two"), ("3", "Old"), ("1", "One"), ("Old", "Old")])
    func named(_ wanted: String, _ sheet: String) {
        let bytes = Self.book(
            ("One", "visible", Self.filled), ("Two", "visible", Self.filled), ("Old", "hidden", Self.filled))
        #expect(DecodedWorkbook(bytes, options: .sheet(wanted)).found.sheet == sheet)
    }

    @Test(arguments: ["0", "4", "three", ""])
    func missing(_ wanted: String) {
        let bytes = Self.book(("One", "visible", Self.filled), ("Two", "visible", Self.filled))
        #expect(DecodedWorkbook(bytes, options: .sheet(wanted)).failure?.code == .noSuchSheet)
    }

    @Test func onlyHiddenSheets() {
        let bytes = Self.book(("Old", "hidden", Self.filled))
        #expect(DecodedWorkbook(bytes).failure?.code == .sheetNotChosen)
        #expect(DecodedWorkbook(Self.book(("New", "visible", Self.empty))).failure?.code == .missingColumn)
    }

    /// Ranks that reach over rows below; never to a row without a name, over what is there, or for a name.
    @Test(arguments: [true, false]) func mergedRanks(isPlain: Bool) {
        let rows = [
            ["name", "rank", "active"], ["Gold", "1", "no"], ["Silver"], ["Tin", "7"], ["", "", ""], ["Lead"], ["Zinc"],
        ]
        let text = rows.enumerated().map { TestWorkbook.row($0 + 1, $1, isPlain ? "" : "x='1'") }.joined()
        let merged =
            "<mergeCells count='3'><mergeCell ref='B2:B6'/><mergeCell ref=\"C2:C3\"/><mergeCell ref='A6:A7'/>"
            + "</mergeCells>"
        let decoded = DecodedWorkbook(TestWorkbook(rows: text, after: merged).bytes)
        #expect(
            decoded.raws == ["Gold,1,no", "Silver,1,no", "Tin,7,", "Lead,1,", "Zinc,,"], "\(decoded.raws)")
        #expect(decoded.found.mergedValues.count == 3 && decoded.found.mergedValues.place == "B3")
        #expect((decoded.found.mergedAreas, decoded.found.usedAreas) == (1, 2))
    }
}
