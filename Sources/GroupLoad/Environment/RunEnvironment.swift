import Foundation
package import RewardsClient

/// What a run knows of the world besides its files and its target: the time, random numbers, waiting, and the process's
/// environment variables.
///
/// Whatever in this target reads a clock, draws a number or waits does so through the value that it was given, so that
/// a test puts another world in its place. Operations alone take ``system`` by default.
package struct RunEnvironment: Sendable {
    /// An instant of the monotonic clock.
    package typealias Instant = MonotonicInstant

    private let readMonotonic: @Sendable () -> Instant
    private let readWall: @Sendable () -> Int64
    private let sleep: @Sendable (Instant) async -> Void
    /// Where random numbers come from.
    package let random: RandomSource
    /// The process's environment variables.
    package let variables: [String: String]
    /// The wall clock that counts, once something is known of it; this machine's own until then.
    package let shared = SharedClock()
    /// Until when requests may be sent.
    package let sendingLimit = SendingLimit()

    /// - Parameters:
    ///   - now: reads a clock that never goes back.
    ///   - epochMilliseconds: reads the wall clock.
    ///   - sleep: returns at an instant of `now`, or soon after the task was cancelled.
    package init(
        now: @escaping @Sendable () -> Instant, epochMilliseconds: @escaping @Sendable () -> Int64,
        random: RandomSource, sleep: @escaping @Sendable (Instant) async -> Void, variables: [String: String]
    ) {
        readMonotonic = now
        readWall = epochMilliseconds
        self.random = random
        self.sleep = sleep
        self.variables = variables
    }

    /// The machine's own.
    package static var system: RunEnvironment {
        RunEnvironment(
            now: { .now }, epochMilliseconds: { SystemClock.epochMilliseconds }, random: .system,
            sleep: { instant in
                // It throws when the task is cancelled, and then there is nothing to wait for.
                do { try await ContinuousClock().sleep(until: instant.continuous, tolerance: nil) } catch {}
            },
            variables: SystemCall.environment)
    }

    /// The time by a clock that never goes back.
    package var now: Instant { readMonotonic() }

    /// The wall clock's time, in milliseconds since 1970: the ``shared`` one's, where that is known.
    package var epochMilliseconds: Int64 {
        guard shared.isKnown else { return readWall() }
        return shared.epochMilliseconds(at: readMonotonic()) ?? readWall()
    }

    /// The wall clock's time, as Foundation has it.
    var date: Date { Date(timeIntervalSince1970: Double(epochMilliseconds) / 1000) }
}

extension RunEnvironment {
    /// Waits until an instant, until one of `latches` is open, or until the task is cancelled, whichever comes first.
    package func wait(until instant: Instant, wokenBy latches: [Latch] = []) async {
        guard instant > now, !latches.contains(where: \.isOpen) else { return }
        if latches.isEmpty { return await sleep(instant) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await sleep(instant) }
            for latch in latches { group.addTask { await latch.wait() } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Waits for so long, until one of `latches` is open, or until the task is cancelled, whichever comes first.
    package func wait(for duration: Duration, wokenBy latches: [Latch] = []) async {
        await wait(until: now.advanced(by: duration), wokenBy: latches)
    }

    /// Waits for so long, or until the run is asked to stop.
    package func wait(for duration: Duration, wokenBy stop: StopSwitch) async {
        await wait(for: duration, wokenBy: [stop.asked])
    }
}
