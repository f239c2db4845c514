import RecordFormats
import Testing

/// What cells, rows and sheets of OpenDocument are read as.
@Suite struct OpenDocumentTests {
    /// A flat document of these tables.
    static func document(_ tables: String, styles: String = "") -> [UInt8] {
        Array(
            """
            <?xml version="1.0"?><o:document xmlns:o="urn:o" xmlns:t="urn:t" xmlns:x="urn:x" xmlns:c="urn:c" \
            xmlns:s="urn:s"><o:automatic-styles>\(styles)</o:automatic-styles><o:body><o:spreadsheet>\(tables)\
            </o:spreadsheet></o:body></o:document>
            """.utf8)
    }

    /// A table of rows.
    static func table(_ rows: String, _ name: String = "Groups", _ attributes: String = "") -> String {
        "<t:table t:name='\(name)' \(attributes)><t:table-column t:number-columns-repeated='3'/>\(rows)</t:table>"
    }

    /// A row of texts.
    static func row(_ texts: [String], _ attributes: String = "") -> String {
        "<t:table-row \(attributes)>"
            + texts.map {
                $0.isEmpty ? "<t:table-cell/>" : "<t:table-cell o:value-type='string'><x:p>\($0)</x:p></t:table-cell>"
            }
            .joined() + "</t:table-row>"
    }

    @Test(arguments: [
        ("<t:table-cell o:value-type='string'><x:p>Gold</x:p></t:table-cell>", "text:Gold", nil),
        ("<t:table-cell><x:p>Gold</x:p></t:table-cell>", "text:Gold", nil),
        (
            "<t:table-cell o:value-type='string'><x:p>a<x:s x:c='2'/>b <x:span>c</x:span>\n d </x:p></t:table-cell>",
            "text:a  b c d", nil
        ),
        (
            "<t:table-cell o:value-type='string'><x:p>a<x:tab/>b<x:line-break/>c</x:p><x:p>d</x:p></t:table-cell>",
            "text:a\tb\nc\nd", nil
        ),
        (
            "<t:table-cell o:value-type='string'><o:annotation><x:p>no</x:p></o:annotation><x:p>Gold"
                + "</x:p></t:table-cell>",
            "text:Gold", nil
        ),
        (
            "<t:table-cell o:value-type='string'><x:p><x:ruby><x:ruby-base>A</x:ruby-base>"
                + "<x:ruby-text>no</x:ruby-text></x:ruby>B</x:p></t:table-cell>",
            "text:AB", nil
        ),
        ("<t:table-cell o:value-type='string' o:string-value='Gold'/>", "text:Gold", nil),
        ("<t:table-cell o:value-type='float' o:value='1'><x:p>1</x:p></t:table-cell>", "text:1", nil),
        ("<t:table-cell o:value-type='float' o:value='1.0'/>", "text:1", nil),
        ("<t:table-cell o:value-type='float' o:value='7'><x:p>007</x:p></t:table-cell>", "text:007", nil),
        ("<t:table-cell o:value-type='percentage' o:value='0.5'><x:p>50%</x:p></t:table-cell>", "text:0.5", nil),
        (
            "<t:table-cell o:value-type='boolean' o:boolean-value='true'><x:p>WAHR</x:p></t:table-cell>", "text:TRUE",
            nil
        ),
        (
            "<t:table-cell o:value-type='date' o:date-value='2024-03-01'><x:p>1.3.</x:p></t:table-cell>",
            "text:2024-03-01", CellFault.date
        ),
        ("<t:table-cell o:value-type='time' o:time-value='PT12H'><x:p>12:00</x:p></t:table-cell>", "text:PT12H", .date),
        (
            "<t:table-cell t:formula='of:=1/0' o:value-type='string' c:value-type='error'>"
                + "<x:p>#DIV/0!</x:p></t:table-cell>",
            "text:#DIV/0!", .error
        ),
        (
            "<t:table-cell t:formula='of:=1/0' o:value-type='float' o:value='0'><x:p>Err:508</x:p></t:table-cell>",
            "text:Err:508", .error
        ),
        ("<t:table-cell t:formula='of:=1'/>", "text:", .bareFormula),
        ("<t:table-cell t:formula='of:=1' o:value-type='float' o:value='5'><x:p>5</x:p></t:table-cell>", "text:5", nil),
    ])
    func cells(_ xml: String, _ name: String, _ fault: CellFault?) {
        let rows =
            Self.row(["note", "name"]) + "<t:table-row><t:table-cell><x:p>x</x:p></t:table-cell>\(xml)</t:table-row>"
        let decoded = DecodedWorkbook(Self.document(Self.table(rows)), .flatODS)
        #expect(decoded.failure == nil)
        #expect(decoded.records.first?.name == name)
        #expect(decoded.records.first?.problem == fault.map { .cell($0, column: 1) })
    }

    @Test func repeatedRowsAndCells() {
        let rows =
            Self.row(["name", "rank", "note"]) + "<t:table-row t:number-rows-repeated='2'><t:table-cell/></t:table-row>"
            + "<t:table-row t:number-rows-repeated='3'>"
            + "<t:table-cell t:number-columns-repeated='2' o:value-type='float' o:value='4'/>"
            + "</t:table-row><t:table-row-group>" + Self.row(["Gold", "1"], "t:visibility='collapse'")
            + Self.row(["Silver", "2"], "t:visibility='filter'") + "</t:table-row-group>"
            + "<t:table-row t:number-rows-repeated='1048000'>"
            + "<t:table-cell t:number-columns-repeated='16384'/></t:table-row>"
        let decoded = DecodedWorkbook(Self.document(Self.table(rows)), .flatODS)
        #expect(decoded.failure == nil)
        #expect(
            decoded.briefs == [
                "text:4 | text:4 @ 4", "text:4 | text:4 @ 5", "text:4 | text:4 @ 6", "text:Gold | text:1 @ 7",
                "text:Silver | text:2 @ 8",
            ])
        #expect((decoded.found.blankRows.count, decoded.found.hiddenRows.count) == (2, 1))
        #expect((decoded.found.filteredRows.count, decoded.found.trailingRows.count) == (1, 1_048_000))
    }

    @Test(arguments: [
        "<t:table-row t:number-rows-repeated='999999999'><t:table-cell><x:p>x</x:p></t:table-cell></t:table-row>",
        "<t:table-row><t:table-cell t:number-columns-repeated='999999999'><x:p>x</x:p></t:table-cell></t:table-row>",
    ])
    func beyondASheet(_ rows: String) {
        let decoded = DecodedWorkbook(Self.document(Self.table(Self.row(["name"]) + rows)), .flatODS)
        #expect(decoded.failure?.code == .limitExceeded)
    }

    @Test func mergedRanks() {
        let covered = "<t:table-row><t:table-cell><x:p>Silver</x:p></t:table-cell><t:covered-table-cell/></t:table-row>"
        let rows =
            Self.row(["name", "rank"]) + "<t:table-row><t:table-cell><x:p>Gold</x:p></t:table-cell>"
            + "<t:table-cell t:number-rows-spanned='2' o:value-type='float' o:value='5'/></t:table-row>" + covered
            + Self.row(["Tin"])
        let decoded = DecodedWorkbook(Self.document(Self.table(rows)), .flatODS)
        #expect(decoded.briefs == ["text:Gold | text:5 @ 2", "text:Silver | text:5 @ 3", "text:Tin | text: @ 4"])
        #expect((decoded.found.mergedAreas, decoded.found.mergedValues.place) == (0, "B3"))
    }

    @Test func manyRowsThatAreAlike() {
        let rows =
            Self.row(["name"]) + Self.row(["Gold"], "t:number-rows-repeated='1234'") + Self.row(["Silver"])
        let decoded = DecodedWorkbook(Self.document(Self.table(rows)), .flatODS)
        #expect(decoded.failure == nil)
        #expect(decoded.records.map(\.line) == Array(2...1236))
        #expect(decoded.records.last?.name == "text:Silver")
    }

    @Test func repetitionsAreBounded() {
        let long = String(repeating: "x", count: 2000)
        let rows = Self.row(["name"]) + Self.row([long], "t:number-rows-repeated='1000000'")
        #expect(DecodedWorkbook(Self.document(Self.table(rows)), .flatODS).failureBrief == "limitExceeded @ 2")
        let wide =
            "<t:table-row><t:table-cell t:number-columns-repeated='16384'><x:p>\(long)</x:p>"
            + "</t:table-cell></t:table-row>"
        let header = Self.row(["name"]) + wide
        #expect(
            DecodedWorkbook(Self.document(Self.table(wide + Self.row(["name"]))), .flatODS).failure?.code == nil)
        #expect(DecodedWorkbook(Self.document(Self.table(header)), .flatODS).found.outsideCells.count == 16_383)
        let columns =
            "<t:table-row><t:table-cell><x:p>name</x:p></t:table-cell><t:table-cell t:number-columns-repeated='16383'>"
            + "<x:p>\(long)</x:p></t:table-cell></t:table-row>"
        #expect(DecodedWorkbook(Self.document(Self.table(columns)), .flatODS).failureBrief == "recordTooLong @ 1")
    }

    @Test func emptyRepetitionsCostNothing() {
        let wide =
            "<t:table-row t:number-rows-repeated='999999999'>"
            + "<t:table-cell t:number-columns-repeated='999999999'/></t:table-row>"
        let decoded = DecodedWorkbook(
            Self.document(Self.table(Self.row(["name"]) + Self.row(["Gold"]) + String(repeating: wide, count: 100))),
            .flatODS)
        #expect(decoded.failure == nil)
        #expect(decoded.briefs == ["text:Gold | absent @ 2"])
    }

    @Test(arguments: [
        ("<t:table-column t:visibility='collapse'/><t:table-column/>", ["A \"name\""]),
        (
            "<t:table-columns><t:table-column t:number-columns-repeated='1'/>"
                + "<t:table-column t:visibility='collapse' t:number-columns-repeated='999999999'/></t:table-columns>",
            ["B \"rank\""]
        ),
        ("<t:table-column t:number-columns-repeated='2'/><t:table-column t:visibility='collapse'/>", []),
    ])
    func hiddenColumns(_ columns: String, _ hidden: [String]) {
        let rows = columns + Self.row(["name", "rank"]) + Self.row(["Gold", "1"])
        let decoded = DecodedWorkbook(Self.document("<t:table t:name='x'>\(rows)</t:table>"), .flatODS)
        #expect(decoded.briefs == ["text:Gold | text:1 @ 2"])
        #expect(decoded.found.hiddenColumns == hidden)
    }

    @Test func hiddenSheetsAndMergedCells() {
        let styles =
            "<s:style s:name='ta1'><s:table-properties t:display='false'/></s:style>"
            + "<s:style s:name='ta2'><s:table-properties t:display='true'/></s:style>"
        let title =
            "<t:table-row><t:table-cell t:number-columns-spanned='2' t:number-rows-spanned='1' o:value-type='string'>"
            + "<x:p>Title</x:p></t:table-cell><t:covered-table-cell/><t:table-cell/></t:table-row>"
        let filled = title + Self.row(["name", "rank"]) + Self.row(["Gold", "1"])
        let decoded = DecodedWorkbook(
            Self.document(
                Self.table(filled, "Old", "t:style-name='ta1'") + Self.table(filled, "New", "t:style-name='ta2'"),
                styles: styles), .flatODS)
        #expect(decoded.found.sheet == "New")
        #expect(decoded.found.hiddenSheets == ["Old"])
        #expect((decoded.found.mergedAreas, decoded.found.firstMerged) == (1, "A1"))
        #expect((decoded.found.rowsAbove.count, decoded.found.headerRow) == (1, 2))
        #expect(decoded.briefs == ["text:Gold | text:1 @ 3"])
    }

    @Test func package() {
        let content = String(
            decoding: Self.document(Self.table(Self.row(["name"]) + Self.row(["Gold"]))), as: UTF8.self)
        let type = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        let decoded = DecodedWorkbook(TestWorkbook.archive([type, ("content.xml", content)]), .ods)
        #expect(decoded.briefs == ["text:Gold | absent @ 2"])
        let manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
        let encrypted = TestWorkbook.archive([type, ("META-INF/manifest.xml", manifest), ("content.xml", content)])
        #expect(DecodedWorkbook(encrypted, .ods).failure?.code == .unsupportedWorkbook)
    }

    @Test func everyTruncationEndsReading() {
        let whole = Self.document(Self.table(Self.row(["name"]) + Self.row(["Gold"])))
        for count in 0..<whole.count {
            let decoded = DecodedWorkbook(Array(whole[..<count]), .flatODS)
            #expect(decoded.failure != nil, "\(count)")
        }
    }

    /// Formatted rows behind the records count, unless they fill the sheet.
    @Test(arguments: [(40, 40), (1_048_574, 0)]) func trailingRows(_ rows: Int, _ counted: Int64) {
        let bytes = Self.document(
            Self.table(
                Self.row(["name"]) + Self.row(["Gold"])
                    + "<t:table-row t:number-rows-repeated='\(rows)'><t:table-cell/></t:table-row>"))
        #expect(DecodedWorkbook(bytes, .flatODS).found.trailingRows.count == counted)
    }
}

/// What cells, rows and sheets of Excel 2003 XML are read as.
@Suite struct ExcelXMLTests {
    /// A workbook of these sheets.
    static func book(_ sheets: String, styles: String = "") -> [UInt8] {
        Array(
            """
            <?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook \
            xmlns="urn:schemas-microsoft-com:office:spreadsheet" \
            xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\
            <Styles>\(styles)</Styles>\(sheets)</Workbook>
            """.utf8)
    }

    static func sheet(_ rows: String, _ name: String = "Groups", after: String = "") -> String {
        "<Worksheet ss:Name=\"\(name)\"><Table ss:ExpandedRowCount=\"1048576\">\(rows)</Table>\(after)</Worksheet>"
    }

    static func row(_ texts: [String], _ attributes: String = "") -> String {
        "<Row \(attributes)>"
            + texts.map { "<Cell><Data ss:Type=\"String\">\($0)</Data></Cell>" }.joined() + "</Row>"
    }

    @Test(arguments: [
        ("<Cell><Data ss:Type='String'>Gold</Data></Cell>", "text:Gold", nil),
        ("<Cell ss:Index='2'><Data ss:Type='String'>Gold</Data></Cell>", "text:Gold", nil),
        ("<Cell><ss:Data ss:Type='String' xmlns='urn:html'><B>Go</B>ld</ss:Data></Cell>", "text:Gold", nil),
        ("<Cell><Data ss:Type='Number'>1</Data></Cell>", "text:1", nil),
        ("<Cell><Data ss:Type='Number'>2.0</Data></Cell>", "text:2", nil),
        ("<Cell ss:StyleID='s1'><Data ss:Type='Number'>7</Data></Cell>", "text:007", nil),
        ("<Cell><Data ss:Type='Boolean'>1</Data></Cell>", "text:TRUE", nil),
        ("<Cell><Data ss:Type='DateTime'>2024-03-01T00:00:00.000</Data></Cell>", "text:2024-03-01", CellFault.date),
        ("<Cell><Data ss:Type='Error'>#N/A</Data></Cell>", "text:#N/A", .error),
        ("<Cell ss:Formula='=A1'></Cell>", "text:", .bareFormula),
        ("<Cell ss:Formula='=A1'><Data ss:Type='String'>x</Data></Cell>", "text:x", nil),
        ("<Cell><Data ss:Type='String'>A</Data><Comment><ss:Data>no</ss:Data></Comment></Cell>", "text:A", nil),
        ("<Cell/>", "text:", nil),
    ])
    func cells(_ xml: String, _ name: String, _ fault: CellFault?) {
        let rows = Self.row(["note", "name"]) + "<Row><Cell><Data ss:Type='String'>x</Data></Cell>\(xml)</Row>"
        let style = "<Style ss:ID='s1'><NumberFormat ss:Format='000'/></Style>"
        let decoded = DecodedWorkbook(Self.book(Self.sheet(rows), styles: style), .excelXML)
        #expect(decoded.failure == nil)
        #expect(decoded.records.first?.name == name)
        #expect(decoded.records.first?.problem == fault.map { .cell($0, column: 1) })
    }

    @Test(arguments: [
        ("<Column ss:Hidden='1'/><Column/>", ["A \"name\""]), ("<Column ss:Index='2' ss:Hidden='1'/>", ["B \"rank\""]),
        ("<Column ss:Hidden='1' ss:Span='1'/>", ["A \"name\"", "B \"rank\""]), ("<Column/><Column ss:Hidden='0'/>", []),
    ])
    func hiddenColumnsOfExcelXML(_ columns: String, _ hidden: [String]) {
        let rows = columns + Self.row(["name", "rank"]) + Self.row(["Gold", "1"])
        let decoded = DecodedWorkbook(Self.book(Self.sheet(rows)), .excelXML)
        #expect(decoded.briefs == ["text:Gold | text:1 @ 2"])
        #expect(decoded.found.hiddenColumns == hidden)
    }

    @Test func rowsSheetsAndMergedCells() {
        let rows =
            "<Row><Cell ss:MergeAcross='1'><Data ss:Type='String'>Title</Data></Cell>"
            + "<Cell><Data ss:Type='String'>beside</Data></Cell></Row>" + Self.row(["name", "rank"], "ss:Index='4'")
            + Self.row(["Gold", "1"], "ss:Hidden='1'") + "<Row ss:Span='2'/>" + Self.row(["Silver", "2"])
        let hidden = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
        let decoded = DecodedWorkbook(
            Self.book(Self.sheet(rows, "Old", after: hidden) + Self.sheet(rows)), .excelXML)
        #expect(decoded.failure == nil)
        #expect(decoded.found.hiddenSheets == ["Old"])
        #expect(decoded.found.headerRow == 4)
        #expect(decoded.briefs == ["text:Gold | text:1 @ 5", "text:Silver | text:2 @ 9"])
        #expect((decoded.found.hiddenRows.count, decoded.found.blankRows.count) == (1, 3))
        #expect((decoded.found.mergedAreas, decoded.found.firstMerged) == (1, "A1"))
        let old = DecodedWorkbook(
            Self.book(Self.sheet(rows, "Old", after: hidden) + Self.sheet(rows)), .excelXML, options: .sheet("old"))
        #expect(old.briefs.count == 2)
    }

    @Test func mergedRanks() {
        let rows =
            Self.row(["name", "rank"])
            + "<Row><Cell><Data ss:Type='String'>Gold</Data></Cell>"
            + "<Cell ss:MergeDown='1'><Data ss:Type='Number'>5</Data></Cell></Row>"
            + Self.row(["Silver"]) + Self.row(["Tin"])
        let decoded = DecodedWorkbook(Self.book(Self.sheet(rows)), .excelXML)
        #expect(decoded.briefs == ["text:Gold | text:5 @ 2", "text:Silver | text:5 @ 3", "text:Tin | text: @ 4"])
        #expect((decoded.found.mergedAreas, decoded.found.mergedValues.place) == (0, "B3"))
    }

    @Test(arguments: ["<Row ss:Index='1'/>", "<Row><Cell ss:Index='3'/><Cell ss:Index='3'/></Row>"])
    func damage(_ rows: String) {
        let decoded = DecodedWorkbook(Self.book(Self.sheet(Self.row(["name"]) + rows)), .excelXML)
        #expect(decoded.failure?.code == .notWellFormed)
    }
}
