import Foundation
import RecordFormats

/// The sources of a run, and how their own columns stand in `failed.csv` and `unprocessed.csv`.
///
/// Where all sources have the same columns, those are the columns; where they differ, the columns are `name`, `rank`
/// and every other column of any source. Lists that aren't CSV have `isActive` besides where any record says it.
/// Columns that begin with `_` are not the record's own and stay out. An invalid record that had more or fewer fields
/// than its header has a field too many here too, so that it is invalid until it is corrected; a field with text behind
/// a closing quote stands as it is written, which is as invalid.
struct ReportSources {
    private struct Source {
        var path: [UInt8]
        /// The header's texts; nil where the source isn't CSV.
        var columns: [String]?
        /// For each of those, where it stands in the report; nil where it doesn't.
        var places: [Int?] = []
    }

    /// The records' own columns.
    let columns: [String]
    /// The run's id.
    let run: String
    private let sources: [Source]
    /// Whether a record's own bytes are its columns as they stand in the report.
    private let keepsBytes: Bool
    /// Where the name, the rank and the activity stand among the columns.
    private let namePlace: Int?, rankPlace: Int?, activePlace: Int?

    /// - Throws: what the ledger throws.
    init(_ ledger: any LedgerSnapshot) throws {
        var sources = try ledger.sources().map { Source(path: Array($0.path.utf8), columns: $0.columns) }
        let lists = sources.filter { $0.path != Array(SourceSummary.missingPath.utf8) }
        let first = lists.first?.columns
        let isUniform = lists.allSatisfy { $0.columns == first }
        var columns = isUniform ? (first ?? ["name", "rank"]) : ["name", "rank"]
        let hasOtherForms = lists.contains { $0.columns == nil }
        if hasOtherForms, !columns.contains(where: { RecordMember(header: $0) == .active }), try ledger.saysActive() {
            columns.append("isActive")
        }
        if isUniform {
            columns = columns.filter { RecordMember(header: $0) != .ignored }
        } else {
            for column in sources.flatMap({ $0.columns ?? [] }) {
                if Self.isFurther(column), !columns.contains(column) { columns.append(column) }
            }
        }
        for number in sources.indices {
            var next = 0
            sources[number].places = (sources[number].columns ?? []).map { column in
                let member = RecordMember(header: column)
                if member == .ignored { return nil }
                if isUniform {
                    next += 1
                    return next - 1
                }
                // The name and the rank come from the record itself.
                return Self.isFurther(column) ? columns.firstIndex(of: column) : nil
            }
        }
        self.columns = columns
        run = try ledger.metadata().run ?? ""
        self.sources = sources
        keepsBytes = isUniform && columns == first
        namePlace = columns.firstIndex { RecordMember(header: $0) == .name }
        activePlace = columns.firstIndex { RecordMember(header: $0) == .active }
        rankPlace = columns.firstIndex { RecordMember(header: $0) == .rank }
    }

    /// The path of a source by its number, in UTF-8.
    func path(_ number: Int64) -> [UInt8] {
        sources.indices.contains(Int(number)) ? sources[Int(number)].path : []
    }

    /// Where a source's column stands in the report that is the name or the rank; nil for others.
    private func rolePlace(_ column: Int, of source: Int64) -> Int? {
        guard let title = sources[Int(source)].columns?[column] else { return nil }
        return switch RecordMember(header: title) {
        case .name: namePlace
        case .rank: rankPlace
        default: nil
        }
    }

    /// Whether a column is neither the name, nor the rank, nor this program's own.
    private static func isFurther(_ column: String) -> Bool {
        [.other, .active].contains(RecordMember(header: column))
    }

    /// Appends a record's own columns to the row that `csv` is at.
    func appendOwnColumns(of row: borrowing ReportRow, to csv: inout CSVEncoder) {
        // Safe, here and below: the row is lent while its columns are appended, which copies its bytes.
        let none = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        let (name, rank) = unsafe (row.name.bytes ?? none, row.rank.bytes ?? none)
        guard let raw = unsafe row.raw else {
            for place in columns.indices {
                switch place {
                case namePlace: unsafe csv.append(name.span)
                case rankPlace: unsafe csv.append(rank.span)
                case activePlace: csv.append(row.isActive.map { $0 ? "true" : "false" } ?? "")
                default: csv.append("")
                }
            }
            return
        }
        let isInvalid = row.kind == .invalid
        if keepsBytes {
            csv.bytes.append(UInt8(ascii: ","))
            unsafe csv.bytes.append(contentsOf: raw)
            let missing =
                isInvalid
                ? columns.count - RecordBatch.columns(of: unsafe Array(raw), delimiter: .comma).columns.count : 0
            if missing > 0 {
                for _ in 0..<missing { csv.append("") }
                csv.append(ResultsColumns.surplus)
            }
            return
        }
        var cells = [[UInt8]](repeating: [], count: columns.count)
        if let namePlace { cells[namePlace] = unsafe Array(name) }
        if let rankPlace { cells[rankPlace] = unsafe Array(rank) }
        let places = sources.indices.contains(Int(row.source)) ? sources[Int(row.source)].places : []
        let (own, stray) = unsafe RecordBatch.columns(of: Array(raw), delimiter: .comma)
        var written: [Int: [UInt8]] = [:]
        for (index, (place, cell)) in zip(places, own).enumerated() {
            if let place { cells[place] = cell }
            if let text = stray[index], let place = place ?? rolePlace(index, of: row.source) { written[place] = text }
        }
        var surplus = Array(own.dropFirst(places.count))
        if surplus.isEmpty, isInvalid, own.count < places.count || written.count < stray.count {
            surplus = [Array(ResultsColumns.surplus.utf8)]
        }
        for (place, cell) in (cells + surplus).enumerated() {
            if let text = written[place] { csv.append(written: text) } else { csv.append(cell) }
        }
    }
}
