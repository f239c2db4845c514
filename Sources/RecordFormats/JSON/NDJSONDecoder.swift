/// Frames lines of JSON in chunks cut at any byte. A line ends at LF, which JSON allows in no string, so whatever a
/// line holds, the next one is sound. Blank lines are skipped.
struct NDJSONDecoder {
    /// What the text was in before it was made UTF-8, for messages.
    var encoding = TextEncoding.utf8
    private let limits: DecodingLimits
    private let names: MemberNames
    private var line: Int64 = 1
    /// The bytes so far of a line that began in an earlier chunk.
    private var begun: [UInt8] = []
    /// The number of records handed out.
    private(set) var recordsRead: Int64 = 0

    /// A decoder at the beginning of a source, behind any byte order mark.
    init(options: DecodingOptions) {
        limits = options.limits
        names = options.names
    }

    /// Appends the records that `chunk` completes.
    /// - Throws: `recordTooLong`.
    mutating func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        var start = 0
        for index in 0..<chunk.count where chunk[index] == 0x0A {
            try finishLine(chunk.extracting(start..<index), into: &batch)
            line += 1
            start = index + 1
        }
        if start < chunk.count {
            begun.append(chunk.extracting(start..<chunk.count))
            if begun.count > limits.recordBytesMax { throw tooLong() }
        }
    }

    /// Ends the input; a line without LF is one too.
    /// - Throws: `recordTooLong`.
    mutating func finish(into batch: inout RecordBatch) throws(DecodingFailure) {
        if !begun.isEmpty { try finishLine(Span(), into: &batch) }
    }

    private mutating func finishLine(_ rest: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        guard begun.count + rest.count <= limits.recordBytesMax else { throw tooLong() }
        if begun.isEmpty { return emit(rest, into: &batch) }
        begun.append(rest)
        // Taken out for the call, so that the line isn't read from a property under change; put back for its memory.
        var bytes: [UInt8] = []
        swap(&bytes, &begun)
        emit(bytes.span, into: &batch)
        bytes.removeAll(keepingCapacity: true)
        swap(&bytes, &begun)
    }

    private mutating func emit(_ lineBytes: Span<UInt8>, into batch: inout RecordBatch) {
        var end = lineBytes.count
        if end > 0, lineBytes[end - 1] == 0x0D { end -= 1 }
        let bytes = lineBytes.extracting(0..<end)
        var reader = JSONReader(levelsLeft: 0)
        reader.skipBlanks(bytes)
        if reader.index == end { return }
        recordsRead += 1
        var record = Record(ordinal: recordsRead, line: line, raw: .empty)
        do {
            try JSONRecord.read(bytes, levelsLeft: limits.depthMax, names: names, into: &record, of: &batch)
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
