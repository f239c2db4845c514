// Records that lie whole in a chunk.
extension CSVRecordDecoder {
    /// What to scan after a mark.
    private enum NextScan {
        case mark, block
        /// Nothing: the chunk cuts the record.
        case none
    }

    /// Decodes the records that lie whole in `chunk`, the first of which begins at `first`, at the beginning of a line.
    /// - Returns: the offset at which the record begins that the chunk cuts, or the chunk's end.
    mutating func scanWholeRecords(
        _ chunk: Span<UInt8>, from first: Int, into batch: inout RecordBatch
    ) throws(DecodingFailure) -> Int {
        guard let header, first < chunk.count else { return first }
        let columns = header.columns.count
        // Every offset in the chunk and in the arena fits 32 bits from here on.
        precondition(batch.arena.count + chunk.count <= Int(Int32.max))
        var scan = CSVScan(
            from: first, shift: batch.arena.count - first, delimiter: delimiter.rawValue, places: header.places,
            headerLead: headerForm.lead)
        batch.arena.append(chunk.extracting(first..<chunk.count))
        let plain = PlainRows(
            delimiter: scan.delimiter, columns: columns, places: header.places, headerLead: scan.headerLead,
            shift: scan.shift)
        while scan.nextBlock < chunk.count {
            if scan.mayBePlain, limits.recordBytesMax >= 64 { scanPlainRows(chunk, plain, &scan, &batch) }
            scan.beginBlock()
            var marks = CSVMarks(chunk, at: scan.block, delimiter: scan.delimiter)
            marks: while let bit = marks.first {
                let byte = chunk[scan.block &+ bit]
                let next =
                    byte == 0x22
                    ? try scanQuote(bit, chunk, &marks, &scan, &batch)
                    : try scanFieldEnd(bit, byte == scan.delimiter, columns, chunk, &marks, &scan, &batch)
                switch next {
                case .mark: continue marks
                case .block: break marks
                case .none: return scan.recordStart
                }
            }
            scan.endBlock(marks)
        }
        return scan.recordStart
    }

    /// Decodes the plain rows that are next.
    @inline(__always)
    private mutating func scanPlainRows(
        _ chunk: Span<UInt8>, _ plain: PlainRows, _ scan: inout CSVScan, _ batch: inout RecordBatch
    ) {
        let before = batch.records.count
        let next = plain.scan(
            chunk, from: scan.recordStart, into: &batch.records, ordinal: recordsRead, line: framer.recordLine)
        pass(rows: Int64(batch.records.count - before))
        scan.passPlainRows(to: next)
    }

    /// Handles the quote at `bit`: as a field's first byte it opens a quoted field.
    @inline(__always)
    private mutating func scanQuote(
        _ bit: Int, _ chunk: Span<UInt8>, _ marks: inout CSVMarks, _ scan: inout CSVScan, _ batch: inout RecordBatch
    ) throws(DecodingFailure) -> NextScan {
        let place = scan.block &+ bit
        guard place == scan.fieldStart else {
            // Behind a byte order mark at the beginning of a line, a quote opens a field.
            if place == scan.recordStart + 3, chunk.hasByteOrderMark(at: scan.recordStart) {
                return try scanRecord(chunk, &scan, &batch)
            }
            marks.dropFirstQuote()
            return .mark
        }
        if let end = CSVMarks.closingQuote(chunk, from: place + 1, delimiter: scan.delimiter) {
            guard scan.beginQuotedField(at: place + 1, closedAt: end) else { return .block }
            marks.drop(before: end + 1 - scan.block)
            return .mark
        }
        return try scanRecord(chunk, &scan, &batch)
    }

    /// Decodes the whole record byte by byte.
    private mutating func scanRecord(
        _ chunk: Span<UInt8>, _ scan: inout CSVScan, _ batch: inout RecordBatch
    ) throws(DecodingFailure) -> NextScan {
        guard let end = try decodeRecord(from: scan.recordStart, in: chunk, scan.shift, into: &batch) else {
            return .none
        }
        scan.beginRecordAndBlock(at: framer.skipLineEnd(chunk, at: end))
        return .block
    }

    /// Handles the delimiter, or the line end, at `bit`, where the header has `columns`.
    @inline(__always)
    private mutating func scanFieldEnd(
        _ bit: Int, _ isDelimiter: Bool, _ columns: Int, _ chunk: Span<UInt8>, _ marks: inout CSVMarks,
        _ scan: inout CSVScan,
        _ batch: inout RecordBatch
    ) throws(DecodingFailure) -> NextScan {
        let place = scan.block &+ bit
        marks.dropFirstEnd()
        scan.endField(at: place)
        if isDelimiter {
            scan.beginField()
            return .mark
        }
        let start = scan.recordStart
        if place == start {
            scan.beginRecordAndBlock(at: skipEmptyLines(chunk, from: place))
            return .block
        }
        guard place - start <= limits.recordBytesMax else { throw tooLong() }
        let bytes = chunk.extracting(start..<place)
        if !mayBeUnusual(bytes, scan.headerLead) || !passOver(bytes, at: start + scan.shift, into: &batch) {
            let isUTF8 = !scan.mayHaveNonASCII(marks, before: bit) || bytes.isUTF8
            append(
                ByteSlice(inArena: start &+ scan.shift, count: place &- start), scan.fields,
                columns: (scan.column + 1, columns), isUTF8: isUTF8, hasStrayQuote: false, into: &batch)
        }
        let next = framer.skipLineEnd(chunk, at: place)
        if scan.endsBlock(before: next) {
            scan.beginRecordAndBlock(at: next)
            return .block
        }
        scan.beginRecord(at: next)
        marks.drop(before: next - scan.block)
        return .mark
    }

    /// Decodes the record that begins at `start`, whose bytes are in the arena `shift` further on, byte by byte.
    /// - Returns: the offset of its line end; nil where the chunk doesn't hold it.
    private mutating func decodeRecord(
        from start: Int, in chunk: Span<UInt8>, _ shift: Int, into batch: inout RecordBatch
    ) throws(DecodingFailure) -> Int? {
        guard let end = framer.wholeRecordEnd(in: chunk, from: start) else { return nil }
        guard end - start <= limits.recordBytesMax else { throw tooLong() }
        decode(chunk.extracting(start..<end), at: start + shift, into: &batch)
        return end
    }
}
