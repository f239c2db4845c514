/// A hash that is the same in every run: FNV-1a over bytes, each end then mixed by SplitMix64's finalizer, so that
/// inputs which differ in one bit draw independently. Not for hostile input.
package struct ContentHash: Sendable {
    private var state: UInt64

    /// Hashes under one seed are the same for the same input.
    package init(seed: UInt64 = 0) {
        state = Self.mixed(seed ^ 0xcbf2_9ce4_8422_2325)
    }

    /// Takes bytes and where they end.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        var count: UInt64 = 0
        for byte in bytes {
            state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            count += 1
        }
        update(count)
    }

    /// Takes a number.
    package mutating func update(_ value: UInt64) {
        state = Self.mixed(state ^ Self.mixed(value))
    }

    /// The hash of what was taken.
    package func finish() -> UInt64 { Self.mixed(state) }

    /// SplitMix64's step: a bijection in which every bit of the input moves every bit of the result.
    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
