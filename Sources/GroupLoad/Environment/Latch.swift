import Synchronization

/// Opens once and stays open; tasks may wait for it.
package final class Latch: Sendable {
    private struct State {
        var isOpen = false
        /// In the order in which they began to wait.
        var waiters: [(number: UInt64, continuation: CheckedContinuation<Void, Never>)] = []
        var waitersSoFar: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Makes a closed latch that nobody waits for.
    package init() {}

    /// Whether it has been opened.
    package var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Opens it, which wakes all that wait. Later calls change nothing.
    package func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// Waits until it is open, or the task is cancelled. At once where it is.
    package func wait() async {
        let number = state.withLock { state in
            state.waitersSoFar += 1
            return state.waitersSoFar
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard !state.isOpen, !Task.isCancelled else { return false }
                    state.waiters.append((number, continuation))
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.number == number }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume()
        }
    }

    /// Waits until one of them is open, or the task is cancelled.
    package static func waitForAny(_ latches: [Latch]) async {
        guard !latches.contains(where: \.isOpen) else { return }
        await withTaskGroup(of: Void.self) { group in
            for latch in latches { group.addTask { await latch.wait() } }
            await group.next()
            group.cancelAll()
        }
    }
}
