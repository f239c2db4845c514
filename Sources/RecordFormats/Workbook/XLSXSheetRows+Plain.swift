/// Rows in the form that most programs write, read without events: what the reading of events would give, or nothing.
///
/// To its maintainers: plain rows cost a fifth of what events cost. A row that has anything unexpected, or a fault, is
/// left to the parser as a whole. Scripts/checks/workbooks holds both ways against each other.
extension XLSXSheetRows {
    /// The end tag behind which a plain row may come.
    static let border: StaticString = "</row>"

    /// Puts the next row into `row`, which is empty, if the part is between rows and the row is plain and whole.
    @inline(__always)
    mutating func readPlainRow(_ row: inout SheetRow) -> Bool {
        // A cell that is still open may stand around rows.
        guard !isInValue, type != .inline else { return false }
        let number = row.number
        if part.readPlain({ readPlainRow($0, &row) }) { return true }
        row.removeAll()
        row.number = number
        column = -1
        if type == .inline { type = .number }
        return false
    }

    /// - Returns: how many bytes the row and the white space before it have; 0 where it isn't plain.
    private mutating func readPlainRow(_ bytes: Span<UInt8>, _ row: inout SheetRow) -> Int {
        var index = 0
        while index < bytes.count, XMLPageParser.isSpace(bytes[index]) { index += 1 }
        guard bytes.pass("<row r=\"", &index), let written = bytes.passValue(&index),
            let number = bytes.extracting(written).wholeNumber, Int64(number) > rowNumber,
            number <= SheetBounds.rowsMax, Self.passRowAttributes(bytes, &index, &row)
        else { return 0 }
        row.number = Int64(number)
        if !bytes.pass("/>", &index) {
            guard bytes.pass(">", &index) else { return 0 }
            while !bytes.pass("</row>", &index) {
                guard readPlainCell(bytes, &index, &row) else { return 0 }
            }
        }
        rowNumber = row.number
        return index
    }

    /// The attributes of a row that programs write after `r`, and which of them is `hidden`.
    private static let rowAttributes: [StaticString] = [
        "spans=\"", "hidden=\"", "ht=\"", "customHeight=\"", "x14ac:dyDescent=\"", "s=\"", "customFormat=\"",
        "outlineLevel=\"", "collapsed=\"",
    ]
    private static let hidden = 1

    /// Goes behind a row's attributes after `r`: those that programs write.
    /// - Returns: false where there is another, or one twice.
    @inline(__always)
    private static func passRowAttributes(_ bytes: Span<UInt8>, _ index: inout Int, _ row: inout SheetRow) -> Bool {
        var seen = 0
        while bytes.pass(" ", &index) {
            var place = 0
            while place < rowAttributes.count, !bytes.pass(rowAttributes[place], &index) { place += 1 }
            guard place < rowAttributes.count, seen & 1 << place == 0, let value = bytes.passValue(&index) else {
                return false
            }
            seen |= 1 << place
            if place == hidden, bytes.extracting(value).isYes { row.visibility = .hidden }
        }
        return true
    }

    @inline(__always)
    private mutating func readPlainCell(_ bytes: Span<UInt8>, _ index: inout Int, _ row: inout SheetRow) -> Bool {
        guard bytes.pass("<c", &index), index < bytes.count, !XMLPageParser.isName(bytes[index]) else { return false }
        beginCell(&row)
        guard passCellAttributes(bytes, &index, row) else { return false }
        if !bytes.pass("/>", &index) {
            guard bytes.pass(">", &index) else { return false }
            if !bytes.pass("</c>", &index) {
                guard type == .inline ? readInline(bytes, &index, &row) : readValue(bytes, &index, &row) else {
                    return false
                }
                hasValue = true
            }
        }
        // Said with the parser's place and order.
        do throws(DecodingFailure) { try endCell(&row) } catch { return false }
        return true
    }

    @inline(__always)
    private mutating func passCellAttributes(_ bytes: Span<UInt8>, _ index: inout Int, _ row: SheetRow) -> Bool {
        var seen = 0
        while bytes.pass(" ", &index) {
            guard index < bytes.count else { return false }
            let name = bytes[index]
            index += 1
            guard bytes.pass("=\"", &index), let written = bytes.passValue(&index) else { return false }
            let value = bytes.extracting(written)
            let bit: Int
            switch name {
            case UInt8(ascii: "r"):
                bit = 1
                let (column, number) = Self.reference(value)
                guard column >= self.column, number == nil || number == row.number else { return false }
                self.column = column
            case UInt8(ascii: "s"):
                bit = 2
                style = value.wholeNumber ?? 0
            case UInt8(ascii: "t"):
                bit = 4
                type = Self.valueType(value)
            default: return false
            }
            guard seen & bit == 0 else { return false }
            seen |= bit
        }
        return true
    }

    @inline(__always)
    private func readValue(_ bytes: Span<UInt8>, _ index: inout Int, _ row: inout SheetRow) -> Bool {
        guard bytes.pass("<v>", &index), let text = bytes.passText(&index), bytes.pass("</v></c>", &index) else {
            return false
        }
        row.bytes.append(bytes.extracting(text))
        return true
    }

    @inline(__always)
    private func readInline(_ bytes: Span<UInt8>, _ index: inout Int, _ row: inout SheetRow) -> Bool {
        bytes.pass("<is>", &index) && RichText.readPlain(bytes, &index, into: &row.bytes)
            && bytes.pass("</is></c>", &index)
    }
}
