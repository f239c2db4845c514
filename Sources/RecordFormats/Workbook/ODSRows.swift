/// The rows of OpenDocument's sheets (OpenDocument 1.3, part 3, section 9), in `content.xml` or in a flat document.
///
/// To its maintainers: rows and cells that are alike stand once, with their number. What is empty costs nothing however
/// often it is said to be there; what isn't is bounded by a sheet's size.
struct ODSRows: DocumentRows {
    private var events: XMLCursor
    private(set) var extras = SheetExtras()
    private(set) var hiddenSheets: Set<Int> = []
    private var sheetNumber = -1
    /// The names of table styles that hide their tables, and the name of the style at hand.
    private var hidingStyles: Set<String> = []
    private var styleName = ""
    private var element = XMLName.other
    /// How deep elements stand in the table, from 1 for the table itself; 0 outside.
    private var depth = 0
    private var rowNumber: Int64 = 0
    private var cell = ODSCell()

    init(_ part: XMLPart) { events = XMLCursor(part) }

    mutating func nextSheet() throws(DecodingFailure) -> String? {
        var name: String?
        while let event = try events.next() {
            if depth > 0 {
                if event.kind == .start { depth += 1 } else if event.kind == .end { depth -= 1 }
                continue
            }
            if let found = name {
                // The attributes of the table.
                guard event.kind == .attribute else {
                    events.stepBack()
                    depth = 1
                    return found
                }
                if event.name == .name { name = events.page.name(event.slice) }
                if event.name == .styleName, hidingStyles.contains(events.page.name(event.slice)) {
                    hiddenSheets.insert(sheetNumber)
                }
                continue
            }
            switch (event.kind, event.name) {
            case (.start, .table):
                sheetNumber += 1
                (rowNumber, extras) = (0, SheetExtras())
                name = ""
            case (.start, _): element = event.name
            case (.attribute, .name) where element == .style: styleName = events.page.name(event.slice)
            case (.attribute, .display) where element == .tableProperties:
                if events.page.isEqual(event.slice, "false"), hidingStyles.count < 100_000 {
                    hidingStyles.insert(styleName)
                }
            default: break
            }
        }
        return name
    }

    mutating func next(_ row: inout SheetRow) throws(DecodingFailure) -> Bool {
        row.removeAll()
        guard depth > 0 else { return false }
        var column = 0
        var isInRow = false
        while let event = try events.next() {
            switch event.kind {
            case .start:
                depth += 1
                element = event.name
                if cell.isOpen {
                    cell.start(event, depth, &row)
                } else if event.name == .tableColumn {
                    extras.setColumns(from: extras.columns.upperBound, count: 1)
                } else if event.name == .tableRow {
                    isInRow = true
                    rowNumber += 1
                    row.number = rowNumber
                } else if isInRow, event.name == .tableCell || event.name == .coveredCell {
                    cell.begin(depth, isCovered: event.name == .coveredCell, &row)
                }
            case .attribute:
                if cell.isOpen {
                    if cell.read(event, depth, events.page, &row) { extras.noteMerged(column, row) }
                } else if element == .tableRow {
                    readRow(event, &row)
                } else if element == .tableColumn {
                    readColumn(event)
                }
            case .text: if cell.isOpen { cell.text(events.page.bytes[event.slice.range], &row) }
            case .end:
                depth -= 1
                if cell.isOpen {
                    if cell.isEnd(depth) { try cell.finish(&row, &column) } else { cell.end(event, depth + 1, &row) }
                } else if event.name == .tableRow {
                    rowNumber += row.count - 1
                    guard row.cells.isEmpty || rowNumber <= SheetBounds.rowsMax else {
                        throw SheetBounds.exceeded(row: row.number)
                    }
                    return true
                } else if event.name == .tableColumn {
                    extras.endColumns()
                } else if depth == 0 {
                    return false
                }
            }
        }
        return false
    }

    private mutating func readColumn(_ event: XMLPage.Event) {
        switch event.name {
        case .columnsRepeated: extras.setColumns(count: events.page.number(event.slice) ?? 1)
        case .visibility:
            extras.isHidingColumns =
                events.page.isEqual(event.slice, "collapse") || events.page.isEqual(event.slice, "filter")
        default: break
        }
    }

    private mutating func readRow(_ event: XMLPage.Event, _ row: inout SheetRow) {
        switch event.name {
        case .rowsRepeated: row.count = Int64(max(1, events.page.number(event.slice) ?? 1))
        case .visibility:
            if events.page.isEqual(event.slice, "collapse") { row.visibility = .hidden }
            if events.page.isEqual(event.slice, "filter") { row.visibility = .filtered }
        default: break
        }
    }
}
