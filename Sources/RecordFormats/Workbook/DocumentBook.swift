/// The sheets of a document that holds them one after the other, read in order.
protocol DocumentRows: SheetRows {
    /// Goes on to the next sheet, past what is left of the one at hand.
    /// - Returns: its name; nil behind the last.
    mutating func nextSheet() throws(DecodingFailure) -> String?
    /// The indices of the sheets met so far that are hidden.
    var hiddenSheets: Set<Int> { get }
}

/// A workbook whose sheets are one document: OpenDocument, or Excel 2003 XML.
///
/// To its maintainers: the whole document is read once for its list of sheets, and again for the rows of one.
struct DocumentBook: WorkbookBook {
    private static let sheetsMax = 10_000

    private(set) var sheets: [WorkbookSheet] = []
    var hasUncalculatedFormulas: Bool { false }
    private let open: () throws(DecodingFailure) -> any DocumentRows

    /// Reads the list of sheets.
    /// - Parameter open: gives the document from its beginning on.
    init(open: @escaping () throws(DecodingFailure) -> any DocumentRows) throws(DecodingFailure) {
        self.open = open
        var rows = try open()
        var row = SheetRow()
        while let name = try rows.nextSheet() {
            var filled: Int64 = 0
            while try rows.next(&row) {
                if !row.isBlank { filled += row.count }
            }
            sheets.append(WorkbookSheet(name: name, isHidden: false, filledRows: filled))
            guard sheets.count <= Self.sheetsMax else {
                throw DecodingFailure(
                    code: .limitExceeded, message: "the workbook has more than \(Self.sheetsMax) sheets")
            }
        }
        for index in rows.hiddenSheets { sheets[index].isHidden = true }
    }

    func rows(_ index: Int) throws(DecodingFailure) -> any SheetRows {
        var rows = try open()
        for _ in 0...index { _ = try rows.nextSheet() }
        return rows
    }
}
