/// Writes the roles' fields of records in any format, so that reading them gives the same fields.
///
/// Call `begin`, `append` any number of times, `end`; the owner empties `bytes` in between. A text or an integer that
/// is absent is an empty cell in CSV, nothing or `null` in JSON, and no element in XML. A flag that is absent is
/// written in CSV only, as an empty cell.
package struct RecordEncoder: Sendable {
    /// Why a record can't be written so that reading it gives the same.
    package enum Fault: Error, Sendable, Equatable {
        /// A fault that was found when it was read.
        case problem(RecordProblem)
        /// The field holds what its role doesn't allow, or more than one value. `role` is the role's index.
        case wrongContent(role: Int)
        /// CSV: the header was written without a column for the flag, which no record before had. `role` is the role's
        /// index.
        case flagTooLate(role: Int)
        /// XLSX: the sheet has no room for another row, or the text of a cell is longer than one can hold.
        case notInSheet
        /// XML 1.0 can't express a character of a field (section 2.2).
        case notInXML
    }

    /// The format that is written.
    package let format: RecordFormat
    /// The bytes written since they were last emptied.
    package var bytes: [UInt8] {
        get { csv.bytes }
        set { csv.bytes = newValue }
    }
    private let mapping: MemberMapping
    private var roles: [FieldRole] { mapping.roles }
    private var title: RecordTitle { mapping.title }
    private var csv = CSVEncoder()
    private let isSpreadsheetSafe: Bool
    private var sheet = XLSXSheetEncoder()
    private var isFirst = true
    /// CSV: whether there are columns for flags.
    private var hasFlags = false

    /// - Parameters:
    ///   - mapping: the mapping that the records were read with.
    ///   - isSpreadsheetSafe: CSV: whether a cell that a spreadsheet would run as a formula gets an apostrophe before
    ///     it.
    package init(format: RecordFormat, mapping: MemberMapping, isSpreadsheetSafe: Bool = false) {
        self.format = format
        self.mapping = mapping
        self.isSpreadsheetSafe = isSpreadsheetSafe
        // So that a spreadsheet which separates by another byte sees no cell begin inside a field.
        csv.quotesAll = isSpreadsheetSafe
    }

    /// Writes the text before the first record.
    ///
    /// - Parameter hasFlags: CSV: whether records have flags.
    package mutating func begin(hasFlags: Bool) {
        self.hasFlags = hasFlags
        switch format {
        case .csv: csv.appendRow(roles.filter { hasFlags || $0.content != .flag }.map(\.name))
        case .xlsx:
            let columns = roles.filter { hasFlags || $0.content != .flag }
            sheet.begin(columns.map { ($0.name, $0.content == .text) }, to: &csv.bytes)
        case .json: write("[")
        case .ndjson: break
        case .xml:
            write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<")
            write(title.plural)
            write(">\n")
        }
    }

    /// Writes a record, whose bytes are in `batch`; one that can't be written changes nothing.
    package mutating func append(_ record: Record, in batch: RecordBatch) throws(Fault) {
        if let problem = record.problem { throw .problem(problem) }
        let arena = batch.arena.span
        for (index, role) in roles.enumerated() {
            guard Self.canHold(record.fields[index], arena, role.content) else { throw .wrongContent(role: index) }
        }
        if format == .csv || format == .xlsx, !hasFlags {
            for (index, role) in roles.enumerated() where role.content == .flag {
                if record.fields[index].slice.count > 0 { throw .flagTooLate(role: index) }
            }
        }
        switch format {
        case .csv: appendRow(record.fields, arena)
        case .xlsx: try appendSheetRow(record.fields, arena)
        case .json:
            write(isFirst ? "\n" : ",\n")
            appendObject(record.fields, arena)
        case .ndjson:
            appendObject(record.fields, arena)
            write("\n")
        case .xml:
            for index in roles.indices where !XMLEncoding.canHold(arena.extracting(record.fields[index].slice.range)) {
                throw .notInXML
            }
            appendElement(record.fields, arena)
        }
        isFirst = false
    }

    /// Writes the text behind the last record.
    package mutating func end() {
        switch format {
        case .csv, .ndjson: break
        case .xlsx: sheet.end(to: &csv.bytes)
        case .json: write(isFirst ? "]\n" : "\n]\n")
        case .xml:
            write("</")
            write(title.plural)
            write(">\n")
        }
    }

    /// Whether a role's content may be what the field holds.
    private static func canHold(_ field: RecordField, _ arena: Span<UInt8>, _ content: FieldRole.Content) -> Bool {
        switch field.kind {
        case .absent, .null, .text: true
        case .number: content != .text
        case .wrongType: content == .flag && isBoolean(arena.extracting(field.slice.range))
        case .duplicate: false
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

    private mutating func write(_ text: String) { csv.bytes.append(contentsOf: text.utf8) }
}

// CSV.
extension RecordEncoder {
    private mutating func appendRow(_ fields: RecordFields, _ arena: Span<UInt8>) {
        for (index, role) in roles.enumerated() where hasFlags || role.content != .flag {
            let text = arena.extracting(fields[index].slice.range)
            if isSpreadsheetSafe { csv.append(guarding: text) } else { csv.append(text) }
        }
        csv.endRow()
    }
}

// XLSX.
extension RecordEncoder {
    private mutating func appendSheetRow(_ fields: RecordFields, _ arena: Span<UInt8>) throws(Fault) {
        guard sheet.hasRoom else { throw .notInSheet }
        let (before, start) = (sheet, csv.bytes.count)
        sheet.beginRow(to: &csv.bytes)
        for (index, role) in roles.enumerated() where hasFlags || role.content != .flag {
            let text = arena.extracting(fields[index].slice.range)
            if role.content == .integer, text.count <= 15, JSONEncoding.isInteger(text) {
                sheet.appendNumber(text, to: &csv.bytes)
            } else if role.content == .flag, Self.isBoolean(text) {
                sheet.appendFlag(text.count == 4, to: &csv.bytes)
            } else if !sheet.appendText(text, to: &csv.bytes) {
                csv.bytes.removeLast(csv.bytes.count - start)
                sheet = before
                throw .notInSheet
            }
        }
        sheet.endRow(to: &csv.bytes)
    }
}

// JSON.
extension RecordEncoder {
    private mutating func appendObject(_ fields: RecordFields, _ arena: Span<UInt8>) {
        write("{")
        var isFirstMember = true
        for (index, role) in roles.enumerated() {
            let field = fields[index]
            let text = arena.extracting(field.slice.range)
            switch role.content {
            case .text where field.kind == .absent: continue
            case .flag where text.count == 0: continue
            default: break
            }
            if !isFirstMember { write(",") }
            isFirstMember = false
            write("\"")
            write(role.name)
            write("\":")
            appendValue(field.kind, text, role.content)
        }
        write("}")
    }

    private mutating func appendValue(_ kind: RecordField.Kind, _ text: Span<UInt8>, _ content: FieldRole.Content) {
        switch content {
        case .text where kind == .text: JSONEncoding.append(text, to: &csv.bytes)
        case .integer where kind == .number: csv.bytes.append(text)
        case .integer where kind == .text && text.count > 0:
            if JSONEncoding.isInteger(text) {
                csv.bytes.append(text)
            } else {
                JSONEncoding.append(text, to: &csv.bytes)
            }
        case .text, .integer: write("null")
        case .flag where kind == .number || Self.isBoolean(text): csv.bytes.append(text)
        case .flag: JSONEncoding.append(text, to: &csv.bytes)
        }
    }
}

// XML.
extension RecordEncoder {
    private mutating func appendElement(_ fields: RecordFields, _ arena: Span<UInt8>) {
        write("<")
        write(title.singular)
        write(">")
        for (index, role) in roles.enumerated() {
            let field = fields[index]
            let text = arena.extracting(field.slice.range)
            let isWritten =
                switch role.content {
                case .text: field.kind == .text
                case .integer: field.kind == .number || (field.kind == .text && text.count > 0)
                case .flag: text.count > 0
                }
            guard isWritten else { continue }
            write("<")
            write(role.name)
            write(">")
            XMLEncoding.append(text, to: &csv.bytes)
            write("</")
            write(role.name)
            write(">")
        }
        write("</")
        write(title.singular)
        write(">\n")
    }
}
