// Rows that are no record, and records in an unusual form.
extension CSVRecordDecoder {
    /// Whether a row may be one that ``passOver(_:at:into:)`` takes, by its first byte: false for nearly all records.
    /// - Parameter headerLead: the ``CSVHeaderForm/lead`` of the header.
    @inline(__always)
    func mayBeUnusual(_ row: Span<UInt8>, _ headerLead: UInt8) -> Bool {
        guard row.count > 0 else { return true }
        var lead = row[0]
        if lead == 0x22, row.count > 1 { lead = row[1] }
        return Self.mayBeUnusual(lead: lead, headerLead, delimiter.rawValue)
    }

    /// The same, by the first byte of a row behind any quote.
    @inline(__always)
    static func mayBeUnusual(lead: UInt8, _ headerLead: UInt8, _ delimiter: UInt8) -> Bool {
        // From 2E to 7B are the letters and digits, and no blank, quote, comma, dash, pipe, or byte of a mark. A header
        // may stand once more with `_` before it.
        lead &- 0x2E >= 0x4E || lead | 0x20 == headerLead || lead == delimiter || lead == 0x5F
    }

    /// Takes a row behind the header that is no record, and one behind a byte order mark.
    /// - Parameter start: the place of the row in the batch's arena.
    /// - Returns: false for any other row, with nothing changed.
    @inline(never)
    mutating func passOver(_ row: Span<UInt8>, at start: Int, into batch: inout RecordBatch) -> Bool {
        if row.hasByteOrderMark(at: 0) {
            tally.tolerated.add(.byteOrderMark, line: framer.recordLine)
            decode(row.extracting(3..<row.count), at: start + 3, into: &batch)
            return true
        }
        if isBlank(row) {
            tally.skipped.add(.blank, line: framer.recordLine)
            return true
        }
        if isRuler(row) {
            tally.skipped.add(.ruler, line: framer.recordLine)
            return true
        }
        guard headerForm.matches(row) else { return false }
        tally.skipped.add(.repeatedHeader, line: framer.recordLine)
        return true
    }

    /// Whether a row holds nothing but delimiters, quotes, and blanks, among which characters that can't be seen are.
    func isBlank(_ row: Span<UInt8>) -> Bool {
        var index = 0
        while index < row.count {
            let byte = row[index]
            let isEmpty = byte == delimiter.rawValue || byte == 0x22 || byte == EndOfFileMark.byte
            let length = isEmpty ? 1 : row.blankLength(at: index)
            if length == 0 { return false }
            index += length
        }
        return true
    }

    /// Whether a row is one of dashes: right below the header, as SQL clients and Markdown write it (`----,----`,
    /// `|---|--:|`), or anywhere a border with corners (`+----+----+`).
    private func isRuler(_ row: Span<UInt8>) -> Bool {
        guard recordsRead == 0 || row[0] == UInt8(ascii: "+") else { return false }
        var dashes = 0
        for index in 0..<row.count {
            switch row[index] {
            case UInt8(ascii: "-"), UInt8(ascii: "="): dashes += 1
            case delimiter.rawValue, UInt8(ascii: "+"), UInt8(ascii: "|"), UInt8(ascii: ":"), 0x20, 0x09, 0x22: break
            default: return false
            }
        }
        return dashes >= 3
    }

    /// What is wrong with a record that has more or fewer fields than the header; nil where that can be accepted: all
    /// surplus fields are empty, or the first role's field is among those that are there and a line end is behind it.
    @inline(never)
    mutating func raggedProblem(
        of record: ByteSlice, in batch: borrowing RecordBatch, _ columns: (found: Int, expected: Int)
    ) -> RecordProblem? {
        let row = batch.arena.span.extracting(record.range)
        let ragged = RecordProblem.raggedRow(expected: Int32(columns.expected), found: Int32(columns.found))
        if columns.found > columns.expected {
            guard hasEmptySurplus(row, columns) else { return Self.escapesQuotes(row) ? .escapedQuote : ragged }
            tally.tolerated.add(.surplus, line: framer.recordLine)
            return nil
        }
        guard let header, header.places.first < columns.found else { return ragged }
        if let other = otherDelimiter(of: row, header, columns.found) {
            tally.otherDelimiters.add(other, line: framer.recordLine)
            return .otherDelimiter(other, header: delimiter)
        }
        if endsInRecord { return .cutOff(expected: Int32(columns.expected), found: Int32(columns.found)) }
        tally.tolerated.add(.short, line: framer.recordLine)
        return nil
    }

    /// Whether a backslash stands before a quote in a record.
    @inline(never)
    static func escapesQuotes(_ row: Span<UInt8>) -> Bool { row.firstIndex(of: "\\\"", from: 0) != nil }

    /// Whether all fields that a record has more than the header are empty or blank.
    private func hasEmptySurplus(_ row: Span<UInt8>, _ columns: (found: Int, expected: Int)) -> Bool {
        // Without a quote at the end, the delimiters there tell.
        var (end, delimiters) = (row.count, 0)
        while end > 0, row[end - 1] == delimiter.rawValue || row[end - 1] == 0x20 || row[end - 1] == 0x09 {
            end -= 1
            if row[end] == delimiter.rawValue { delimiters += 1 }
        }
        if delimiters >= columns.found - columns.expected { return true }
        if end == 0 || row[end - 1] != 0x22 && row[end - 1] < 0x80 { return false }
        var cells = CSVCells()
        cells.split(row, at: delimiter)
        return cells.cells.dropFirst(columns.expected).allSatisfy { cell in
            cells.bytes[cell.range].span.isBlank
        }
    }

    /// The delimiter that would give a record that lacks fields as many as the header has, with an integer or nothing
    /// in the columns of integers; where there is no such column, with no blank behind the delimiters, as prose has.
    /// For a record that stands in quotes as a whole, only the header's own delimiter counts, and an integer has to be
    /// there. Nil where there is none.
    private func otherDelimiter(of row: Span<UInt8>, _ header: CSVHeader, _ found: Int) -> CSVDelimiter? {
        let integers = mapping.roles.indices.filter { mapping.roles[$0].content == .integer }
            .map { header.places[$0] }.filter { $0 >= 0 }
        func fits(_ cells: CSVCells) -> Bool {
            guard cells.cells.count == header.columns.count else { return false }
            return integers.isEmpty
                ? cells.cells.dropFirst().allSatisfy { $0.count == 0 || cells.bytes[$0.start] != 0x20 }
                : integers.allSatisfy { cells.bytes[cells.cells[$0].range].span.isNumberOrBlank }
        }
        var cells = CSVCells()
        if found == 1, row[0] == 0x22 {
            guard !integers.isEmpty else { return nil }
            cells.split(row, at: delimiter)
            let text = Array(cells.bytes[cells.cells[0].range])
            cells.split(text.span, at: delimiter)
            let hasNumber = integers.contains {
                $0 < cells.cells.count && !cells.bytes[cells.cells[$0].range].span.isBlank
            }
            return hasNumber && fits(cells) ? delimiter : nil
        }
        for other in CSVDelimiter.allCases where other != delimiter {
            cells.split(row, at: other)
            if fits(cells) { return other }
        }
        return nil
    }
}
