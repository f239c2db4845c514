/// What of a source is no record and is passed over, by kind. The raw values are keys of summaries and ledgers.
package enum SkippedRow: String, CaseIterable, Sendable {
    /// A row of nothing but delimiters, quotes and blanks.
    case blank = "blank_rows"
    /// The header once more.
    case repeatedHeader = "repeated_headers"
    /// A row of dashes below the header, or around a table, as programs draw it.
    case ruler = "ruler_rows"
    /// A line above the header: one that says what separates fields (`sep=;`) or what was exported (`#TYPE`), or that
    /// the user wants left out.
    case aboveHeader = "lines_above_header"
    /// Workbooks: a hidden row that the user wants left out.
    case hidden = "hidden_rows"
    /// Workbooks: a row that a filter hides, likewise.
    case filtered = "filtered_rows"
    /// Workbooks: a row behind the last record that has a format and holds nothing.
    case trailing = "trailing_rows"
    /// Workbooks: a cell that holds something beside the header's columns.
    case outside = "cells_beside"
    /// Workbooks: an area of merged cells, all but its first cell.
    case merged = "merged_areas"
    /// Workbooks: a hidden sheet.
    case hiddenSheet = "hidden_sheets"
    /// Workbooks: a visible sheet, where the user names another.
    case otherSheet = "other_sheets"

    /// Whether only workbooks have the kind.
    package var isOfWorkbook: Bool {
        switch self {
        case .blank, .repeatedHeader, .ruler, .aboveHeader: false
        case .hidden, .filtered, .trailing, .outside, .merged, .hiddenSheet, .otherSheet: true
        }
    }

    /// What messages call one or several of the kind.
    package func title(_ count: Int) -> String {
        let (one, several) =
            switch self {
            case .blank: ("blank row", "blank rows")
            case .repeatedHeader: ("repeated header", "repeated headers")
            case .ruler: ("row of dashes", "rows of dashes")
            case .aboveHeader: ("line above the header", "lines above the header")
            case .hidden: ("hidden row", "hidden rows")
            case .filtered: ("row that a filter hides", "rows that a filter hides")
            case .trailing: ("formatted row behind the last record", "formatted rows behind the last record")
            case .outside: ("cell beside the columns", "cells beside the columns")
            case .merged: ("merged area but for its first cell", "merged areas but for their first cells")
            case .hiddenSheet: ("hidden sheet", "hidden sheets")
            case .otherSheet: ("other sheet", "other sheets")
            }
        return count == 1 ? one : several
    }
}
