import AsyncAlgorithms
import RecordFormats
import Synchronization

/// A batch as decoded, and where it came from.
struct ReadBatch: Sendable {
    var batch: RecordBatch
    /// For each record, in the same order, what came of its check; empty where nothing is checked.
    var checked: [CheckedRecord]
    /// The number of the source, from 0, in the order given.
    var source: Int
    /// CSV: the header's texts, and what separates fields.
    var columns: [String]?
    var delimiter: CSVDelimiter?
    /// Bytes read from all sources so far.
    var bytesRead: Int64
}

/// Hands batches from the task that reads to the one that takes, which works on one while the next is read; and hands their
/// memory back.
final class BatchChannel: Sendable {
    private static let emptiesMax = 4

    /// What is taken, in order, until ``finish()``.
    let batches = AsyncChannel<ReadBatch>()
    private let empties = Mutex<[(RecordBatch, [CheckedRecord])]>([])

    /// An empty batch, and room for what comes of its check.
    func empty() -> (RecordBatch, [CheckedRecord]) { empties.withLock { $0.popLast() } ?? (RecordBatch(), []) }

    /// Gives back a batch that has been used up.
    func recycle(_ read: consuming ReadBatch) {
        read.batch.removeAll(keepingCapacity: true)
        read.checked.removeAll(keepingCapacity: true)
        empties.withLock { [read] in
            if $0.count < Self.emptiesMax { $0.append((read.batch, read.checked)) }
        }
    }
}
