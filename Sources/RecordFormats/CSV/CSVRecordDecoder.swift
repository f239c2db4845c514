/// Decodes the records of CSV (RFC 4180; line ends LF, CRLF or CR) of a known delimiter in chunks cut at any byte.
///
/// To its maintainers: a record goes one of three ways. Short ones without a quote, nearly all of them, are split 64
/// bytes at a time by `PlainRows`. Others that lie whole in a chunk and whose quoted fields hold neither a quote nor a
/// line end are split by `CSVScan`. For any other, `CSVRecordFramer` finds its end, and `CSVCells` splits it. All
/// follow the same rule for quotes (Python's `csv` module does too): a quote opens a quoted field only as its first
/// byte, and text behind a closing quote continues the field unquoted.
///
/// What is no record, or one in an unusual form, is in `CSVRecordDecoder+Rows`. Such a row costs the others nothing but
/// a look at their first byte (`mayBeUnusual`).
struct CSVRecordDecoder {
    /// What separates fields.
    let delimiter: CSVDelimiter
    /// The encoding of the source before it was converted to UTF-8, for messages.
    var encoding = TextEncoding.utf8
    let limits: DecodingLimits
    let mapping: MemberMapping
    var framer: CSVRecordFramer
    /// The bytes so far of a record that began in an earlier chunk.
    private var begun: [UInt8] = []
    /// The header's cells, once it has been read.
    private(set) var header: CSVHeader?
    /// The number of records decoded.
    private(set) var recordsRead: Int64 = 0
    /// The cells of the record that was read as the header, also where that failed.
    private(set) var headerCells: [String] = []
    /// What rows are compared with, to find the header where it stands once more.
    private(set) var headerForm = CSVHeaderForm.none
    /// Whether the source has ended, in the record that is decoded: there is no line end behind it.
    private(set) var endsInRecord = false
    /// What was no record, and records in an unusual form.
    var tally = RowTally()
    /// The fields of a record with quotes, kept for their memory.
    private var cells = CSVCells()
    /// The line of the first row, from 1.
    private let firstLine: Int64

    /// A decoder at the beginning of a source, behind any byte order mark and the lines above the header.
    /// - Parameters:
    ///   - header: the columns of a source without a header; nil where its first record is the header.
    ///   - line: the line of the first row, from 1.
    init(
        delimiter: CSVDelimiter, limits: DecodingLimits, mapping: MemberMapping, header: CSVHeader?, line: Int64 = 1
    ) {
        self.delimiter = delimiter
        self.limits = limits
        self.mapping = mapping
        self.header = header
        firstLine = line
        framer = CSVRecordFramer(delimiter: delimiter, line: line)
        // A single column may well hold its own name.
        if let columns = header?.columns, columns.count > 1 {
            let row = columns.joined(separator: String(UnicodeScalar(delimiter.rawValue)))
            headerForm = CSVHeaderForm(row.utf8.span, delimiter: delimiter)
        }
    }

    /// Whether the header has been read, and the next byte begins a record.
    var isBetweenRecords: Bool { header != nil && recordsRead > 0 && begun.isEmpty && framer.isBetweenRecords }

    /// Counts rows that were decoded elsewhere, a line each.
    mutating func pass(rows: Int64) {
        recordsRead += rows
        framer.pass(lines: rows)
    }

    /// Counts a part that was decoded elsewhere.
    mutating func pass(_ part: DecodedPart) {
        tally.add(part.tally, movedBy: framer.line - part.linesBefore)
        recordsRead += part.records
        framer.pass(lines: part.lines)
    }

    /// Appends the records that `chunk` completes.
    /// - Throws: `recordTooLong`, and what the header lacks.
    mutating func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        var (start, index) = framer.beginChunk(chunk)
        // The record that an earlier chunk began, and the header.
        while !begun.isEmpty || !framer.isAtRecordStart || header == nil {
            if begun.isEmpty, framer.isAtRecordStart {
                index = skipEmptyLines(chunk, from: index)
                start = index
            }
            guard let end = framer.recordEnd(in: chunk, from: index) else {
                return try hold(chunk.extracting(start..<chunk.count))
            }
            try finishRecord(chunk.extracting(start..<end), into: &batch)
            index = framer.skipLineEnd(chunk, at: end)
            start = index
        }
        start = try scanWholeRecords(chunk, from: start, into: &batch)
        // Only the beginning of a record is left.
        _ = framer.recordEnd(in: chunk, from: start)
        try hold(chunk.extracting(start..<chunk.count))
    }

    /// Ends the input; a record without a line end is one too.
    /// - Throws: `unclosedQuote`, `recordTooLong`, and what the header lacks.
    mutating func finish(into batch: inout RecordBatch) throws(DecodingFailure) {
        if framer.isInQuotes {
            throw DecodingFailure(
                code: .unclosedQuote, line: framer.recordLine, recordNumber: recordsRead + 1,
                message: "the input ends inside a quoted field of the record that begins here"
                    + (Self.escapesQuotes(begun.span)
                        ? ", which escapes a quote by a backslash (\\\"); \(RecordProblem.escapeRemedy)"
                        : "; add the missing closing quote, or double a quote that is part of the text (\"\")")
            )
        }
        endsInRecord = !begun.isEmpty
        if endsInRecord { try finishRecord(Span(), into: &batch) }
        if header == nil {
            throw DecodingFailure(
                code: .missingColumn, line: framer.line,
                message: firstLine == 1
                    ? "the file is empty, without even a header; export it again"
                    : "nothing is left below the lines above the header, not even a header; correct --skip-lines")
        }
    }

    /// Keeps the beginning of a record.
    private mutating func hold(_ rest: Span<UInt8>) throws(DecodingFailure) {
        begun.append(rest)
        if begun.count > limits.recordBytesMax { throw tooLong() }
    }

    private mutating func finishRecord(_ rest: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        guard begun.count + rest.count <= limits.recordBytesMax else { throw tooLong() }
        if begun.isEmpty { return try decode(rest, into: &batch) }
        begun.append(rest)
        // Moved out for the call, so that the record isn't read from a property under change; moved back for its
        // memory.
        var record: [UInt8] = []
        swap(&record, &begun)
        try decode(record.span, into: &batch)
        record.removeAll(keepingCapacity: true)
        swap(&record, &begun)
    }

    /// Decodes a whole record whose bytes aren't in the arena yet; it may be the header.
    private mutating func decode(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        if header != nil {
            let start = batch.arena.count
            batch.arena.append(bytes)
            return decode(bytes, at: start, into: &batch)
        }
        var bytes = bytes
        if bytes.hasByteOrderMark(at: 0) {
            tally.tolerated.add(.byteOrderMark, line: framer.recordLine)
            bytes = bytes.extracting(3..<bytes.count)
        }
        if isBlank(bytes) { return tally.skipped.add(.blank, line: framer.recordLine) }
        cells.split(bytes, at: delimiter)
        headerCells = try CSVHeader.texts(of: cells, line: framer.recordLine, encoding: encoding)
        header = try CSVHeader(
            columns: headerCells, mapping: mapping, line: framer.recordLine, delimiter: delimiter,
            isQuoted: bytes[0] == 0x22)
        headerForm = CSVHeaderForm(bytes, delimiter: delimiter)
    }

    /// Decodes a whole record behind the header, whose bytes are in the arena from `start` on.
    mutating func decode(_ bytes: Span<UInt8>, at start: Int, into batch: inout RecordBatch) {
        guard let header else { return }
        if mayBeUnusual(bytes, headerForm.lead), passOver(bytes, at: start, into: &batch) { return }
        cells.split(bytes, at: delimiter)
        if cells.hasBlankBehindQuote, !cells.hasStrayQuote {
            tally.tolerated.add(.blankBehindQuote, line: framer.recordLine)
        }
        var fields = RecordFields()
        fields.first = cells.field(header.places.first, of: bytes, at: start, into: &batch)
        fields.second = cells.field(header.places.second, of: bytes, at: start, into: &batch)
        fields.third = cells.field(header.places.third, of: bytes, at: start, into: &batch)
        append(
            ByteSlice(start: start, count: bytes.count), fields, columns: (cells.cells.count, header.columns.count),
            isUTF8: bytes.isUTF8, hasStrayQuote: cells.hasStrayQuote, into: &batch)
    }

    /// Appends a record to the batch.
    /// - Parameter columns: how many columns the record has, and how many the header.
    @inline(__always)
    mutating func append(
        _ raw: ByteSlice, _ fields: RecordFields, columns: (found: Int, expected: Int), isUTF8: Bool,
        hasStrayQuote: Bool, into batch: inout RecordBatch
    ) {
        recordsRead += 1
        var record = Record(ordinal: recordsRead, line: framer.recordLine, raw: raw, fields: fields)
        if !isUTF8 {
            record.problem = .badEncoding(encoding)
        } else if hasStrayQuote {
            record.problem = Self.escapesQuotes(batch.arena.span.extracting(raw.range)) ? .escapedQuote : .strayQuote
        } else if columns.found != columns.expected {
            record.problem = raggedProblem(of: raw, in: batch, columns)
        }
        batch.records.append(record)
    }

    /// Counts the empty lines that begin at `start`, where a record would begin.
    /// - Returns: the offset at which the next record begins.
    @inline(never)
    mutating func skipEmptyLines(_ chunk: Span<UInt8>, from start: Int) -> Int {
        let first = framer.recordLine
        let (next, lines) = framer.skipEmptyLines(chunk, from: start)
        tally.skipped.add(.blank, lines, from: first)
        return next
    }

    func tooLong() -> DecodingFailure {
        DecodingFailure(
            code: .recordTooLong, line: framer.recordLine, recordNumber: recordsRead + 1,
            message: "the record that begins here is longer than \(limits.recordBytesMax) bytes; look for a missing "
                + "closing quote in it, or raise --record-bytes-max"
        )
    }
}
