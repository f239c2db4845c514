/// Writes the rows of one worksheet of Office Open XML: text as text, whatever it looks like, so that reading it gives
/// the same.
struct XLSXSheetEncoder {
    /// The most characters of a cell, in units of UTF-16, as spreadsheet programs have it.
    private static let textUnitsMax = 32_767
    /// The styles of ``XLSXPackage``: a plain cell, a title, text that stays text when it is edited; and such a text
    /// with a colour behind it.
    static let titleStyle = 1, textStyle = 2, markedTextStyle = 3

    private var rows: Int64 = 0
    private var columns = 0
    private var column = 0

    /// Whether the sheet has room for another row.
    var hasRoom: Bool { rows < SheetBounds.rowsMax }

    /// Writes what stands before the rows, and the row of titles, which stays in view.
    /// - Parameters:
    ///   - titles: the titles, and whether a column holds text.
    ///   - widths: the columns' widths, in characters; nil for usual ones.
    mutating func begin(
        _ titles: [(title: String, isText: Bool)], widths: [Int]? = nil, to bytes: inout [UInt8]
    ) {
        columns = titles.count
        bytes +=
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>\
            <sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" \
            state="frozen"/></sheetView></sheetViews><cols>
            """.utf8
        for (index, column) in titles.enumerated() {
            let style = column.isText ? " style=\"\(Self.textStyle)\"" : ""
            let width = widths?[index] ?? (column.isText ? 36 : 14)
            bytes += "<col min=\"\(index + 1)\" max=\"\(index + 1)\" width=\"\(width)\"\(style)".utf8
            bytes += " customWidth=\"1\"/>".utf8
        }
        bytes += "</cols><sheetData>".utf8
        beginRow(to: &bytes)
        for column in titles { _ = appendText(column.title.utf8.span, style: Self.titleStyle, to: &bytes) }
        endRow(to: &bytes)
    }

    /// Begins a row. Precondition: there is room.
    mutating func beginRow(to bytes: inout [UInt8]) {
        precondition(hasRoom, "a sheet has at most \(SheetBounds.rowsMax) rows")
        rows += 1
        column = 0
        bytes += "<row r=\"".utf8
        CSVEncoder.append(rows, to: &bytes)
        bytes += "\">".utf8
    }

    /// Ends a row.
    func endRow(to bytes: inout [UInt8]) { bytes += "</row>".utf8 }

    /// Leaves a cell empty.
    mutating func appendNothing() { column += 1 }

    /// Appends an empty cell that has a style.
    mutating func appendEmpty(style: Int, to bytes: inout [UInt8]) {
        beginCell(to: &bytes)
        bytes += "\" s=\"\(style)\"/>".utf8
    }

    /// Appends a text.
    /// - Returns: false, with nothing written, where it has more characters than a cell can hold.
    mutating func appendText(_ text: Span<UInt8>, style: Int = textStyle, to bytes: inout [UInt8]) -> Bool {
        guard text.count <= Self.textUnitsMax || Self.units(text) <= Self.textUnitsMax else { return false }
        if text.count == 0 {
            appendNothing()
            return true
        }
        beginCell(to: &bytes)
        bytes += "\" s=\"\(style)\" t=\"inlineStr\"><is><t".utf8
        if text[0] <= 0x20 || text[text.count - 1] <= 0x20 { bytes += " xml:space=\"preserve\"".utf8 }
        bytes.append(UInt8(ascii: ">"))
        Self.append(text, to: &bytes)
        bytes += "</t></is></c>".utf8
        return true
    }

    /// Appends a number, whose digits `text` is.
    mutating func appendNumber(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
        beginCell(to: &bytes)
        bytes += "\"><v>".utf8
        bytes.append(text)
        bytes += "</v></c>".utf8
    }

    /// Appends true or false.
    mutating func appendFlag(_ isTrue: Bool, to bytes: inout [UInt8]) {
        beginCell(to: &bytes)
        bytes += (isTrue ? "\" t=\"b\"><v>1</v></c>" : "\" t=\"b\"><v>0</v></c>").utf8
    }

    /// Appends an error such as `#N/A`, marked; what is none of a sheet's errors becomes `#VALUE!`.
    mutating func appendError(_ error: [UInt8], to bytes: inout [UInt8]) {
        let known = ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"]
        let text = known.first { $0.utf8.elementsEqual(error) } ?? "#VALUE!"
        beginCell(to: &bytes)
        bytes += "\" s=\"\(Self.markedTextStyle)\" t=\"e\"><v>\(text)</v></c>".utf8
    }

    /// Appends a formula without its value, marked, which a spreadsheet program works out to be no value.
    mutating func appendBareFormula(to bytes: inout [UInt8]) {
        beginCell(to: &bytes)
        bytes += "\" s=\"\(Self.markedTextStyle)\"><f>NA()</f></c>".utf8
    }

    /// As much of a text as a cell can hold.
    static func cut(_ text: [UInt8]) -> [UInt8] {
        guard text.count > textUnitsMax, units(text.span) > textUnitsMax else { return text }
        var (end, count) = (0, 0)
        while end < text.count {
            // Four bytes are two units.
            let width = text[end] < 0x80 ? 1 : text[end] < 0xE0 ? 2 : text[end] < 0xF0 ? 3 : 4
            count += width == 4 ? 2 : 1
            guard count < textUnitsMax else { break }
            end += width
        }
        return Array(text[..<end]) + Array("…".utf8)
    }

    private mutating func beginCell(to bytes: inout [UInt8]) {
        bytes += "<c r=\"".utf8
        bytes += CellFault.letters(column).utf8
        CSVEncoder.append(rows, to: &bytes)
        column += 1
    }

    /// Writes what stands behind the rows, with a filter over all of them.
    func end(to bytes: inout [UInt8]) {
        bytes +=
            "</sheetData><autoFilter ref=\"A1:\(CellFault.letters(max(0, columns - 1)))\(rows)\"/></worksheet>".utf8
    }

    /// Appends text: what XML can't express, and what would be read as an escape, is escaped as `_xHHHH_`
    /// (ECMA-376-1, 22.9.2.19).
    private static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
        for index in 0..<text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "_") where isEscape(text, at: index): bytes += "_x005F_".utf8
            case 0x09, 0x0A: bytes.append(byte)
            case 0..<0x20:
                bytes += "_x00".utf8
                bytes.append(Hexadecimal.digit(byte >> 4))
                bytes.append(Hexadecimal.digit(byte & 15))
                bytes.append(UInt8(ascii: "_"))
            case 0xBE, 0xBF:
                // U+FFFE and U+FFFF, of which the first two bytes have been written.
                guard index >= 2, text[index - 1] == 0xBF, text[index - 2] == 0xEF else { fallthrough }
                bytes.removeLast(2)
                bytes += (byte == 0xBE ? "_xFFFE_" : "_xFFFF_").utf8
            default: bytes.append(byte)
            }
        }
    }

    private static func isEscape(_ text: Span<UInt8>, at place: Int) -> Bool {
        guard place + 7 <= text.count, text[place + 1] == UInt8(ascii: "x"), text[place + 6] == UInt8(ascii: "_") else {
            return false
        }
        for index in place + 2..<place + 6 {
            let byte = text[index]
            guard Hexadecimal.value(byte >= 0x41 ? byte | 0x20 : byte) != nil else { return false }
        }
        return true
    }

    /// The number of units of UTF-16.
    private static func units(_ text: Span<UInt8>) -> Int {
        var units = 0
        for index in 0..<text.count where text[index] & 0xC0 != 0x80 { units += text[index] >= 0xF0 ? 2 : 1 }
        return units
    }
}
