import CScan

/// A name that is nothing but printable ASCII, at most 64 bytes of it, with no blank at either end or beside another:
/// nearly every name, and its folded form is its near form.
///
/// To its maintainers: what is found out here in one pass over its bytes is what `TextScan`, `NameFolder` and
/// `KeyedHash` find out one after the other, which see to all other names.
struct PlainName {
    /// The hash of its folded form.
    let folded: KeyedHash.Value
    /// A bit for each byte that is a capital.
    let capitals: UInt64

    /// The most bytes of one: as many as there are bits for capitals.
    private static let bytesMax = KeyedHash.shortMax

    /// Looks at the bytes at `bounds` in `arena`, which must be in it; nil for a name that isn't plain, and for one so
    /// near the arena's end that 64 bytes can't be read.
    @inline(__always)
    init?(at bounds: Range<Int>, in arena: UnsafeRawBufferPointer, _ keys: KeyedHash.Keys) {
        let (start, count) = (bounds.lowerBound, bounds.count)
        // Safe, here and below: the 64 bytes from `start` on are in the arena, and no byte behind them is read.
        guard count > 0, count <= Self.bytesMax, start + Self.bytesMax <= arena.count,
            let bytes = unsafe arena.baseAddress.map({ unsafe $0 + start })
        else { return nil }
        let found = unsafe scanName(bytes.assumingMemoryBound(to: UInt8.self), Int64(count))
        guard found.faults == 0 else { return nil }
        capitals = found.capitals
        var sum = KeyedHash.Sum(keys)
        var done = 0
        while done + 8 <= count {
            unsafe sum.add(Self.fold(bytes.loadUnaligned(fromByteOffset: done, as: UInt64.self), .max))
            done += 8
        }
        let counted: UInt64 = 1 << UInt64(truncatingIfNeeded: (count - done) * 8) &- 1
        // Eight bytes can be read there, too, unless the count is 64.
        let rest = done < Self.bytesMax ? unsafe bytes.loadUnaligned(fromByteOffset: done, as: UInt64.self) : 0
        folded = sum.hash(rest: Self.fold(rest, counted), count: count)
    }

    /// A word of ASCII in little-endian order, with small letters for capitals, and zeros where `counted` has them.
    @inline(__always)
    private static func fold(_ word: UInt64, _ counted: UInt64) -> UInt64 {
        let word = UInt64(littleEndian: word) & counted
        // The top bit of each byte: it is at least A, and it is above Z.
        let fromA = word &+ 0x3f3f_3f3f_3f3f_3f3f
        let aboveZ = word &+ 0x2525_2525_2525_2525
        return word | (fromA & ~aboveZ & 0x8080_8080_8080_8080) >> 2
    }
}
