import Synchronization

/// How many creates were stored since the sandbox began, and when a number of them was reached.
final class CreateCount: Sendable {
    private struct State {
        var count = 0
        /// The machine's clock in milliseconds since 1970.
        var reachedAt: Int64?
    }

    private let countMin: Int
    private let state = Mutex(State())

    /// - Parameter countMin: the number whose time is kept.
    init(countMin: Int) {
        self.countMin = countMin
    }

    var value: Int { state.withLock { $0.count } }

    /// Counts one that was stored now.
    func add(now: Int64) {
        state.withLock { state in
            state.count += 1
            if state.count == countMin { state.reachedAt = now }
        }
    }

    /// Whether the number was reached by then.
    func isReached(at instant: Int64) -> Bool {
        countMin == 0 || state.withLock { $0.reachedAt.map { $0 <= instant } ?? false }
    }
}
