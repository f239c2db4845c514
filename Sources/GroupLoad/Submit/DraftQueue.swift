import Synchronization

/// Drafts between the one who claims them and the workers who send them; bounded by what one claim holds.
///
/// The claimer waits until the queue is empty before it puts more in, a worker until there is a draft or the queue is closed.
final class DraftQueue: Sendable {
    private struct State {
        mutating func releaseClaimer() {
            claimer?.resume()
            claimer = nil
        }

        var drafts: ArraySlice<Draft> = []
        var isClosed = false
        var workers: [CheckedContinuation<Draft?, Never>] = []
        var claimer: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Puts `drafts` in and waits until all of them were taken or the queue was closed.
    func put(_ drafts: [Draft]) async {
        await withCheckedContinuation { continuation in
            let handOver = state.withLock { state -> [(CheckedContinuation<Draft?, Never>, Draft)] in
                guard !state.isClosed else {
                    continuation.resume()
                    return []
                }
                state.drafts = drafts[...]
                var pairs: [(CheckedContinuation<Draft?, Never>, Draft)] = []
                while !state.workers.isEmpty, let draft = state.drafts.popFirst() {
                    pairs.append((state.workers.removeLast(), draft))
                }
                if state.drafts.isEmpty { continuation.resume() } else { state.claimer = continuation }
                return pairs
            }
            for (worker, draft) in handOver { worker.resume(returning: draft) }
        }
    }

    /// The next draft, or nil once the queue is closed and empty.
    func next() async -> Draft? {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if let draft = state.drafts.popFirst() {
                    continuation.resume(returning: draft)
                    if state.drafts.isEmpty { state.releaseClaimer() }
                } else if state.isClosed {
                    continuation.resume(returning: nil)
                } else {
                    state.workers.append(continuation)
                }
            }
        }
    }

    /// Ends the queue: what is in it can still be taken; nothing more gets in.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.releaseClaimer()
            for worker in state.workers { worker.resume(returning: nil) }
            state.workers = []
        }
    }
}
