/// Reads a record's fields from one whole JSON value.
enum JSONRecord {
    /// Reads a value whose bytes are in `arena` from `start` on, appends decoded text to `arena`, and fills in
    /// `record`, which the caller appends to its batch.
    /// - Throws: where the value isn't JSON or opens more than `levelsLeft` levels. The members before are filled in.
    static func read(
        _ bytes: Span<UInt8>, at start: Int, levelsLeft: Int, mapping: MemberMapping, innerPath: [[UInt8]] = [],
        into record: inout Record, arena: inout [UInt8]
    ) throws(JSONError) {
        record.raw = ByteSlice(start: start, count: bytes.count)
        var reader = JSONReader(levelsLeft: levelsLeft)
        try read(bytes, &reader, mapping: mapping, innerPath: innerPath[...], into: &record, arena: &arena)
        try reader.expectEnd(bytes)
    }

    /// Reads a value as above that begins with the span but may end before it, where the reader then is. `record.raw`
    /// begins where the span's bytes are in `arena`.
    static func read(
        _ bytes: Span<UInt8>, _ reader: inout JSONReader, mapping: MemberMapping,
        innerPath: ArraySlice<[UInt8]> = [], into record: inout Record, arena: inout [UInt8]
    ) throws(JSONError) {
        reader.skipBlanks(bytes)
        guard reader.index < bytes.count, bytes[reader.index] == UInt8(ascii: "{") else {
            try reader.skipValue(bytes)
            record.problem = .notAnObject
            return
        }
        try reader.open()
        reader.skipBlanks(bytes)
        if reader.index < bytes.count, bytes[reader.index] == UInt8(ascii: "}") {
            reader.close()
        } else {
            repeat {
                let text = try reader.memberName(bytes)
                if let step = innerPath.first {
                    // The record is in the member of this name; the others are none of it.
                    if JSONSurvey.name(text, bytes) == step {
                        try read(
                            bytes, &reader, mapping: mapping, innerPath: innerPath.dropFirst(), into: &record,
                            arena: &arena)
                    } else {
                        try reader.skipValue(bytes)
                    }
                    continue
                }
                let member = member(text, bytes, mapping)
                if member.isKept {
                    let field = try readField(bytes, &reader, base: record.raw.start, &record.problem, &arena)
                    record.fields.add(field, as: member)
                } else {
                    try reader.skipValue(bytes)
                }
            } while try reader.another(bytes, close: UInt8(ascii: "}"))
        }
    }

    private static func member(_ text: JSONReader.Text, _ bytes: Span<UInt8>, _ mapping: MemberMapping) -> RecordMember
    {
        guard text.hasEscape else { return mapping.member(bytes.extracting(text.start..<text.end)) }
        var decoded: [UInt8] = []
        guard JSONText.decode(text, of: bytes, into: &decoded) else { return .other }
        return mapping.member(decoded.span)
    }

    /// Reads the value of a field. `base` is added to an offset in `bytes` to give its place in `arena`.
    static func readField(
        _ bytes: Span<UInt8>, _ reader: inout JSONReader, base: Int, _ problem: inout RecordProblem?,
        _ arena: inout [UInt8]
    ) throws(JSONError) -> RecordField {
        let start = reader.index
        guard start < bytes.count else { throw reader.fault(.endedEarly) }
        switch bytes[start] {
        case 0x22:
            let text = try reader.string(bytes)
            let asWritten = RecordField(
                kind: .text, slice: ByteSlice(start: base + text.start, count: text.end - text.start)
            )
            guard text.hasEscape else { return asWritten }
            let decodedStart = arena.count
            guard JSONText.decode(text, of: bytes, into: &arena) else {
                problem = .loneSurrogate
                return asWritten
            }
            return RecordField(kind: .text, slice: ByteSlice(start: decodedStart, count: arena.count - decodedStart))
        case UInt8(ascii: "-"), 0x30...0x39:
            try reader.skipValue(bytes)
            return RecordField(kind: .number, slice: ByteSlice(start: base + start, count: reader.index - start))
        case UInt8(ascii: "n"):
            try reader.skipValue(bytes)
            return RecordField(kind: .null, slice: .empty)
        default:
            try reader.skipValue(bytes)
            var count = reader.index - start
            if count > 64 {
                count = 64
                while bytes[start + count] & 0xC0 == 0x80 { count -= 1 }
            }
            return RecordField(kind: .wrongType, slice: ByteSlice(start: base + start, count: count))
        }
    }
}
