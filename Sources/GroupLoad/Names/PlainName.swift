/// A name that is nothing but printable ASCII, at most 64 bytes of it, with no blank at either end or beside another:
/// nearly every name, and its folded form is its near form.
///
/// To its maintainers: what is found out here in one pass over its words is what `TextScan`, `NameFolder` and
/// `KeyedHash` find out one after the other, which see to all other names.
struct PlainName {
    /// The hash of its folded form.
    let folded: KeyedHash.Value
    /// A bit for each byte that is a capital.
    let capitals: UInt64

    /// The most bytes of one: as many as there are bits for capitals.
    private static let bytesMax = 64

    /// Looks at the bytes at `bounds` in `arena`, which must be in it; nil for a name that isn't plain.
    @inline(__always)
    init?(at bounds: Range<Int>, in arena: UnsafeRawBufferPointer, hash: KeyedHash) {
        let (start, count) = (bounds.lowerBound, bounds.count)
        // Safe, here and below: `bounds` are in the arena, and every byte that is read is within them, or below the
        // arena's count where it says so.
        guard count > 0, count <= Self.bytesMax, unsafe Self.isGraphic(arena[start]),
            unsafe Self.isGraphic(arena[start + count - 1])
        else { return nil }
        var state = KeyedHash.State(hash)
        var capitals: UInt64 = 0
        var faults: UInt64 = 0
        var previous: UInt64 = 0
        var done = 0
        while done + 8 <= count {
            let word = unsafe UInt64(littleEndian: arena.loadUnaligned(fromByteOffset: start + done, as: UInt64.self))
            let (folded, bits) = Self.fold(word)
            faults |= Self.faults(word, behind: previous)
            previous = word
            capitals |= bits << UInt64(truncatingIfNeeded: done)
            state.absorb(folded)
            done += 8
        }
        var last = UInt64(truncatingIfNeeded: count) << 56
        if done < count {
            let word = unsafe Self.tail(from: start + done, count: count - done, in: arena)
            let (folded, bits) = Self.fold(word)
            // Sound bytes that are no blanks where the name has ended.
            let filled = word | 0x4040_4040_4040_4040 << UInt64(truncatingIfNeeded: (count - done) * 8)
            faults |= Self.faults(filled, behind: previous)
            capitals |= bits << UInt64(truncatingIfNeeded: done)
            last |= folded
        }
        guard faults & 0x8080_8080_8080_8080 == 0 else { return nil }
        state.absorb(last)
        folded = state.finish()
        self.capitals = capitals
    }

    /// The `count` bytes, 1 to 7, from `start` on, and zeros behind them.
    @inline(__always)
    private static func tail(from start: Int, count: Int, in arena: UnsafeRawBufferPointer) -> UInt64 {
        let bits = UInt64(truncatingIfNeeded: count * 8)
        if start + 8 <= arena.count {
            let word = unsafe UInt64(littleEndian: arena.loadUnaligned(fromByteOffset: start, as: UInt64.self))
            return word & (1 << bits &- 1)
        }
        var word: UInt64 = 0
        for place in 0..<count { unsafe word |= UInt64(arena[start + place]) << UInt64(place * 8) }
        return word
    }

    /// Neither a blank, a control character nor part of a longer one.
    @inline(__always)
    private static func isGraphic(_ byte: UInt8) -> Bool { byte &- 0x21 < 0x5e }

    /// A word whose top bits are set where a byte is below 0x20, is 0x7f, isn't ASCII, or is a blank behind a blank;
    /// one that follows such a byte may be set, too.
    ///
    /// The lowest byte at fault is found without a borrow or carry from those below it: below 0x20 and 0xff by the
    /// subtraction, all others by the addition. Two sound bytes are 0x20 together only if both are.
    ///
    /// - Parameter previous: the word before, 0 for none.
    @inline(__always)
    private static func faults(_ word: UInt64, behind previous: UInt64) -> UInt64 {
        let pairs = word | word << 8 | previous >> 56
        return (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101) | (pairs &- 0x2121_2121_2121_2121)
    }

    /// `word` with small letters for capitals, and a bit for each of those; meaningless where a byte isn't ASCII.
    @inline(__always)
    private static func fold(_ word: UInt64) -> (UInt64, UInt64) {
        // The top bit of each byte: it is at least A, and it is above Z.
        let fromA = word &+ 0x3f3f_3f3f_3f3f_3f3f
        let aboveZ = word &+ 0x2525_2525_2525_2525
        let capitals = (fromA & ~aboveZ) & 0x8080_8080_8080_8080
        return (word | capitals >> 2, ((capitals >> 7) &* 0x0102_0408_1020_4080) >> 56)
    }
}
