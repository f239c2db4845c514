/// Finds the records of one JSON document in chunks cut at any byte: the elements of the array that the document is, or
/// of the one array of objects among the members of the object that it is.
///
/// To its maintainers: only the outer structure is an incremental state machine. A member name, an array element and
/// any other member's value is a *piece*: `JSONPieceFramer` finds where it ends, and `JSONReader` then reads it whole,
/// strictly. So a piece, also a skipped one, is bounded by `recordBytesMax`. An array is never a piece at this level:
/// its elements are.
struct JSONDocumentDecoder {
    private enum State {
        case start, elementOrEnd, element, afterElement, memberOrEnd, member, colon, value, afterMember, done
    }
    private enum Array {
        case undecided, records, skipped
    }

    private let limits: DecodingLimits
    private var state = State.start
    private var piece: JSONPieceFramer?
    private var begun: [UInt8] = []
    private var line: Int64 = 1
    private var pieceLine: Int64 = 1
    private var isObject = false
    private var array = Array.undecided
    private var memberName = ""
    private var recordsMember: String?
    private var sawEmptyArray = false
    private var sawNameMember = false
    /// The number of records handed out.
    private(set) var recordsRead: Int64 = 0

    /// A decoder at the beginning of a document, behind any byte order mark.
    init(limits: DecodingLimits) {
        self.limits = limits
    }

    /// Appends the records that `chunk` completes.
    /// - Throws: `notWellFormed`, `invalidUTF8`, `recordTooLong`, `depthExceeded`, `noRecordsArray`.
    mutating func push(_ chunk: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) {
        var index = 0
        while index < chunk.count {
            if piece != nil {
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
                    piece = JSONPieceFramer(levelsLeft: levelsLeft)
                    pieceLine = line
                } else {
                    index += 1
                }
            }
        }
    }

    /// Ends the input, which must be a whole document, or blank.
    /// - Throws: `truncated`.
    func finish() throws(DecodingFailure) {
        if state == .start || state == .done { return }
        let inPiece = piece != nil
        throw DecodingFailure(
            code: .truncated, line: inPiece ? pieceLine : line, record: inPiece && isRecord ? recordsRead + 1 : nil,
            message: "the document ends before its \(isObject ? "object" : "array") is closed"
                + (inPiece && isRecord ? ", inside the record that begins here" : "")
                + "; it was cut short: fetch or export the file again"
        )
    }

    private var isRecord: Bool { state == .element && array == .records }
    private var levelsLeft: Int { limits.depthMax - (isObject && state == .element ? 2 : 1) }

    private mutating func continuePiece(
        _ chunk: Span<UInt8>, _ index: inout Int, _ batch: inout RecordBatch
    ) throws(DecodingFailure) {
        guard var framer = piece else { return }
        let start = index
        let bytesLeft = limits.recordBytesMax - begun.count
        let outcome = framer.advance(chunk, &index, bytesMax: bytesLeft)
        line = pieceLine + framer.lineEnds
        piece = framer
        switch outcome {
        case .more: begun.append(chunk.extracting(start..<index))
        case .controlCharacter: throw malformed(.controlCharacter)
        case .tooDeep: throw tooDeep()
        case .tooLong: throw tooLong()
        case .end:
            piece = nil
            if begun.isEmpty { return try finishPiece(chunk.extracting(start..<index), &batch) }
            begun.append(chunk.extracting(start..<index))
            // Taken out for the call, so that it isn't read from a property under change; put back for its memory.
            var bytes: [UInt8] = []
            swap(&bytes, &begun)
            try finishPiece(bytes.span, &batch)
            bytes.removeAll(keepingCapacity: true)
            swap(&bytes, &begun)
        }
    }

    /// Takes a byte of the outer structure, white space excepted.
    /// - Returns: whether it is the first one of a piece, and not taken yet.
    private mutating func beginsPiece(_ byte: UInt8) throws(DecodingFailure) -> Bool {
        switch (state, byte) {
        case (.start, UInt8(ascii: "[")):
            array = .records
            state = .elementOrEnd
        case (.start, UInt8(ascii: "{")):
            isObject = true
            state = .memberOrEnd
        case (.start, _): throw notAList(byte)
        case (.elementOrEnd, UInt8(ascii: "]")):
            if array == .undecided { sawEmptyArray = true }
            state = isObject ? .afterMember : .done
        case (.elementOrEnd, _), (.element, _):
            if array == .undecided { try decideArray(byte) }
            state = .element
            return try beginsValue(byte)
        case (.afterElement, UInt8(ascii: ",")): state = .element
        case (.afterElement, UInt8(ascii: "]")): state = isObject ? .afterMember : .done
        case (.memberOrEnd, UInt8(ascii: "}")), (.afterMember, UInt8(ascii: "}")): try finishObject()
        case (.memberOrEnd, 0x22), (.member, 0x22):
            state = .member
            return true
        case (.memberOrEnd, _), (.member, _): throw malformed(.memberNameExpected)
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.colon, _): throw malformed(.colonExpected)
        case (.value, UInt8(ascii: "[")):
            array = .undecided
            state = .elementOrEnd
        case (.value, _): return try beginsValue(byte)
        case (.afterMember, UInt8(ascii: ",")): state = .member
        case (.afterElement, UInt8(ascii: "}")), (.afterMember, UInt8(ascii: "]")): throw malformed(.wrongBracket)
        case (.afterElement, _), (.afterMember, _): throw malformed(.commaExpected)
        case (.done, _): throw malformed(.trailingBytes)
        }
        return false
    }

    private func beginsValue(_ byte: UInt8) throws(DecodingFailure) -> Bool {
        switch byte {
        case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: ":"): throw malformed(.valueExpected)
        default: return true
        }
    }

    private mutating func decideArray(_ byte: UInt8) throws(DecodingFailure) {
        guard byte == UInt8(ascii: "{") else {
            array = .skipped
            return
        }
        if let recordsMember {
            throw DecodingFailure(
                code: .noRecordsArray, line: line,
                message: "both \"\(recordsMember)\" and \"\(memberName.prefix(60))\" are arrays of objects; "
                    + "leave the one that holds the groups"
            )
        }
        recordsMember = String(memberName.prefix(60))
        array = .records
    }

    private mutating func finishObject() throws(DecodingFailure) {
        state = .done
        if recordsMember != nil || (sawEmptyArray && !sawNameMember) { return }
        throw DecodingFailure(
            code: .noRecordsArray, line: line,
            message: "the object holds no array of objects; write [{\"name\": …}, …], "
                + "or read one object a line with --format ndjson"
        )
    }

    private mutating func finishPiece(_ bytes: Span<UInt8>, _ batch: inout RecordBatch) throws(DecodingFailure) {
        let levels = levelsLeft
        if let offset = bytes.firstInvalidUTF8 {
            throw DecodingFailure(
                code: .invalidUTF8, line: lineOf(offset, bytes), record: isRecord ? recordsRead + 1 : nil,
                message: "holds bytes that are not UTF-8; save the file as UTF-8"
            )
        }
        do throws(JSONError) {
            var reader = JSONReader(levelsLeft: levels)
            switch state {
            case .member:
                let text = try reader.string(bytes)
                var decoded: [UInt8] = []
                _ = JSONText.decode(text, of: bytes, into: &decoded)
                memberName = String(decoding: decoded, as: UTF8.self)
                if MemberName(of: decoded.span) == .name { sawNameMember = true }
                state = .colon
            case .element where array == .records:
                var record = Record(ordinal: recordsRead + 1, line: pieceLine, raw: .empty)
                try JSONRecord.read(bytes, levelsLeft: levels, into: &record, of: &batch)
                batch.records.append(record)
                recordsRead += 1
                state = .afterElement
            default:
                try reader.skipValue(bytes)
                try reader.expectEnd(bytes)
                state = state == .element ? .afterElement : .afterMember
            }
        } catch {
            line = lineOf(error.offset, bytes)
            switch error.cause {
            case .fault(let fault): throw malformed(fault)
            case .tooDeep: throw tooDeep()
            }
        }
    }

    private func lineOf(_ offset: Int, _ bytes: Span<UInt8>) -> Int64 {
        var line = pieceLine
        for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0A { line += 1 }
        return line
    }
}

extension JSONDocumentDecoder {
    private func malformed(_ fault: JSONFault) -> DecodingFailure {
        let hint =
            switch fault {
            case .trailingBytes: "; for one object a line use --format ndjson"
            default: "; correct the file"
            }
        return DecodingFailure(
            code: .notWellFormed, line: line, record: isRecord ? recordsRead + 1 : nil,
            message: "not JSON: \(fault.message)\(hint)"
        )
    }

    private func notAList(_ byte: UInt8) -> DecodingFailure {
        switch byte {
        case 0x22, UInt8(ascii: "-"), 0x30...0x39, UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            DecodingFailure(
                code: .noRecordsArray, line: line,
                message: "this is neither an array of objects nor an object that holds one; write [{\"name\": …}, …], "
                    + "or say what the file is with --format"
            )
        default: malformed(.valueExpected)
        }
    }

    private func tooDeep() -> DecodingFailure {
        DecodingFailure(
            code: .depthExceeded, line: line, record: isRecord ? recordsRead + 1 : nil,
            message: "nests deeper than \(limits.depthMax) levels; flatten the document"
        )
    }

    private func tooLong() -> DecodingFailure {
        DecodingFailure(
            code: .recordTooLong, line: pieceLine, record: isRecord ? recordsRead + 1 : nil,
            message:
                "the \(isRecord ? "record" : "value") that begins here is longer than \(limits.recordBytesMax) bytes; "
                + "look for a missing quote or bracket in it, or raise --record-bytes-max"
        )
    }
}
