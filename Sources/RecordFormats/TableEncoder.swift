/// Writes rows of values under the same columns in any format, so that reading them gives the same values.
///
/// Call `begin`, `append` any number of times, `end`; the owner empties `bytes` in between. An absent value is an empty
/// cell in CSV, `null` in JSON, and no element in XML.
package struct TableEncoder: Sendable {
    /// A value of a row.
    package enum Value: Sendable, Equatable {
        /// No value.
        case absent
        /// A text.
        case text(String)
        /// An integer.
        case integer(Int64)
        /// True or false.
        case boolean(Bool)
    }

    /// The bytes written since they were last emptied.
    package var bytes: [UInt8] {
        get { csv.bytes }
        set { csv.bytes = newValue }
    }
    private let format: RecordFormat
    private let title: RecordTitle
    private let columns: [String]
    private var csv = CSVEncoder()
    private var sheet = XLSXSheetEncoder()
    private var isFirst = true

    /// - Parameters:
    ///   - title: what a row is called: the elements of rows in XML.
    ///   - columns: the columns' names; each is an element's name in XML, and needs no escape in JSON.
    package init(format: RecordFormat, title: RecordTitle, columns: [String]) {
        self.title = title
        self.format = format
        self.columns = columns
    }

    /// Writes the text before the first row.
    package mutating func begin() {
        switch format {
        case .csv: csv.appendRow(columns)
        case .xlsx: sheet.begin(columns.map { ($0, $0 == "name") }, to: &csv.bytes)
        case .json: write("[")
        case .ndjson: break
        case .xml:
            write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<")
            write(title.plural)
            write(">\n")
        }
    }

    /// Writes a row of as many values as there are columns.
    ///
    /// - Returns: false, with nothing written, if the format can't express one of the texts.
    package mutating func append(_ row: [Value]) -> Bool {
        switch format {
        case .csv: appendCells(row)
        case .json:
            write(isFirst ? "\n" : ",\n")
            appendObject(row)
        case .ndjson:
            appendObject(row)
            write("\n")
        case .xml:
            for case .text(let text) in row where !XMLEncoding.canHold(text.utf8.span) { return false }
            appendElement(row)
        case .xlsx: guard appendSheetRow(row) else { return false }
        }
        isFirst = false
        return true
    }

    /// Writes the text behind the last row.
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

    private mutating func write(_ text: String) { csv.bytes.append(contentsOf: text.utf8) }

    /// - Returns: false, with nothing written, where the sheet is full or a text too long for a cell.
    private mutating func appendSheetRow(_ row: [Value]) -> Bool {
        guard sheet.hasRoom else { return false }
        let (before, start) = (sheet, csv.bytes.count)
        sheet.beginRow(to: &csv.bytes)
        for value in row {
            switch value {
            case .absent: sheet.appendNothing()
            case .text(let text):
                guard sheet.appendText(text.utf8.span, to: &csv.bytes) else {
                    csv.bytes.removeLast(csv.bytes.count - start)
                    sheet = before
                    return false
                }
            case .integer(let number):
                var digits: [UInt8] = []
                CSVEncoder.append(number, to: &digits)
                // A sheet keeps 15 digits of a number.
                if digits.count > 15 {
                    _ = sheet.appendText(digits.span, to: &csv.bytes)
                } else {
                    sheet.appendNumber(digits.span, to: &csv.bytes)
                }
            case .boolean(let isTrue): sheet.appendFlag(isTrue, to: &csv.bytes)
            }
        }
        sheet.endRow(to: &csv.bytes)
        return true
    }

    private mutating func appendCells(_ row: [Value]) {
        for value in row {
            switch value {
            case .absent: csv.append("")
            case .text(let text): csv.append(text)
            case .integer(let number): csv.append(number)
            case .boolean(let isTrue): csv.append(isTrue ? "true" : "false")
            }
        }
        csv.endRow()
    }

    private mutating func appendObject(_ row: [Value]) {
        for (index, (column, value)) in zip(columns, row).enumerated() {
            write((index == 0 ? "{\"" : ",\"") + column + "\":")
            switch value {
            case .absent: write("null")
            case .text(let text): JSONEncoding.append(text.utf8.span, to: &csv.bytes)
            case .integer(let number): CSVEncoder.append(number, to: &csv.bytes)
            case .boolean(let isTrue): write(isTrue ? "true" : "false")
            }
        }
        write("}")
    }

    private mutating func appendElement(_ row: [Value]) {
        write("<")
        write(title.singular)
        write(">")
        for (column, value) in zip(columns, row) where value != .absent {
            write("<\(column)>")
            switch value {
            case .absent: break
            case .text(let text): XMLEncoding.append(text.utf8.span, to: &csv.bytes)
            case .integer(let number): CSVEncoder.append(number, to: &csv.bytes)
            case .boolean(let isTrue): write(isTrue ? "true" : "false")
            }
            write("</\(column)>")
        }
        write("</")
        write(title.singular)
        write(">\n")
    }
}
