/// What the client reads or starts besides its transport: clocks, waits and tasks. A test or a simulation gives its
/// own.
///
/// ``HTTPTransport`` takes its time-outs from its event loop's clock, which is a part of the network that it stands
/// for.
package struct ClientEnvironment: Sendable {
    /// The time by a clock that never goes back.
    package var now: @Sendable () -> MonotonicInstant
    /// The time by the wall clock, in milliseconds since 1970-01-01T00:00:00Z.
    package var epochMilliseconds: @Sendable () -> Int64
    /// Returns after the duration, or earlier when the calling task is cancelled.
    package var wait: @Sendable (Duration) async -> Void
    /// Starts a task that the client neither awaits nor owns, such as a token's renewal that several calls wait for.
    package var start: @Sendable (_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never>
    /// Whether a request may be written to its connection now; one that may not ends as cancelled, with nothing sent.
    package var admitsRequest: @Sendable () -> Bool

    /// Without a parameter, this machine's own clocks, and tasks on the global executor.
    package init(
        now: @escaping @Sendable () -> MonotonicInstant = { MonotonicInstant.now },
        epochMilliseconds: @escaping @Sendable () -> Int64 = { SystemClock.epochMilliseconds },
        wait: @escaping @Sendable (Duration) async -> Void = { duration in
            do { try await Task.sleep(for: duration) } catch { return }
        },
        start: @escaping @Sendable (@escaping @Sendable () async -> Void) -> Task<Void, Never> = { operation in
            Task { await operation() }
        },
        admitsRequest: @escaping @Sendable () -> Bool = { true }
    ) {
        self.now = now
        self.epochMilliseconds = epochMilliseconds
        self.wait = wait
        self.start = start
        self.admitsRequest = admitsRequest
    }

    /// The time by the wall clock, in seconds since 1970-01-01T00:00:00Z, as HTTP dates have it.
    var epochSeconds: Int64 { epochMilliseconds() / 1000 }

    /// This machine's clocks, and tasks on the global executor.
    package static let system = ClientEnvironment()
}
