/// Which member of a group a column, JSON member, element or attribute stands for.
///
/// Names are matched without regard to ASCII case, blanks, `_` and `-`: `name`, `Group Name` and `group_name` are one.
package enum MemberName: UInt8, Sendable {
    case name
    case rank
    /// Whether the group is in use: `active`, `isActive`.
    case active
    /// Begins with `_`: written by `groupload` itself into its reports, and ignored when they are fed back.
    case ignored
    case other

    /// Whether a record keeps what stands under it.
    var isKept: Bool { rawValue <= Self.active.rawValue }

    /// What a header text stands for.
    package init(header: String) { self.init(of: header.utf8.span) }

    /// Precondition: none; bytes that aren't UTF-8 are `other`.
    init(of written: Span<UInt8>) {
        self = .other
        if written.count == 4 {
            if let member = Self(fourBytes: Self.folded(written[0], written[1], written[2], written[3])) {
                self = member
                return
            }
        }
        var folded: InlineArray<9, UInt8> = .init(repeating: 0)
        var count = 0
        for index in 0..<written.count {
            var byte = written[index]
            if byte == 0x20 || byte == 0x09 || byte == 0x22 { continue }
            if byte == UInt8(ascii: "_"), count == 0 {
                self = .ignored
                return
            }
            if byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") { continue }
            if byte >= 0x41, byte <= 0x5A { byte |= 0x20 }
            if count == 9 { return }
            folded[count] = byte
            count += 1
        }
        var start = 0
        if count == 9 {
            guard folded[0] == UInt8(ascii: "g"), folded[1] == UInt8(ascii: "r"), folded[2] == UInt8(ascii: "o"),
                folded[3] == UInt8(ascii: "u"), folded[4] == UInt8(ascii: "p")
            else { return }
            start = 5
        } else if count == 6 || count == 8 {
            if Self.isActive(folded, count) { self = .active }
            return
        } else if count != 4 {
            return
        }
        let word = Self.folded(folded[start], folded[start + 1], folded[start + 2], folded[start + 3])
        if word == Self.nameWord { self = .name } else if word == Self.rankWord { self = .rank }
    }

    /// Whether the first bytes, in lower case, are `active` or `isactive`.
    private static func isActive(_ bytes: InlineArray<9, UInt8>, _ count: Int) -> Bool {
        let start = count - 6
        if start == 2, bytes[0] != UInt8(ascii: "i") || bytes[1] != UInt8(ascii: "s") { return false }
        return folded(bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3]) == 0x6163_7469
            && bytes[start + 4] == UInt8(ascii: "v") && bytes[start + 5] == UInt8(ascii: "e")
    }

    /// The name or the rank, where a text of four bytes is one of them without anything to pass over; nil for any other. The
    /// first byte is the word's highest.
    @inline(__always)
    init?(fourBytes word: UInt32) {
        switch word | 0x2020_2020 {
        case Self.nameWord: self = .name
        case Self.rankWord: self = .rank
        default: return nil
        }
    }

    private static var nameWord: UInt32 { 0x6E61_6D65 }
    private static var rankWord: UInt32 { 0x7261_6E6B }

    /// Four bytes as one word, letters in lower case. The bit set for that maps no other byte onto a letter but the
    /// upper-case one.
    private static func folded(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> UInt32 {
        (UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)) | 0x2020_2020
    }
}
