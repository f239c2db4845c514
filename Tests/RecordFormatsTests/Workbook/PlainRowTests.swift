import RecordFormats
import TestSupport
import Testing

/// Rows in the form that programs write are read past the parser of XML. With two blanks in a tag a row isn't plain:
/// the parser reads it, and gives the same.
@Suite struct PlainRowTests {
    /// Pieces of rows, plain and other, right and wrong.
    private static let pieces = [
        "<row r=\"%\">", "<row r=\"%\" spans=\"1:3\" hidden=\"1\">", "<row r=\"%\"/>", "<row r=\"%\" r=\"%\">",
        "</row>",
        "<row r=\"%\" s=\"1\" s=\"1\">", "<c r=\"A%\" t=\"s\"><v>0</v></c>", "<c r=\"B%\"><v>12</v></c>", "<c/>",
        "<c r=\"C%\" t=\"b\"><v>1</v></c>", "<c r=\"D%\" t=\"inlineStr\"><is><t>Gold</t></is></c>", "<c><v>1</v></c>",
        "<c t=\"inlineStr\"><is><t xml:space=\"preserve\"> Île_x0041_ </t></is></c>", "<c t=\"s\"><v>9</v></c>",
        "<c t=\"str\"><v>a&amp;b</v></c>", "<c t=\"str\"><v>]]></v></c>", "<c><f/><v>1</v></c>",
        "<c s=\"1\"><v>1</v></c>",
        "<c t=\"inlineStr\"><v>1</v></c>", "<c r=\"A1\" r=\"A1\"/>", "<c", "<v>1</v>", "\n", "</c>",
        "<c><v>\u{FFFF}</v></c>",
        "<c t=\"e\"><v>#N/A</v></c>", "<c t=\"str\"><v></v></c>", "<!-- <row -->", "<c r=\"XFE%\"><v>1</v></c>",
    ]
    /// How often a piece is taken that is mostly right, before any may be.
    private static let usual = [0, 4, 6, 7, 9, 10, 11, 12, 22]

    @Test(arguments: UInt64(0)..<300)
    func `a plain row is what the parser makes of it`(seed: UInt64) {
        var chance = SeededGenerator(state: seed)
        var rows = TestWorkbook.row(1, ["name", "rank", "isActive"])
        for number in 2...Int.random(in: 3...9, using: &chance) {
            var row = "<row r=\"\(number)\">"
            for _ in 0..<Int.random(in: 0...5, using: &chance) {
                let isUsual = Int.random(in: 0..<8, using: &chance) > 0
                let index = isUsual ? Self.usual.randomElement(using: &chance) : nil
                let piece = index.map { Self.pieces[$0] } ?? Self.pieces.randomElement(using: &chance) ?? ""
                // Rows within rows are rare.
                row += isUsual && piece.contains("row") ? "" : piece.replacing("%", with: "\(number)")
            }
            rows += row + "</row>"
        }
        let plain = decoded(rows)
        let other = decoded(rows.replacing("<row ", with: "<row  "), item: "<si >")
        #expect(plain.raws == other.raws)
        #expect(plain.briefs == other.briefs)
        #expect(plain.failureBrief == other.failureBrief)
        #expect(plain.found.hiddenRows == other.found.hiddenRows)
        #expect(plain.found.formulas == other.found.formulas)
    }

    @Test func `plain rows across chunks are read once each`() {
        let rows = (2...9000).map { "<row r=\"\($0)\"><c r=\"A\($0)\" t=\"s\"><v>\($0 % 2)</v></c></row>" }.joined()
        let head = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>name</t></is></c></row>"
        let book = decoded(head + rows)
        #expect(book.failure == nil)
        #expect(book.records.map(\.line) == Array(2...9000))
        #expect(Set(book.raws) == ["Gold", "\" Île \""])
    }

    private func decoded(_ rows: String, item: String = "<si>") -> DecodedWorkbook {
        var book = TestWorkbook(rows: rows)
        book.parts["xl/sharedStrings.xml"] =
            "<sst>\(item)<t>Gold</t></si>\(item)<t xml:space=\"preserve\"> Île </t></si></sst>"
        return DecodedWorkbook(book.bytes)
    }
}
