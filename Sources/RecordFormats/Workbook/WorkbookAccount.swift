/// What of a workbook was read, and what was met that is no record.
package struct WorkbookAccount: Sendable, Equatable {
    /// A count of things, and the first of them.
    package struct Tally: Sendable, Equatable {
        /// How many there were.
        package private(set) var count: Int64 = 0
        /// The first one's row, from 1; 0 where there was none.
        package private(set) var row: Int64 = 0
        /// The first one's column, from 0; nil for a row.
        package private(set) var column: Int?

        /// Nothing.
        package init() {}

        mutating func add(_ count: Int64 = 1, row: Int64, column: Int? = nil) {
            if self.count == 0 { (self.row, self.column) = (row, column) }
            self.count += count
        }

        /// The first one's place: `B7`, or `row 7`.
        package var place: String { column.map { "\(SheetBounds.letters($0))\(row)" } ?? "row \(row)" }
    }

    /// The sheet that was read.
    package var sheet = ""
    /// The names of further sheets that are hidden, and were not read.
    package var hiddenSheets: [String] = []
    /// The header's row, from 1; 0 where there is none.
    package var headerRow: Int64 = 0
    /// Rows above the header that hold something.
    package var rowsAbove = Tally()
    /// Rows between records that hold nothing.
    package var blankRows = Tally()
    /// Rows that repeat the header.
    package var repeatedHeaders = Tally()
    /// Rows that are hidden, and those that a filter hides.
    package var hiddenRows = Tally(), filteredRows = Tally()
    /// Whether hidden rows were passed over.
    package var skipsHidden = false
    /// Rows behind the last record that are formatted and hold nothing.
    package var trailingRows = Tally()
    /// Cells that hold something beside the header's columns.
    package var outsideCells = Tally()
    /// Areas of merged cells, of which only the first cell holds something; and the first area.
    package var mergedAreas = 0, firstMerged: String?
    /// Names that are numbers in a form that the sheet doesn't show, and those with more digits than a sheet keeps.
    package var formattedNames = Tally(), longNames = Tally()
    /// Names, ranks and activities that are what formulas gave when the workbook was saved.
    package var formulas = 0
    /// Whether those formulas may never have been worked out.
    package var hasUncalculatedFormulas = false

    /// Nothing was read.
    package init() {}
}
