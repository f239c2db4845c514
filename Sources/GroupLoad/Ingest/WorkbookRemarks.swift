import RecordFormats

/// What is said of a workbook beside its records: which sheet was read, and what of it was not.
enum WorkbookRemarks {
    private static let namedMax = 10

    /// Which sheet is read, and where its header is: known before the first record.
    static func opening(_ found: WorkbookAccount) -> String {
        let text = "sheet \(quoted(found.sheet))"
        let rows = count(found.rowsAbove, "row")
        guard found.headerRow > 0 else {
            return text + ", no header" + (found.rowsAbove.count > 0 ? "; \(rows) passed over" : "")
        }
        let header =
            found.headerRows == 2
            ? "rows \(found.headerRow - 1) and \(found.headerRow)" : "row \(found.headerRow)"
        return text + ", header in \(header)" + (found.rowsAbove.count > 0 ? "; \(rows) above it" : "")
    }

    /// What was met besides, a line for each, once all rows have been read.
    static func lines(_ found: WorkbookAccount, records: Int64) -> [String] {
        [
            hiddenColumns(found), hiddenRows(found), cells(found), names(found), sheets(found),
            records == 0 ? "it holds no records" : nil,
        ].compactMap(\.self)
    }

    private static func hiddenColumns(_ found: WorkbookAccount) -> String? {
        guard !found.hiddenColumns.isEmpty else { return nil }
        let what = found.hiddenColumns.count == 1 ? "a hidden column is" : "hidden columns are"
        let names = found.hiddenColumns.map { Shown.text($0, limit: 80) }.joined(separator: ", ")
        return "\(what) read: \(names); say with --map which columns are meant where they aren't these"
    }

    private static func hiddenRows(_ found: WorkbookAccount) -> String? {
        var parts: [String] = []
        if found.hiddenRows.count > 0 { parts.append(place(count(found.hiddenRows, "hidden row"), found.hiddenRows)) }
        if found.filteredRows.count > 0 {
            parts.append(place("\(count(found.filteredRows, "row")) that a filter hides", found.filteredRows))
        }
        guard !parts.isEmpty else { return nil }
        let all = parts.joined(separator: " and ")
        return found.skipsHidden
            ? "\(all) passed over"
            : "\(all) read like the others; leave out what is hidden with --skip-hidden"
    }

    private static func cells(_ found: WorkbookAccount) -> String? {
        var parts: [String] = []
        if found.outsideCells.count > 0 {
            parts.append(
                place("\(count(found.outsideCells, "cell")) beside the header's columns not read", found.outsideCells))
        }
        if found.mergedValues.count > 0 {
            parts.append(
                place(
                    "\(count(found.mergedValues, "empty cell")) read as the merged cell that reaches over "
                        + (found.mergedValues.count == 1 ? "it" : "them"), found.mergedValues))
        }
        if found.mergedAreas > 0 {
            let areas = found.mergedAreas == 1 ? "1 area" : "\(found.mergedAreas) areas"
            parts.append(
                "\(areas) of merged cells (first: \(found.firstMerged ?? "?")), of which only the first cell has the "
                    + "value"
            )
        }
        if found.formulas > 0 {
            let formulas = found.formulas == 1 ? "1 formula" : "\(found.formulas) formulas"
            parts.append(
                found.hasUncalculatedFormulas
                    ? "\(formulas) read by their saved values, which the program that wrote the file may not have "
                        + "worked out: open it in a spreadsheet and save it to be sure"
                    : "\(formulas) read by their saved values")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static func names(_ found: WorkbookAccount) -> String? {
        var parts: [String] = []
        if found.formattedNames.count > 0 {
            parts.append(
                place(
                    "\(count(found.formattedNames, "name")) that the sheet shows in another form than the number read",
                    found.formattedNames))
        }
        if found.longNames.count > 0 {
            parts.append(
                place(
                    "\(count(found.longNames, "name")) of more than 15 digits, of which spreadsheets keep no more",
                    found.longNames))
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ") + ": format the column as Text and type them again"
    }

    private static func sheets(_ found: WorkbookAccount) -> String? {
        let parts = [("hidden sheets", found.hiddenSheets), ("sheets", found.otherSheets)].compactMap { what, sheets in
            sheets.isEmpty ? nil : "\(what) not read: \(named(sheets))"
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static func named(_ sheets: [String]) -> String {
        let rest = sheets.count - namedMax
        return sheets.prefix(namedMax).map(quoted).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    private static func quoted(_ name: String) -> String { "\"\(Shown.text(name, limit: 60))\"" }

    private static func count(_ tally: WorkbookAccount.Tally, _ what: String) -> String {
        "\(tally.count) \(what)\(tally.count == 1 ? "" : "s")"
    }

    private static func place(_ text: String, _ tally: WorkbookAccount.Tally) -> String {
        "\(text) (\(tally.count == 1 ? "" : "first: ")\(tally.place))"
    }
}
