import GroupLoad

/// One state of a ledger in memory.
struct MemorySnapshot: LedgerSnapshot {
    let state: MemoryLedger.State

    func metadata() throws -> RunMetadata { state.metadata }

    func sources() throws -> [SourceSummary] { state.sources }

    func forEachRow(
        of outcomes: [Outcome], withOwnBytes: Bool, _ body: (borrowing ReportRow) throws -> Void
    ) throws {
        for number in state.numbers(state.outcomes) {
            guard let outcome = state.outcomes[number], let record = state.records[number],
                outcomes.isEmpty || outcomes.contains(outcome.outcome)
            else { continue }
            let texts = [Array(outcome.outcome.rawValue.utf8), outcome.message.map { Array($0.utf8) }, record.name]
            try Self.lend(texts + [record.rank, record.raw]) { lent in
                var row = ReportRow(
                    recordNumber: number, source: record.source, line: record.line,
                    outcome: lent[0] ?? UnsafeBufferPointer(start: nil, count: 0),
                    name: Self.value(record.name, lent[2]), rank: Self.value(record.rank, lent[3]))
                (row.id, row.http, row.code) = (outcome.id, outcome.http.map(Int64.init), outcome.code.map(Int64.init))
                (row.message, row.attempts) = (lent[1], Int64(outcome.attempts))
                (row.milliseconds, row.endedAt) = (outcome.milliseconds, outcome.endedAt)
                row.duplicateOf = outcome.duplicateOf
                if withOwnBytes { (row.raw, row.isActive) = (lent[4], record.isActive) }
                try body(row)
            }
        }
    }

    func forEachStanding(
        from first: Int64, to last: Int64, _ body: (borrowing StandingRow) throws -> Void
    ) throws {
        for number in state.numbers(state.records) where (first...max(first, last)).contains(number) {
            guard let record = state.records[number] else { continue }
            try record.sentName.withUnsafeBufferPointer { name in
                try body(
                    StandingRow(
                        recordNumber: number, isDraft: record.isDraft, name: name, rank: record.sentRank,
                        duplicateOf: state.outcomes[number]?.duplicateOf))
            }
        }
    }

    func recordCount() throws -> Int { state.records.count }

    func recordsBySource() throws -> [Int64: Int] {
        state.records.values.reduce(into: [:]) { $0[$1.source, default: 0] += 1 }
    }

    func saysActive() throws -> Bool { state.records.values.contains { $0.isActive != nil } }

    func place(of recordNumber: Int64) throws -> RecordPlace? {
        state.records[recordNumber].map { RecordPlace(source: $0.source, line: $0.line, name: $0.name ?? []) }
    }

    func forEachFault(_ body: (LedgerFault) throws -> Void) throws {
        for recordNumber in state.numbers(state.records) where state.outcomes[recordNumber] == nil {
            try body(.noOutcome(recordNumber: recordNumber))
        }
        for recordNumber in state.numbers(state.outcomes) where state.records[recordNumber] == nil {
            try body(.noRecord(outcomeOf: recordNumber))
        }
        for recordNumber in state.numbers(state.outcomes) {
            guard let outcome = state.outcomes[recordNumber], [.created, .confirmed].contains(outcome.outcome),
                outcome.id == nil
            else { continue }
            try body(.noID(recordNumber: recordNumber))
        }
        for (id, claims) in Dictionary(grouping: state.own, by: \.id).sorted(by: { $0.key < $1.key })
        where claims.count > 1 {
            try body(.claimedTwice(id: id, first: claims[0].recordNumber, last: claims[claims.count - 1].recordNumber))
        }
        let last = state.records.keys.max() ?? 0
        if last != Int64(state.records.count) { try body(.gaps(last: last, count: Int64(state.records.count))) }
    }

    /// A value, which is text where it is UTF-8 without NUL.
    private static func value(_ bytes: [UInt8]?, _ lent: UnsafeBufferPointer<UInt8>?) -> ReportValue {
        ReportValue(
            bytes: lent,
            isText: bytes.map { !$0.contains(0) && String(validating: $0, as: UTF8.self) != nil } ?? true)
    }

    /// Lends arrays for as long as `body` runs.
    private static func lend(
        _ arrays: [[UInt8]?], _ lent: [UnsafeBufferPointer<UInt8>?] = [],
        _ body: ([UnsafeBufferPointer<UInt8>?]) throws -> Void
    ) throws {
        guard let first = arrays.first else { return try body(lent) }
        let rest = Array(arrays.dropFirst())
        guard let first else { return try lend(rest, lent + [nil], body) }
        try first.withUnsafeBufferPointer { try lend(rest, lent + [$0], body) }
    }
}
