/// What the page says of a run's records: figures taken from the ledger in one pass over its outcomes.
struct PageFigures {
    private(set) var counts = OutcomeCounts()
    /// Causes of what is not done, and notes on what is; most frequent first.
    private(set) var failures: [Cause] = [], notes: [Cause] = []
    /// Nil where nothing was sent.
    private(set) var throughput: TimeBuckets?
    private(set) var durations = DurationBuckets()
    /// Records by source.
    private(set) var recordsBySource: [Int64: Int] = [:]

    /// - Throws: what the ledger throws.
    init(_ ledger: any LedgerSnapshot) throws {
        throughput = try ledger.endedBounds().map { TimeBuckets(from: $0.lowerBound, to: $0.upperBound) }
        var causes = CauseTally()
        try ledger.forEachOutcome { row in
            counts[row.outcome] += 1
            // Safe: the row is lent while this runs, and the message is handed on for the call.
            if unsafe !row.outcome.isDone && row.outcome != .unprocessed || row.message != nil {
                unsafe causes.add(
                    row.outcome, http: row.http, code: row.code,
                    message: row.message ?? UnsafeBufferPointer(start: nil, count: 0), recordNumber: row.recordNumber)
            }
            guard row.attempts > 0 else { return }
            if let milliseconds = row.milliseconds { durations.add(milliseconds: milliseconds) }
            if let endedAt = row.endedAt { throughput?.add(row.outcome, endedAt: endedAt) }
        }
        for cause in causes.sorted {
            if cause.outcome.isDone { notes.append(cause) } else { failures.append(cause) }
        }
        recordsBySource = try ledger.recordsBySource()
    }
}
