package import RecordFormats

/// Decides whether a record is a draft: a name and an optional rank that the API can be asked to create.
///
/// Safe, wherever it says `unsafe`: a record's fields are in its batch's arena, which is lent for the call; bytes are
/// read from a field's start to its end, and a number has one at least.
///
/// Allocates nothing for a record. The rules are those of the API page ("Names") and of the command's help.
package struct RecordValidator: Sendable {
    /// The longest name, in characters (Unicode scalar values), after trimming.
    package let nameLengthMax: Int

    /// The words that mean an empty value.
    let nullWords: NullWords
    /// The longest name that needs no comparison with those, in bytes: none where there are any.
    let plainLengthMax: Int

    /// Makes a validator. By default, names have at most 255 characters.
    ///
    /// - Parameter nullWords: words that mean an empty name, rank or activity, as they are written.
    package init(nameLengthMax: Int = 255, nullWords: [String] = []) {
        self.nameLengthMax = nameLengthMax
        self.nullWords = NullWords(nullWords)
        plainLengthMax = nullWords.isEmpty ? nameLengthMax : 0
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
        var findings = TextScan.Findings()
        return unsafe check(record, in: arena, &findings)
    }

    /// The same, with what was found in the name.
    func check(_ record: Record, in arena: UnsafeRawBufferPointer, _ findings: inout TextScan.Findings) -> Fields {
        var fields = Fields()
        if record.problem != nil {
            fields.violations = .malformed
            return fields
        }
        unsafe checkName(record.name, in: arena, &fields, &findings)
        if unsafe !isNull(record.rank, in: arena) { unsafe Self.checkRank(record.rank, in: arena, &fields) }
        if unsafe !isNull(record.active, in: arena) { unsafe Self.checkActive(record.active, in: arena, &fields) }
        return fields
    }

    /// What is wrong with a record of these texts, in a format where every value is text.
    func violations(name: [UInt8], rank: [UInt8], active: [UInt8]) -> Violations {
        func field(_ start: Int, _ text: [UInt8]) -> RecordField {
            RecordField(kind: .text, slice: ByteSlice(start: start, count: text.count))
        }
        var fields = Fields()
        var findings = TextScan.Findings()
        unsafe (name + rank + active).withUnsafeBytes { arena in
            unsafe checkName(field(0, name), in: arena, &fields, &findings)
            let rank = field(name.count, rank)
            if unsafe !isNull(rank, in: arena) { unsafe Self.checkRank(rank, in: arena, &fields) }
            let active = field(rank.slice.end, active)
            if unsafe !isNull(active, in: arena) { unsafe Self.checkActive(active, in: arena, &fields) }
        }
        return fields.violations
    }

    /// Whether a field holds one of the words that mean an empty value.
    private func isNull(_ field: RecordField, in arena: UnsafeRawBufferPointer) -> Bool {
        guard !nullWords.isEmpty else { return false }
        switch field.kind {
        case .text, .number: return unsafe nullWords.contains(field.slice, in: arena)
        case .absent, .null, .wrongType, .duplicate: return false
        }
    }

    private func checkName(
        _ field: RecordField, in arena: UnsafeRawBufferPointer, _ fields: inout Fields,
        _ findings: inout TextScan.Findings
    ) {
        switch field.kind {
        case .absent, .null: fields.violations.insert(.nameMissing)
        case .number, .wrongType: fields.violations.insert(.nameNotText)
        case .duplicate: fields.violations.insert(.nameGivenTwice)
        case .text:
            fields.name = unsafe TextScan.trimmed(field.slice, in: arena)
            if unsafe fields.name.count == 0 || !nullWords.isEmpty && nullWords.contains(fields.name, in: arena) {
                return _ = fields.violations.insert(.nameMissing)
            }
            findings = unsafe TextScan.scan(fields.name, in: arena)
            if !findings.isUTF8 { fields.violations.insert(.nameNotUTF8) }
            if findings.hasControl { fields.violations.insert(.nameControlCharacter) }
            if findings.scalars > nameLengthMax { fields.violations.insert(.nameTooLong) }
        }
    }

    /// Checks a rank that is no word of `--null`, and puts what comes of it into `fields`.
    static func checkRank(_ field: RecordField, in arena: UnsafeRawBufferPointer, _ fields: inout Fields) {
        switch field.kind {
        case .absent, .null: break
        case .wrongType: fields.violations.insert(.rankNotInteger)
        case .duplicate: fields.violations.insert(.rankGivenTwice)
        case .number, .text:
            if field.slice.bounds.isEmpty { return }
            if let rank = unsafe Self.shortNumber(field.slice, in: arena) { return fields.rank = rank }
            let text = unsafe TextScan.trimmed(field.slice, in: arena)
            if text.count > 0 { unsafe parseRank(text, isNumber: field.kind == .number, in: arena, &fields) }
        }
    }

    /// Understands the words of ``ActivityWord``; nothing and blanks say nothing.
    @inline(__always)
    static func checkActive(_ field: RecordField, in arena: UnsafeRawBufferPointer, _ fields: inout Fields) {
        switch field.kind {
        case .absent, .null: break
        case .duplicate: fields.violations.insert(.activeGivenTwice)
        case .text, .number, .wrongType: unsafe parseActive(field, in: arena, &fields)
        }
    }

    private static func parseActive(_ field: RecordField, in arena: UnsafeRawBufferPointer, _ fields: inout Fields) {
        let text = unsafe TextScan.trimmed(field.slice, in: arena)
        if text.count == 0 { return }
        fields.active = unsafe ActivityWord.value(String(decoding: arena[text.start..<text.end], as: UTF8.self))
        if fields.active == nil { fields.violations.insert(.activeNotBoolean) }
    }

    /// The value of at most eight digits, all of them looked at in one word; nil for anything else.
    @inline(__always)
    static func plainRank(_ field: RecordField, in arena: UnsafeRawBufferPointer) -> Int32? {
        switch field.kind {
        case .text, .number: break
        case .absent, .null, .wrongType, .duplicate: return nil
        }
        let (start, count) = (field.slice.bounds.lowerBound, field.slice.bounds.count)
        guard count > 0, count <= 8, start + 8 <= arena.count else { return nil }
        let word = unsafe UInt64(littleEndian: arena.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        // The last digit in the top byte, and zeros before the first.
        let shift = UInt64(truncatingIfNeeded: 8 - count) * 8
        let text = word &<< shift | 0x0030_3030_3030_3030 &>> (56 - shift)
        let digits = text ^ 0x3030_3030_3030_3030
        guard (digits | (digits &+ 0x0606_0606_0606_0606)) & 0xf0f0_f0f0_f0f0_f0f0 == 0 else { return nil }
        let pairs = (digits &* 10 &+ digits >> 8) & 0x00ff_00ff_00ff_00ff
        let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_ffff_0000_ffff
        return Int32(truncatingIfNeeded: fours &* 10_000 &+ fours >> 32)
    }

    /// The value of at most nine digits, with a minus or not; nil for anything else, which `parseRank` sees to.
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

    private static func parseRank(
        _ slice: ByteSlice, isNumber: Bool, in arena: UnsafeRawBufferPointer, _ fields: inout Fields
    ) {
        let text = unsafe UnsafeRawBufferPointer(rebasing: arena[slice.bounds])
        guard let value = unsafe RankText.integer(text, isNumber: isNumber) else {
            return _ = fields.violations.insert(.rankNotInteger)
        }
        fields.rank = Int32(exactly: value)
        if fields.rank == nil { fields.violations.insert(.rankOutOfRange) }
    }
}
