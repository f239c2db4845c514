/// Frames CSV records (RFC 4180; line ends LF, CRLF or CR) of a known delimiter in chunks cut at any byte.
///
/// To its maintainers: there are two ways through. Records that lie whole in a chunk and whose quoted fields hold neither a
/// quote nor a line end, nearly all of them, are taken apart 64 bytes at a time by `takeWholeRecords`. Any other goes through `recordEnd`, which finds its end
/// and keeps all that must survive a chunk's end (the quote state, the line count and the bytes of the record begun), and
/// `CSVCells`, which splits it. All follow the same rule for quotes (Python's `csv` module does too): a quote opens a
/// quoted field only as its first byte, and text behind a closing quote continues the field unquoted.
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
    /// The fields of a record with quotes, kept for their memory.
    private var cells = CSVCells()

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
        // The record that an earlier chunk began, and the header.
        while !begun.isEmpty || state != .fieldStart || header == nil {
            guard let end = recordEnd(in: chunk, from: index) else {
                return try hold(chunk.extracting(start..<chunk.count))
            }
            try finishRecord(chunk.extracting(start..<end), into: &batch)
            index = passLineEnd(chunk, at: end)
            start = index
        }
        start = try takeWholeRecords(chunk, from: start, into: &batch)
        // Only the beginning of a record is left.
        _ = recordEnd(in: chunk, from: start)
        try hold(chunk.extracting(start..<chunk.count))
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
        if header == nil {
            throw DecodingFailure(
                code: .missingColumn, line: line, message: "the file is empty, without even a header; export it again")
        }
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

    /// Keeps the beginning of a record.
    private mutating func hold(_ rest: Span<UInt8>) throws(DecodingFailure) {
        begun.append(rest)
        if begun.count > limits.recordBytesMax { throw tooLong() }
    }

    /// Goes on behind the line end at `end`: CR, LF or both.
    /// - Returns: the offset at which the next record begins.
    private mutating func passLineEnd(_ chunk: Span<UInt8>, at end: Int) -> Int {
        line += 1
        recordLine = line
        state = .fieldStart
        guard chunk[end] == 0x0D else { return end + 1 }
        if end + 1 == chunk.count { afterCR = true }
        return end + 1 < chunk.count && chunk[end + 1] == 0x0A ? end + 2 : end + 1
    }

    private mutating func finishRecord(_ rest: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        guard begun.count + rest.count <= limits.recordBytesMax else { throw tooLong() }
        if begun.isEmpty { return try take(rest, into: &batch) }
        begun.append(rest)
        // Taken out for the call, so that the record isn't read from a property under change; put back for its memory.
        var record: [UInt8] = []
        swap(&record, &begun)
        try take(record.span, into: &batch)
        record.removeAll(keepingCapacity: true)
        swap(&record, &begun)
    }

    /// Takes a whole record whose bytes aren't in the arena yet; it may be the header.
    private mutating func take(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        if header != nil {
            let start = batch.arena.count
            batch.arena.append(bytes)
            return take(bytes, at: start, into: &batch)
        }
        if delimiter.isBlank(bytes) { return }
        cells.split(bytes, at: delimiter)
        headerFields = cells.cells.count
        header = try CSVHeader(cells, names: names, line: recordLine, encoding: encoding)
    }

    /// Takes a whole record behind the header, whose bytes stand in the arena from `start` on.
    private mutating func take(_ bytes: Span<UInt8>, at start: Int, into batch: inout RecordBatch) {
        guard let header else { return }
        if bytes.count == 0 || (header.columns.count > 1 && delimiter.isBlank(bytes)) { return }
        cells.split(bytes, at: delimiter)
        let members = CSVMembers(
            name: cells.field(header.nameColumn, of: bytes, at: start, into: &batch),
            rank: cells.field(header.rankColumn, of: bytes, at: start, into: &batch),
            active: cells.field(header.activeColumn, of: bytes, at: start, into: &batch))
        append(
            ByteSlice(start: start, count: bytes.count), members, fields: cells.cells.count, header.columns.count,
            isUTF8: bytes.isUTF8, hasStrayQuote: cells.hasStrayQuote, into: &batch)
    }

    /// Appends a record to the batch, where the header has `columns`.
    @inline(__always)
    private mutating func append(
        _ raw: ByteSlice, _ members: CSVMembers, fields: Int, _ columns: Int, isUTF8: Bool, hasStrayQuote: Bool,
        into batch: inout RecordBatch
    ) {
        recordsRead += 1
        var record = Record(ordinal: recordsRead, line: recordLine, raw: raw)
        (record.name, record.rank, record.active) = (members.name, members.rank, members.active)
        if !isUTF8 {
            record.problem = .badEncoding(encoding)
        } else if hasStrayQuote {
            record.problem = .strayQuote
        } else if fields != columns {
            record.problem = .raggedRow(expected: Int32(columns), found: Int32(fields))
        }
        batch.records.append(record)
    }

    private func tooLong() -> DecodingFailure {
        DecodingFailure(
            code: .recordTooLong, line: recordLine, record: recordsRead + 1,
            message: "the record that begins here is longer than \(limits.recordBytesMax) bytes; look for a missing "
                + "closing quote in it, or raise --record-bytes-max"
        )
    }
}

extension CSVRecordDecoder {
    /// Takes the records that lie whole in `chunk`, the first of which begins at `first`, at the beginning of a line.
    /// - Returns: the offset at which the record begins that the chunk cuts, or the chunk's end.
    private mutating func takeWholeRecords(
        _ chunk: Span<UInt8>, from first: Int, into batch: inout RecordBatch
    ) throws(DecodingFailure) -> Int {
        guard let header, first < chunk.count else { return first }
        // A record's offset in the chunk and its place in the arena differ by this.
        let shift = batch.arena.count - first
        batch.arena.append(chunk.extracting(first..<chunk.count))
        let delimiter = delimiter.rawValue
        let (nameColumn, rankColumn, columns) = (header.nameColumn, header.rankColumn ?? -1, header.columns.count)
        let activeColumn = header.activeColumn ?? -1
        var (start, fieldStart, column) = (first, first, 0)
        var members = CSVMembers()
        /// 1 where the field at hand has a closing quote, which isn't part of it.
        var trailing = 0
        /// Behind the last byte that may not be ASCII.
        var highEnd = 0
        var blockStart = first
        while blockStart < chunk.count {
            var marks = CSVMarks(chunk, at: blockStart, delimiter: delimiter)
            var next = blockStart + 64
            while marks.ends | marks.quotes != 0 {
                let bit = (marks.ends | marks.quotes).trailingZeroBitCount
                let place = blockStart + bit
                let byte = chunk[place]
                if byte == 0x22 {
                    guard place == fieldStart else {
                        marks.quotes &= marks.quotes &- 1
                        continue
                    }
                    if let end = CSVMarks.closingQuote(chunk, from: place + 1, delimiter: delimiter) {
                        (fieldStart, trailing) = (place + 1, 1)
                        if end < blockStart + 63 {
                            marks.skip(to: end + 1 - blockStart)
                            continue
                        }
                        // What is passed over may hold anything.
                        (highEnd, next) = (end, end + 1)
                        break
                    }
                    // The record goes the other way.
                    guard let end = try takeRecord(from: start, in: chunk, shift, into: &batch) else { return start }
                    start = passLineEnd(chunk, at: end)
                    (fieldStart, column, members, next) = (start, 0, CSVMembers(), start)
                    break
                }
                marks.ends &= marks.ends &- 1
                let field = ByteSlice(start: fieldStart + shift, count: place - fieldStart - trailing)
                if column == nameColumn {
                    members.name = .text(field)
                } else if column == rankColumn {
                    members.rank = .text(field)
                } else if column == activeColumn {
                    members.active = .text(field)
                }
                (fieldStart, trailing) = (place + 1, 0)
                if byte == delimiter {
                    column += 1
                    continue
                }
                guard place - start <= limits.recordBytesMax else { throw tooLong() }
                let bytes = chunk.extracting(start..<place)
                if bytes.count > 0, column > 0 || columns == 1 || !self.delimiter.isBlank(bytes) {
                    let high = marks.highEnd(before: bit)
                    if high > 0 { highEnd = blockStart + high }
                    append(
                        ByteSlice(start: start + shift, count: place - start), members, fields: column + 1,
                        columns,
                        isUTF8: highEnd <= start || bytes.isUTF8, hasStrayQuote: false, into: &batch)
                }
                start = passLineEnd(chunk, at: place)
                (fieldStart, column, members) = (start, 0, CSVMembers())
                if start >= blockStart + 64 {
                    next = start
                    break
                }
                marks.skip(to: start - blockStart)
            }
            let high = marks.highEnd()
            if high > 0 { highEnd = max(highEnd, blockStart + high) }
            blockStart = next
        }
        return start
    }

    /// Takes the record that begins at `start`, whose bytes stand in the arena `shift` further on, byte by byte.
    /// - Returns: the offset of its line end; nil where the chunk doesn't hold it.
    private mutating func takeRecord(
        from start: Int, in chunk: Span<UInt8>, _ shift: Int, into batch: inout RecordBatch
    ) throws(DecodingFailure) -> Int? {
        recordLine = line
        state = .fieldStart
        let (lineBefore, afterCRBefore) = (line, afterCR)
        guard let end = recordEnd(in: chunk, from: start) else {
            (line, afterCR, state) = (lineBefore, afterCRBefore, .fieldStart)
            return nil
        }
        guard end - start <= limits.recordBytesMax else { throw tooLong() }
        take(chunk.extracting(start..<end), at: start + shift, into: &batch)
        return end
    }
}
