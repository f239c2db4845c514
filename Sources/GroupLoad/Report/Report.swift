import Foundation
import GRDB
import RecordFormats

/// Writes the files of a run's report from its ledger, in input order, each whole or not at all, in bounded memory.
package struct Report: Sendable {
    private let ledger: Ledger
    private let directory: String

    /// - Parameter directory: the run directory.
    package init(ledger: Ledger, directory: String) {
        self.ledger = ledger
        self.directory = directory
    }

    /// Writes `results.csv`, `failed.csv` and `unprocessed.csv`.
    ///
    /// - Returns: the SHA-256 of each file, by its name.
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``, or what the ledger throws.
    package func write() async throws -> [String: String] {
        let directory = directory
        return try await ledger.database.read { database in
            let sources = try ReportSources(database)
            return [
                "results.csv": try Self.results(database, sources, directory + "/results.csv"),
                "failed.csv": try Self.rejects(
                    database, sources, directory + "/failed.csv", outcomes: [.invalid, .failed, .unresolved]),
                "unprocessed.csv": try Self.rejects(
                    database, sources, directory + "/unprocessed.csv", outcomes: [.unprocessed]),
            ]
        }
    }

    private static func results(_ database: Database, _ sources: ReportSources, _ path: String) throws -> String {
        let file = try ResultsFile(path)
        let rows = try ReportRow.fetchCursor(database, sql: ReportRow.sql(condition: ""))
        while let row = try rows.next() { try file.append(row.results(path: sources.path(row.source))) }
        return try file.finish()
    }

    /// Writes the records of some outcomes with their own columns, so that they can be corrected and fed back.
    private static func rejects(
        _ database: Database, _ sources: ReportSources, _ path: String, outcomes: [Outcome]
    ) throws -> String {
        let file = try WholeFile(path)
        let own = ["_record", "_source", "_line", "_outcome", "_http", "_code", "_message"]
        try file.append { $0.appendRow(own + sources.columns) }
        let list = outcomes.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let rows = try ReportRow.fetchCursor(database, sql: ReportRow.sql(condition: "WHERE outcome IN (\(list))"))
        while let row = try rows.next() {
            let cells = [
                String(row.record), sources.path(row.source), String(row.line), row.outcome, ResultsFile.text(row.http),
                ResultsFile.text(row.code), row.message ?? "",
            ]
            try file.append { csv in
                for cell in cells { csv.append(cell) }
                sources.appendOwnColumns(of: row, to: &csv)
                csv.endRow()
            }
        }
        return try file.finish()
    }
}

/// A record with its outcome, as the report reads it from the ledger.
struct ReportRow: FetchableRecord {
    var record: Int64
    var source: Int
    var line: Int64
    var name: Data?
    var rank: Data?
    var raw: Data?
    var outcome: String
    var id: Int64?
    var http: Int?
    var code: Int?
    var message: String?
    var attempts: Int
    var milliseconds: Int64?
    var duplicateOf: Int64?

    init(row: Row) {
        record = row[0]
        source = row[1]
        line = row[2]
        name = row[3]
        rank = row[4]
        raw = row[5]
        outcome = row[6]
        id = row[7]
        http = row[8]
        code = row[9]
        message = row[10]
        attempts = row[11]
        milliseconds = row[12]
        duplicateOf = row[13]
    }

    /// The row as a line of `results.csv`.
    func results(path: String) -> ResultsLine {
        var result = ResultsLine(record: record, source: path, line: line)
        result.outcome = outcome
        result.id = id
        result.http = http
        result.code = code
        result.message = message
        result.attempts = attempts
        result.milliseconds = milliseconds
        result.duplicateOf = duplicateOf
        result.name = name.map(Array.init)
        result.rank = rank.map(Array.init)
        return result
    }

    /// The query for all records with an outcome, in input order, narrowed by `condition`.
    static func sql(condition: String) -> String {
        """
        SELECT record, source, line, CAST(name AS BLOB), CAST(rank AS BLOB), raw, outcome, id, http, code, message,
        attempts, ms, duplicate_of FROM record JOIN outcome USING (record) \(condition) ORDER BY record
        """
    }
}
