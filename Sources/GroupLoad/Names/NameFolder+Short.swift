import CScan

/// What is known of a short name in any script.
struct ShortName {
    /// The hash of its folded form, which is its near form.
    var folded: KeyedHash.Value
    /// A bit for each byte that is a capital of ASCII; nil where another character was folded.
    var capitals: UInt64?
    /// What a scan of it finds.
    var findings: TextScan.Findings
}

extension NameFolder {
    /// The most bytes of a name that is looked at at once.
    private static let shortMax = 63

    /// Looks at the name at `bounds` in `arena`, which must be in it, as ``PlainName`` does at one of ASCII: nil for a
    /// name of more than 63 bytes, with a blank or control character that ``PlainName`` doesn't take, too, with a
    /// character that folds to more or fewer bytes or together with another, or that may not be UTF-8; and for one so
    /// near the arena's end that 64 bytes can't be read.
    mutating func short(
        at bounds: Range<Int>, in arena: UnsafeRawBufferPointer, _ keys: KeyedHash.Keys
    ) -> ShortName? {
        let (start, count) = (bounds.lowerBound, bounds.count)
        guard count > 0, count <= Self.shortMax, start + 64 <= arena.count,
            let bytes = unsafe arena.baseAddress.map({ unsafe $0 + start })
        else { return nil }
        // A word more than the name has, for a character's word is read from its first byte on.
        var words = InlineArray<9, UInt64>(repeating: 0)
        var span = words.mutableSpan
        return unsafe span.withUnsafeMutableBytes { folded -> ShortName? in
            // Safe, here and below: 64 bytes can be read at `bytes`, and 72 be written at `folded`; a character begins
            // below the count, and what it folds to has as many bytes.
            guard let text = folded.baseAddress else { preconditionFailure("words have an address") }
            let found = unsafe scanWideName(
                bytes.assumingMemoryBound(to: UInt8.self), Int64(count), text.assumingMemoryBound(to: UInt8.self))
            guard found.name.faults == 0, !found.mayBeFaulty else { return nil }
            var findings = TextScan.Findings()
            findings.scalars = count - (found.highs & ~found.leads).nonzeroBitCount
            findings.mayBeWronglyDecoded = found.leads & found.highs << 1 != 0
            var capitals: UInt64? = found.name.capitals
            var leads = found.leads
            while leads != 0 {
                let index = leads.trailingZeroBitCount
                leads &= leads &- 1
                let word = unsafe UInt64(littleEndian: text.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                findings.note(word)
                guard !findings.hasControl, let (length, place) = place(of: word) else { return nil }
                if place == Self.isItself { continue }
                capitals = nil
                guard unsafe fold(length, at: text + index, by: place) else { return nil }
            }
            let words = unsafe Span<UInt64>(_unsafeElements: folded.assumingMemoryBound(to: UInt64.self))
            return ShortName(folded: keys.hash(words, count: count), capitals: capitals, findings: findings)
        }
    }

    /// Writes a character's folded form over it; false where that has another length, or holds a blank.
    private func fold(_ length: Int, at text: UnsafeMutableRawPointer, by place: UInt32) -> Bool {
        let (start, count) = (Int(place & 0xff_ffff), Int(place >> 24))
        guard count == length else { return false }
        for offset in 0..<count {
            let byte = forms[start + offset]
            if byte == UInt8(ascii: " ") { return false }
            unsafe text.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
        }
        return true
    }
}
