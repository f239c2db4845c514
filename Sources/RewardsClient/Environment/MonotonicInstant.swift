/// An instant of this machine's clock that never goes back.
///
/// It is that of `ContinuousClock` (`CLOCK_BOOTTIME`), whose own instants have a size that is looked up while the
/// program runs, and so has every type that holds one. These are read and compared for each create, so they are of a
/// size that the compiler knows, and come from the system's clock without a detour.
package struct MonotonicInstant: InstantProtocol {
    private static let origin = (continuous: ContinuousClock.now, nanoseconds: SystemClock.continuousNanoseconds)

    /// Since ``origin``.
    @usableFromInline let offset: Duration

    @usableFromInline init(offset: Duration) { self.offset = offset }

    /// The instant of the call.
    package static var now: MonotonicInstant {
        MonotonicInstant(offset: .nanoseconds(SystemClock.continuousNanoseconds - origin.nanoseconds))
    }

    /// The same instant, for those who wait for it.
    package var continuous: ContinuousClock.Instant { Self.origin.continuous.advanced(by: offset) }

    /// The instant that is so much later, or earlier by a negative duration.
    @inlinable package func advanced(by duration: Duration) -> MonotonicInstant {
        MonotonicInstant(offset: offset + duration)
    }

    /// How much later the other is; negative where it is earlier.
    @inlinable package func duration(to other: MonotonicInstant) -> Duration { other.offset - offset }

    @inlinable package static func < (one: MonotonicInstant, other: MonotonicInstant) -> Bool {
        one.offset < other.offset
    }
}
