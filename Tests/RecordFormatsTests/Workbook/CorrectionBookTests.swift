import RecordFormats
import Testing

/// A workbook of records that are to be corrected: each stays invalid until it is.
@Suite struct CorrectionBookTests {
    private static let columns: [CorrectionBook.Column] = [
        .init("_what_to_do", width: 80), .init("name", width: 36), .init("rank", isNumber: true, width: 14),
    ]

    private func read(_ rows: [[CorrectionBook.Cell]]) -> DecodedWorkbook {
        let book = CorrectionBook(Self.columns)
        for row in rows { book.append([.init(Array("do".utf8))] + row) }
        book.finish()
        return DecodedWorkbook(book.bytes)
    }

    private func cell(_ text: String, _ fault: CellFault? = nil, isMarked: Bool = true) -> CorrectionBook.Cell {
        var cell = CorrectionBook.Cell(Array(text.utf8))
        cell.fault = fault
        cell.isMarked = isMarked
        return cell
    }

    /// What a cell at fault was, as it is written, and as it is read again.
    @Test(arguments: [
        ("#N/A", CellFault.error, "#N/A"), ("#DIV/0!", .error, "#DIV/0!"),
        ("Err:502", .error, "#VALUE!"), ("", .bareFormula, ""),
    ])
    func faults(_ text: String, _ fault: CellFault, _ again: String) {
        let decoded = read([[cell(text, fault), cell("1", isMarked: false)]])
        #expect(decoded.records.map(\.name) == ["text:\(again)"])
        #expect(decoded.records.first?.problem == .cell(fault, column: 1))
    }

    /// As a date, the cell would make a date of what is typed in its place.
    @Test(arguments: ["2026-03-01", "2026-03-01T06:30:59", "1850-01-01", "PT10H", "12:00:01", ""])
    func datesAreErrors(_ text: String) {
        let decoded = read([[cell(text, .date), cell("1", isMarked: false)]])
        #expect(decoded.records.first?.problem == .cell(.error, column: 1))
    }

    @Test func textsAndNumbers() {
        let decoded = read([
            [cell("0012"), cell("two")], [cell("=A1", isMarked: false), cell("7", isMarked: false)],
            [cell("", isMarked: true), cell("007", isMarked: false)], [cell("a,b\n\"c\""), cell("1.5")],
        ])
        #expect(
            decoded.briefs == [
                "text:0012 | text:two @ 2", "text:=A1 | text:7 @ 3", "text: | text:007 @ 4",
                "text:a,b\n\"c\" | text:1.5 @ 5",
            ])
    }

    @Test func longTextsAreCut() {
        let text = String(repeating: "🎉", count: 20_000)
        #expect(!CorrectionBook.canHold(Array(text.utf8)))
        #expect(CorrectionBook.canHold(Array(text.utf8.prefix(4 * 16_383))))
        #expect(
            read([[cell(text), cell("")]]).records.map(\.name)
                == ["text:" + String(repeating: "🎉", count: 16_383) + "…"])
    }
}
