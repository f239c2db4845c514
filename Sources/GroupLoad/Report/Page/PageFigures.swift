/// What the page says of a run's records: figures taken from the ledger in one pass over them.
package struct PageFigures: Sendable {
    private(set) var counts = OutcomeCounts()
    /// Nil where nothing was sent.
    private(set) var throughput: TimeBuckets?
    private(set) var durations = DurationBuckets()
    /// Records by source.
    private(set) var recordsBySource: [Int64: Int] = [:]

    private var causes = CauseTally()
    private var ends = EndTally()
    /// The source of the record that was added last, and how many of it were added one after the other.
    private var source: Int64 = 0, sourceCount = 0

    /// The figures of all records that have an outcome.
    ///
    /// - Throws: what the ledger throws.
    init(_ ledger: any LedgerSnapshot) throws {
        self.init()
        try ledger.forEachRow(of: [], withOwnBytes: false) { add($0) }
        try end(ledger)
    }

    /// Figures to which each record is still to be added, before they ``end(_:)``.
    init() {}

    /// Ends the figures once all records were added. Those without an outcome are counted by source, too.
    ///
    /// - Throws: what the ledger throws.
    mutating func end(_ ledger: any LedgerSnapshot) throws {
        throughput = ends.buckets()
        recordsBySource[source, default: 0] += sourceCount
        if try ledger.recordCount() != counts.sum { recordsBySource = try ledger.recordsBySource() }
    }

    /// Adds a record.
    mutating func add(_ row: borrowing ReportRow) {
        guard let outcome = row.kind else { return }
        counts[outcome] += 1
        if row.source != source {
            recordsBySource[source, default: 0] += sourceCount
            (source, sourceCount) = (row.source, 0)
        }
        sourceCount += 1
        // Safe: the row is lent while this runs, and the message is handed on for the call.
        if unsafe !outcome.isDone && outcome != .unprocessed || row.message != nil {
            unsafe causes.add(
                outcome, http: row.http, code: row.code,
                message: row.message ?? UnsafeBufferPointer(start: nil, count: 0), recordNumber: row.recordNumber)
        }
        guard row.attempts > 0 else { return }
        if let milliseconds = row.milliseconds { durations.add(milliseconds: milliseconds) }
        if let endedAt = row.endedAt { ends.add(outcome, endedAt: endedAt) }
    }

    /// Causes of what is not done, most frequent first.
    var failures: [Cause] { causes.sorted.filter { !$0.outcome.isDone } }
    /// Causes of the notes on what is done, most frequent first.
    var notes: [Cause] { causes.sorted.filter(\.outcome.isDone) }
}
