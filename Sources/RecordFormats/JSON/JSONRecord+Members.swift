extension JSONRecord {
    /// Adds the members of an object, as far as it can be read, to what is known of the first records.
    ///
    /// - Parameters:
    ///   - bytes: the record as read; anything but an object has no members.
    ///   - innerPath: the names that lead from it to the object whose members are meant.
    static func survey(
        _ bytes: Span<UInt8>, levelsLeft: Int, innerPath: [[UInt8]], into survey: inout MemberSurvey
    ) {
        var reader = JSONReader(levelsLeft: levelsLeft)
        reader.skipBlanks(bytes)
        // What is wrong with the record is said where it is decoded.
        do throws(JSONError) { try readMembers(bytes, &reader, innerPath[...], into: &survey) } catch {}
    }

    private static func readMembers(
        _ bytes: Span<UInt8>, _ reader: inout JSONReader, _ innerPath: ArraySlice<[UInt8]>,
        into survey: inout MemberSurvey
    ) throws(JSONError) {
        guard reader.index < bytes.count, bytes[reader.index] == UInt8(ascii: "{") else {
            return try reader.skipValue(bytes)
        }
        try reader.open()
        reader.skipBlanks(bytes)
        if reader.index < bytes.count, bytes[reader.index] == UInt8(ascii: "}") { return reader.close() }
        repeat {
            let text = try reader.memberName(bytes)
            var name: [UInt8] = []
            guard JSONText.decode(text, of: bytes, into: &name) else { return try reader.skipValue(bytes) }
            if let step = innerPath.first {
                if name == step {
                    try readMembers(bytes, &reader, innerPath.dropFirst(), into: &survey)
                } else {
                    try reader.skipValue(bytes)
                }
                continue
            }
            let start = reader.index
            try reader.skipValue(bytes)
            survey.add(String(decoding: name, as: UTF8.self), value(bytes.extracting(start..<reader.index)))
        } while try reader.another(bytes, close: UInt8(ascii: "}"))
    }

    /// A string without its quotes, a number or a word; nil for what holds other values.
    private static func value(_ bytes: Span<UInt8>) -> [UInt8]? {
        var copy: [UInt8] = []
        guard bytes.count > 0, bytes[0] != UInt8(ascii: "{"), bytes[0] != UInt8(ascii: "[") else { return nil }
        let isText = bytes[0] == 0x22 && bytes.count > 1
        copy.append(isText ? bytes.extracting(1..<bytes.count - 1) : bytes)
        return copy
    }
}
