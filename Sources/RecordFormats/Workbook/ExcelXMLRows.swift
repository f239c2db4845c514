/// The rows of a workbook as Excel 2003 writes it in one XML document
/// (`urn:schemas-microsoft-com:office:spreadsheet`, "XML Spreadsheet 2003").
struct ExcelXMLRows: DocumentRows {
    private var events: XMLCursor
    private(set) var extras = SheetExtras()
    private(set) var hiddenSheets: Set<Int> = []
    private var sheetNumber = -1
    private var formats: [String: NumberFormat] = [:]
    private var style = ""
    private var element = XMLName.other
    private var isInSheet = false, isInRows = false, isInVisibility = false
    private var rowNumber: Int64 = 0, spanned: Int64 = 0
    private var column = -1, merged = 0, mergedDown = 0
    // The cell at hand.
    private var isInCell = false, isInData = false, hasData = false, hasFormula = false, isSkipped = false
    private var type = SheetCell.Kind.text
    private var cellStyle = ""
    private var start = 0

    init(_ part: XMLPart) { events = XMLCursor(part) }

    mutating func nextSheet() throws(DecodingFailure) -> String? {
        var name: String?
        isInRows = false
        while let event = try events.next() {
            if let found = name, event.kind != .attribute {
                events.stepBack()
                isInSheet = true
                return found
            }
            switch (event.kind, event.name) {
            case (.start, .worksheet):
                sheetNumber += 1
                (rowNumber, spanned, extras) = (0, 0, SheetExtras())
                name = ""
                element = .worksheet
            case (.attribute, .nameUpper) where element == .worksheet: name = events.page.name(event.slice)
            case (.start, .visible): isInVisibility = true
            case (.end, .visible): isInVisibility = false
            case (.text, _):
                if isInVisibility, !events.page.isEqual(event.slice, "SheetVisible") {
                    hiddenSheets.insert(sheetNumber)
                }
            case (.start, _): element = event.name
            case (.attribute, .idCapitals) where element == .styleUpper: style = events.page.name(event.slice)
            case (.attribute, .format) where element == .numberFormat:
                if formats.count < 100_000 { formats[style] = NumberFormat(code: events.page.string(event.slice)) }
            default: break
            }
        }
        return name
    }

    mutating func next(_ row: inout SheetRow) throws(DecodingFailure) -> Bool {
        row.removeAll()
        guard isInSheet else { return false }
        (column, merged) = (-1, 0)
        while let event = try events.next() {
            switch event.kind {
            case .start:
                element = event.name
                startElement(event.name, &row)
            case .attribute: try readAttribute(event, &row)
            case .text: if isInData { row.bytes += events.page.bytes[event.slice.range] }
            case .end:
                switch event.name {
                case .data: isInData = false
                case .comment, .phoneticText: isSkipped = false
                case .columnUpper where isInRows: extras.endColumns()
                case .cellUpper where isInCell: try endCell(&row)
                case .rowUpper where isInRows:
                    rowNumber += spanned
                    spanned = 0
                    return true
                case .tableUpper:
                    // What stands behind the rows is read on the way to the next sheet.
                    (isInRows, isInSheet) = (false, false)
                    return false
                case .worksheet:
                    isInSheet = false
                    return false
                default: break
                }
            }
        }
        return false
    }

    private mutating func startElement(_ name: XMLName, _ row: inout SheetRow) {
        switch name {
        case .tableUpper: isInRows = true
        case .columnUpper: extras.setColumns(from: extras.columns.upperBound, count: 1)
        case .rowUpper:
            rowNumber += 1
            row.number = rowNumber
        case .cellUpper where isInRows:
            column += 1 + merged
            (isInCell, hasData, hasFormula, isSkipped, merged) = (true, false, false, false, 0)
            (type, cellStyle, start, mergedDown) = (.text, "", row.bytes.count, 0)
        case .comment, .phoneticText: isSkipped = true
        case .data where isInCell && !isSkipped: (isInData, hasData) = (true, true)
        default: break
        }
    }

    private mutating func readAttribute(_ event: XMLPage.Event, _ row: inout SheetRow) throws(DecodingFailure) {
        switch (element, event.name) {
        case (.rowUpper, .index):
            guard let number = events.page.number(event.slice), Int64(number) >= rowNumber else {
                throw outOfOrder(row)
            }
            rowNumber = Int64(number)
            row.number = rowNumber
        case (.rowUpper, .hiddenUpper): if events.page.isTrue(event.slice) { row.visibility = .hidden }
        case (.columnUpper, .index): extras.setColumns(from: (events.page.number(event.slice) ?? 1) - 1, count: 1)
        case (.columnUpper, .span): extras.setColumns(count: (events.page.number(event.slice) ?? 0) + 1)
        case (.columnUpper, .hiddenUpper): extras.isHidingColumns = events.page.isTrue(event.slice)
        case (.rowUpper, .span): spanned = Int64(events.page.number(event.slice) ?? 0)
        case (.cellUpper, .index):
            guard let number = events.page.number(event.slice), number - 1 >= column else { throw outOfOrder(row) }
            column = number - 1
        case (.cellUpper, .styleID): cellStyle = events.page.name(event.slice)
        case (.cellUpper, .formulaUpper): hasFormula = true
        case (.cellUpper, .mergeAcross):
            merged = min(events.page.number(event.slice) ?? 0, SheetBounds.columnsMax)
            extras.noteMerged(column, row)
        case (.cellUpper, .mergeDown):
            mergedDown = events.page.number(event.slice) ?? 0
            if merged == 0 { extras.noteMerged(column, row) }
        case (.data, .type): if isInData { type = kind(event.slice) }
        default: break
        }
    }

    private func kind(_ slice: ByteSlice) -> SheetCell.Kind {
        if events.page.isEqual(slice, "Number") { return .number }
        if events.page.isEqual(slice, "DateTime") { return .date }
        if events.page.isEqual(slice, "Boolean") { return .flag }
        return events.page.isEqual(slice, "Error") ? .error : .text
    }

    private func outOfOrder(_ row: SheetRow) -> DecodingFailure {
        DecodingFailure(
            code: .notWellFormed, line: row.number,
            message: "an index of the sheet is not where it belongs; open and save the workbook again")
    }

    private mutating func endCell(_ row: inout SheetRow) throws(DecodingFailure) {
        isInCell = false
        guard column < SheetBounds.columnsMax else { throw SheetBounds.exceeded(row: row.number) }
        try row.checkLength()
        if mergedDown > 0 { row.spans.append(CellSpan(column: column, rows: Int64(mergedDown) + 1)) }
        if hasFormula, !hasData { return row.append(.bareFormula, column, from: start) }
        guard hasData, row.bytes.count > start else { return }
        defer { if hasFormula { row.markFormula(column) } }
        switch type {
        case .number:
            let format = formats[cellStyle] ?? .plain
            row.appendNumber(column, from: start, format == .date ? .plain : format, is1904: false)
        case .flag: row.appendFlag(column, from: start)
        case .date:
            // A time of midnight says no more than the day.
            let text = row.bytes[start...]
            if text.count == 23, text.suffix(13).elementsEqual("T00:00:00.000".utf8) { row.bytes.removeLast(13) }
            row.append(.date, column, from: start)
        default: row.append(type, column, from: start)
        }
    }
}
