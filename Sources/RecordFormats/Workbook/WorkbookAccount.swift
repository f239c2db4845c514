/// What of a workbook was read, and what was met that is no record.
package struct WorkbookAccount: Sendable, Equatable {
    /// A count of things, and the first of them.
    package struct Tally: Sendable, Equatable {
        private static let rowsMax = LineTally<SkippedRow>.linesMax

        /// How many there were.
        package private(set) var count: Int64 = 0
        /// The rows of the first, from 1.
        package private(set) var rows: [Int64] = []
        /// The first one's column, from 0; nil for a row.
        package private(set) var column: Int?

        /// Nothing.
        package init() {}

        /// The first one's row, from 1; 0 where there was none.
        package var row: Int64 { rows.first ?? 0 }

        /// Counts some that stand in `count` rows from `row` on.
        mutating func add(_ count: Int64 = 1, row: Int64, column: Int? = nil) {
            if self.count == 0 { self.column = column }
            self.count += count
            let room = Int64(Self.rowsMax - rows.count)
            for offset in 0..<max(0, min(count, room)) { rows.append(row + offset) }
        }

        /// The first one's place: `B7`, or `row 7`.
        package var place: String { column.map { "\(SheetBounds.letters($0))\(row)" } ?? "row \(row)" }
    }

    /// The sheet that was read.
    package var sheet = ""
    /// The names of further sheets that are hidden, and were not read.
    package var hiddenSheets: [String] = []
    /// The names of further sheets that were not read because one was named; they may be empty.
    package var otherSheets: [String] = []
    /// The header's row, from 1; 0 where there is none. A header of two rows ends there.
    package var headerRow: Int64 = 0
    /// The number of the header's rows, 1 or 2.
    package var headerRows: Int64 = 1
    /// Rows above the header, whatever they hold, and those that the user wants passed over.
    package var rowsAbove = Tally()
    /// Rows between records that hold nothing.
    package var blankRows = Tally()
    /// Rows that repeat the header.
    package var repeatedHeaders = Tally()
    /// Rows that are hidden, and those that a filter hides.
    package var hiddenRows = Tally(), filteredRows = Tally()
    /// The hidden columns that names, ranks and activities are taken from: `B "Name"`.
    package var hiddenColumns: [String] = []
    /// Whether hidden rows were passed over.
    package var skipsHidden = false
    /// Rows behind the last record that are formatted and hold nothing.
    package var trailingRows = Tally()
    /// Cells that hold something beside the header's columns.
    package var outsideCells = Tally()
    /// Other areas of merged cells, of which only the first cell holds something; and the first area of all.
    package var mergedAreas = 0, firstMerged: String?
    /// Ranks and activities that were taken from the first of merged cells, and how many areas those are.
    package var mergedValues = Tally(), usedAreas = 0
    /// Names that are numbers in a form that the sheet doesn't show, and those with more digits than a sheet keeps.
    package var formattedNames = Tally(), longNames = Tally()
    /// Names, ranks and activities that are what formulas gave when the workbook was saved.
    package var formulas = 0
    /// Whether those formulas may never have been worked out.
    package var hasUncalculatedFormulas = false

    /// Nothing was read.
    package init() {}

    /// What was met that is no record, and records that are hidden, by kind.
    package var tally: RowTally {
        var tally = RowTally()
        tally.isOfWorkbook = true
        tally.skipped.add(.blank, blankRows)
        tally.skipped.add(.repeatedHeader, repeatedHeaders)
        tally.skipped.add(.aboveHeader, rowsAbove)
        if skipsHidden {
            tally.skipped.add(.hidden, hiddenRows)
            tally.skipped.add(.filtered, filteredRows)
        } else {
            tally.tolerated.add(.hidden, hiddenRows)
            tally.tolerated.add(.filtered, filteredRows)
        }
        tally.skipped.add(.trailing, trailingRows)
        tally.skipped.add(.outside, outsideCells)
        tally.skipped.add(.merged, count: mergedAreas, lines: [firstMergedRow].compactMap(\.self))
        tally.skipped.add(.hiddenSheet, count: hiddenSheets.count, lines: [])
        tally.skipped.add(.otherSheet, count: otherSheets.count, lines: [])
        return tally
    }

    /// The row of the first merged area's first cell.
    private var firstMergedRow: Int64? {
        firstMerged.flatMap { Int64($0.prefix { $0 != ":" }.drop { !$0.isWholeNumber }) }
    }
}

extension LineTally {
    /// Counts rows, or what stands in them.
    fileprivate mutating func add(_ kind: Kind, _ tally: WorkbookAccount.Tally) {
        add(kind, count: Int(tally.count), lines: tally.rows)
    }
}
