import RecordFormats

/// A table of a report, other than a workbook, while it is written to a file.
///
/// To its maintainers: a class, for the line of a record is written without a copy of what lines are written by.
final class TableWriter {
    /// Whether a record's own bytes and activity are written.
    let needsOwnBytes: Bool
    private let file: AtomicFile
    private let line: RecordLine
    /// A bit for each outcome whose records the table has, by ``Outcome/index``.
    private let outcomes: UInt32

    /// Writes the header, where there is one.
    ///
    /// - Throws: what the file and the ledger throw.
    init(_ table: RecordTable, to file: AtomicFile, _ ledger: any LedgerSnapshot, _ sources: ReportSources) throws {
        var table = table
        if try ledger.metadata().configuration?.isSpreadsheetSafe == true { table.isSpreadsheetSafe = true }
        let quotesAll = table.isSpreadsheetSafe && table.form == .results
        try file.append { [table] in
            $0.quotesAll = quotesAll
            table.appendHeader(sources, to: &$0)
        }
        needsOwnBytes = table.form == .ownColumns
        outcomes = table.isWhole ? .max : table.outcomes.reduce(0) { $0 | 1 << UInt32($1.index) }
        self.file = file
        line = RecordLine(table, sources)
    }

    /// Appends the line of a record, if the table has it.
    func append(_ row: borrowing ReportRow) throws {
        guard let outcome = row.kind, outcomes >> UInt32(outcome.index) & 1 == 1 else { return }
        try file.append { line.append(row, to: &$0) }
    }

    /// Gives the file its name.
    ///
    /// - Returns: its SHA-256.
    func finish() throws -> String { try file.finish() }
}
