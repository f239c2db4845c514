internal import CScan

/// This machine's clocks, as the system call has them: each create reads them several times.
package enum SystemClock {
    /// The time by the wall clock, in milliseconds since 1970-01-01T00:00:00Z.
    package static var epochMilliseconds: Int64 { wallNanoseconds() / 1_000_000 }

    /// The time by the clock of `ContinuousClock`, in nanoseconds.
    static var continuousNanoseconds: Int64 { CScan.continuousNanoseconds() }
}
