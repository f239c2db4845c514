import GRDB

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

    /// - Throws: what the database throws.
    init(_ database: Database) throws {
        let ended = try Row.fetchOne(
            database, sql: "SELECT min(ended_at), max(ended_at) FROM outcome WHERE attempts > 0")
        if let first = ended?[0] as Int64?, let last = ended?[1] as Int64? {
            throughput = TimeBuckets(from: first, to: last)
        }
        var causes = CauseTally()
        var cursor = try LedgerCursor(
            database, "SELECT outcome, message, http, code, record, attempts, ms, ended_at FROM outcome ORDER BY record"
        )
        while try cursor.next() {
            guard let outcome = Outcome(bytes: cursor.bytes(0)) else { continue }
            counts[outcome] += 1
            if !outcome.isDone && outcome != .unprocessed || !cursor.isNull(1) {
                causes.add(
                    outcome, http: cursor.optional(2), code: cursor.optional(3), message: cursor.bytes(1),
                    record: cursor.integer(4))
            }
            guard cursor.integer(5) > 0 else { continue }
            if let milliseconds = cursor.optional(6) { durations.add(milliseconds: milliseconds) }
            if let endedAt = cursor.optional(7) { throughput?.add(outcome, endedAt: endedAt) }
        }
        for cause in causes.sorted {
            if cause.outcome.isDone { notes.append(cause) } else { failures.append(cause) }
        }
        for row in try Row.fetchAll(database, sql: "SELECT source, count(*) FROM record GROUP BY source") {
            recordsBySource[row[0]] = row[1]
        }
    }
}

extension Outcome {
    private static let byBytes = allCases.map { (Array($0.rawValue.utf8), $0) }

    /// The outcome whose name is in `bytes`, as the ledger has it.
    init?(bytes: UnsafeBufferPointer<UInt8>) {
        guard let found = Self.byBytes.first(where: { $0.0.count == bytes.count && $0.0.elementsEqual(bytes) }) else {
            return nil
        }
        self = found.1
    }
}
