/// Decodes a workbook to records: the rows of one of its sheets, behind the header.
///
/// Call ``read(into:)`` until it says that nothing is left. Where it throws, the records before the damage are in the
/// batch already. A decoder has one owner: it isn't `Sendable`.
package final class WorkbookDecoder {
    /// Rows that are looked at for the header, those that hold nothing not counted.
    private static let headerRowsMax = 20
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
        let index = try SheetChoice(book).index(options.sheet)
        rows = try book.rows(index)
        account.sheet = book.sheets[index].name
        account.hiddenSheets = book.sheets.enumerated().filter { $1.isHidden && $0 != index }.map(\.element.name)
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
        } else if try !rows.next(&row) {
            return false
        }
        try records?.admit(row)
        return true
    }

    /// Notes what the sheet says behind its rows.
    private func finish() {
        let extras = rows.extras
        guard var found = records?.account else { return }
        found.mergedAreas = extras.mergedAreas
        found.firstMerged = extras.firstMerged
        if extras.hasFilter, found.filteredRows.count == 0 { swap(&found.hiddenRows, &found.filteredRows) }
        records?.account = found
    }

    /// Finds the header among the first rows, or takes the one that was given.
    private func readHeader() throws(DecodingFailure) {
        if let columns = options.columns {
            return begin(try SheetHeader(columns: columns, mapping: options.mapping))
        }
        var seen: [SheetRow] = []
        var candidates = 0
        while candidates < Self.headerRowsMax, try rows.next(&row) {
            seen.append(row)
            if !row.isBlank { candidates += 1 }
            guard seen.count <= 1000 else { break }
        }
        let scores = seen.map { SheetHeader.score($0, options.mapping) }
        guard let best = scores.max(), best > 0, let place = scores.firstIndex(of: best) else {
            throw SheetHeaderSearch.missing(seen, sheet: account.sheet, options.mapping)
        }
        let found = try SheetHeader(seen[place], mapping: options.mapping)
        for row in seen[..<place] where !row.isBlank { account.rowsAbove.add(row: row.number) }
        begin(found)
        self.seen = seen[(place + 1)...]
    }

    private func begin(_ header: SheetHeader) {
        self.header = header
        records = SheetRecords(header, limits: options.limits, account: account)
    }
}
