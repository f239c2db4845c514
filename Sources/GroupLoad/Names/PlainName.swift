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
        var words = InlineArray<8, UInt64>(repeating: 0)
        var span = words.mutableSpan
        let found = unsafe span.withUnsafeMutableBytes { words -> ScannedName in
            guard let words = words.baseAddress else { preconditionFailure("eight words have an address") }
            return unsafe scanName(
                bytes.assumingMemoryBound(to: UInt8.self), Int64(count), words.assumingMemoryBound(to: UInt8.self))
        }
        guard found.faults == 0 else { return nil }
        capitals = found.capitals
        folded = keys.hash(words.span, count: count)
    }
}
