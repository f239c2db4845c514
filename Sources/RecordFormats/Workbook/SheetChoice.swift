/// Chooses the sheet of a workbook that is read.
struct SheetChoice {
    private static let namedMax = 20

    /// Rows that are looked at for a header.
    private static let headerRowsMax = 20

    private let book: any WorkbookBook
    private let options: DecodingOptions

    init(_ book: any WorkbookBook, _ options: DecodingOptions) {
        self.book = book
        self.options = options
    }

    /// The index of the sheet that the options name, or of the only one that is visible and has rows.
    /// - Throws: `noSuchSheet`, `sheetNotChosen`, and what the parts can fail by.
    func index() throws(DecodingFailure) -> Int {
        let sheets = book.sheets
        if let wanted = options.sheet {
            if let exact = sheets.firstIndex(where: { $0.name == wanted }) { return exact }
            let alike = sheets.indices.filter { sheets[$0].name.lowercased() == wanted.lowercased() }
            if alike.count == 1 { return alike[0] }
            if let number = Int(wanted), sheets.indices.contains(number - 1) { return number - 1 }
            throw DecodingFailure(
                code: .noSuchSheet,
                message: "the workbook has no sheet \"\(wanted)\", only \(names(Array(sheets.indices))); "
                    + "correct --sheet")
        }
        var filled: [Int] = []
        for index in sheets.indices where !sheets[index].isHidden {
            if try hasRows(index) { filled.append(index) }
        }
        if filled.count == 1 { return filled[0] }
        if filled.count > 1 {
            var sizes: [String] = []
            for index in filled.prefix(Self.namedMax) {
                let rows = try size(index)
                sizes.append("\"\(sheets[index].name)\" (\(rows) row\(rows == 1 ? "" : "s"))")
            }
            if filled.count > Self.namedMax { sizes.append("\(filled.count - Self.namedMax) more") }
            throw DecodingFailure(
                code: .sheetNotChosen,
                message: "the workbook has several sheets with rows: \(sizes.joined(separator: ", ")); "
                    + "say which one with --sheet \(try onlyList(filled).map(ShellWord.quoted) ?? "NAME")")
        }
        let visible = sheets.indices.filter { !sheets[$0].isHidden }
        let hidden = sheets.indices.filter { sheets[$0].isHidden }
        if let first = visible.first, hidden.isEmpty { return first }
        guard !hidden.isEmpty else {
            throw DecodingFailure(code: .noSuchSheet, message: "the workbook has no sheet; save it again")
        }
        throw DecodingFailure(
            code: .sheetNotChosen,
            message: "the workbook's visible sheets hold nothing; hidden are \(names(hidden)): say which one with "
                + "--sheet NAME")
    }

    private func names(_ indices: [Int]) -> String {
        let shown = indices.prefix(Self.namedMax).map { "\"\(book.sheets[$0].name)\"" }
        let rest = indices.count - shown.count
        return (shown + (rest > 0 ? ["\(rest) more"] : [])).joined(separator: ", ")
    }

    /// The name of the only sheet among some that has a header; nil where several have one, or none.
    private func onlyList(_ indices: [Int]) throws(DecodingFailure) -> String? {
        guard options.columns == nil, indices.count <= Self.namedMax else { return nil }
        var lists: [Int] = []
        for index in indices where try hasHeader(index) { lists.append(index) }
        return lists.count == 1 ? book.sheets[lists[0]].name : nil
    }

    private func hasHeader(_ index: Int) throws(DecodingFailure) -> Bool {
        var rows = try book.rows(index)
        var row = SheetRow()
        var first: [SheetRow] = []
        while first.count < Self.headerRowsMax, try rows.next(&row) {
            if !row.isBlank { first.append(row) }
        }
        return SheetHeaderSearch(first, options.mapping).find(takesFirst: false) != nil
    }

    private func hasRows(_ index: Int) throws(DecodingFailure) -> Bool {
        if let filled = book.sheets[index].filledRows { return filled > 0 }
        var rows = try book.rows(index)
        var row = SheetRow()
        while try rows.next(&row) {
            if !row.isBlank { return true }
        }
        return false
    }

    /// The number of rows that hold something.
    private func size(_ index: Int) throws(DecodingFailure) -> Int64 {
        if let filled = book.sheets[index].filledRows { return filled }
        var rows = try book.rows(index)
        var row = SheetRow()
        var count: Int64 = 0
        while try rows.next(&row) {
            if !row.isBlank { count += row.count }
        }
        return count
    }
}
