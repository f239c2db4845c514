/// Writes the names, ranks and activities of records in any format, so that reading them gives what was read.
///
/// `begin`, any number of `append`, `end`; the owner takes `bytes` away in between. A name or rank that isn't there is
/// an
/// empty cell in CSV, `null` or nothing in JSON, and no element in XML. An activity that isn't there is left out but
/// for CSV's cell.
package struct RecordEncoder: Sendable {
    /// Why a record can't be written so that reading it gives the same; in words, with a remedy.
    package enum Fault: Error, Sendable, Equatable {
        /// What was wrong with it when it was read.
        case problem(RecordProblem)
        /// The name is a number, an object or anything else but text, or stood there twice.
        case nameNotText
        /// The rank is neither text nor a number, or stood there twice.
        case rankNotPlain
        /// The activity is an object or an array, or stood there twice.
        case activeNotPlain
        /// CSV: the header was written without a column for the activity, which no record before had.
        case activeTooLate
        /// XML 1.0 has no way to write a character of the name or the rank (section 2.2).
        case notInXML

        package var message: String {
            switch self {
            case .problem(let problem): problem.message
            case .nameNotText: "the name is not text, or is given twice; correct it before converting"
            case .rankNotPlain: "the rank is neither text nor a number, or is given twice; correct it before converting"
            case .activeNotPlain:
                "the activity is neither text nor true or false, or is given twice; correct it before converting"
            case .activeTooLate:
                "it is the first that says whether its group is active, too late for a column in CSV; say it in the first record, or convert to another format"
            case .notInXML: "holds a control character that XML can't express; remove it, or convert to another format"
            }
        }
    }

    /// The format that is written.
    package let format: RecordFormat
    /// What has been written since it was last emptied.
    package var bytes: [UInt8] {
        get { csv.bytes }
        set { csv.bytes = newValue }
    }
    private var csv = CSVEncoder()
    private let isSpreadsheetSafe: Bool
    private var isFirst = true
    /// CSV: whether there is a column for the activity.
    private var hasActive = false

    /// - Parameter isSpreadsheetSafe: CSV: whether a cell that a spreadsheet would take for a formula is written with
    ///   an
    ///   apostrophe before it.
    package init(format: RecordFormat, isSpreadsheetSafe: Bool = false) {
        self.format = format
        self.isSpreadsheetSafe = isSpreadsheetSafe
        // So that a spreadsheet which separates by something else sees no cell begin inside a field.
        csv.quotesAll = isSpreadsheetSafe
    }

    /// Writes what comes before the first record.
    ///
    /// - Parameter hasActive: CSV: whether records say whether their groups are active.
    package mutating func begin(hasActive: Bool) {
        self.hasActive = hasActive
        switch format {
        case .csv: csv.appendRow(["name", "rank"] + (hasActive ? ["isActive"] : []))
        case .json: write("[")
        case .ndjson: break
        case .xml: write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<groups>\n")
        }
    }

    /// Writes a record, whose bytes stand in `batch`; one that can't be written leaves nothing behind.
    package mutating func append(_ record: Record, in batch: RecordBatch) throws(Fault) {
        if let problem = record.problem { throw .problem(problem) }
        switch record.name.kind {
        case .absent, .null, .text: break
        case .number, .wrongType, .repeated: throw .nameNotText
        }
        switch record.rank.kind {
        case .absent, .null, .text, .number: break
        case .wrongType, .repeated: throw .rankNotPlain
        }
        let name = batch.arena.span.extracting(record.name.slice.start..<record.name.slice.end)
        let rank = batch.arena.span.extracting(record.rank.slice.start..<record.rank.slice.end)
        let active = batch.arena.span.extracting(record.active.slice.start..<record.active.slice.end)
        switch record.active.kind {
        case .absent, .null, .text, .number: break
        case .wrongType where Self.isBoolean(active): break
        case .wrongType, .repeated: throw .activeNotPlain
        }
        if format == .csv, !hasActive, active.count > 0 { throw .activeTooLate }
        switch format {
        case .csv: appendRow(name, rank, active)
        case .json:
            write(isFirst ? "\n" : ",\n")
            appendObject(record, name, rank, active)
        case .ndjson:
            appendObject(record, name, rank, active)
            write("\n")
        case .xml:
            guard XMLEncoding.canHold(name), XMLEncoding.canHold(rank), XMLEncoding.canHold(active) else {
                throw .notInXML
            }
            appendElement(record, name, rank, active)
        }
        isFirst = false
    }

    /// Writes what comes behind the last record.
    package mutating func end() {
        switch format {
        case .csv, .ndjson: break
        case .json: write(isFirst ? "]\n" : "\n]\n")
        case .xml: write("</groups>\n")
        }
    }

    /// Whether a text is `true` or `false`.
    private static func isBoolean(_ text: Span<UInt8>) -> Bool {
        guard text.count == 4 || text.count == 5 else { return false }
        let word: StaticString = text.count == 4 ? "true" : "false"
        for index in 0..<text.count where unsafe text[index] != word.utf8Start[index] { return false }
        return true
    }

    private mutating func write(_ text: StaticString) {
        // Safe: the literal's bytes live as long as the program.
        unsafe csv.bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

// CSV.
extension RecordEncoder {
    private mutating func appendRow(_ name: Span<UInt8>, _ rank: Span<UInt8>, _ active: Span<UInt8>) {
        for cell in 0...(hasActive ? 2 : 1) {
            let text = cell == 0 ? name : cell == 1 ? rank : active
            if isSpreadsheetSafe { csv.append(guarding: text) } else { csv.append(text) }
        }
        csv.endRow()
    }
}

// JSON.
extension RecordEncoder {
    private mutating func appendObject(
        _ record: Record, _ name: Span<UInt8>, _ rank: Span<UInt8>, _ active: Span<UInt8>
    ) {
        write("{")
        switch record.name.kind {
        case .absent: break
        case .text:
            write("\"name\":")
            JSONEncoding.append(name, to: &csv.bytes)
            write(",")
        default: write("\"name\":null,")
        }
        write("\"rank\":")
        switch record.rank.kind {
        case .number: csv.bytes.append(rank)
        case .text where rank.count == 0: write("null")
        case .text where JSONEncoding.isInteger(rank): csv.bytes.append(rank)
        case .text: JSONEncoding.append(rank, to: &csv.bytes)
        default: write("null")
        }
        if active.count > 0 {
            write(",\"isActive\":")
            if record.active.kind == .number || Self.isBoolean(active) {
                csv.bytes.append(active)
            } else {
                JSONEncoding.append(active, to: &csv.bytes)
            }
        }
        write("}")
    }
}

// XML.
extension RecordEncoder {
    private mutating func appendElement(
        _ record: Record, _ name: Span<UInt8>, _ rank: Span<UInt8>, _ active: Span<UInt8>
    ) {
        write("<group>")
        if record.name.kind == .text {
            write("<name>")
            XMLEncoding.append(name, to: &csv.bytes)
            write("</name>")
        }
        if record.rank.kind == .number || (record.rank.kind == .text && rank.count > 0) {
            write("<rank>")
            XMLEncoding.append(rank, to: &csv.bytes)
            write("</rank>")
        }
        if active.count > 0 {
            write("<isActive>")
            XMLEncoding.append(active, to: &csv.bytes)
            write("</isActive>")
        }
        write("</group>\n")
    }
}
