/// Decodes the records of one JSON document in chunks cut at any byte: the elements of the array that
/// `JSONRecordsSearch` finds.
///
/// To its maintainers: an incremental state machine reads all but the records, level by level. A member name, a record
/// and a string, number or literal outside the records is a *piece*: `JSONValueFramer` finds where it ends, and
/// `JSONReader` then reads it whole, strictly. So a piece is bounded by `recordBytesMax`, and what is skipped is
/// bounded by nothing.
struct JSONDocumentDecoder {
    private enum State {
        case start, elementOrEnd, element, afterValue, memberOrEnd, member, colon, value, done
        /// At a record that stands in the source itself, and behind one.
        case rootRecord, afterRootRecord
    }

    /// The encoding of the source before it was converted to UTF-8, for messages.
    var encoding = TextEncoding.utf8
    /// Whether the source holds objects, one behind the other, each of which is a record.
    var isOfRecords = false
    private let options: DecodingOptions
    let limits: DecodingLimits
    let mapping: MemberMapping
    /// What a key of an object of records is to its record.
    private let keyMember: RecordMember
    private var key: [UInt8] = []
    /// Whether the value that is due is a record.
    private var isRecordValue = false
    private var search: JSONRecordsSearch
    private var state = State.start
    var levels: [JSONLevel] = []
    private var isObjectDocument = false
    /// What is said of a page beside the records, and the member there whose name was read last.
    var pageSigns = PageSigns()
    var besideName = ""
    /// The documents that were begun, one behind the other: arrays, or objects that hold one each.
    private(set) var documents = 1
    private var framer: JSONValueFramer?
    private var begun: [UInt8] = []
    private(set) var line: Int64 = 1
    private(set) var pieceLine: Int64 = 1
    /// The number of records decoded.
    private(set) var recordsRead: Int64 = 0

    /// A decoder at the beginning of a document, behind any byte order mark.
    init(options: DecodingOptions) {
        self.options = options
        limits = options.limits
        mapping = options.mapping
        keyMember = options.keyName.map { options.mapping.member(header: $0) } ?? .other
        search = JSONRecordsSearch(options: options)
    }

    /// Appends the records that `chunk` completes.
    /// - Throws: `notWellFormed`, `invalidUTF8`, `recordTooLong`, `depthExceeded`, `noRecordsArray`.
    mutating func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        var index = 0
        var shift: Int?
        while index < chunk.count {
            if framer != nil {
                try continuePiece(chunk, &index, &batch)
                continue
            }
            switch chunk[index] {
            case 0x0A:
                line += 1
                index += 1
            case 0x20, 0x09, 0x0D: index += 1
            default:
                if try beginsPiece(chunk[index]) {
                    if isRecord, !isRecordValue, search.innerPath.isEmpty,
                        decodeQuickRecords(chunk, &index, &shift, &batch)
                    {
                        continue
                    }
                    framer = JSONValueFramer(levelsLeft: levelsLeft)
                    pieceLine = line
                } else {
                    index += 1
                }
            }
        }
    }

    /// Ends the input, which must be a whole document.
    /// - Throws: `truncated`.
    func finish() throws(DecodingFailure) {
        if state == .done || state == .afterRootRecord { return }
        if state == .start {
            throw DecodingFailure(
                code: .truncated, line: line,
                message: "the file is empty; a list without \(mapping.title.plural) is []: export it again"
            )
        }
        let inPiece = framer != nil
        throw DecodingFailure(
            code: .truncated, line: inPiece ? pieceLine : line,
            recordNumber: inPiece && isRecord ? recordsRead + 1 : nil,
            message: "the document ends before its \(levels.first?.isObject == false ? "array" : "object") is closed"
                + (inPiece && isRecord ? ", inside the record that begins here" : "")
                + "; it was cut short: fetch or export the file again"
        )
    }

    /// The member that the records were found in; nil where they are the document's own.
    var recordsMember: String? { search.recordsMember ?? search.earlierMember }

    /// The names that lead from an element of the array to the record in it.
    var innerPath: [[UInt8]] { search.innerPath }

    var isRecord: Bool {
        state == .element && levels.last?.role == .records || state == .rootRecord || isRecordValue
    }
    private var levelsLeft: Int { limits.depthMax - levels.count }

    /// Whether the next byte stands in the list of records of the first document: in its array, of which it has one, or
    /// beside the objects that are the records.
    var isInList: Bool { documents == 1 && (isOfRecords || levels.last?.role == .records) }

    /// Whether the next byte stands between two records of that list: behind the comma, where it is an array.
    var isBetweenRecords: Bool {
        isInList && framer == nil && state == (isOfRecords ? .afterRootRecord : .element)
    }

    /// Counts a part that was decoded elsewhere.
    mutating func pass(_ part: DecodedPart) {
        recordsRead += part.records
        line += part.lines
    }

    /// Decodes the record that begins at `index`, and those behind it, as long as each is of the usual shape and lies
    /// whole in the chunk; any other is left to be decoded as a piece, which finds its faults.
    /// - Parameter shift: what is added to an offset in the chunk to give its place in the arena; nil while the chunk
    ///   isn't there.
    /// - Returns: whether there was one; where not, nothing has changed.
    private mutating func decodeQuickRecords(
        _ chunk: Span<UInt8>, _ index: inout Int, _ shift: inout Int?, _ batch: inout RecordBatch
    ) -> Bool {
        guard chunk[index] == UInt8(ascii: "{") else { return false }
        let base = shift ?? batch.arena.count - index
        if shift == nil { batch.arena.append(chunk.extracting(index..<chunk.count)) }
        shift = base
        let first = index
        let mapping = mapping
        // Safe: the reader reads the chunk within the closure only.
        unsafe chunk.withUnsafeBufferPointer { buffer in
            guard var reader = unsafe JSONQuickReader(buffer, areLines: false, levelsLeft: levelsLeft, shift: base)
            else {
                return
            }
            unsafe reader.index = index
            while true {
                let start = unsafe reader.index
                unsafe reader.lineEnds = 0
                guard unsafe reader.readObject(mapping, arena: &batch.arena) else { return }
                let count = unsafe reader.index - start
                guard count <= limits.recordBytesMax,
                    unsafe !reader.hasNonASCII || chunk.extracting(start..<start + count).isUTF8
                else { return }
                recordsRead += 1
                let raw = ByteSlice(start: start + base, count: count)
                var record = unsafe Record(ordinal: recordsRead, line: line, raw: raw, fields: reader.fields)
                record.problem = unsafe reader.problem
                batch.records.append(record)
                unsafe line += reader.lineEnds
                index = start + count
                state = isOfRecords ? .afterRootRecord : .afterValue
                // The comma and the next brace together; anything else is left to the state machine.
                unsafe reader.lineEnds = 0
                if !isOfRecords {
                    guard unsafe reader.skipBlanks(), unsafe reader.byte == UInt8(ascii: ",") else { return }
                    unsafe reader.index += 1
                }
                guard unsafe reader.skipBlanks(), unsafe reader.byte == UInt8(ascii: "{") else { return }
                unsafe line += reader.lineEnds
                unsafe index = reader.index
                state = isOfRecords ? .rootRecord : .element
            }
        }
        return index > first
    }

    private mutating func continuePiece(
        _ chunk: Span<UInt8>, _ index: inout Int, _ batch: inout RecordBatch
    ) throws(DecodingFailure) {
        guard var current = framer else { return }
        let start = index
        let bytesLeft = limits.recordBytesMax - begun.count
        let outcome = current.advance(chunk, &index, bytesMax: bytesLeft)
        line = pieceLine + current.lineEnds
        framer = current
        switch outcome {
        case .more: begun.append(chunk.extracting(start..<index))
        case .controlCharacter: throw malformed(.controlCharacter)
        case .tooDeep: throw tooDeep()
        case .tooLong: throw tooLong()
        case .end:
            framer = nil
            if begun.isEmpty { return try finishPiece(chunk.extracting(start..<index), &batch) }
            begun.append(chunk.extracting(start..<index))
            // Moved out for the call, so that it isn't read from a property under change; moved back for its memory.
            var bytes: [UInt8] = []
            swap(&bytes, &begun)
            try finishPiece(bytes.span, &batch)
            bytes.removeAll(keepingCapacity: true)
            swap(&bytes, &begun)
        }
    }

    /// Reads a byte of the structure that isn't white space.
    /// - Returns: whether it is the first one of a piece, which is not read yet.
    private mutating func beginsPiece(_ byte: UInt8) throws(DecodingFailure) -> Bool {
        switch (state, byte) {
        case (.start, UInt8(ascii: "[")):
            try open(isObject: false, try search.roleOfArrayDocument(line: line))
        case (.done, UInt8(ascii: "[")) where !isObjectDocument:
            // Another document, such as the next page of a list.
            search = JSONRecordsSearch(options: options, after: search)
            documents += 1
            try open(isObject: false, try search.roleOfArrayDocument(line: line))
        case (.start, UInt8(ascii: "{")) where isOfRecords, (.afterRootRecord, UInt8(ascii: "{")):
            state = .rootRecord
            return true
        case (.start, UInt8(ascii: "{")): try open(isObject: true, search.roleOfObjectDocument)
        case (.done, UInt8(ascii: "{")) where isObjectDocument:
            search = JSONRecordsSearch(options: options, after: search)
            documents += 1
            pageSigns.beginDocument()
            try open(isObject: true, search.roleOfObjectDocument)
        case (.start, _): throw notAList(byte)
        case (.elementOrEnd, UInt8(ascii: "]")):
            if levels.last?.role == .undecided { search.noteEmptyArray() }
            close()
        case (.elementOrEnd, _), (.element, _):
            if levels.last?.role == .undecided {
                levels[levels.count - 1].role = try search.roleOfArray(firstElement: byte, line: line)
            }
            state = .element
            return try isRecord ? beginsValue(byte) : beginsOther(byte, .skipped)
        case (.memberOrEnd, UInt8(ascii: "}")): try closeObject()
        case (.memberOrEnd, 0x22), (.member, 0x22):
            state = .member
            return true
        case (.memberOrEnd, _), (.member, _): throw malformed(.memberNameExpected)
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.colon, _): throw malformed(.colonExpected)
        case (.value, _):
            let role = try roleOfMember(byte)
            guard role == .record else { return try beginsOther(byte, role) }
            let isValue = try beginsValue(byte)
            isRecordValue = true
            return isValue
        case (.afterValue, UInt8(ascii: ",")): state = isInObject ? .member : .element
        case (.afterValue, UInt8(ascii: "}")) where isInObject: try closeObject()
        case (.afterValue, UInt8(ascii: "]")) where !isInObject: close()
        case (.afterValue, UInt8(ascii: "}")), (.afterValue, UInt8(ascii: "]")): throw malformed(.wrongBracket)
        case (.afterValue, _): throw malformed(.commaExpected)
        case (.done, _), (.afterRootRecord, _): throw trailing(byte)
        case (.rootRecord, _): return true
        }
        return false
    }

    private var isInObject: Bool { levels.last?.isObject == true }

    /// Opens a level where `byte` is a bracket; any other value is a piece.
    private mutating func beginsOther(_ byte: UInt8, _ role: JSONLevel.Role) throws(DecodingFailure) -> Bool {
        switch byte {
        case UInt8(ascii: "{"): try open(isObject: true, role)
        case UInt8(ascii: "["): try open(isObject: false, role)
        default: return try beginsValue(byte)
        }
        return false
    }

    private func beginsValue(_ byte: UInt8) throws(DecodingFailure) -> Bool {
        switch byte {
        case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: ":"): throw malformed(.valueExpected)
        default: return true
        }
    }

    private mutating func open(isObject: Bool, _ role: JSONLevel.Role) throws(DecodingFailure) {
        if levels.count == limits.depthMax { throw tooDeep() }
        if levels.isEmpty { isObjectDocument = isObject }
        levels.append(JSONLevel(isObject: isObject, role: role, within: within(role)))
        state = isObject ? .memberOrEnd : .elementOrEnd
    }

    private mutating func close() {
        levels.removeLast()
        state = levels.isEmpty ? .done : .afterValue
    }

    private mutating func closeObject() throws(DecodingFailure) {
        close()
        if state == .done { try search.finishObjectDocument(line: line) }
    }

    private mutating func finishPiece(_ bytes: Span<UInt8>, _ batch: inout RecordBatch) throws(DecodingFailure) {
        if let offset = bytes.firstInvalidUTF8 {
            throw DecodingFailure(
                code: .invalidUTF8, line: lineOf(offset, bytes), recordNumber: isRecord ? recordsRead + 1 : nil,
                message: encoding.faultMessage)
        }
        do throws(JSONError) {
            var reader = JSONReader(levelsLeft: levelsLeft)
            if state == .member {
                let text = try reader.string(bytes)
                if levels.last?.role == .onPath { search.readName(text, of: bytes) }
                if levels.last?.role == .keyed { key = JSONSurvey.name(text, bytes) }
                if isBeside { besideName = String(decoding: JSONSurvey.name(text, bytes), as: UTF8.self) }
                state = .colon
            } else if isRecord {
                try readRecord(bytes, &batch)
                state = state == .rootRecord ? .afterRootRecord : .afterValue
                isRecordValue = false
            } else {
                try reader.skipValue(bytes)
                try reader.expectEnd(bytes)
                if isBeside { notePageSign(bytes) }
                state = .afterValue
            }
        } catch {
            line = lineOf(error.offset, bytes)
            switch error.cause {
            case .fault(let fault): throw malformed(fault)
            case .tooDeep: throw tooDeep()
            }
        }
    }

    private mutating func readRecord(_ bytes: Span<UInt8>, _ batch: inout RecordBatch) throws(JSONError) {
        var record = Record(ordinal: recordsRead + 1, line: pieceLine, raw: .empty)
        let isKeyed = isRecordValue && levels.last?.role == .keyed
        if isKeyed {
            let slice = ByteSlice(start: batch.arena.count, count: key.count)
            batch.arena.append(contentsOf: key)
            record.fields.add(.text(slice), as: keyMember)
        }
        let start = batch.arena.count
        batch.arena.append(bytes)
        if isKeyed, bytes[0] != UInt8(ascii: "{") {
            // The one value of a keyed record is what the second role holds: `{"Gold": 1}`.
            record.raw = ByteSlice(start: start, count: bytes.count)
            var reader = JSONReader(levelsLeft: levelsLeft)
            let field = try JSONRecord.readField(bytes, &reader, base: start, &record.problem, &batch.arena)
            try reader.expectEnd(bytes)
            record.fields.add(field, as: keyMember == .first ? .second : .other)
            if field.kind == .wrongType { record.problem = .notAnObject }
        } else {
            try JSONRecord.read(
                bytes, at: start, levelsLeft: levelsLeft, mapping: mapping, innerPath: search.innerPath,
                into: &record, arena: &batch.arena)
        }
        batch.records.append(record)
        recordsRead += 1
    }

    private func lineOf(_ offset: Int, _ bytes: Span<UInt8>) -> Int64 {
        var line = pieceLine
        for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0A { line += 1 }
        return line
    }
}

extension JSONDocumentDecoder {
    /// The role of the value that begins with `byte`.
    private mutating func roleOfMember(_ byte: UInt8) throws(DecodingFailure) -> JSONLevel.Role {
        if levels.last?.role == .keyed { return .record }
        guard levels.last?.role == .onPath else { return .skipped }
        return try search.roleOfMember(byte, depth: levels.count, line: line)
    }
}
