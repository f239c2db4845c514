import Synchronization

/// Tells the claimer that the ledger holds more records, or that no more will come.
final class RecordFeed: Sendable {
    private struct State {
        var isComplete = false
        var hasMore = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>

    /// - Parameter isComplete: whether all records are in the ledger already.
    init(isComplete: Bool) { state = Mutex(State(isComplete: isComplete)) }

    /// Whether no more records will come. To be asked before the ledger is read, so that none is missed.
    var isComplete: Bool { state.withLock { $0.isComplete } }

    /// Says that records were put in.
    func more() { wake { $0.hasMore = true } }

    /// Says that the last records were put in.
    func complete() { wake { $0.isComplete = true } }

    /// Waits until there may be more. One waiter at a time.
    func waitForMore() async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if state.hasMore || state.isComplete {
                    state.hasMore = false
                    continuation.resume()
                } else {
                    state.waiter = continuation
                }
            }
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            guard let waiter = state.waiter else { return }
            state.hasMore = false
            state.waiter = nil
            waiter.resume()
        }
    }
}
