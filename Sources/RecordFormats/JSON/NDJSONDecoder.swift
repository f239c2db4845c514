/// Decodes lines of JSON in chunks cut at any byte. A line ends at LF, which JSON allows in no string, so a fault in
/// one line doesn't reach the next. Blank lines are skipped.
///
/// An object may go on over several lines (`JSONOpenValue`), and several may stand on one line.
struct NDJSONDecoder {
    /// The encoding of the source before it was converted to UTF-8, for messages.
    var encoding = TextEncoding.utf8
    private let limits: DecodingLimits
    private let mapping: MemberMapping
    /// The names that lead from a line's object to the record in it.
    let innerPath: [[UInt8]]
    /// The line that is next, from 1.
    private(set) var line: Int64 = 1
    /// The object that goes on over the line end.
    private var open: JSONOpenValue?
    /// The bytes so far of a line that began in an earlier chunk.
    private var begun: [UInt8] = []
    /// The number of records decoded.
    private(set) var recordsRead: Int64 = 0

    /// A decoder at the beginning of a source, behind any byte order mark.
    init(options: DecodingOptions) {
        limits = options.limits
        mapping = options.mapping
        innerPath = options.recordsPath?.map { Array($0.utf8) } ?? []
    }

    /// Whether the next byte begins a line, and no object is open.
    var isBetweenRecords: Bool { begun.isEmpty && open == nil }

    /// Counts a part that was decoded elsewhere.
    mutating func pass(_ part: DecodedPart) {
        recordsRead += part.records
        line += part.lines
    }

    /// Appends the records that `chunk` completes.
    /// - Throws: `recordTooLong`; `notWellFormed`, `depthExceeded`, in an object that goes on over several lines.
    mutating func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        var start = 0
        if !begun.isEmpty {
            guard let end = chunk.firstLineEnd(from: 0) else { return try hold(chunk) }
            try finishLine(chunk.extracting(0..<end), into: &batch)
            line += 1
            start = end + 1
        }
        if open == nil { start = skipEmptyLines(chunk, from: start) }
        if start == chunk.count { return }
        // The lines that lie whole in the chunk are read in place, once all of it is in the arena.
        let shift = batch.arena.count - start
        batch.arena.append(chunk.extracting(start..<chunk.count))
        while true {
            if open == nil {
                start = decodeQuickLines(chunk, from: start, shift: shift, into: &batch)
                start = skipEmptyLines(chunk, from: start)
            }
            guard let end = chunk.firstLineEnd(from: start) else { break }
            guard end - start <= limits.recordBytesMax else { throw tooLong() }
            try read(chunk.extracting(start..<end), at: start + shift, into: &batch)
            line += 1
            start = end + 1
        }
        try hold(chunk.extracting(start..<chunk.count))
    }

    /// Ends the input; a line without LF is one too.
    /// - Throws: as ``push(_:into:)``; `truncated`, where the last object doesn't end.
    mutating func finish(into batch: inout RecordBatch) throws(DecodingFailure) {
        if !begun.isEmpty { try finishLine(Span(), into: &batch) }
        guard let open else { return }
        guard takeBack(into: &batch) else {
            throw DecodingFailure(
                code: .truncated, line: open.line, recordNumber: recordsRead + 1,
                message:
                    "the input ends inside the object that begins here; it was cut short: fetch or export the file "
                    + "again")
        }
    }

    /// Moves behind the empty lines that begin at `start`, the beginning of a line.
    private mutating func skipEmptyLines(_ chunk: Span<UInt8>, from start: Int) -> Int {
        guard start < chunk.count, chunk[start] == 0x0A || chunk[start] == 0x0D else { return start }
        let run = chunk.lineEndRun(from: start)
        line += Int64(run.feeds)
        return run.end
    }

    /// Decodes lines that hold objects of the usual shape, from the one that begins at `first` on.
    /// - Parameter shift: what is added to an offset in the chunk to give its place in the arena.
    /// - Returns: the beginning of a line that `JSONRecord` must read, or that the chunk may cut.
    private mutating func decodeQuickLines(
        _ chunk: Span<UInt8>, from first: Int, shift: Int, into batch: inout RecordBatch
    ) -> Int {
        var start = first
        let mapping = mapping
        if !innerPath.isEmpty { return first }
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
        try read(bytes.span, at: start, into: &batch)
        bytes.removeAll(keepingCapacity: true)
        swap(&bytes, &begun)
    }

    /// Reads a whole line, whose bytes are in the arena from `start` on.
    private mutating func read(
        _ lineBytes: Span<UInt8>, at start: Int, into batch: inout RecordBatch
    ) throws(DecodingFailure) {
        if open != nil { return try goOn(lineBytes, into: &batch) }
        if let rest = readObjects(lineBytes, at: start, canStayOpen: true, into: &batch) {
            open = JSONOpenValue(lineBytes.extracting(rest..<lineBytes.count), line: line, levelsMax: limits.depthMax)
        }
    }

    /// Reads the objects of a line, whose bytes are in the arena from `start` on.
    /// - Returns: the offset of an object that is sound as far as the line goes, and goes on behind it; nil for none,
    ///   and where that can't be.
    private mutating func readObjects(
        _ lineBytes: Span<UInt8>, at start: Int, canStayOpen: Bool, into batch: inout RecordBatch
    ) -> Int? {
        var end = lineBytes.count
        if end > 0, lineBytes[end - 1] == 0x0D { end -= 1 }
        var first = 0
        while true {
            let bytes = lineBytes.extracting(first..<end)
            var reader = JSONReader(levelsLeft: limits.depthMax)
            reader.skipBlanks(bytes)
            if reader.index == bytes.count { return nil }
            var record = Record(ordinal: recordsRead + 1, line: line, raw: .empty)
            record.raw = ByteSlice(start: start + first, count: bytes.count)
            do throws(JSONError) {
                try JSONRecord.read(
                    bytes, &reader, mapping: mapping, innerPath: innerPath[...], into: &record, arena: &batch.arena)
                let behind = reader.index
                reader.skipBlanks(bytes)
                if reader.index < bytes.count, bytes[reader.index] == UInt8(ascii: "{") {
                    record.raw = ByteSlice(start: start + first, count: behind)
                    append(&record, bytes.extracting(0..<behind), into: &batch)
                    first += reader.index
                    continue
                }
                try reader.expectEnd(bytes)
            } catch {
                if canStayOpen, JSONOpenValue.canBegin(bytes, levelsMax: limits.depthMax) { return first }
                switch error.cause {
                case .fault(let fault): record.problem = .notJSON(fault, column: Int32(first + error.offset + 1))
                case .tooDeep: record.problem = .tooDeep(depthMax: Int32(limits.depthMax))
                }
            }
            append(&record, bytes, into: &batch)
            return nil
        }
    }

    private mutating func append(_ record: inout Record, _ bytes: Span<UInt8>, into batch: inout RecordBatch) {
        if !bytes.isUTF8 { record.problem = .badEncoding(encoding) }
        recordsRead += 1
        batch.records.append(record)
    }

    /// Reads a line behind an object that is open.
    private mutating func goOn(_ lineBytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        guard var value = open else { return }
        let outcome = value.read(lineBytes)
        guard value.bytes.count <= limits.recordBytesMax else { throw tooLong(value.line) }
        switch outcome {
        case .open: open = value
        case .cut:
            guard takeBack(into: &batch) else {
                throw DecodingFailure(
                    code: .notWellFormed, line: line, recordNumber: recordsRead + 1,
                    message: "not JSON: an object begins here, but the one that begins on line \(value.line) isn't "
                        + "closed; close it, or correct the file")
            }
            let start = batch.arena.count
            batch.arena.append(lineBytes)
            try read(lineBytes, at: start, into: &batch)
        case .fault: throw broken(.endedEarly, value)
        case .tooDeep:
            throw DecodingFailure(
                code: .depthExceeded, line: line, recordNumber: recordsRead + 1,
                message: "nests deeper than \(limits.depthMax) levels; flatten the record")
        case .end(let restStart):
            open = nil
            try readWhole(value, into: &batch)
            let start = batch.arena.count
            let rest = lineBytes.extracting(restStart..<lineBytes.count)
            batch.arena.append(rest)
            var reader = JSONReader(levelsLeft: 0)
            reader.skipBlanks(rest)
            if reader.index == rest.count { return }
            guard rest[reader.index] == UInt8(ascii: "{") else { throw broken(.trailingBytes, value) }
            try read(rest, at: start, into: &batch)
        }
    }

    /// Reads an object of several lines, which is whole.
    private mutating func readWhole(_ value: JSONOpenValue, into batch: inout RecordBatch) throws(DecodingFailure) {
        let start = batch.arena.count
        batch.arena.append(contentsOf: value.bytes)
        var record = Record(ordinal: recordsRead + 1, line: value.line, raw: .empty)
        do throws(JSONError) {
            try JSONRecord.read(
                value.bytes.span, at: start, levelsLeft: limits.depthMax, mapping: mapping, innerPath: innerPath,
                into: &record, arena: &batch.arena)
        } catch {
            line = value.line + Int64(value.bytes[..<error.offset].count { $0 == 0x0A })
            guard case .fault(let fault) = error.cause else { throw broken(.wrongBracket, value) }
            throw broken(fault, value)
        }
        append(&record, value.bytes.span, into: &batch)
    }

    /// Ends the open object where its first line was cut, and each line behind it is whole by itself: that line alone
    /// is invalid, as is any line that is no JSON.
    /// - Returns: whether it is so; where not, nothing has changed.
    private mutating func takeBack(into batch: inout RecordBatch) -> Bool {
        guard let value = open, value.isOfWholeLines else { return false }
        open = nil
        let last = line
        for (number, range) in value.lines {
            line = number
            let start = batch.arena.count
            batch.arena.append(contentsOf: value.bytes[range])
            _ = readObjects(value.bytes.span.extracting(range), at: start, canStayOpen: false, into: &batch)
        }
        line = last
        return true
    }

    private func broken(_ fault: JSONFault, _ value: JSONOpenValue) -> DecodingFailure {
        DecodingFailure(
            code: .notWellFormed, line: line, recordNumber: recordsRead + 1,
            message: "not JSON: \(fault.message), in the object that begins on line \(value.line); correct the file")
    }

    private func tooLong(_ begun: Int64? = nil) -> DecodingFailure {
        DecodingFailure(
            code: .recordTooLong, line: begun ?? line, recordNumber: recordsRead + 1,
            message:
                "this \(begun == nil ? "line" : "object") is longer than \(limits.recordBytesMax) bytes; put each "
                + "object on a line of its own, or raise --record-bytes-max"
        )
    }
}
