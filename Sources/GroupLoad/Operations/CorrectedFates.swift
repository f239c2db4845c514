import RecordFormats

/// How the records ended that a run left to correct, as one correction after the other changes it.
struct CorrectedFates: Sendable {
    /// The run that read the list.
    private let run: String
    /// How many records it has.
    private let records: Int64
    /// The outcome of each record that was to be corrected, by its number in the first run; of lines that were added
    /// by numbers below 0.
    private var outcomes: [Int64: Outcome] = [:]
    /// How the first run left them.
    private let before: [Int64: Outcome]
    /// Which of them some correction has.
    private var seen: Set<Int64> = []
    /// For each correction, which record of the first run each of its records is, or which added line.
    private var origins: [String: [Int64: Int64]] = [:]
    private var added: Int64 = 0

    /// - Parameter records: how many records the first run has.
    /// - Throws: what the ledger of the run throws.
    init(of run: String, records: Int, _ ledger: any LedgerSnapshot) throws {
        self.run = run
        self.records = Int64(records)
        var found: [Int64: Outcome] = [:]
        try ledger.forEachRow(of: Outcome.allCases.filter { !$0.isDone }, withOwnBytes: false) { row in
            found[row.recordNumber] = row.kind
        }
        (outcomes, before) = (found, found)
    }

    /// The same after a correction.
    ///
    /// - Parameter id: the correction's own id.
    /// - Throws: what its ledger throws.
    func corrected(by id: String, _ ledger: any LedgerSnapshot) throws -> Self {
        var fates = self
        let links = try ledger.sources().map { $0.columns.flatMap(CorrectionLink.init) }
        var ends: [Int64: Outcome] = [:]
        var own: [Int64: Int64] = [:]
        try ledger.forEachRow(of: [], withOwnBytes: true) { row in
            // Safe: the row is lent while its bytes are copied.
            guard links.indices.contains(Int(row.source)), let link = links[Int(row.source)],
                let raw = unsafe row.raw.map({ unsafe Array($0) }), let outcome = row.kind
            else { return }
            let cells = RecordBatch.columns(of: raw, delimiter: .comma).columns
            guard let origin = fates.origin(of: link.record(in: cells)) else { return }
            own[row.recordNumber] = origin
            // A line that was made two is done once both are.
            if let other = ends[origin], !other.isDone, outcome.isDone { return }
            ends[origin] = outcome
        }
        for (origin, outcome) in ends {
            fates.seen.insert(origin)
            if fates.outcomes[origin].map({ !$0.isDone }) ?? (origin < 0) { fates.outcomes[origin] = outcome }
        }
        fates.origins[id] = own
        return fates
    }

    /// Which record of the first run a record corrects, or which added line it is; nil where it is of another list.
    private mutating func origin(of record: CorrectionLink.Record?) -> Int64? {
        if let record {
            if record.run == run, record.number <= records { return record.number }
            guard let origins = origins[record.run] ?? (record.run == run ? [:] : nil) else { return nil }
            if let origin = origins[record.number] { return origin }
        }
        added -= 1
        return added
    }

    /// The sum of all.
    ///
    /// - Parameters:
    ///   - runs: the corrections.
    ///   - counts: how the records of the first run ended.
    func whole(_ runs: [String], _ counts: OutcomeCounts) -> WholeList {
        var (counts, added) = (counts, OutcomeCounts())
        for (recordNumber, outcome) in outcomes {
            if recordNumber < 0 {
                added[outcome] += 1
            } else if let before = before[recordNumber] {
                counts[before] -= 1
                counts[outcome] += 1
            }
        }
        func named(_ counts: OutcomeCounts) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, counts[$0]) }.filter { $0.1 > 0 })
        }
        return WholeList(
            runs: runs, outcomes: named(counts), left_out: before.keys.count { !seen.contains($0) },
            added: named(added))
    }
}
