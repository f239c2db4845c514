import RecordFormats

/// Writes the files of a run's report from its ledger, in input order, each whole or not at all, in bounded memory.
package struct Report: Sendable {
    let ledger: any RunLedger

    /// Writes the report of the run that a ledger is of.
    package init(ledger: any RunLedger) { self.ledger = ledger }

    /// Writes `results.csv`, `failed.csv`, `unprocessed.csv` and, where the lists are workbooks, `failed.xlsx` into the
    /// run directory.
    ///
    /// - Parameters:
    ///   - spared: the names of files that are left as they are.
    ///   - check: what the records must agree with, or no file is replaced; nil for nothing.
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``, or what the ledger throws.
    package func writeTables(
        into directory: String, sparing spared: [String] = [], checkedBy check: ReportCheck? = nil
    ) async throws -> WrittenTables {
        try await ledger.read { ledger in
            try Self.writeTables(of: ledger, sparing: spared, checkedBy: check) { try AtomicFile("\(directory)/\($0)") }
        }
    }

    /// What ``writeTables(into:sparing:checkedBy:)`` would write.
    func tables() async throws -> WrittenTables {
        try await ledger.read { try Self.writeTables(of: $0, sparing: []) { _ in AtomicFile.nowhere() } }
    }

    /// Writes all tables in one pass over the records; a workbook takes another one.
    private static func writeTables(
        of ledger: any LedgerSnapshot, sparing spared: [String], checkedBy check: ReportCheck? = nil,
        to file: (String) throws -> AtomicFile
    ) throws -> WrittenTables {
        let sources = try ReportSources(ledger)
        var writers: [String: TableWriter] = [:]
        for (name, table) in RecordTable.files where table.form != .workbook && !spared.contains(name) {
            writers[name] = try TableWriter(table, to: file(name), ledger, sources)
        }
        var figures = PageFigures()
        try write(Array(writers.values), from: ledger) { figures.add($0) }
        try figures.end(ledger)
        try check?.accept(figures.counts)
        var digests = try writers.mapValues { try $0.finish() }
        let name = RecordTable.correctionName
        if let table = RecordTable.files[name], !spared.contains(name), try CorrectionTable.isMade(of: ledger) {
            digests[name] = try CorrectionTable(table, ledger, sources).write(to: file(name), from: ledger)
        }
        return WrittenTables(digests: digests, figures: figures)
    }

    /// Lends every record to `seen` and to the tables.
    private static func write(
        _ writers: [TableWriter], from ledger: any LedgerSnapshot, seen: (borrowing ReportRow) -> Void
    ) throws {
        try ledger.forEachRow(of: [], withOwnBytes: writers.contains(where: \.needsOwnBytes)) { row in
            seen(row)
            for writer in writers { try writer.append(row) }
        }
    }

    /// The files of a report in its run directory, by name.
    static let files = RecordTable.files.keys.sorted() + [pageName, "summary.json"]
    /// The name of the page in the run directory.
    static let pageName = "report.html"

    /// Writes the page to a file, or to standard output where `path` is nil.
    ///
    /// - Parameter figures: those of the tables, where they were just written.
    /// - Returns: its SHA-256.
    /// - Throws: as ``writeTables(into:sparing:checkedBy:)``.
    @discardableResult
    package func writePage(to path: String?, _ figures: PageFigures? = nil) async throws -> String {
        let bytes = try await ledger.read { try Page($0, figures).html() }
        let file = try path.map { try AtomicFile($0) } ?? AtomicFile.standardOutput()
        try file.append { $0.bytes.append(contentsOf: bytes) }
        return try file.finish()
    }

    /// Writes one table to a file, or to standard output where `path` is nil, once the ledger has been found to be
    /// sound, as ``ReportCheck`` has it.
    ///
    /// - Throws: as ``writeTables(into:sparing:checkedBy:)``; nothing is written or replaced then.
    package func write(_ table: RecordTable, to path: String?) async throws {
        let check = try await ReportCheck(ledger)
        try await ledger.read { ledger in
            let file = try path.map { try AtomicFile($0) } ?? AtomicFile.standardOutput()
            // What is written as it comes can't be taken back.
            if !file.isProvisional { try check.accept(try Self.counts(ledger)) }
            let writer = try TableWriter(table, to: file, ledger, try ReportSources(ledger))
            var counts = OutcomeCounts()
            try Self.write([writer], from: ledger) { counts.add($0) }
            if file.isProvisional { try check.accept(counts) }
            _ = try writer.finish()
        }
    }

    private static func counts(_ ledger: any LedgerSnapshot) throws -> OutcomeCounts {
        var counts = OutcomeCounts()
        try write([], from: ledger) { counts.add($0) }
        return counts
    }
}

extension OutcomeCounts {
    fileprivate mutating func add(_ row: borrowing ReportRow) {
        if let outcome = row.kind { self[outcome] += 1 }
    }
}

/// The tables of a report that were written, and what was seen on the way.
package struct WrittenTables: Sendable {
    /// The SHA-256 of each file, by its name.
    package var digests: [String: String]
    /// What the page says of the records.
    package var figures: PageFigures
}
