import RecordFormats
import Testing

/// Which row or rows of a sheet are its header, and where its records begin.
@Suite struct SheetHeaderTests {
    @Test func headerOfMostColumnsWins() {
        let rows =
            TestWorkbook.row(1, ["Name", "Acme"]) + TestWorkbook.row(2, ["Date", "today"])
            + TestWorkbook.row(3, ["name", "rank"]) + TestWorkbook.row(4, ["Gold", "1"])
        let decoded = DecodedWorkbook(TestWorkbook(rows: rows).bytes)
        #expect(decoded.briefs == ["text:Gold | text:1 @ 4"])
        #expect(decoded.found.rowsAbove.count == 2)
    }

    @Test func headerIsSearchedInTwoHundredRows() {
        let titles = (1...200).map { TestWorkbook.row($0, ["title"]) }.joined()
        let book = TestWorkbook(rows: titles + TestWorkbook.row(201, ["name"]) + TestWorkbook.row(202, ["Gold"]))
        #expect(DecodedWorkbook(book.bytes).failure?.code == .missingColumn)
    }

    /// Rows without a column "name", and which of them is named as the one that may be the header.
    @Test(
        arguments: [
            ([["Report", "2026", "by", "Ann"], ["Group", "Priority"], ["Gold", "1"], ["Tin", "2"]], 2),
            ([["Loyalty groups 2026"], ["Tier", "Priority"], ["Gold", "1", "a note"], ["Tin", "2"]], 2),
            ([["Tier", "Priority"], ["Gold", "1"]], 1), ([["Groups"], ["Gold"], ["Tin"]], 1),
        ] as [([[String]], Int64)])
    func titlesAbove(_ texts: [[String]], _ row: Int64) {
        let rows = texts.enumerated().map { TestWorkbook.row($0 + 1, $1) }.joined()
        let failure = DecodedWorkbook(TestWorkbook(rows: rows).bytes).failure
        #expect(failure?.code == .missingColumn && failure?.line == row)
    }

    @Test func givenColumns() {
        let options = DecodingOptions.with(columns: ["rank", "name"])
        let book = TestWorkbook(rows: TestWorkbook.row(1, ["1", "Gold"]) + TestWorkbook.row(2, ["2", "Silver"]))
        #expect(
            DecodedWorkbook(book.bytes, options: options).briefs
                == ["text:Gold | text:1 @ 1", "text:Silver | text:2 @ 2"])
    }

    /// Two rows as a header, where cells were merged; or one, where the other isn't part of it.
    struct TwoRows: Sendable, CustomTestStringConvertible {
        let upper: [String], lower: [String]
        let columns: [String]
        var isOne = false

        init(_ upper: [String], _ lower: [String], _ columns: [String], isOne: Bool = false) {
            self.upper = upper
            self.lower = lower
            self.columns = columns
            self.isOne = isOne
        }

        var testDescription: String { "\(upper) \(lower)" }
    }

    @Test(arguments: [
        // "Group" over "Name" and "Rank", "Status" over nothing.
        TwoRows(["Group", "", "Contact"], ["Name", "Rank", ""], ["Name", "Rank"], isOne: true),
        TwoRows(["Group", "", "Active"], ["Name", "Rank", ""], ["Name", "Rank", "Active"]),
        TwoRows(["Group", "", "Active", "Contact"], ["Name", "Rank"], ["Name", "Rank", "Active", "Contact"]),
        // The name over two rows, "Details" over "Rank" and "Active".
        TwoRows(["Name", "Details", ""], ["", "Rank", "Active"], ["Name", "Rank", "Active"]),
        TwoRows(["Group name", "Details"], ["", "Rank", "Since"], ["Group name", "Rank", "Since"]),
        // A column that is named already isn't named again.
        TwoRows(["Rank", "Active", ""], ["", "", "Name"], ["Rank", "Active", "Name"]),
        TwoRows(["Rank", "", "Active"], ["Name", "Rank", ""], ["Name", "Rank", "Active"]),
        TwoRows(["", "", "Rank"], ["Name", "Rank", ""], ["Name", "Rank"], isOne: true),
        TwoRows(["Name", "Acme"], ["Name", "Rank"], ["Name", "Rank"], isOne: true),
        TwoRows(["Reward groups", ""], ["Name", "Rank"], ["Name", "Rank"], isOne: true),
    ])
    func twoRows(_ row: TwoRows) {
        let rows =
            TestWorkbook.row(1, ["Reward groups"]) + TestWorkbook.row(3, row.upper) + TestWorkbook.row(4, row.lower)
            + TestWorkbook.row(5, ["Gold", "Gold", "Gold"])
        let decoded = DecodedWorkbook(TestWorkbook(rows: rows).bytes)
        #expect(decoded.columns == row.columns)
        #expect(decoded.records.map(\.line) == [5])
        #expect((decoded.found.headerRow, decoded.found.headerRows) == (4, row.isOne ? 1 : 2))
        #expect(decoded.found.rowsAbove.count == (row.isOne ? 3 : 2))
    }

    /// A record below the header isn't taken for a part of it.
    @Test(arguments: [["Gold", "Active"], ["Gold", "rank"], ["", "5"], ["", "x"]]) func recordsBelow(_ record: [String])
    {
        let rows = TestWorkbook.row(1, ["name", "status of it"]) + TestWorkbook.row(2, record)
        #expect(DecodedWorkbook(TestWorkbook(rows: rows).bytes).records.count == 1)
    }

    @Test func lineBreaksInTitles() {
        let rows = TestWorkbook.row(1, ["Group\nname", "\u{A0}Rank"]) + TestWorkbook.row(2, ["Gold", "1"])
        #expect(DecodedWorkbook(TestWorkbook(rows: rows).bytes).briefs == ["text:Gold | text:1 @ 2"])
    }

    /// Rows that are passed over, the header that is found then, the records, and the rows above them that are counted.
    @Test(arguments: [
        (0, 1, ["text:Date | text:today @ 2", "text:name | text:rank @ 4", "text:Gold | text:1 @ 5"], 0),
        (1, 4, ["text:Gold | text:1 @ 5"], 3), (3, 4, ["text:Gold | text:1 @ 5"], 3),
    ])
    func skippedLines(_ lines: Int, _ header: Int64, _ briefs: [String], _ above: Int64) {
        let rows =
            TestWorkbook.row(1, ["Name", "Acme", "rank", "active"]) + TestWorkbook.row(2, ["Date", "x", "today"])
            + TestWorkbook.row(4, ["name", "x", "rank"]) + TestWorkbook.row(5, ["Gold", "x", "1"])
        let decoded = DecodedWorkbook(TestWorkbook(rows: rows).bytes, options: .with(skipLines: lines))
        #expect(decoded.briefs == briefs)
        #expect((decoded.found.headerRow, decoded.found.rowsAbove.count) == (header, above))
    }

    @Test func skippedLinesWithoutHeader() {
        let options = DecodingOptions.with(columns: ["name", "rank"], skipLines: 2)
        let rows =
            TestWorkbook.row(1, ["Reward", "groups"]) + TestWorkbook.row(3, ["Gold", "1"])
            + TestWorkbook.row(5, ["Silver", "2"])
        let decoded = DecodedWorkbook(TestWorkbook(rows: rows).bytes, options: options)
        #expect(decoded.briefs == ["text:Gold | text:1 @ 3", "text:Silver | text:2 @ 5"])
        #expect((decoded.found.rowsAbove.count, decoded.found.blankRows.count) == (2, 1))
    }

    @Test func skippedLinesOfAllRows() {
        let book = TestWorkbook(rows: TestWorkbook.row(1, ["name"]) + TestWorkbook.row(2, ["Gold"]))
        let failure = DecodedWorkbook(book.bytes, options: .with(skipLines: 2)).failure
        #expect(failure?.code == .missingColumn)
        #expect(failure?.message.contains("--skip-lines") == true)
    }

    /// Rows that OpenDocument says once, of which some are passed over.
    @Test func skippedLinesAmongRepeatedRows() {
        let table = OpenDocumentTests.table(
            OpenDocumentTests.row(["title"], "t:number-rows-repeated='2'")
                + OpenDocumentTests.row(["Gold"], "t:number-rows-repeated='4'"))
        let options = DecodingOptions.with(columns: ["name"], skipLines: 4)
        let decoded = DecodedWorkbook(OpenDocumentTests.document(table), .flatODS, options: options)
        #expect(decoded.records.map(\.line) == [5, 6])
    }
}
