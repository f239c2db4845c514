import GRDB
import RecordFormats

/// The lines of a ``RecordTable``, written one by one from the ledger, in input order.
struct RecordRows: ~Copyable {
    private let form: RecordTable.Form
    private let isGuarded: Bool
    private let sources: ReportSources
    private var cursor: LedgerCursor

    /// The columns of the query.
    private enum Column {
        static let record: Int32 = 0, outcome: Int32 = 1, id: Int32 = 2, http: Int32 = 3, code: Int32 = 4
        static let message: Int32 = 5, attempts: Int32 = 6, milliseconds: Int32 = 7, duplicateOf: Int32 = 8
        static let source: Int32 = 9, line: Int32 = 10, name: Int32 = 11, rank: Int32 = 12, raw: Int32 = 13,
            active: Int32 = 14
    }

    /// - Throws: what the database throws, here and in every method.
    init(_ table: RecordTable, _ sources: ReportSources, in database: Database) throws {
        form = table.form
        isGuarded = table.isSpreadsheetSafe
        self.sources = sources
        let list = table.outcomes.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        cursor = try LedgerCursor(
            database,
            """
            SELECT o.record, outcome, id, http, code, message, attempts, ms, duplicate_of, source, line, name, rank
            \(table.form == .ownColumns ? ", raw, draft_active" : "")
            FROM outcome AS o CROSS JOIN record AS r ON r.record = o.record
            \(list.isEmpty ? "" : "WHERE outcome IN (\(list))") ORDER BY o.record
            """)
    }

    /// Appends the next line.
    ///
    /// - Returns: the record's number; nil when there are no more.
    mutating func appendNext(to csv: inout CSVEncoder) throws -> Int64? {
        guard try cursor.next() else { return nil }
        switch form {
        case .results: appendResults(to: &csv)
        case .ownColumns: appendOwn(to: &csv)
        case .ndjson: appendObject(to: &csv.bytes)
        }
        return cursor.integer(Column.record)
    }

    private var numbers: ResultsColumns.Numbers {
        var numbers = ResultsColumns.Numbers(
            record: cursor.integer(Column.record), line: cursor.integer(Column.line))
        numbers.id = cursor.optional(Column.id)
        numbers.http = cursor.optional(Column.http)
        numbers.code = cursor.optional(Column.code)
        numbers.attempts = cursor.integer(Column.attempts)
        numbers.milliseconds = cursor.optional(Column.milliseconds)
        numbers.duplicateOf = cursor.optional(Column.duplicateOf)
        return numbers
    }

    private func appendResults(to csv: inout CSVEncoder) {
        withShown(Column.name) { name in
            withShown(Column.rank) { rank in
                ResultsColumns.append(
                    numbers, source: sources.path(cursor.integer(Column.source)).span,
                    outcome: cursor.bytes(Column.outcome).span, message: cursor.bytes(Column.message).span, name: name,
                    rank: rank, isGuarded: isGuarded, to: &csv)
            }
        }
    }

    private func appendOwn(to csv: inout CSVEncoder) {
        csv.append(cursor.integer(Column.record))
        csv.append(sources.path(cursor.integer(Column.source)))
        csv.append(cursor.integer(Column.line))
        csv.append(cursor.bytes(Column.outcome).span)
        csv.append(cursor.optional(Column.http))
        csv.append(cursor.optional(Column.code))
        csv.append(guarding: cursor.bytes(Column.message).span)
        sources.appendOwnColumns(
            source: cursor.integer(Column.source), name: cursor.bytes(Column.name), rank: cursor.bytes(Column.rank),
            active: cursor.optional(Column.active), raw: cursor.isNull(Column.raw) ? nil : cursor.bytes(Column.raw),
            to: &csv)
        csv.endRow()
    }

    /// Lends a value as it is to be shown. Text is sound UTF-8; what the ledger keeps as bytes need not be.
    private func withShown(_ column: Int32, _ body: (Span<UInt8>) -> Void) {
        if cursor.isText(column) || cursor.isNull(column) {
            body(cursor.bytes(column).span)
        } else {
            body(ResultsColumns.shown(Array(cursor.bytes(column))).span)
        }
    }
}

// NDJSON.
extension RecordRows {
    private func appendObject(to bytes: inout [UInt8]) {
        append("{\"_record\":", cursor.integer(Column.record), to: &bytes)
        append(",\"_source\":", sources.path(cursor.integer(Column.source)).span, to: &bytes)
        append(",\"_line\":", cursor.integer(Column.line), to: &bytes)
        append(",\"_outcome\":", cursor.bytes(Column.outcome).span, to: &bytes)
        if let id = cursor.optional(Column.id) { append(",\"_id\":", id, to: &bytes) }
        if let http = cursor.optional(Column.http) { append(",\"_http\":", http, to: &bytes) }
        if let code = cursor.optional(Column.code) { append(",\"_code\":", code, to: &bytes) }
        if !cursor.isNull(Column.message) {
            append(",\"_message\":", cursor.bytes(Column.message).span, to: &bytes)
        }
        append(",\"_attempts\":", cursor.integer(Column.attempts), to: &bytes)
        if let milliseconds = cursor.optional(Column.milliseconds) { append(",\"_ms\":", milliseconds, to: &bytes) }
        if let first = cursor.optional(Column.duplicateOf) { append(",\"_duplicate_of\":", first, to: &bytes) }
        if !cursor.isNull(Column.name) {
            withShown(Column.name) { append(",\"name\":", $0, to: &bytes) }
        }
        if !cursor.isNull(Column.rank) {
            withShown(Column.rank) { rank in
                if JSONEncoding.isInteger(rank) {
                    append(",\"rank\":", to: &bytes)
                    bytes.append(contentsOf: cursor.bytes(Column.rank))
                } else {
                    append(",\"rank\":", rank, to: &bytes)
                }
            }
        }
        append("}\n", to: &bytes)
    }

    private func append(_ text: StaticString, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func append(_ text: StaticString, _ number: Int64, to bytes: inout [UInt8]) {
        append(text, to: &bytes)
        CSVEncoder.append(number, to: &bytes)
    }

    private func append(_ text: StaticString, _ value: Span<UInt8>, to bytes: inout [UInt8]) {
        append(text, to: &bytes)
        JSONEncoding.append(value, to: &bytes)
    }
}
