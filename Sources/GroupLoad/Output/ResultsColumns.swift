import RecordFormats

/// The columns of `results.csv`: how one record ended. They are part of the interface that scripts rely on.
enum ResultsColumns {
    /// Their names, in order.
    static let names = [
        "_record", "_source", "_line", "_outcome", "_id", "_http", "_code", "_message", "_attempts", "_ms",
        "_duplicate_of", "name", "rank",
    ]

    /// What stands in a field too many of a record that is to be corrected, so that it is invalid until somebody has
    /// looked at it. An empty field would be accepted.
    static let surplus = "see _message and remove this field"

    /// The whole numbers of a record's line.
    struct Numbers {
        var recordNumber: Int64
        var line: Int64
        var id: Int64?
        var http: Int64?
        var code: Int64?
        var attempts: Int64 = 0
        var milliseconds: Int64?
        var duplicateOf: Int64?

        init(recordNumber: Int64, line: Int64) {
            self.recordNumber = recordNumber
            self.line = line
        }
    }

    /// Appends a record's line as CSV. `name` and `rank` are the values as they are to be shown.
    ///
    /// The message, which may be the server's words, is never left for a spreadsheet to run.
    ///
    /// - Parameter isGuarded: whether the name and the rank aren't either.
    static func append(
        _ numbers: Numbers, source: Span<UInt8>, outcome: Span<UInt8>, message: Span<UInt8>, name: Span<UInt8>,
        rank: Span<UInt8>, isGuarded: Bool = false, to csv: inout CSVEncoder
    ) {
        let texts = source.count + outcome.count + message.count + name.count + rank.count
        csv.appendRow(bytesMax: CSVEncoder.bytesMax(texts: texts, 5, numbers: 8)) { row, quotesAll in
            row.append(csv: numbers.recordNumber, quotesAll: quotesAll)
            row.append(csv: source, quotesAll: quotesAll)
            row.append(csv: numbers.line, quotesAll: quotesAll)
            row.append(csv: outcome, quotesAll: quotesAll)
            row.append(csv: numbers.id, quotesAll: quotesAll)
            row.append(csv: numbers.http, quotesAll: quotesAll)
            row.append(csv: numbers.code, quotesAll: quotesAll)
            row.append(csv: message, quotesAll: quotesAll, isGuarded: true)
            row.append(csv: numbers.attempts, quotesAll: quotesAll)
            row.append(csv: numbers.milliseconds, quotesAll: quotesAll)
            row.append(csv: numbers.duplicateOf, quotesAll: quotesAll)
            row.append(csv: name, quotesAll: quotesAll, isGuarded: isGuarded)
            row.append(csv: rank, quotesAll: quotesAll, isGuarded: isGuarded)
        }
    }

    /// A value for a person: a byte that is not UTF-8 stands as `\xHH`, so that any tool can read the report.
    static func shown(_ bytes: [UInt8]) -> [UInt8] {
        if String(validating: bytes, as: UTF8.self) != nil { return bytes }
        return bytes.flatMap { byte in
            byte < 0x80 ? [byte] : Array(("\\x" + String(byte, radix: 16, uppercase: true)).utf8)
        }
    }
}
