import RecordFormats

/// What is wrong with a record; all of it at once.
package struct Violations: OptionSet, Sendable {
    /// A bit for each kind of violation.
    package let rawValue: UInt16

    /// The violations whose bits are set.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The format says so: not JSON, bad UTF-8, a ragged row.
    package static let malformed = Violations(rawValue: 1 << 0)
    /// The record has no name, or one that is empty after trimming.
    package static let nameMissing = Violations(rawValue: 1 << 1)
    /// The name is a JSON value that is no string.
    package static let nameNotText = Violations(rawValue: 1 << 2)
    /// Two columns or members of the record are its name.
    package static let nameGivenTwice = Violations(rawValue: 1 << 3)
    /// The name's bytes aren't valid UTF-8.
    package static let nameNotUTF8 = Violations(rawValue: 1 << 4)
    /// The name holds a line break or another control character.
    package static let nameControlCharacter = Violations(rawValue: 1 << 5)
    /// The name has more characters than ``RecordValidator/nameLengthMax``.
    package static let nameTooLong = Violations(rawValue: 1 << 6)
    /// The rank isn't an integer in digits.
    package static let rankNotInteger = Violations(rawValue: 1 << 7)
    /// The rank doesn't fit 32 bits with a sign.
    package static let rankOutOfRange = Violations(rawValue: 1 << 8)
    /// Two columns or members of the record are its rank.
    package static let rankGivenTwice = Violations(rawValue: 1 << 9)
    /// The activity counts and isn't one of the words for true and false.
    package static let activeNotBoolean = Violations(rawValue: 1 << 10)
    /// The activity counts, and two columns or members of the record are it.
    package static let activeGivenTwice = Violations(rawValue: 1 << 11)
}

extension Violations {
    /// What is wrong in a few words each, without values; for a malformed record its problem's title says it.
    var titles: [String] {
        let all: [(Violations, String)] = [
            (.nameMissing, "name is missing"), (.nameNotText, "name is not text"),
            (.nameGivenTwice, "name is given twice"),
            (.nameNotUTF8, "name is not valid UTF-8"), (.nameControlCharacter, "name holds a control character"),
            (.nameTooLong, "name is too long"), (.rankNotInteger, "rank is not an integer"),
            (.rankOutOfRange, "rank is out of range"), (.rankGivenTwice, "rank is given twice"),
            (.activeNotBoolean, "activity is not true or false"), (.activeGivenTwice, "activity is given twice"),
        ]
        return all.compactMap { contains($0.0) ? $0.1 : nil }
    }

    /// What is wrong and what to do, each violation separated by "; ". Values are shown, cut at 64 bytes.
    ///
    /// - Parameter nameLengthMax: the bound that ``nameTooLong`` was judged by, in characters.
    func message(for record: Record, in batch: RecordBatch, nameLengthMax: Int) -> String {
        var parts: [String] = []
        if contains(.malformed), let problem = record.problem { parts.append(problem.message(line: record.line)) }
        if contains(.nameMissing) { parts.append("name is missing; give every group a name") }
        if contains(.nameNotText) {
            parts.append(
                """
                name \(batch.shown(record.name)) is not plain text; write it as text only, in JSON as a \
                string in quotes
                """
            )
        }
        if contains(.nameGivenTwice) { parts.append("name is given twice; keep one") }
        if contains(.nameNotUTF8) { parts.append("name is not valid UTF-8; save the file as UTF-8") }
        if contains(.nameControlCharacter) {
            parts.append("name \(batch.shown(record.name)) holds a line break or another control character; remove it")
        }
        if contains(.nameTooLong) {
            parts.append("name is longer than \(nameLengthMax) characters; shorten it, or raise --name-length-max")
        }
        if contains(.rankNotInteger) {
            parts.append("rank \(batch.shown(record.rank)) is not an integer; write digits only, or leave it empty")
        }
        if contains(.rankOutOfRange) {
            parts.append("rank \(batch.shown(record.rank)) is outside -2147483648 to 2147483647; use a smaller number")
        }
        if contains(.rankGivenTwice) { parts.append("rank is given twice; keep one") }
        if contains(.activeNotBoolean) {
            parts.append(
                """
                isActive \(batch.shown(record.active)) is not true, false, yes, no, 1 or 0; write one of \
                them, or nothing
                """
            )
        }
        if contains(.activeGivenTwice) { parts.append("isActive is given twice; keep one") }
        return parts.joined(separator: "; ")
    }
}

extension RecordBatch {
    /// A field's value as read, or nil where there is none. A value that is given twice says so, lest one of the two
    /// passes.
    func value(_ field: RecordField) -> [UInt8]? {
        switch field.kind {
        case .absent, .null: nil
        case .duplicate: Array("(given twice)".utf8)
        case .text, .number, .wrongType: Array(arena[field.slice.start..<field.slice.end])
        }
    }

    /// A field's value for a message: text in quotes with what is not printable escaped, at most 64 bytes of it.
    func shown(_ field: RecordField) -> String {
        let bytes = arena[field.slice.start..<field.slice.start + min(field.slice.count, 64)]
        var text = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            text += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }
        if field.slice.count > 64 { text += "…" }
        return field.kind == .text ? "\"\(text)\"" : text
    }
}
