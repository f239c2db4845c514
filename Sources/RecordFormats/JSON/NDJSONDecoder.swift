/// Decodes lines of JSON in chunks cut at any byte. A line ends at LF, which JSON allows in no string, so a fault in
/// one line doesn't reach the next. Blank lines are skipped.
struct NDJSONDecoder {
    /// The encoding of the source before it was converted to UTF-8, for messages.
    var encoding = TextEncoding.utf8
    private let limits: DecodingLimits
    private let mapping: MemberMapping
    private var line: Int64 = 1
    /// The bytes so far of a line that began in an earlier chunk.
    private var begun: [UInt8] = []
    /// The number of records decoded.
    private(set) var recordsRead: Int64 = 0

    /// A decoder at the beginning of a source, behind any byte order mark.
    init(options: DecodingOptions) {
        limits = options.limits
        mapping = options.mapping
    }

    /// Appends the records that `chunk` completes.
    /// - Throws: `recordTooLong`.
    mutating func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        var start = 0
        if !begun.isEmpty {
            guard let end = chunk.firstLineEnd(from: 0) else { return try hold(chunk) }
            try finishLine(chunk.extracting(0..<end), into: &batch)
            line += 1
            start = end + 1
        }
        // The lines that lie whole in the chunk are read in place, once all of it is in the arena.
        let shift = batch.arena.count - start
        batch.arena.append(chunk.extracting(start..<chunk.count))
        while true {
            start = decodeQuickLines(chunk, from: start, shift: shift, into: &batch)
            guard let end = chunk.firstLineEnd(from: start) else { break }
            guard end - start <= limits.recordBytesMax else { throw tooLong() }
            read(chunk.extracting(start..<end), at: start + shift, into: &batch)
            line += 1
            start = end + 1
        }
        try hold(chunk.extracting(start..<chunk.count))
    }

    /// Ends the input; a line without LF is one too.
    /// - Throws: `recordTooLong`.
    mutating func finish(into batch: inout RecordBatch) throws(DecodingFailure) {
        if !begun.isEmpty { try finishLine(Span(), into: &batch) }
    }

    /// Decodes lines that hold objects of the usual shape, from the one that begins at `first` on.
    /// - Parameter shift: what is added to an offset in the chunk to give its place in the arena.
    /// - Returns: the beginning of a line that `JSONRecord` must read, or that the chunk may cut.
    private mutating func decodeQuickLines(
        _ chunk: Span<UInt8>, from first: Int, shift: Int, into batch: inout RecordBatch
    ) -> Int {
        var start = first
        let mapping = mapping
        // Safe: the reader reads the chunk within the closure only.
        unsafe chunk.withUnsafeBufferPointer { buffer in
            guard
                var reader = unsafe JSONQuickReader(
                    buffer, areLines: true, levelsLeft: limits.depthMax, shift: shift)
            else { return }
            while true {
                unsafe reader.index = start
                guard unsafe reader.skipBlanks(), unsafe reader.readObject(mapping, arena: &batch.arena),
                    let lineEnd = unsafe reader.lineEnd(), lineEnd - start <= limits.recordBytesMax
                else { return }
                let end = lineEnd - (chunk[lineEnd - 1] == 0x0D ? 1 : 0)
                recordsRead += 1
                let raw = ByteSlice(start: start + shift, count: end - start)
                var record = unsafe Record(ordinal: recordsRead, line: line, raw: raw, fields: reader.fields)
                record.problem = unsafe reader.problem
                if unsafe reader.hasNonASCII, !chunk.extracting(start..<end).isUTF8 {
                    record.problem = .badEncoding(encoding)
                }
                batch.records.append(record)
                line += 1
                start = lineEnd + 1
            }
        }
        return start
    }

    /// Keeps the beginning of a line.
    private mutating func hold(_ rest: Span<UInt8>) throws(DecodingFailure) {
        begun.append(rest)
        if begun.count > limits.recordBytesMax { throw tooLong() }
    }

    private mutating func finishLine(_ rest: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        try hold(rest)
        // Moved out for the call, so that the line isn't read from a property under change; moved back for its memory.
        var bytes: [UInt8] = []
        swap(&bytes, &begun)
        let start = batch.arena.count
        batch.arena.append(contentsOf: bytes)
        read(bytes.span, at: start, into: &batch)
        bytes.removeAll(keepingCapacity: true)
        swap(&bytes, &begun)
    }

    /// Reads a whole line, whose bytes are in the arena from `start` on.
    private mutating func read(_ lineBytes: Span<UInt8>, at start: Int, into batch: inout RecordBatch) {
        var end = lineBytes.count
        if end > 0, lineBytes[end - 1] == 0x0D { end -= 1 }
        let bytes = lineBytes.extracting(0..<end)
        var reader = JSONReader(levelsLeft: 0)
        reader.skipBlanks(bytes)
        if reader.index == end { return }
        recordsRead += 1
        var record = Record(ordinal: recordsRead, line: line, raw: .empty)
        do {
            try JSONRecord.read(
                bytes, at: start, levelsLeft: limits.depthMax, mapping: mapping, into: &record, arena: &batch.arena)
        } catch {
            switch error.cause {
            case .fault(let fault): record.problem = .notJSON(fault, column: Int32(error.offset + 1))
            case .tooDeep: record.problem = .tooDeep(depthMax: Int32(limits.depthMax))
            }
        }
        if !bytes.isUTF8 { record.problem = .badEncoding(encoding) }
        batch.records.append(record)
    }

    private func tooLong() -> DecodingFailure {
        DecodingFailure(
            code: .recordTooLong, line: line, record: recordsRead + 1,
            message:
                "this line is longer than \(limits.recordBytesMax) bytes; put each object on a line of its own, or "
                + "raise --record-bytes-max"
        )
    }
}
