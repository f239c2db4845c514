/// SipHash-1-3 with a 128-bit result: a keyed hash that stands up to hostile names.
///
/// Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), with the 128-bit finalisation of the
/// reference implementation. One compression round a word, three at the end.
package struct SipHash: Sendable {
    private let key0: UInt64
    private let key1: UInt64

    /// A hash under the 128-bit key `key0`, `key1` (little-endian halves).
    package init(key0: UInt64, key1: UInt64) {
        self.key0 = key0
        self.key1 = key1
    }

    /// A hash under a fresh key.
    package init(using generator: inout some RandomNumberGenerator) {
        self.init(key0: generator.next(), key1: generator.next())
    }

    /// The hash of `bytes`.
    package func callAsFunction(_ bytes: UnsafeRawBufferPointer) -> KeyedHash.Value {
        var state = State(self)
        let count = bytes.count
        var offset = 0
        // Safe: every byte that is read is below `count`.
        while offset + 8 <= count {
            let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            state.absorb(UInt64(littleEndian: word))
            offset += 8
        }
        var last = UInt64(truncatingIfNeeded: count) << 56
        if offset < count { unsafe last |= bytes.paddedWord(at: offset) }
        state.absorb(last)
        return state.finish()
    }

    private struct State {
        private var v0: UInt64, v1: UInt64, v2: UInt64, v3: UInt64

        @inline(__always)
        init(_ hash: SipHash) {
            v0 = hash.key0 ^ 0x736f_6d65_7073_6575
            v1 = hash.key1 ^ 0x646f_7261_6e64_6f6d ^ 0xee
            v2 = hash.key0 ^ 0x6c79_6765_6e65_7261
            v3 = hash.key1 ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            v0 ^= word
        }

        @inline(__always)
        mutating func finish() -> KeyedHash.Value {
            v2 ^= 0xee
            round()
            round()
            round()
            let low = v0 ^ v1 ^ v2 ^ v3
            v1 ^= 0xdd
            round()
            round()
            round()
            return KeyedHash.Value(low: low, high: v0 ^ v1 ^ v2 ^ v3)
        }

        @inline(__always)
        private mutating func round() {
            v0 = v0 &+ v1
            v1 = rotate(v1, 13) ^ v0
            v0 = rotate(v0, 32)
            v2 = v2 &+ v3
            v3 = rotate(v3, 16) ^ v2
            v0 = v0 &+ v3
            v3 = rotate(v3, 21) ^ v0
            v2 = v2 &+ v1
            v1 = rotate(v1, 17) ^ v2
            v2 = rotate(v2, 32)
        }

        @inline(__always)
        private func rotate(_ word: UInt64, _ by: UInt64) -> UInt64 { word << by | word >> (64 - by) }
    }
}

extension UnsafeRawBufferPointer {
    /// The eight bytes from `index` on, which must be below the count, in little-endian order; where there are fewer,
    /// zeros are behind them.
    @inline(__always)
    func paddedWord(at index: Int) -> UInt64 {
        // Safe: every byte that is read is from 0 to the count.
        let left = count - index
        if left >= 8 { return unsafe UInt64(littleEndian: loadUnaligned(fromByteOffset: index, as: UInt64.self)) }
        if count >= 8 {
            let last = unsafe UInt64(littleEndian: loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
            return last >> UInt64((8 - left) * 8)
        }
        var word: UInt64 = 0
        for place in 0..<left { unsafe word |= UInt64(self[index + place]) << UInt64(place * 8) }
        return word
    }
}
