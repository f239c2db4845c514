/// Why a single record can't be used although the records behind it can be read.
package enum RecordProblem: Sendable, Equatable {
    /// A line of NDJSON isn't JSON (RFC 8259). `column` is the byte at fault, from 1.
    case notJSON(JSONFault, column: Int32)
    /// An array element or a line of NDJSON is JSON, but no object.
    case notAnObject
    /// The record's bytes aren't valid in the source's encoding.
    case badEncoding(TextEncoding)
    /// A field holds a `\u` escape of half a surrogate pair, which is no character.
    case loneSurrogate
    /// A line of NDJSON nests deeper than the limit.
    case tooDeep(depthMax: Int32)
    /// A CSV record has another number of fields than the header.
    case raggedRow(expected: Int32, found: Int32)
    /// The last CSV record lacks fields and a line end, as where a transfer broke off.
    case cutOff(expected: Int32, found: Int32)
    /// A CSV record that lacks fields would have as many as the header, were they separated by another delimiter than
    /// the header's; by the header's own where the whole record stands in quotes.
    case otherDelimiter(CSVDelimiter, header: CSVDelimiter)
    /// In a CSV record, text follows a closing quote.
    case strayQuote
    /// In a CSV record, quotes are escaped by a backslash, as MySQL writes them; its fields can't be told apart.
    case escapedQuote
    /// A cell of a workbook holds what can't be read for the field; its column, from 0. The row is the record's line.
    case cell(CellFault, column: Int32)

    /// What to do about quotes that a backslash escapes.
    static let escapeRemedy =
        "export the list with quotes doubled (\"\"; MySQL: FIELDS ESCAPED BY '\"'), or double them in it"

    /// What is wrong in a few words, without values.
    package var title: String {
        switch self {
        case .notJSON: "not JSON"
        case .notAnObject: "not a JSON object"
        case .badEncoding(let encoding): "bytes that are not \(encoding.rawValue)"
        case .loneSurrogate: "half a surrogate pair"
        case .tooDeep: "nested too deep"
        case .raggedRow: "too few or too many fields"
        case .cutOff: "a record that the list's end cuts off"
        case .otherDelimiter: "fields separated otherwise than the header's"
        case .strayQuote: "text behind a closing quote"
        case .escapedQuote: "quotes escaped by a backslash"
        case .cell(let fault, _): fault.title
        }
    }

    /// What is wrong and what to do about it.
    /// - Parameters:
    ///   - remedy: what to write in place of a value that is no object.
    ///   - line: the record's line; nil where it is said elsewhere.
    package func message(notAnObject remedy: String, line: Int64? = nil) -> String {
        switch self {
        case .notJSON(let fault, let column):
            "not JSON at column \(column): \(fault.message); correct the line, one object a line"
        case .notAnObject:
            "not a JSON object; \(remedy)"
        case .badEncoding(let encoding):
            encoding.faultMessage
        case .loneSurrogate:
            "holds half a surrogate pair (a \\uD800 to \\uDFFF escape on its own), which is no character; "
                + "correct the escape"
        case .tooDeep(let depthMax):
            "nests deeper than \(depthMax) levels; flatten the record"
        case .raggedRow(let expected, let found):
            "has \(found) field\(found == 1 ? "" : "s") where the header has \(expected); "
                + (expected == 1
                    ? "quote a field that holds a delimiter, or say with --delimiter what separates columns, such as "
                        + "tab where there is only one"
                    : "add or remove delimiters, or quote a field that holds one")
        case .cutOff(let expected, let found):
            "has \(found) of \(expected) fields and no line end: the list seems to be cut off here; get it whole, or "
                + "end the line if it is"
        case .otherDelimiter(let other, let header):
            other == header
                ? "stands in quotes as a whole, so that it is one field; remove the quotes around it"
                : "seems to be separated by \(other.description), but the header by \(header.description); separate "
                    + "both alike, or quote the field"
        case .strayQuote:
            "has text behind a closing quote; double each quote inside a quoted field (\"\")"
        case .escapedQuote:
            "escapes a quote by a backslash (\\\"); \(Self.escapeRemedy)"
        case .cell(let fault, let column):
            "\(CellFault.cell(column, line)) \(fault.message)"
        }
    }
}
