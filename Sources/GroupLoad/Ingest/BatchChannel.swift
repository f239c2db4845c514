import RecordFormats
import Synchronization

/// Hands batches from the task that reads to the one that takes, in order, until ``finish()``; and hands their memory
/// back.
///
/// To its maintainers: a few batches may lie between the two, and neither is woken for less than a few: to sleep and be
/// woken costs as much as a hundred records. One task sends, one takes, and what is sent by a task that has been
/// cancelled is lost if nobody takes it.
final class BatchChannel: Sendable {
    private struct State {
        var queue: [ReadBatch] = []
        var isFinished = false
        var sender: CheckedContinuation<Void, Never>?
        var taker: CheckedContinuation<Void, Never>?
        var empties: [(RecordBatch, [CheckedRecord])] = []
    }

    /// Batches at which the sender waits, at which it is woken again, and at which the taker is woken.
    private static let full = 6, roomy = 3, worthwhile = 2
    private static let emptiesMax = full + 2

    private let state = Mutex(State())

    /// Batches that have not been taken.
    var waiting: Int { state.withLock { $0.queue.count } }

    /// An empty batch, and room for what comes of its check.
    func empty() -> (RecordBatch, [CheckedRecord]) {
        state.withLock { $0.empties.popLast() } ?? (RecordBatch(), [])
    }

    /// Gives back a batch that has been used up.
    func recycle(_ read: consuming ReadBatch) {
        read.batch.removeAll(keepingCapacity: true)
        state.withLock { [read] in
            if $0.empties.count < Self.emptiesMax { $0.empties.append((read.batch, read.checked)) }
        }
    }

    /// Hands over a batch; returns when there is room for another, or the task has been cancelled.
    ///
    /// - Parameter isUrgent: whether it may be long until the next one.
    func send(_ batch: ReadBatch, isUrgent: Bool) async {
        let (isFull, taker) = state.withLock { state in
            state.queue.append(batch)
            let isWoken = isUrgent || state.queue.count >= Self.worthwhile
            return (state.queue.count >= Self.full, isWoken ? state.taker.take() : nil)
        }
        taker?.resume()
        guard isFull else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.queue.count > Self.roomy, !Task.isCancelled else { return false }
                    state.sender = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sender.take() }?.resume()
        }
    }

    /// Says that it may be long until the next batch.
    func pause() {
        state.withLock { state in state.queue.isEmpty ? nil : state.taker.take() }?.resume()
    }

    /// Says that no more will be sent.
    func finish() {
        state.withLock { state in
            state.isFinished = true
            return state.taker.take()
        }?.resume()
    }

    /// The next batch, which is waited for; nil at the end.
    func next() async -> ReadBatch? {
        while true {
            let (batch, sender, isFinished) = state.withLock { state in
                let isFinished = state.isFinished
                guard !state.queue.isEmpty else {
                    return (ReadBatch?.none, CheckedContinuation<Void, Never>?.none, isFinished)
                }
                let batch = state.queue.removeFirst()
                return (batch, state.queue.count <= Self.roomy ? state.sender.take() : nil, isFinished)
            }
            sender?.resume()
            batch?.digest?.catchUp()
            if batch != nil || isFinished { return batch }
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.queue.isEmpty, !state.isFinished else { return false }
                    state.taker = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        }
    }
}
