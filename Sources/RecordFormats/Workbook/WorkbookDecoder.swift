/// Decodes a workbook to records: the rows of one of its sheets, behind the header.
///
/// Call ``read(into:)`` until it says that nothing is left. Where it throws, the records before the damage are in the
/// batch already. A decoder has one owner: it isn't `Sendable`.
package final class WorkbookDecoder {
    /// Rows that are looked at for the header, those that hold nothing not counted; and where none of them is it, for
    /// the first row that may be.
    private static let headerRowsMax = 20, farHeaderRowsMax = 200
    /// Rows that one call reads, at most.
    private static let rowsMax: Int64 = 500

    private let options: DecodingOptions
    private var rows: any SheetRows
    private var row = SheetRow()
    /// Rows that were looked at for the header and stand behind it, and what is left of rows that are alike.
    private var seen: ArraySlice<SheetRow> = []
    private var left: SheetRow?
    private var records: SheetRecords?
    private var account = WorkbookAccount()
    private var failure: DecodingFailure?
    /// The header, once it has been found.
    private var header: SheetHeader?

    /// Opens the workbook, and chooses its sheet.
    /// - Throws: `sheetNotChosen`, `noSuchSheet`, `unsupportedWorkbook`, and what an archive or its parts can fail by.
    package init(_ source: RandomAccessBytes, form: WorkbookForm, options: DecodingOptions) throws(DecodingFailure) {
        self.options = options
        let book = try form.open(source)
        let index = try SheetChoice(book, options).index()
        rows = try book.rows(index)
        rows.findMerged()
        account.sheet = book.sheets[index].name
        let others = book.sheets.enumerated().filter { $0.offset != index }.map(\.element)
        account.hiddenSheets = others.filter(\.isHidden).map(\.name)
        // Without a name, the others hold nothing.
        if options.sheet != nil { account.otherSheets = others.filter { !$0.isHidden }.map(\.name) }
        account.skipsHidden = options.skipsHidden
        account.hasUncalculatedFormulas = book.hasUncalculatedFormulas
    }

    /// The header's cells as written, once it has been read.
    package var columns: [String]? { header?.columns }
    /// The number of records decoded so far.
    package var recordsRead: Int64 { records?.recordsRead ?? 0 }
    /// What was read and what was passed over so far.
    package var found: WorkbookAccount { records?.account ?? account }

    /// Reads some rows, and appends their records to `batch`.
    /// - Returns: false where nothing is left.
    /// - Throws: why the rest can't be read.
    package func read(into batch: inout RecordBatch) throws(DecodingFailure) -> Bool {
        if let failure { throw failure }
        do throws(DecodingFailure) {
            if records == nil { try readHeader() }
            for _ in 0..<Self.rowsMax {
                guard try readRow() else {
                    finish()
                    return false
                }
                if row.count > Self.rowsMax, !row.cells.isEmpty {
                    // The rest of the rows that are alike comes with the next call.
                    left = row
                    left?.number += Self.rowsMax
                    left?.count -= Self.rowsMax
                    row.count = Self.rowsMax
                    try records?.accept(row, into: &batch)
                    return true
                }
                try records?.accept(row, into: &batch)
            }
            return true
        } catch {
            failure = error
            throw error
        }
    }

    /// Goes on to the next row.
    /// - Returns: false behind the last.
    private func readRow() throws(DecodingFailure) -> Bool {
        if let rest = left.take() {
            row = rest
            return true
        }
        if let first = seen.popFirst() {
            row = first
        } else if try !readSheetRow() {
            return false
        }
        try records?.admit(row)
        return true
    }

    /// Goes on to the sheet's next row behind those that the user wants passed over.
    /// - Returns: false behind the last.
    private func readSheetRow() throws(DecodingFailure) -> Bool {
        while try rows.next(&row) {
            let passed = Int64(options.skipLines) - row.number + 1
            if passed <= 0 { return true }
            guard passed < row.count else { continue }
            row.number += passed
            row.count -= passed
            return true
        }
        return false
    }

    /// Notes what the sheet says behind its rows.
    private func finish() {
        let extras = rows.extras
        guard var found = records?.account else { return }
        // Some programs write rows to the sheet's end.
        if found.trailingRows.row + found.trailingRows.count > SheetBounds.rowsMax {
            found.trailingRows = WorkbookAccount.Tally()
        }
        found.mergedAreas = max(0, extras.mergedAreas - found.usedAreas)
        found.firstMerged = extras.firstMerged
        if let header {
            found.hiddenColumns = options.mapping.roles.indices.map { header.places[$0] }.filter { $0 >= 0 }.sorted()
                .filter { place in extras.hiddenColumns.contains { $0.contains(header.firstColumn + place) } }
                .map {
                    "\(SheetBounds.letters(header.firstColumn + $0)) \"\(ShownTitle.text(header.columns[$0]))\""
                }
        }
        if extras.hasFilter, found.filteredRows.count == 0 { swap(&found.hiddenRows, &found.filteredRows) }
        records?.account = found
    }

    /// Finds the header among the first rows, or takes the one that was given.
    private func readHeader() throws(DecodingFailure) {
        if let columns = options.columns {
            account.rowsAbove.add(Int64(options.skipLines), row: 1)
            return begin(try SheetHeader(columns: columns, mapping: options.mapping))
        }
        var seen: [SheetRow] = []
        var candidates = 0
        var found: SheetHeaderSearch.Finding?
        for (rowsMax, takesFirst) in [(Self.headerRowsMax, options.skipLines > 0), (Self.farHeaderRowsMax, true)]
        where found == nil {
            while candidates < rowsMax, seen.count <= 1000, try readSheetRow() {
                seen.append(row)
                if !row.isBlank { candidates += 1 }
            }
            found = SheetHeaderSearch(seen, options.mapping).find(takesFirst: takesFirst)
        }
        guard let found else {
            throw SheetHeaderSearch.missing(seen, sheet: account.sheet, options)
        }
        let header = try SheetHeader(found.row, mapping: options.mapping)
        account.headerRows = found.count
        account.rowsAbove.add(header.row - found.count, row: 1)
        begin(header)
        self.seen = seen[found.end...]
    }

    private func begin(_ header: SheetHeader) {
        self.header = header
        records = SheetRecords(
            header, options.mapping.roles, limits: options.limits, account: account,
            lastRow: max(header.row, Int64(options.skipLines)))
    }
}
