import Foundation
import GRDB
import RecordFormats

/// The sources of a run, and how their own columns stand in `failed.csv` and `unprocessed.csv`.
///
/// Where all sources have the same columns, a record stands there as its own bytes did, so that fed back unchanged it is what it
/// was. Where they differ, the columns are `name`, `rank` and every other column of any source.
struct ReportSources {
    private struct Source {
        var path: String
        var columns: [String]?
    }

    /// The records' own columns.
    let columns: [String]
    private let sources: [Source]
    private let isUniform: Bool

    init(_ database: Database) throws {
        sources = try Row.fetchAll(database, sql: "SELECT path, columns FROM source ORDER BY source").map { row in
            let text: String? = row[1]
            return Source(
                path: row[0], columns: try text.map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) })
        }
        let first = sources.first?.columns
        isUniform = sources.allSatisfy { $0.columns == first }
        if isUniform {
            columns = first ?? ["name", "rank"]
        } else {
            var others: [String] = []
            for column in sources.flatMap({ $0.columns ?? [] }) {
                if MemberName(header: column) == .other, !others.contains(column) { others.append(column) }
            }
            columns = ["name", "rank"] + others
        }
    }

    /// The path of a source by its number.
    func path(_ number: Int) -> String { sources.indices.contains(number) ? sources[number].path : "" }

    /// Appends a record's own columns to the row that `csv` is at.
    func appendOwnColumns(of row: ReportRow, to csv: inout CSVEncoder) throws {
        if isUniform, let raw = row.raw {
            csv.bytes.append(UInt8(ascii: ","))
            csv.bytes.append(contentsOf: raw)
            return
        }
        var cells = [[UInt8]](repeating: [], count: columns.count)
        cells[0] = row.name.map(Array.init) ?? []
        cells[1] = row.rank.map(Array.init) ?? []
        if !isUniform, let raw = row.raw, let own = sources[row.source].columns {
            for (column, cell) in zip(own, RecordBatch.columns(of: Array(raw), delimiter: .comma)) {
                if let place = columns.dropFirst(2).firstIndex(of: column) { cells[place] = cell }
            }
        }
        for cell in cells { csv.append(cell) }
    }
}
