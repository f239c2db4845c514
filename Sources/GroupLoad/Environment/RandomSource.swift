/// Where random numbers come from, for all tasks of a run; copies draw from the same source.
package struct RandomSource: RandomNumberGenerator, Sendable {
    private let draw: @Sendable () -> UInt64

    /// - Parameter draw: gives the next number; called by several tasks at once.
    package init(_ draw: @escaping @Sendable () -> UInt64) { self.draw = draw }

    /// The next number.
    package func next() -> UInt64 { draw() }

    /// The machine's own.
    package static let system = RandomSource {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
