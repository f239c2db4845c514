import RecordFormats

/// Writes the files of a run's report from its ledger, in input order, each whole or not at all, in bounded memory.
package struct Report: Sendable {
    let ledger: any RunLedger

    /// Writes the report of the run that a ledger is of.
    package init(ledger: any RunLedger) { self.ledger = ledger }

    /// Writes `results.csv`, `failed.csv`, `unprocessed.csv` and, where the lists are workbooks, `failed.xlsx` into the
    /// run directory.
    ///
    /// - Parameter spared: the names of files that are left as they are.
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``, or what the ledger throws.
    package func writeTables(into directory: String, sparing spared: [String] = []) async throws -> WrittenTables {
        try await ledger.read { ledger in
            var digests: [String: String] = [:]
            var figures: PageFigures?
            for (name, table) in try Self.tables(ledger) where !spared.contains(name) {
                let file = try AtomicFile("\(directory)/\(name)")
                if table.isWhole {
                    var gathered = try PageFigures(beginning: ledger)
                    digests[name] = try Self.write(table, to: file, from: ledger) { gathered.add($0) }
                    figures = gathered
                } else {
                    digests[name] = try Self.write(table, to: file, from: ledger)
                }
            }
            return WrittenTables(digests: digests, figures: try figures ?? PageFigures(ledger))
        }
    }

    /// The tables that the run has, by the names of their files.
    func tables() async throws -> [String: RecordTable] { try await ledger.read { try Self.tables($0) } }

    private static func tables(_ ledger: any LedgerSnapshot) throws -> [String: RecordTable] {
        let hasWorkbook = try CorrectionTable.isMade(of: ledger)
        return RecordTable.files.filter { $0.value.form != .workbook || hasWorkbook }
    }

    /// The files of a report in its run directory, by name.
    static let files = RecordTable.files.keys.sorted() + [pageName, "summary.json"]
    /// The name of the page in the run directory.
    static let pageName = "report.html"

    /// Writes the page to a file, or to standard output where `path` is nil.
    ///
    /// - Parameter figures: those of the tables, where they were just written.
    /// - Returns: its SHA-256.
    /// - Throws: as ``writeTables(into:sparing:)``.
    @discardableResult
    package func writePage(to path: String?, _ figures: PageFigures? = nil) async throws -> String {
        let bytes = try await ledger.read { try Page($0, figures).html() }
        let file = try path.map { try AtomicFile($0) } ?? AtomicFile.standardOutput()
        try file.append { $0.bytes.append(contentsOf: bytes) }
        return try file.finish()
    }

    /// Writes one table to a file, or to standard output where `path` is nil.
    ///
    /// - Throws: as ``writeTables(into:sparing:)``.
    package func write(_ table: RecordTable, to path: String?) async throws {
        try await ledger.read { ledger in
            let file = try path.map { try AtomicFile($0) } ?? AtomicFile.standardOutput()
            _ = try Self.write(table, to: file, from: ledger)
        }
    }

    /// The SHA-256 of what ``write(_:to:)`` would write.
    func digest(of table: RecordTable) async throws -> String {
        try await ledger.read { try Self.write(table, to: AtomicFile.nowhere(), from: $0) }
    }

    private static func write(
        _ table: RecordTable, to file: AtomicFile, from ledger: any LedgerSnapshot,
        seen: (borrowing ReportRow) -> Void = { _ in }
    ) throws -> String {
        let sources = try ReportSources(ledger)
        if table.form == .workbook { return try CorrectionTable(table, ledger, sources).write(to: file, from: ledger) }
        var table = table
        if try ledger.metadata().configuration?.isSpreadsheetSafe == true { table.isSpreadsheetSafe = true }
        let quotesAll = table.isSpreadsheetSafe && table.form == .results
        try file.append { [table] in
            $0.quotesAll = quotesAll
            table.appendHeader(sources, to: &$0)
        }
        let line = RecordLine(table, sources)
        try ledger.forEachRow(of: table.outcomes, withOwnBytes: table.form == .ownColumns) { row in
            seen(row)
            try file.append { line.append(row, to: &$0) }
        }
        return try file.finish()
    }
}

/// The tables of a report that were written, and what was seen on the way.
package struct WrittenTables: Sendable {
    /// The SHA-256 of each file, by its name.
    package var digests: [String: String]
    /// What the page says of the records.
    package var figures: PageFigures
}
