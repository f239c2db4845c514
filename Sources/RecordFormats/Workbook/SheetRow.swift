/// A cell that holds something, with its text as a program that shows the sheet would copy it.
struct SheetCell: Equatable {
    /// What the cell is.
    enum Kind: UInt8 {
        /// Text, or a formula's text.
        case text
        /// A number in digits; an integer without a fraction.
        case number
        /// A number that the sheet shows in a form that was not followed, such as `#,##0` or `0%`.
        case formattedNumber
        /// A number beyond 15 digits, of which programs that edit sheets keep no more.
        case longNumber
        /// A date or a time, as ISO 8601 writes it.
        case date
        /// TRUE or FALSE.
        case flag
        /// An error such as `#N/A`.
        case error
        /// A formula that was saved without its value.
        case bareFormula
    }

    /// The column, from 0.
    var column: Int
    var kind: Kind
    /// Where the text stands in the row's bytes.
    var slice: ByteSlice
    /// Whether the text is what a formula gave when the workbook was saved.
    var isFormula = false
}

/// Cells that are merged with those below them.
struct CellSpan: Equatable {
    /// The first column, from 0.
    var column: Int
    /// How many rows they are, more than one.
    var rows: Int64
}

/// A row of a sheet. Reuse one: its memory is kept.
struct SheetRow {
    /// How a row is hidden.
    enum Visibility: UInt8 {
        case shown, hidden, filtered
    }

    /// The row's number, from 1.
    var number: Int64 = 0
    /// How many rows stand for it: OpenDocument says once what is the same in rows that follow each other.
    var count: Int64 = 1
    var visibility = Visibility.shown
    /// The cells that hold something, by ascending columns.
    var cells: [SheetCell] = []
    var bytes: [UInt8] = []
    /// The merged cells that begin in the row and go on below it.
    var spans: [CellSpan] = []

    /// Whether no cell has more than white space.
    var isBlank: Bool {
        for cell in cells where !isBlank(cell) { return false }
        return true
    }

    /// Whether a cell has no more than white space, and isn't a formula without a value.
    func isBlank(_ cell: SheetCell) -> Bool {
        guard cell.kind == .text else { return false }
        for byte in bytes[cell.slice.range] where byte > 0x20 { return false }
        return true
    }

    /// The cell of a column.
    func cell(_ column: Int) -> SheetCell? { cells.first { $0.column == column } }

    /// A cell's text.
    func string(_ cell: SheetCell) -> String { String(decoding: bytes[cell.slice.range], as: UTF8.self) }

    /// Empties the row for reuse.
    mutating func removeAll() {
        count = 1
        visibility = .shown
        cells.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        if !spans.isEmpty { spans.removeAll() }
    }
}

/// The rows of one sheet, one after the other.
protocol SheetRows {
    /// Puts the next row into `row`, in place of what that holds. Rows that a sheet doesn't have are passed over.
    /// - Returns: false behind the last row.
    /// - Throws: what the sheet's part can fail by.
    mutating func next(_ row: inout SheetRow) throws(DecodingFailure) -> Bool

    /// Finds out which cells are merged, where that stands behind the rows; before the first row.
    mutating func findMerged()

    /// What was met beside the rows, once they have ended.
    var extras: SheetExtras { get }
}

extension SheetRows {
    mutating func findMerged() {}
}

/// What a sheet has beside its rows.
struct SheetExtras: Equatable {
    /// The areas of merged cells, as far as they were counted, and the first of them.
    var mergedAreas = 0
    var firstMerged: String?
    /// Whether hidden rows may be hidden by a filter.
    var hasFilter = false
    /// The columns, from 0, that are hidden; no more than a sheet names in its first elements.
    private(set) var hiddenColumns: [Range<Int>] = []
    /// The columns that an element of the sheet is about, and whether they are hidden.
    var columns = 0..<0, isHidingColumns = false

    /// Notes that the element ends which is about ``columns``.
    mutating func endColumns() {
        if isHidingColumns, hiddenColumns.count < 1000 { hiddenColumns.append(columns) }
        isHidingColumns = false
    }

    /// Begins with the columns that follow the last ones, `count` of them; from `first` on where that is given.
    mutating func setColumns(from first: Int? = nil, count: Int) {
        let start = min(first ?? columns.lowerBound, SheetBounds.columnsMax)
        columns = start..<min(start + max(1, count), SheetBounds.columnsMax + 1)
    }

    /// Counts an area whose first cell is in a column, from 0, of a row.
    mutating func noteMerged(_ column: Int, _ row: SheetRow) {
        mergedAreas += 1
        if firstMerged == nil { firstMerged = "\(SheetBounds.letters(column))\(row.number)" }
    }
}

/// What a sheet may have at most, as the programs that write them have it.
enum SheetBounds {
    static let rowsMax: Int64 = 1_048_576, columnsMax = 16_384
    /// The most bytes of a row's texts.
    static let rowBytesMax = 16 << 20

    /// A failure: the sheet goes beyond them.
    static func exceeded(row: Int64) -> DecodingFailure {
        DecodingFailure(
            code: .limitExceeded, line: row,
            message: "the sheet has more than \(rowsMax) rows or \(columnsMax) columns, which no workbook can; "
                + "save it again, or save the list as CSV")
    }

    /// The letters of a column, from 0: A, B, …, Z, AA.
    static func letters(_ column: Int) -> String { CellFault.letters(column) }
}
