/// A sheet of a workbook, as the workbook lists it.
struct WorkbookSheet: Equatable {
    /// Its name.
    let name: String
    /// Whether it is hidden from those who open the workbook.
    var isHidden: Bool
    /// Where its rows are: the path of its part, or nothing where the workbook is one document.
    var path = ""
    /// The number of its rows that hold something, where it is known.
    var filledRows: Int64?
}

/// A workbook of any form: its sheets, and the rows of each.
protocol WorkbookBook {
    /// The sheets that may have rows, in their order.
    var sheets: [WorkbookSheet] { get }
    /// Whether formulas were saved without being worked out, so that their values may be wrong.
    var hasUncalculatedFormulas: Bool { get }

    /// The rows of the sheet at `index`, from its first on.
    /// - Throws: what its part can fail by.
    func rows(_ index: Int) throws(DecodingFailure) -> any SheetRows
}
