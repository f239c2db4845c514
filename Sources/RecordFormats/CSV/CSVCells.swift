/// The fields of one whole CSV record, decoded. Reuse one: its memory is kept.
struct CSVCells {
    /// The record's bytes, and behind them those of fields that had to be copied.
    private(set) var bytes: [UInt8] = []
    /// Each field's place in `bytes`: in the record, or for a field with a doubled quote or with text behind its
    /// closing quote, in the copy behind it.
    private(set) var cells: [ByteSlice] = []
    /// The fields in which text follows a closing quote, by their places among ``cells``, and where each stands in the
    /// record as it is written.
    private(set) var strayFields: [(place: Int, written: Range<Int>)] = []
    /// Whether blanks stand between the closing quote of a field and what ends it; they are left out.
    private(set) var hasBlankBehindQuote = false
    /// Whether text follows a closing quote in a field.
    var hasStrayQuote: Bool { !strayFields.isEmpty }

    /// Splits `record`, and replaces the fields of the record before.
    mutating func split(_ record: Span<UInt8>, at delimiter: CSVDelimiter) {
        let delimiter = delimiter.rawValue
        bytes.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        strayFields.removeAll(keepingCapacity: true)
        hasBlankBehindQuote = false
        bytes.append(record)
        let count = record.count
        var index = 0
        while true {
            let start = index
            if index < count, record[index] == 0x22 {
                index += 1
                while index < count, record[index] != 0x22 { index += 1 }
                let next = index + 1
                if index < count, next == count || record[next] == delimiter {
                    cells.append(ByteSlice(start: start + 1, count: index - start - 1))
                    index = next
                } else {
                    index = start
                    copyQuoted(record, delimiter, from: &index)
                }
            } else {
                while index < count, record[index] != delimiter { index += 1 }
                cells.append(ByteSlice(start: start, count: index - start))
            }
            if index == count { return }
            index += 1
        }
    }

    /// Copies a field that begins with a quote, decoded, and leaves `index` at the delimiter or the end behind it.
    private mutating func copyQuoted(_ record: Span<UInt8>, _ delimiter: UInt8, from index: inout Int) {
        let (start, first) = (bytes.count, index)
        index += 1
        var (quoted, isStray) = (true, false)
        while index < record.count {
            let byte = record[index]
            if quoted, byte == 0x22 {
                index += 1
                if index < record.count, record[index] == 0x22 {
                    bytes.append(0x22)
                    index += 1
                } else {
                    quoted = false
                    let end = Self.endOfBlanks(record, delimiter, from: index)
                    if end > index, end == record.count || record[end] == delimiter {
                        hasBlankBehindQuote = true
                        index = end
                    }
                    if index < record.count, record[index] != delimiter { isStray = true }
                }
                continue
            }
            if !quoted, byte == delimiter { break }
            bytes.append(byte)
            index += 1
        }
        if isStray { strayFields.append((cells.count, first..<index)) }
        cells.append(ByteSlice(start: start, count: bytes.count - start))
    }

    /// The offset behind the blanks and tabs that begin at `start`, as far as they separate no fields.
    private static func endOfBlanks(_ record: Span<UInt8>, _ delimiter: UInt8, from start: Int) -> Int {
        var index = start
        while index < record.count, record[index] == 0x20 || record[index] == 0x09, record[index] != delimiter {
            index += 1
        }
        return index
    }

    /// The field `column` of the record that was split, whose `bytes` are in the batch's arena from `start` on; a copy
    /// is appended to the arena. Absent where `column` is below 0 or the record has too few fields.
    func field(
        _ column: Int, of bytes: Span<UInt8>, at start: Int, into batch: inout RecordBatch
    ) -> RecordField {
        guard column >= 0, column < cells.count else { return .absent }
        let cell = cells[column]
        if cell.start < bytes.count || cell.count == 0 { return .text(cell.moved(by: start)) }
        let copy = ByteSlice(start: batch.arena.count, count: cell.count)
        batch.arena.append(contentsOf: self.bytes[cell.start..<cell.end])
        return .text(copy)
    }
}
