internal import CScan

/// Reads objects in place in a chunk, as long as they are of the shape that nearly all have: member names without
/// escapes; values that are text without escapes, integers or null. `JSONReader` reads other values. An object with
/// anything else, or near the end of the chunk, is left to the caller's other path, which alone finds errors and their
/// places.
///
/// To its maintainers: `reachBytes` bytes from `index` on may be read wherever `index` is at most `last`; each step
/// that moves it says how that holds again. An object that is accepted holds only white space, structure and ASCII
/// outside its strings, so `hasNonASCII` tells whether its UTF-8 must be checked.
@unsafe struct JSONQuickReader {
    /// The bytes that one step may read.
    private static let reachBytes = 40

    private let bytes: UnsafePointer<UInt8>
    private let count: Int
    private let last: Int
    /// Whether an object must not go on behind a line end.
    private let areLines: Bool
    private let levelsLeft: Int
    /// What is added to an offset in the chunk to give its place in the arena.
    private let shift: Int

    /// The offset of the next byte.
    var index = 0
    /// The line ends skipped since this was last set.
    var lineEnds: Int64 = 0
    /// What was found in the object that was read last.
    private(set) var hasNonASCII = false
    private(set) var fields = RecordFields()
    private(set) var problem: RecordProblem?

    /// A reader of the `chunk`, which must outlive it; nil where it could read no object.
    /// - Parameters:
    ///   - levelsLeft: how many levels an object may open, its own included.
    ///   - shift: what is added to an offset in the chunk to give its place in the arena.
    init?(_ chunk: UnsafeBufferPointer<UInt8>, areLines: Bool, levelsLeft: Int, shift: Int) {
        guard let base = chunk.baseAddress, levelsLeft > 0 else { return nil }
        unsafe bytes = base
        unsafe count = chunk.count
        unsafe last = chunk.count - Self.reachBytes
        unsafe self.areLines = areLines
        unsafe self.levelsLeft = levelsLeft
        unsafe self.shift = shift
    }

    /// The byte at `index`. Precondition: it is in reach.
    var byte: UInt8 { @inline(__always) get { unsafe bytes[index] } }

    /// Reads the object that begins at `index`, which is behind it then.
    /// - Returns: whether there was one that could be read; where not, `index` is undefined.
    @inline(__always)
    mutating func readObject(_ mapping: MemberMapping, arena: inout [UInt8]) -> Bool {
        guard unsafe index <= last, unsafe byte == UInt8(ascii: "{") else { return false }
        unsafe hasNonASCII = false
        unsafe fields = RecordFields()
        unsafe problem = nil
        unsafe index += 1
        guard unsafe skipBlanks() else { return false }
        if unsafe byte == UInt8(ascii: "}") {
            unsafe index += 1
            return true
        }
        while true {
            guard let member = unsafe readName(mapping), unsafe skipBlanks(), unsafe byte == UInt8(ascii: ":") else {
                return false
            }
            unsafe index += 1
            guard unsafe skipBlanks(), unsafe readValue(of: member, &arena), unsafe skipBlanks() else { return false }
            let byte = unsafe byte
            unsafe index += 1
            if byte != UInt8(ascii: ",") { return byte == UInt8(ascii: "}") }
            guard unsafe skipBlanks() else { return false }
        }
    }

    /// Skips white space.
    /// - Returns: whether a byte follows that may be read: `index` is at most `last`.
    @inline(__always)
    mutating func skipBlanks() -> Bool {
        guard unsafe index <= last else { return false }
        if unsafe byte > 0x20 { return true }
        if unsafe byte == 0x20 {
            // One blank is the most usual; the byte behind it is in reach.
            unsafe index += 1
            if unsafe byte > 0x20 { return unsafe index <= last }
        }
        return unsafe apart { unsafe $0.skipMoreBlanks() }
    }

    /// Runs a rare step on a copy: a reader whose address isn't passed on can be kept in registers.
    @inline(__always)
    private mutating func apart(_ step: (inout JSONQuickReader) -> Bool) -> Bool {
        var copy = unsafe self
        let outcome = unsafe step(&copy)
        unsafe self = copy
        return outcome
    }

    /// The offset of the line end, where only white space precedes it; nil where there is more, or it isn't in reach.
    @inline(__always)
    mutating func lineEnd() -> Int? {
        // The byte behind an object is in reach, for its closing brace was at most at `last`.
        if unsafe byte == 0x0A { return unsafe index }
        guard unsafe skipBlanks(), unsafe byte == 0x0A else { return nil }
        return unsafe index
    }

    @inline(never)
    private mutating func skipMoreBlanks() -> Bool {
        while unsafe index <= last {
            switch unsafe byte {
            case 0x20, 0x09, 0x0D: unsafe index += 1
            case 0x0A:
                if unsafe areLines { return true }
                unsafe lineEnds += 1
                unsafe index += 1
            default: return true
            }
        }
        return false
    }

    /// Reads a member's name at its opening quote. Precondition: `index` is at most `last`.
    @inline(__always)
    private mutating func readName(_ mapping: MemberMapping) -> RecordMember? {
        guard unsafe byte == 0x22 else { return nil }
        unsafe index += 1
        // Safe: a step's reach is longer than the quote, the four bytes and the other quote.
        let word = unsafe UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt32.self)
        if unsafe bytes[index + 4] == 0x22, let member = mapping.member(fourBytes: UInt32(bigEndian: word)) {
            unsafe index += 5
            return member
        }
        let start = unsafe index
        guard unsafe skipPlainText() else { return nil }
        // Safe: the bytes from `start` to `index` have been read, so they are in the chunk.
        let written = unsafe Span(_unsafeStart: bytes + start, count: index - start)
        let member = mapping.member(written)
        unsafe index += 1
        return member
    }

    /// Skips text up to the closing quote. Precondition: `index` is at most `last` or one behind it.
    /// - Returns: whether it was plain and `index` is at the quote.
    @inline(__always)
    private mutating func skipPlainText() -> Bool {
        repeat {
            // Safe: `index` is at most `last + 1`, and a step's reach is more than the 33 bytes from `last` on.
            let marks = unsafe scanString(bytes + index)
            let ends = UInt32(truncatingIfNeeded: marks)
            let high = UInt32(truncatingIfNeeded: marks >> 32)
            if ends != 0 {
                // The bits below the lowest that is set.
                if high & (ends & (0 &- ends) &- 1) != 0 { unsafe hasNonASCII = true }
                unsafe index += ends.trailingZeroBitCount
                return unsafe byte == 0x22
            }
            if high != 0 { unsafe hasNonASCII = true }
            unsafe index += 32
        } while unsafe index <= last
        return false
    }

    /// Reads a value as that of `member`. Precondition: `index` is at most `last`.
    @inline(__always)
    private mutating func readValue(of member: RecordMember, _ arena: inout [UInt8]) -> Bool {
        let start = unsafe index
        switch unsafe byte {
        case 0x22:
            unsafe index += 1
            guard unsafe skipPlainText() else { break }
            let slice = unsafe ByteSlice(start: start + 1 + shift, count: index - start - 1)
            unsafe fields.add(.text(slice), as: member)
            unsafe index += 1
            return true
        case UInt8(ascii: "-"), 0x30...0x39:
            guard unsafe skipInteger() else { break }
            let slice = unsafe ByteSlice(start: start + shift, count: index - start)
            unsafe fields.add(RecordField(kind: .number, slice: slice), as: member)
            return true
        case UInt8(ascii: "n"):
            // Safe: four bytes are in reach.
            let word = unsafe UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt32.self)
            guard UInt32(bigEndian: word) == 0x6E75_6C6C else { return false }
            unsafe fields.add(RecordField(kind: .null, slice: .empty), as: member)
            unsafe index += 4
            return true
        default: break
        }
        unsafe index = start
        return unsafe apart { unsafe $0.readOther(of: member, &arena) }
    }

    /// Skips an integer (RFC 8259 section 6). Precondition: `index` is at most `last`.
    /// - Returns: whether there was one of at most 14 digits, which no fraction or exponent follows.
    @inline(__always)
    private mutating func skipInteger() -> Bool {
        if unsafe byte == UInt8(ascii: "-") { unsafe index += 1 }
        let startsWithZero = unsafe byte == 0x30
        var digits = unsafe digitsAhead()
        unsafe index += digits
        if digits == 7 {
            let more = unsafe digitsAhead()
            unsafe index += more
            if more == 7 { return false }
            digits += more
        }
        guard digits > 0, !startsWithZero || digits == 1 else { return false }
        return unsafe byte != UInt8(ascii: ".") && byte | 0x20 != UInt8(ascii: "e")
    }

    /// How many digits there are at `index`, up to 7. Precondition: eight bytes from `index` on are in reach.
    @inline(__always)
    private func digitsAhead() -> Int {
        // Safe: the eight bytes are in the chunk.
        let word = unsafe UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let digits = UInt64(littleEndian: word) ^ 0x3030_3030_3030_3030
        // The top bit of each byte that is above 9; no byte carries into the next.
        let others = ((digits & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | digits) & 0x8080_8080_8080_8080
        return (others | 1 << 63).trailingZeroBitCount >> 3
    }
}

// Values of other shapes.
extension JSONQuickReader {
    @inline(never)
    private mutating func readOther(of member: RecordMember, _ arena: inout [UInt8]) -> Bool {
        // Safe: the chunk has `count` bytes, and the span doesn't leave this call.
        var rest = unsafe Span(_unsafeStart: bytes, count: count)
        if unsafe areLines {
            guard let end = unsafe rest.firstLineEnd(from: index) else { return false }
            rest = rest.extracting(0..<end)
        }
        let start = unsafe index
        var reader = unsafe JSONReader(levelsLeft: levelsLeft - 1)
        reader.index = start
        do throws(JSONError) {
            if member.isKept {
                let field = unsafe try JSONRecord.readField(rest, &reader, base: shift, &problem, &arena)
                unsafe fields.add(field, as: member)
            } else {
                try reader.skipValue(rest)
            }
        } catch {
            return false
        }
        unsafe index = reader.index
        for offset in unsafe start..<index {
            let byte = rest[offset]
            if byte >= 0x80 { unsafe hasNonASCII = true }
            if byte == 0x0A { unsafe lineEnds += 1 }
        }
        return true
    }
}
