/// Frames CSV records (RFC 4180; line ends LF, CRLF or CR) of a known delimiter in chunks cut at any byte.
///
/// To its maintainers: framing and splitting are two passes. This one finds where records end and keeps all that must
/// survive a chunk's end: the quote state, the line count and the bytes of the record begun. `CSVRecordSplitter` then
/// sees a whole record. Both follow the same rule for quotes (Python's `csv` module does too): a quote opens a quoted
/// field only as its first byte, and text behind a closing quote continues the field unquoted.
struct CSVRecordDecoder {
    private enum State {
        case fieldStart, unquoted, quoted, quoteInQuoted
    }

    /// What separates fields.
    let delimiter: CSVDelimiter
    /// What the text was in before it was made UTF-8, for messages.
    var encoding = TextEncoding.utf8
    private let limits: DecodingLimits
    private let names: MemberNames
    private var state = State.fieldStart
    private var afterCR = false
    private var line: Int64 = 1
    private var recordLine: Int64 = 1
    /// The bytes so far of a record that began in an earlier chunk.
    private var begun: [UInt8] = []
    /// The header's cells, once it has been read.
    private(set) var header: CSVHeader?
    /// The number of records handed out.
    private(set) var recordsRead: Int64 = 0

    /// The fields of the record that was taken for the header, whether it was one or not.
    private(set) var headerFields = 0

    /// A decoder at the beginning of a source, behind any byte order mark.
    /// - Parameter header: the columns of a source without a header; nil where its first record is the header.
    init(delimiter: CSVDelimiter, limits: DecodingLimits, names: MemberNames, header: CSVHeader?) {
        self.delimiter = delimiter
        self.limits = limits
        self.names = names
        self.header = header
    }

    /// Appends the records that `chunk` completes.
    /// - Throws: `recordTooLong`, and what the header lacks.
    mutating func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        var start = 0
        var index = 0
        if afterCR, chunk.count > 0 {
            afterCR = false
            if chunk[0] == 0x0A {
                index = 1
                if state != .quoted { start = 1 }
            }
        }
        while let end = recordEnd(in: chunk, from: index) {
            try finishRecord(chunk.extracting(start..<end), into: &batch)
            index = end + 1
            if chunk[end] == 0x0D {
                if index == chunk.count {
                    afterCR = true
                } else if chunk[index] == 0x0A {
                    index += 1
                }
            }
            line += 1
            recordLine = line
            state = .fieldStart
            start = index
        }
        if start < chunk.count {
            begun.append(chunk.extracting(start..<chunk.count))
            if begun.count > limits.recordBytesMax { throw tooLong() }
        }
    }

    /// Ends the input; a record without a line end is one too.
    /// - Throws: `unclosedQuote`, `recordTooLong`, and what the header lacks.
    mutating func finish(into batch: inout RecordBatch) throws(DecodingFailure) {
        if state == .quoted {
            throw DecodingFailure(
                code: .unclosedQuote, line: recordLine, record: recordsRead + 1,
                message: "the input ends inside a quoted field of the record that begins here; "
                    + "add the missing closing quote, or double a quote that is part of the text (\"\")"
            )
        }
        if !begun.isEmpty { try finishRecord(Span(), into: &batch) }
    }

    /// The offset of the line end that closes the record at hand; nil where the chunk doesn't hold it.
    private mutating func recordEnd(in chunk: Span<UInt8>, from first: Int) -> Int? {
        var state = state
        var index = first
        let count = chunk.count
        let delimiter = delimiter.rawValue
        while index < count {
            let byte = chunk[index]
            switch state {
            case .unquoted, .fieldStart, .quoteInQuoted:
                if byte == delimiter {
                    state = .fieldStart
                } else if byte == 0x0A || byte == 0x0D {
                    return index
                } else if byte == 0x22, state != .unquoted {
                    state = .quoted
                } else {
                    state = .unquoted
                }
            case .quoted:
                if byte == 0x22 {
                    state = .quoteInQuoted
                } else if byte == 0x0A {
                    line += 1
                } else if byte == 0x0D {
                    line += 1
                    if index + 1 == count {
                        afterCR = true
                    } else if chunk[index + 1] == 0x0A {
                        index += 1
                    }
                }
            }
            index += 1
        }
        self.state = state
        return nil
    }

    private mutating func finishRecord(_ rest: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        guard begun.count + rest.count <= limits.recordBytesMax else { throw tooLong() }
        if begun.isEmpty { return try emit(rest, into: &batch) }
        begun.append(rest)
        // Taken out for the call, so that the record isn't read from a property under change; put back for its memory.
        var record: [UInt8] = []
        swap(&record, &begun)
        try emit(record.span, into: &batch)
        record.removeAll(keepingCapacity: true)
        swap(&record, &begun)
    }

    private mutating func emit(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        guard let header else {
            if Self.isBlank(bytes) { return }
            var cells = RecordBatch()
            _ = CSVRecordSplitter.split(bytes, at: delimiter, into: &cells)
            headerFields = cells.fields.count
            self.header = try CSVHeader(cellsOf: cells, names: names, line: recordLine, encoding: encoding)
            return
        }
        if bytes.count == 0 || (header.columns.count > 1 && Self.isBlank(bytes)) { return }
        recordsRead += 1
        let firstField = batch.fields.count
        var record = Record(
            ordinal: recordsRead, line: recordLine, raw: ByteSlice(start: batch.arena.count, count: bytes.count)
        )
        let stray = CSVRecordSplitter.split(bytes, at: delimiter, into: &batch)
        let found = batch.fields.count - firstField
        record.firstField32 = Int32(firstField)
        record.fieldCount32 = Int32(found)
        if header.nameColumn < found {
            record.name = RecordField(kind: .text, slice: batch.fields[firstField + header.nameColumn])
        }
        if let rankColumn = header.rankColumn, rankColumn < found {
            record.rank = RecordField(kind: .text, slice: batch.fields[firstField + rankColumn])
        }
        if !bytes.isUTF8 {
            record.problem = .badEncoding(encoding)
        } else if stray {
            record.problem = .strayQuote
        } else if found != header.columns.count {
            record.problem = .raggedRow(expected: Int32(header.columns.count), found: Int32(found))
        }
        batch.records.append(record)
    }

    private static func isBlank(_ bytes: Span<UInt8>) -> Bool {
        for index in 0..<bytes.count where bytes[index] != 0x20 && bytes[index] != 0x09 { return false }
        return true
    }

    private func tooLong() -> DecodingFailure {
        DecodingFailure(
            code: .recordTooLong, line: recordLine, record: recordsRead + 1,
            message: "the record that begins here is longer than \(limits.recordBytesMax) bytes; look for a missing "
                + "closing quote in it, or raise --record-bytes-max"
        )
    }
}
