/// A cell of OpenDocument while it is read: its value by its attributes, and what it shows, paragraph by paragraph.
struct ODSCell {
    private enum ValueType {
        case none, number, date, flag, text
    }

    /// How deep the cell's own element stands; 0 while there is none.
    private var depth = 0
    private var type = ValueType.none
    private var isError = false, hasFormula = false, hasAttributeText = false, isSpanned = false
    /// Whether it lies under a merged cell, so that nobody sees what it holds.
    private var isCovered = false
    private var repeated = 1
    /// How many rows it is merged with, itself included.
    private var rowsSpanned = 1
    /// The value that an attribute gives.
    private var value: [UInt8] = []
    /// Where what it shows begins in the row's bytes, and how many paragraphs there are.
    private var start = 0, paragraphs = 0
    private var isInParagraph = false
    /// How deep an element stands whose text is no part of the cell's; 0 for none.
    private var skipped = 0
    /// How many more cells may be repetitions of others: a file of a few bytes could ask for billions.
    private var repetitionsLeft = 1 << 26
    /// Whether white space that comes is left out.
    private var dropsSpace = true

    /// Whether a cell is being read.
    var isOpen: Bool { depth > 0 }

    /// Whether an element that ended, so that `depth` are left, is the cell's own.
    func isEnd(_ depth: Int) -> Bool { depth == self.depth - 1 }

    mutating func begin(_ depth: Int, isCovered: Bool, _ row: inout SheetRow) {
        self.depth = depth
        self.isCovered = isCovered
        type = .none
        (isError, hasFormula, hasAttributeText, isSpanned) = (false, false, false, false)
        (repeated, rowsSpanned, paragraphs, skipped) = (1, 1, 0, 0)
        isInParagraph = false
        value.removeAll(keepingCapacity: true)
        start = row.bytes.count
    }

    /// Reads the beginning of an element inside the cell.
    mutating func start(_ event: XMLPage.Event, _ depth: Int, _ row: inout SheetRow) {
        if skipped > 0 { return }
        if depth == self.depth + 1 {
            guard event.name == .p else { return skipped = depth }
            if paragraphs > 0 { row.bytes.append(0x0A) }
            paragraphs += 1
            (isInParagraph, dropsSpace) = (true, true)
            return
        }
        switch event.name {
        case .tab: append(0x09, &row)
        case .lineBreak: append(0x0A, &row)
        case .s: append(0x20, &row)
        case .annotation, .rubyText: skipped = depth
        default: break
        }
    }

    private mutating func append(_ byte: UInt8, _ row: inout SheetRow) {
        row.bytes.append(byte)
        dropsSpace = false
    }

    /// Reads an attribute.
    /// - Returns: whether it makes the cell one of several that are merged.
    mutating func read(_ event: XMLPage.Event, _ depth: Int, _ page: XMLPage, _ row: inout SheetRow) -> Bool {
        guard depth == self.depth else {
            // A run of blanks (`<text:s text:c="3"/>`); a text holds no more of them than a record may be long.
            if event.name == .c, skipped == 0, isInParagraph, let count = page.number(event.slice), count > 1 {
                row.bytes += repeatElement(0x20, count: min(count, 1 << 16) - 1)
            }
            return false
        }
        switch event.name {
        case .valueType: readType(event.slice, page)
        case .value: if type == .number || value.isEmpty { value = Array(page.bytes[event.slice.range]) }
        case .dateValue, .timeValue, .booleanValue: value = Array(page.bytes[event.slice.range])
        case .stringValue:
            value = Array(page.bytes[event.slice.range])
            hasAttributeText = true
        case .formula: hasFormula = true
        case .columnsRepeated: repeated = max(1, page.number(event.slice) ?? 1)
        case .columnsSpanned, .rowsSpanned:
            if event.name == .rowsSpanned { rowsSpanned = page.number(event.slice) ?? 1 }
            if !isSpanned, (page.number(event.slice) ?? 1) > 1 {
                isSpanned = true
                return true
            }
        default: break
        }
        return false
    }

    private mutating func readType(_ slice: ByteSlice, _ page: XMLPage) {
        if page.isEqual(slice, "error") { return isError = true }
        if page.isEqual(slice, "date") || page.isEqual(slice, "time") { return type = .date }
        if page.isEqual(slice, "boolean") { return type = .flag }
        type = page.isEqual(slice, "string") ? .text : .number
    }

    /// Reads text: white space is one blank, and none where a paragraph begins (section 6.1.2).
    mutating func text(_ bytes: ArraySlice<UInt8>, _ row: inout SheetRow) {
        guard isInParagraph, skipped == 0 else { return }
        for byte in bytes {
            let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
            if isSpace, dropsSpace { continue }
            row.bytes.append(isSpace ? 0x20 : byte)
            dropsSpace = isSpace
        }
    }

    /// Reads the end of an element inside the cell.
    /// - Parameter depth: how deep it stood.
    mutating func end(_ event: XMLPage.Event, _ depth: Int, _ row: inout SheetRow) {
        if skipped > 0 {
            if depth == skipped { skipped = 0 }
            return
        }
        if event.name == .p {
            if dropsSpace, row.bytes.count > start, row.bytes[row.bytes.count - 1] == 0x20 { row.bytes.removeLast() }
            isInParagraph = false
        }
    }

    /// Ends the cell: adds it to the row as often as it is repeated.
    mutating func finish(_ row: inout SheetRow, _ column: inout Int) throws(DecodingFailure) {
        depth = 0
        guard let kind = makeText(&row) else {
            column = min(column + repeated, 1 << 20)
            return
        }
        if rowsSpanned > 1 { row.spans.append(CellSpan(column: column, rows: Int64(rowsSpanned))) }
        repetitionsLeft -= repeated - 1
        guard column + repeated <= SheetBounds.columnsMax, repetitionsLeft >= 0 else {
            throw SheetBounds.exceeded(row: row.number)
        }
        try row.checkLength()
        let slice = ByteSlice(start: start, count: row.bytes.count - start)
        for _ in 0..<repeated {
            row.cells.append(
                SheetCell(column: column, kind: kind, slice: slice, isFormula: hasFormula && kind != .bareFormula))
            column += 1
        }
    }

    /// Makes the cell's text of its value and of what it shows.
    /// - Returns: what it is; nil where it holds nothing.
    private mutating func makeText(_ row: inout SheetRow) -> SheetCell.Kind? {
        if isCovered {
            row.replace(from: start, by: [])
            return nil
        }
        let shown = Array(row.bytes[start...])
        let isShownAsError = hasFormula && (shown.first == UInt8(ascii: "#") || shown.starts(with: "Err:".utf8))
        if isError || (isShownAsError && type != .text) { return .error }
        switch type {
        case .none:
            if paragraphs > 0, !shown.isEmpty { return .text }
            return hasFormula ? .bareFormula : nil
        case .text:
            if hasAttributeText, paragraphs == 0 || shown.isEmpty { row.replace(from: start, by: value) }
            return row.bytes.count > start ? .text : nil
        case .date:
            row.replace(from: start, by: value.isEmpty ? shown : value)
            return .date
        case .flag:
            row.replace(from: start, by: Array((value.elementsEqual("true".utf8) ? "TRUE" : "FALSE").utf8))
            return .flag
        case .number: return number(shown, &row)
        }
    }

    private func number(_ shown: [UInt8], _ row: inout SheetRow) -> SheetCell.Kind {
        row.bytes.removeLast(shown.count)
        guard let kind = NumberText.append(value[...], to: &row.bytes) else {
            row.bytes += shown
            return .text
        }
        let text = row.bytes[start...]
        if shown.isEmpty || text.elementsEqual(shown) { return kind }
        // What is shown has zeros before the same digits.
        if shown.first == 0x30, shown.count > text.count, shown.allSatisfy({ (0x30...0x39).contains($0) }),
            shown.drop(while: { $0 == 0x30 }).elementsEqual(text.drop { $0 == 0x30 })
        {
            row.replace(from: start, by: shown)
            return kind
        }
        return kind == .number ? .formattedNumber : kind
    }
}

extension SheetRow {
    /// Replaces the bytes from `start` on.
    mutating func replace(from start: Int, by text: [UInt8]) {
        bytes.removeLast(bytes.count - start)
        bytes += text
    }
}
