package import RecordFormats

/// Decides whether a record is a draft: a name and an optional rank that the API can be asked to create.
///
/// Safe, wherever it says `unsafe`: a record's fields are in its batch's arena, which is lent for the call; bytes are
/// read from a field's start to its end, and a number has one at least.
///
/// Allocates nothing for a record. The rules are those of the API page ("Names") and of the command's help.
package struct RecordValidator: Sendable {
    /// The longest name, in characters (Unicode scalar values), after trimming.
    package var nameLengthMax: Int

    /// Whether the activity counts, so that one that can't be understood makes a record invalid.
    package var honoursActive: Bool

    /// Makes a validator. By default, names have at most 255 characters and the activity is ignored.
    package init(nameLengthMax: Int = 255, honoursActive: Bool = false) {
        self.nameLengthMax = nameLengthMax
        self.honoursActive = honoursActive
    }

    /// The result of the check of one record. `name` is the trimmed name in the batch's arena; it and `rank` count
    /// only where there are no violations.
    package struct Fields: Sendable {
        /// Where the trimmed name stands in the batch's arena; empty where it is missing.
        package var name = ByteSlice(start: 0, count: 0)
        /// The rank; nil where the record has none.
        package var rank: Int32?
        /// Whether the group is to be in use; nil where the record doesn't say, or can't be understood.
        package var active: Bool?
        /// All that is wrong with the record; empty for a valid one.
        package var violations: Violations = []
    }

    /// Checks `record`, whose bytes stand in `arena`.
    package func check(_ record: Record, in arena: UnsafeRawBufferPointer) -> Fields {
        var fields = Fields()
        if record.problem != nil {
            fields.violations = .malformed
            return fields
        }
        unsafe checkName(record.name, in: arena, &fields)
        unsafe checkRank(record.rank, in: arena, &fields)
        if record.active.kind != .absent { unsafe checkActive(record.active, in: arena, &fields) }
        return fields
    }

    private func checkName(_ field: RecordField, in arena: UnsafeRawBufferPointer, _ fields: inout Fields) {
        switch field.kind {
        case .absent, .null: fields.violations.insert(.nameMissing)
        case .number, .wrongType: fields.violations.insert(.nameNotText)
        case .duplicate: fields.violations.insert(.nameGivenTwice)
        case .text:
            fields.name = unsafe TextScan.trimmed(field.slice, in: arena)
            if fields.name.count == 0 { return _ = fields.violations.insert(.nameMissing) }
            let scan = unsafe TextScan.scan(fields.name, in: arena)
            if !scan.isUTF8 { fields.violations.insert(.nameNotUTF8) }
            if scan.hasControl { fields.violations.insert(.nameControlCharacter) }
            if scan.scalars > nameLengthMax { fields.violations.insert(.nameTooLong) }
        }
    }

    /// Checks a rank, and puts what comes of it into `fields`.
    func checkRank(_ field: RecordField, in arena: UnsafeRawBufferPointer, _ fields: inout Fields) {
        switch field.kind {
        case .absent, .null: break
        case .wrongType: fields.violations.insert(.rankNotInteger)
        case .duplicate: fields.violations.insert(.rankGivenTwice)
        case .number:
            if let rank = unsafe Self.shortNumber(field.slice, in: arena) { return fields.rank = rank }
            unsafe parseRank(field.slice, in: arena, &fields)
        case .text:
            if field.slice.bounds.isEmpty { return }
            if let rank = unsafe Self.shortNumber(field.slice, in: arena) { return fields.rank = rank }
            let digits = unsafe TextScan.trimmed(field.slice, in: arena)
            if digits.count > 0 { unsafe parseRank(digits, in: arena, &fields) }
        }
    }

    /// Understands true, false, yes, no, 1 and 0, regardless of case; nothing and blanks say nothing.
    func checkActive(_ field: RecordField, in arena: UnsafeRawBufferPointer, _ fields: inout Fields) {
        if field.kind == .null { return }
        if field.kind == .duplicate {
            if honoursActive { fields.violations.insert(.activeGivenTwice) }
            return
        }
        let text = unsafe TextScan.trimmed(field.slice, in: arena)
        if text.count == 0 { return }
        switch unsafe String(decoding: arena[text.start..<text.end], as: UTF8.self).lowercased() {
        case "true", "yes", "1": fields.active = true
        case "false", "no", "0": fields.active = false
        default: if honoursActive { fields.violations.insert(.activeNotBoolean) }
        }
    }

    /// The value of at most nine digits, with a minus or not; nil for anything else, which `parseRank` sees to.
    @inline(__always)
    private static func shortNumber(_ slice: ByteSlice, in arena: UnsafeRawBufferPointer) -> Int32? {
        var index = slice.bounds.lowerBound
        let end = slice.bounds.upperBound
        let isNegative = unsafe arena[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        guard index < end, end - index <= 9 else { return nil }
        var value: Int32 = 0
        while index < end {
            let digit = unsafe arena[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int32(truncatingIfNeeded: digit)
            index += 1
        }
        return isNegative ? -value : value
    }

    private func parseRank(_ slice: ByteSlice, in arena: UnsafeRawBufferPointer, _ fields: inout Fields) {
        var index = slice.bounds.lowerBound
        let end = slice.bounds.upperBound
        let isNegative = unsafe arena[index] == UInt8(ascii: "-")
        if unsafe isNegative || arena[index] == UInt8(ascii: "+") { index += 1 }
        guard index < end else { return _ = fields.violations.insert(.rankNotInteger) }
        var value: Int64 = 0
        while index < end {
            let digit = unsafe arena[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return _ = fields.violations.insert(.rankNotInteger) }
            value = min(value * 10 + Int64(digit), 1 << 40)
            index += 1
        }
        guard let rank = Int32(exactly: isNegative ? -value : value) else {
            return _ = fields.violations.insert(.rankOutOfRange)
        }
        fields.rank = rank
    }
}
