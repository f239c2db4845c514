/// The rows of a worksheet part of Office Open XML (ECMA-376-1, 18.3.1), in order, however long the sheet is.
///
/// To its maintainers: nothing is sized by what the part says of itself (`dimension`), and elements are
/// matched by local names, for the strict form has other namespaces. Most rows are plain and are read in
/// XLSXSheetRows+Plain.swift, past the parser of XML; what is read here is the rule.
struct XLSXSheetRows: SheetRows {
    /// How a cell's value is written: its attribute `t` (18.18.11).
    enum ValueType {
        case number, shared, text, inline, flag, error, date
    }

    let part: XMLPart
    private let strings: SharedStrings
    private let styles: CellStyles
    private let is1904: Bool
    private let mergedCells: () -> XLSXMergedCells
    private var merged = XLSXMergedCells()
    private var page = XMLPage()
    private var index = 0

    private(set) var extras = SheetExtras()
    private(set) var isInRows = false
    /// What the attributes that come belong to.
    private var element = XMLName.other
    /// The row before, and the column of the cell before.
    var rowNumber: Int64 = 0, column = -1
    // The cell at hand.
    var type = ValueType.number
    var style = 0
    var hasValue = false
    private(set) var start = 0
    private(set) var isInValue = false
    private var hasFormula = false
    private var richText = RichText()

    /// Rows of the part, whose texts and formats are the workbook's.
    init(
        _ part: XMLPart, strings: SharedStrings, styles: CellStyles, is1904: Bool,
        mergedCells: @escaping () -> XLSXMergedCells
    ) {
        self.part = part
        self.mergedCells = mergedCells
        self.strings = strings
        self.styles = styles
        self.is1904 = is1904
    }

    mutating func next(_ row: inout SheetRow) throws(DecodingFailure) -> Bool {
        row.removeAll()
        column = -1
        var hasBegun = false
        while true {
            if index >= page.events.count {
                if isInRows, !hasBegun, readPlainRow(&row) { return end(&row) }
                index = 0
                guard try part.read(into: &page) else { return false }
            }
            let event = page.events[index]
            index += 1
            if isInRows {
                if event.kind != .text { hasBegun = true }
                if try read(event, &row) { return end(&row) }
            } else {
                readOutside(event)
            }
        }
    }

    mutating func findMerged() { merged = mergedCells() }

    /// Ends a row.
    @inline(__always)
    private func end(_ row: inout SheetRow) -> Bool {
        if !merged.isEmpty { row.spans = merged.spans(from: row.number) }
        return true
    }

    /// Reads what stands before or behind the rows.
    private mutating func readOutside(_ event: XMLPage.Event) {
        switch (event.kind, event.name) {
        case (.start, .sheetData): isInRows = true
        case (.start, .mergeCell):
            element = .mergeCell
            extras.mergedAreas += 1
        case (.start, .filterColumn): extras.hasFilter = true
        case (.start, _): element = event.name
        case (.attribute, .min) where element == .col:
            extras.setColumns(from: (page.number(event.slice) ?? 1) - 1, count: 1)
        case (.attribute, .max) where element == .col:
            extras.setColumns(count: (page.number(event.slice) ?? 1) - extras.columns.lowerBound)
        case (.attribute, .hidden) where element == .col: extras.isHidingColumns = page.isTrue(event.slice)
        case (.end, .col): extras.endColumns()
        case (.attribute, .ref) where element == .mergeCell:
            if extras.firstMerged == nil { extras.firstMerged = page.name(event.slice) }
        default: break
        }
    }

    /// Reads what stands among the rows.
    /// - Returns: whether the row has ended.
    @inline(__always)
    private mutating func read(_ event: XMLPage.Event, _ row: inout SheetRow) throws(DecodingFailure) -> Bool {
        switch event.kind {
        case .text:
            if isInValue {
                row.bytes += page.bytes[event.slice.range]
            } else if type == .inline {
                richText.read(event, in: page, into: &row.bytes)
            }
        case .attribute: try readAttribute(event, &row)
        case .start:
            element = event.name
            switch event.name {
            case .c: beginCell(&row)
            case .v: (isInValue, hasValue) = (true, true)
            case .f: hasFormula = true
            case .row:
                rowNumber += 1
                row.number = rowNumber
            case .inline: hasValue = true
            case .t, .rPh: if type == .inline { richText.read(event, in: page, into: &row.bytes) }
            default: break
            }
        case .end:
            switch event.name {
            case .v: isInValue = false
            case .c: try endCell(&row)
            case .row:
                guard row.number <= SheetBounds.rowsMax else { throw SheetBounds.exceeded(row: row.number) }
                return true
            case .sheetData: isInRows = false
            case .t, .rPh: if type == .inline { richText.read(event, in: page, into: &row.bytes) }
            default: break
            }
        }
        return false
    }

    @inline(__always)
    mutating func beginCell(_ row: inout SheetRow) {
        column += 1
        type = .number
        style = 0
        (hasFormula, hasValue, isInValue) = (false, false, false)
        start = row.bytes.count
        richText.begin(at: start)
    }

    @inline(__always)
    private mutating func readAttribute(_ event: XMLPage.Event, _ row: inout SheetRow) throws(DecodingFailure) {
        switch (element, event.name) {
        case (.c, .r):
            let (column, number) = Self.reference(page.bytes.span.extracting(event.slice.range))
            guard column >= self.column, number == nil || number == row.number else {
                throw outOfOrder("the cell \(page.string(event.slice))", row)
            }
            self.column = column
        case (.c, .s): style = page.number(event.slice) ?? 0
        case (.c, .t): type = Self.valueType(page.bytes.span.extracting(event.slice.range))
        case (.row, .r):
            guard let number = page.number(event.slice), Int64(number) >= rowNumber else {
                throw outOfOrder("the row \(page.string(event.slice))", row)
            }
            rowNumber = Int64(number)
            row.number = rowNumber
        case (.row, .hidden): if page.isTrue(event.slice) { row.visibility = .hidden }
        case (.t, .space): if type == .inline { richText.read(event, in: page, into: &row.bytes) }
        default: break
        }
    }

    private func outOfOrder(_ what: String, _ row: SheetRow) -> DecodingFailure {
        DecodingFailure(
            code: .notWellFormed, line: row.number,
            message: "\(what) of the sheet is not where it belongs; open and save the workbook again")
    }

    /// A cell's column, from 0, and its row: `B7`. The column is -1 where it is none.
    @inline(__always)
    static func reference(_ text: Span<UInt8>) -> (Int, Int64?) {
        var (column, row) = (0, Int64(0))
        var hasRow = false
        for place in 0..<text.count {
            let byte = text[place]
            if byte &- 0x30 <= 9 {
                hasRow = true
                row = min(row * 10 + Int64(byte - 0x30), 1 << 40)
            } else if !hasRow, (byte | 0x20) &- 0x61 < 26 {
                column = min(column * 26 + Int((byte | 0x20) - 0x60), 1 << 20)
            } else {
                return (-1, nil)
            }
        }
        return (column - 1, hasRow ? row : nil)
    }

    @inline(__always)
    static func valueType(_ text: Span<UInt8>) -> ValueType {
        switch text.count {
        case 1:
            switch text[0] {
            case UInt8(ascii: "s"): .shared
            case UInt8(ascii: "b"): .flag
            case UInt8(ascii: "e"): .error
            case UInt8(ascii: "d"): .date
            default: .number
            }
        case 3: text.isNamed("str") ? .text : .number
        case 9: text.isNamed("inlineStr") ? .inline : .number
        default: .number
        }
    }

    /// Appends the cell to the row, if it holds anything.
    @inline(__always)
    mutating func endCell(_ row: inout SheetRow) throws(DecodingFailure) {
        guard column < SheetBounds.columnsMax else { throw SheetBounds.exceeded(row: row.number) }
        try row.checkLength()
        let wasInline = type == .inline
        defer { if wasInline { type = .number } }
        if hasFormula {
            // Some writers leave an empty value: only a text can be empty.
            if !hasValue || (row.bytes.count == start && type != .text && type != .inline) {
                return row.append(.bareFormula, column, from: start)
            }
        }
        guard hasValue, row.bytes.count > start || hasFormula else { return }
        defer { if hasFormula { row.markFormula(column) } }
        switch type {
        case .inline: row.append(.text, column, from: start)
        case .text:
            RichText.finish(&row.bytes, from: start, keepsSpace: true)
            row.append(.text, column, from: start)
        case .shared:
            guard let index = row.takeNumber(from: start), let text = strings.text(index) else {
                throw DecodingFailure(
                    code: .notWellFormed, line: row.number,
                    message: "\(SheetBounds.letters(column))\(row.number) is a text that the workbook doesn't hold; "
                        + "open and save the workbook again")
            }
            if text.isEmpty { return }
            row.bytes += text
            row.append(.text, column, from: start)
        case .number: row.appendNumber(column, from: start, styles[style], is1904: is1904)
        case .flag: row.appendFlag(column, from: start)
        case .error: row.append(.error, column, from: start)
        case .date: row.append(.date, column, from: start)
        }
    }
}
