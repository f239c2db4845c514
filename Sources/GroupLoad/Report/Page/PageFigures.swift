/// What the page says of a run's records: figures taken from the ledger in one pass over them.
package struct PageFigures: Sendable {
    private(set) var counts = OutcomeCounts()
    /// Nil where nothing was sent.
    private(set) var throughput: TimeBuckets?
    private(set) var durations = DurationBuckets()
    /// Records by source.
    private(set) var recordsBySource: [Int64: Int] = [:]

    private var causes = CauseTally()

    /// The figures of all records that have an outcome.
    ///
    /// - Throws: what the ledger throws.
    init(_ ledger: any LedgerSnapshot) throws {
        try self.init(beginning: ledger)
        try ledger.forEachRow(of: [], withOwnBytes: false) { add($0) }
    }

    /// Figures to which each record is still to be added.
    ///
    /// - Throws: what the ledger throws.
    init(beginning ledger: any LedgerSnapshot) throws {
        throughput = try ledger.endedBounds().map { TimeBuckets(from: $0.lowerBound, to: $0.upperBound) }
        recordsBySource = try ledger.recordsBySource()
    }

    /// Adds a record.
    mutating func add(_ row: borrowing ReportRow) {
        guard let outcome = row.kind else { return }
        counts[outcome] += 1
        // Safe: the row is lent while this runs, and the message is handed on for the call.
        if unsafe !outcome.isDone && outcome != .unprocessed || row.message != nil {
            unsafe causes.add(
                outcome, http: row.http, code: row.code,
                message: row.message ?? UnsafeBufferPointer(start: nil, count: 0), recordNumber: row.recordNumber)
        }
        guard row.attempts > 0 else { return }
        if let milliseconds = row.milliseconds { durations.add(milliseconds: milliseconds) }
        if let endedAt = row.endedAt { throughput?.add(outcome, endedAt: endedAt) }
    }

    /// Causes of what is not done, most frequent first.
    var failures: [Cause] { causes.sorted.filter { !$0.outcome.isDone } }
    /// Causes of the notes on what is done, most frequent first.
    var notes: [Cause] { causes.sorted.filter(\.outcome.isDone) }
}
