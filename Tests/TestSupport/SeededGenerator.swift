import Foundation

/// SplitMix64: small, seeded, the same everywhere.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// A generator that starts at a state.
    package init(state: UInt64) { self.state = state }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The seed of this run: `GROUPLOAD_TEST_SEED`, or one drawn now.
    package static func seed() -> UInt64 {
        ProcessInfo.processInfo.environment["GROUPLOAD_TEST_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0 ... .max)
    }
}
