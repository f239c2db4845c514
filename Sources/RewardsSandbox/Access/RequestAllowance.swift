import Synchronization

/// Counts the requests of each API key in fixed windows of a minute, aligned to the clock's minutes.
final class RequestAllowance: Sendable {
    static let windowMilliseconds: Int64 = 60_000

    private struct Window {
        var index: Int64
        var count: Int
    }

    private let countMax: Int?
    private let clock: SandboxClock
    /// One window a caller; there are only two callers.
    private let windows = Mutex<[AccessControl.Caller: Window]>([:])

    /// - Parameter countPerMinute: `nil` for no limit.
    init(countPerMinute: Int?, clock: SandboxClock) {
        countMax = countPerMinute
        self.clock = clock
    }

    /// Takes one request from the caller's allowance.
    /// - Returns: `nil` when it may go on, else the whole seconds (1 to 60) until the next window.
    func take(for caller: AccessControl.Caller) -> Int64? {
        guard let countMax else { return nil }
        let now = clock.now()
        let index = now / Self.windowMilliseconds
        let isWithin = windows.withLock { windows in
            var window = windows[caller] ?? Window(index: index, count: 0)
            if window.index != index {
                window = Window(index: index, count: 0)
            }
            window.count = min(window.count + 1, countMax + 1)
            windows[caller] = window
            return window.count <= countMax
        }
        return isWithin ? nil : ((index + 1) * Self.windowMilliseconds - now + 999) / 1000
    }
}
