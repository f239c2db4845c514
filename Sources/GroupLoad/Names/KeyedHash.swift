/// A keyed hash of 128 bits, by which names are told from each other whoever chose them.
///
/// What has at most ``shortMax`` bytes, nearly every name, is hashed by a multilinear function: of any two such names,
/// n bits of a half agree with the probability of chance, 2⁻ⁿ, and the two halves have keys of their own. That is
/// proved, not supposed, for names that were chosen without having seen a hash, and no hash leaves the process. Longer
/// ones are hashed by ``SipHash``.
///
/// Such sums keep the order of names that are numbered on, which would crowd places of a table; so the bits of the low
/// half are mixed, which takes no two values for one.
///
/// Sources: Lemire and Kaser, "Strongly universal string hashing is fast" (2014), the family "multilinear": words of 64
/// bits, keys and sums of 128, of which the upper 64 are the hash. The mixing is the end of SplitMix64 (Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators", 2014; constants: Stafford's variant 13).
package struct KeyedHash: Sendable {
    /// The two halves of a hash.
    package struct Value: Sendable, Equatable {
        /// The first 64 bits.
        package var low: UInt64
        /// The other 64 bits.
        package var high: UInt64

        /// Makes a value of two halves.
        init(low: UInt64, high: UInt64) { (self.low, self.high) = (low, high) }
    }

    /// The most bytes that are hashed by the multilinear function.
    package static let shortMax = 64
    /// Words of so many bytes: eight, and one with what is left of them and their count in its top byte.
    private static let wordsMax = shortMax / 8 + 1
    /// The keys that ``init(keys:long:multiplier:)`` takes: for each half, one for each word and one more.
    package static let keysCount = 2 * (wordsMax + 1)

    /// For the low half and the high one in turn: the two that sums begin with, then those of each word.
    private let keys: [UInt128]
    private let long: SipHash
    private let multiplier: UInt64

    /// A hash of these keys.
    ///
    /// - Parameters:
    ///   - keys: ``keysCount`` of them.
    ///   - long: hashes what has more bytes than ``shortMax``.
    ///   - multiplier: odd; what ``Keys/mixed(_:)`` multiplies by.
    package init(keys: [UInt128], long: SipHash, multiplier: UInt64) {
        precondition(keys.count == Self.keysCount && multiplier & 1 == 1)
        (self.keys, self.long, self.multiplier) = (keys, long, multiplier)
    }

    /// A hash under fresh keys.
    package init(using generator: inout some RandomNumberGenerator) {
        let keys = (0..<Self.keysCount).map { _ in UInt128.random(in: 0 ... .max, using: &generator) }
        self.init(keys: keys, long: SipHash(using: &generator), multiplier: generator.next() | 1)
    }

    /// The hash of `bytes`.
    package func callAsFunction(_ bytes: UnsafeRawBufferPointer) -> Value { withKeys { unsafe $0.hash(bytes) } }

    /// Calls `body` with the keys, which are lent for the call.
    @inline(__always)
    func withKeys<Value>(_ body: (Keys) -> Value) -> Value {
        // Safe: the array lives as long as `body` runs, and isn't empty.
        unsafe keys.withUnsafeBufferPointer { keys in
            guard let first = keys.baseAddress else { preconditionFailure("there are keys") }
            return unsafe body(Keys(first: first, long: long, multiplier: multiplier))
        }
    }

    /// The keys, lent: to hash with them costs no count of references, for which two threads would wait.
    @safe struct Keys {
        fileprivate let first: UnsafePointer<UInt128>
        fileprivate let long: SipHash
        fileprivate let multiplier: UInt64

        /// The hash of `bytes`.
        func hash(_ bytes: UnsafeRawBufferPointer) -> KeyedHash.Value {
            guard bytes.count <= shortMax else { return unsafe long(bytes) }
            var sum = Sum(self)
            // Safe: no byte from `count` on is read.
            for place in 0..<bytes.count / 8 {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self)
                sum.add(UInt64(littleEndian: word))
            }
            let rest = bytes.count & ~7
            return unsafe sum.hash(rest: rest < bytes.count ? bytes.paddedWord(at: rest) : 0, count: bytes.count)
        }

        /// The hash of the first `count` bytes of `words`, which stand in memory one behind the other. What is behind
        /// them doesn't count.
        ///
        /// - Precondition: there are so many, and at most ``shortMax``.
        @inline(__always)
        func hash(_ words: Span<UInt64>, count: Int) -> KeyedHash.Value {
            var sum = Sum(self)
            for place in 0..<count / 8 { sum.add(UInt64(littleEndian: words[place])) }
            // Of a word that is full, there is no other left.
            let left = count % 8
            let counted: UInt64 = 1 << UInt64(left * 8) &- 1
            return sum.hash(rest: left == 0 ? 0 : UInt64(littleEndian: words[count / 8]) & counted, count: count)
        }

        /// `bits` multiplied by a secret odd number: of any two, the upper halves agree with a probability of 2⁻³¹ at
        /// most.
        @inline(__always)
        func mixed(_ bits: UInt64) -> UInt64 { bits &* multiplier }
    }

    /// The hash of at most ``shortMax`` bytes at work. Its words are added one by one, each of 8 bytes in little-endian
    /// order.
    ///
    /// Safe, wherever it says `unsafe`: a word more than the greatest count has is a fault of the caller, which is
    /// checked.
    @safe struct Sum {
        private var low: UInt128, high: UInt128
        private var next: UnsafePointer<UInt128>
        private let end: UnsafePointer<UInt128>

        @inline(__always)
        init(_ keys: Keys) {
            unsafe (low, high) = (keys.first[0], keys.first[1])
            unsafe (next, end) = (keys.first + 2, keys.first + KeyedHash.keysCount)
        }

        @inline(__always)
        mutating func add(_ word: UInt64) {
            precondition(unsafe next < end)
            unsafe low &+= next[0] &* UInt128(word)
            unsafe high &+= next[1] &* UInt128(word)
            unsafe next += 2
        }

        /// Ends with what is left of `count` bytes, fewer than eight, with zeros behind them.
        @inline(__always)
        consuming func hash(rest: UInt64, count: Int) -> Value {
            add(rest | UInt64(truncatingIfNeeded: count) << 56)
            return Value(low: mixed(low >> 64), high: UInt64(truncatingIfNeeded: high >> 64))
        }

        @inline(__always)
        private func mixed(_ half: UInt128) -> UInt64 {
            var bits = UInt64(truncatingIfNeeded: half)
            bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
            bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
            return bits ^ bits >> 31
        }
    }
}
