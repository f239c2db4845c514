import RecordFormats

/// Writes a line of a ``RecordTable`` for one record.
struct RecordLine {
    private let form: RecordTable.Form
    private let isGuarded: Bool
    private let sources: ReportSources

    init(_ table: RecordTable, _ sources: ReportSources) {
        form = table.form
        isGuarded = table.isSpreadsheetSafe
        self.sources = sources
    }

    /// Appends the line of a record.
    func append(_ row: borrowing ReportRow, to csv: inout CSVEncoder) {
        switch form {
        case .results: appendResults(row, to: &csv)
        case .ownColumns: appendOwn(row, to: &csv)
        case .workbook: preconditionFailure("a workbook has no lines")
        case .ndjson: appendObject(row, to: &csv.bytes)
        }
    }

    private func numbers(_ row: borrowing ReportRow) -> ResultsColumns.Numbers {
        var numbers = ResultsColumns.Numbers(recordNumber: row.recordNumber, line: row.line)
        numbers.id = row.id
        numbers.http = row.http
        numbers.code = row.code
        numbers.attempts = row.attempts
        numbers.milliseconds = row.milliseconds
        numbers.duplicateOf = row.duplicateOf
        return numbers
    }

    // Safe, here and below: the row is lent while its line is appended, which copies its bytes.
    private func appendResults(_ row: borrowing ReportRow, to csv: inout CSVEncoder) {
        let (source, outcome, message) = unsafe (sources.path(row.source), row.outcome, Self.orEmpty(row.message))
        let numbers = numbers(row)
        Self.withShown(row.name) { name in
            Self.withShown(row.rank) { rank in
                unsafe ResultsColumns.append(
                    numbers, source: source.span, outcome: outcome.span, message: message.span, name: name, rank: rank,
                    isGuarded: isGuarded, to: &csv)
            }
        }
    }

    private func appendOwn(_ row: borrowing ReportRow, to csv: inout CSVEncoder) {
        csv.append(row.recordNumber)
        csv.append(sources.run)
        csv.append(sources.path(row.source))
        csv.append(row.line)
        unsafe csv.append(row.outcome.span)
        csv.append(row.http)
        csv.append(row.code)
        unsafe csv.append(guarding: Self.orEmpty(row.message).span)
        sources.appendOwnColumns(of: row, to: &csv)
        csv.endRow()
    }

    private static func orEmpty(_ bytes: UnsafeBufferPointer<UInt8>?) -> UnsafeBufferPointer<UInt8> {
        unsafe bytes ?? UnsafeBufferPointer(start: nil, count: 0)
    }

    /// Lends a value as it is to be shown. Text is sound UTF-8; what the ledger keeps as bytes need not be.
    private static func withShown(_ value: ReportValue, _ body: (Span<UInt8>) -> Void) {
        let bytes = unsafe orEmpty(value.bytes)
        if value.isText { unsafe body(bytes.span) } else { unsafe body(ResultsColumns.shown(Array(bytes)).span) }
    }
}

// NDJSON.
extension RecordLine {
    private func appendObject(_ row: borrowing ReportRow, to bytes: inout [UInt8]) {
        append("{\"_record\":", row.recordNumber, to: &bytes)
        append(",\"_source\":", sources.path(row.source).span, to: &bytes)
        append(",\"_line\":", row.line, to: &bytes)
        unsafe append(",\"_outcome\":", row.outcome.span, to: &bytes)
        if let id = row.id { append(",\"_id\":", id, to: &bytes) }
        if let http = row.http { append(",\"_http\":", http, to: &bytes) }
        if let code = row.code { append(",\"_code\":", code, to: &bytes) }
        if let message = unsafe row.message { unsafe append(",\"_message\":", message.span, to: &bytes) }
        append(",\"_attempts\":", row.attempts, to: &bytes)
        if let milliseconds = row.milliseconds { append(",\"_ms\":", milliseconds, to: &bytes) }
        if let first = row.duplicateOf { append(",\"_duplicate_of\":", first, to: &bytes) }
        if unsafe row.name.bytes != nil { Self.withShown(row.name) { append(",\"name\":", $0, to: &bytes) } }
        if let own = unsafe row.rank.bytes {
            Self.withShown(row.rank) { rank in
                if JSONEncoding.isInteger(rank) {
                    append(",\"rank\":", to: &bytes)
                    unsafe bytes.append(contentsOf: own)
                } else {
                    append(",\"rank\":", rank, to: &bytes)
                }
            }
        }
        append("}\n", to: &bytes)
    }

    private func append(_ text: StaticString, to bytes: inout [UInt8]) {
        // Safe: a literal's bytes are constants of the program.
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
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
