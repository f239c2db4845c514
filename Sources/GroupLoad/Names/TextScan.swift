import RecordFormats

/// Unicode on raw bytes: trimming, counting and looking for control characters without making a `String`.
///
/// Safe, wherever it says `unsafe`: a slice is in its arena, which is lent for the call, and every byte that is read is
/// between its start and its end.
enum TextScan {
    /// What one pass over a text found.
    struct Findings {
        /// Unicode scalar values.
        var scalars = 0
        /// Whether one of them is of general category Cc.
        var hasControl = false
        /// Whether the bytes are well-formed UTF-8 (Unicode 16, table 3-7).
        var isUTF8 = true
        /// A bit for each lead byte above 0xc0, by its lower six bits.
        var leads: UInt64 = 0
        /// Whether two characters that aren't ASCII stand beside each other, or one is Â or Ã.
        var mayBeWronglyDecoded = false

        /// Notes the character that isn't ASCII, of well-formed UTF-8, with which `word` begins, its first byte in the
        /// lowest.
        @inline(__always)
        mutating func note(_ word: UInt64) {
            let (first, second) = (word & 0xff, word >> 8 & 0xff)
            leads |= 1 << (word & 0x3f)
            // U+0080 to U+009F are C2 80 to C2 9F.
            if first == 0xc2, second < 0xa0 { hasControl = true }
            if first == 0xc3, second & 0xfe == 0x82 { mayBeWronglyDecoded = true }
        }
    }

    /// `slice` less the White_Space characters (Unicode 16, PropList.txt) around it, and less those that can't be seen
    /// there and mean nothing: soft hyphen, zero-width space, marks of direction, word joiner, byte order mark.
    static func trimmed(_ slice: ByteSlice, in arena: UnsafeRawBufferPointer) -> ByteSlice {
        var start = slice.bounds.lowerBound
        var end = slice.bounds.upperBound
        while start < end {
            let length = unsafe blankLength(at: start, end, in: arena)
            if length == 0 { break }
            start += length
        }
        while start < end {
            var length = 1
            while length < 3, end - length > start, unsafe arena[end - length] & 0xc0 == 0x80 { length += 1 }
            guard unsafe blankLength(at: end - length, end, in: arena) == length else { break }
            end -= length
        }
        return ByteSlice(start: start, count: end - start)
    }

    /// The first character of `whole` outside `trimmed` that isn't white space; nil where there is none.
    static func invisible(
        around trimmed: ByteSlice, of whole: ByteSlice, in arena: UnsafeRawBufferPointer
    ) -> Unicode.Scalar? {
        for part in [whole.start..<trimmed.start, trimmed.end..<whole.end] {
            let text = unsafe String(decoding: arena[part], as: UTF8.self)
            if let found = text.unicodeScalars.first(where: { !$0.properties.isWhitespace }) { return found }
        }
        return nil
    }

    /// Counts the characters of `slice` and looks for what a name must not hold.
    static func scan(_ slice: ByteSlice, in arena: UnsafeRawBufferPointer) -> Findings {
        var findings = Findings()
        var index = slice.bounds.lowerBound
        let end = slice.bounds.upperBound
        var lastEnd = -1
        while index < end {
            if index + 8 <= end, unsafe arena[index] < 0x80 {
                let word = unsafe UInt64(littleEndian: arena.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let length = (word & 0x8080_8080_8080_8080).trailingZeroBitCount / 8
                // The top bit of a byte: it is below 0x20, or it is 0x7f; a borrow only follows where one is.
                let below = word &- 0x2020_2020_2020_2020
                let delete = (word ^ 0x7f7f_7f7f_7f7f_7f7f) &- 0x0101_0101_0101_0101
                let counted: UInt64 = length == 8 ? .max : 1 << UInt64(length * 8) &- 1
                if (below | delete) & 0x8080_8080_8080_8080 & counted != 0 { findings.hasControl = true }
                findings.scalars += length
                index += length
                continue
            }
            let byte = unsafe arena[index]
            if byte < 0x80 {
                if byte < 0x20 || byte == 0x7f { findings.hasControl = true }
                index += 1
            } else {
                let length = unsafe sequenceLength(at: index, end, in: arena)
                if length == 0 { findings.isUTF8 = false }
                // One byte that is none of UTF-8 is neither C2 nor C3 for what it says of the next.
                findings.note(UInt64(byte) | (length == 0 ? 0xff : unsafe UInt64(arena[index + 1])) << 8)
                if index == lastEnd { findings.mayBeWronglyDecoded = true }
                index += max(length, 1)
                lastEnd = index
            }
            findings.scalars += 1
        }
        return findings
    }

    /// The bytes of the character at `index` if it is trimmed, or 0.
    private static func blankLength(at index: Int, _ end: Int, in arena: UnsafeRawBufferPointer) -> Int {
        let byte = unsafe arena[index]
        if byte < 0x80 { return byte == 0x20 || (0x09...0x0d).contains(byte) ? 1 : 0 }
        if byte == 0xc2, index + 1 < end {  // U+0085, U+00A0, U+00AD
            return unsafe arena[index + 1] == 0x85 || arena[index + 1] == 0xa0 || arena[index + 1] == 0xad ? 2 : 0
        }
        guard (0xe1...0xe3).contains(byte) || byte == 0xef, index + 2 < end else { return 0 }
        switch unsafe (byte, arena[index + 1], arena[index + 2]) {
        case (0xe1, 0x9a, 0x80), (0xe2, 0x80, 0x80...0x8a), (0xe2, 0x80, 0xa8...0xa9), (0xe2, 0x80, 0xaf),
            (0xe2, 0x81, 0x9f), (0xe3, 0x80, 0x80):
            return 3  // U+1680, U+2000–200A, U+2028–2029, U+202F, U+205F, U+3000
        case (0xe2, 0x80, 0x8b), (0xe2, 0x80, 0x8e...0x8f), (0xe2, 0x81, 0xa0), (0xef, 0xbb, 0xbf):
            return 3  // U+200B, U+200E–200F, U+2060, U+FEFF
        default: return 0
        }
    }

    /// The bytes of the well-formed multi-byte sequence at `index`, or 0.
    private static func sequenceLength(at index: Int, _ end: Int, in arena: UnsafeRawBufferPointer) -> Int {
        let first = unsafe arena[index]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch first {
        case 0xc2...0xdf: length = 2
        case 0xe0: (length, second) = (3, 0xa0...0xbf)
        case 0xed: (length, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: length = 3
        case 0xf0: (length, second) = (4, 0x90...0xbf)
        case 0xf1...0xf3: length = 4
        case 0xf4: (length, second) = (4, 0x80...0x8f)
        default: return 0
        }
        guard index + length <= end, unsafe second.contains(arena[index + 1]) else { return 0 }
        for offset in 2..<max(length, 2) where unsafe arena[index + offset] & 0xc0 != 0x80 { return 0 }
        return length
    }
}
