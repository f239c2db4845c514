import GroupLoad
import RecordFormats

extension MemoryLedger {
    func put(_ batch: CheckedBatch, settled: [SettledRecord]) async throws {
        try await change { state in
            for (index, record) in batch.batch.records.enumerated() {
                let kept = batch.kept(index, keepsRaw: batch.keepsRaw)
                var stored = StoredRecord(source: Int64(batch.source), line: record.line)
                stored.name = batch.bytes(of: kept.name)
                stored.rank = batch.bytes(of: kept.rank)
                stored.raw = batch.bytes(of: kept.raw)
                stored.isActive = kept.isActive
                stored.isDraft = kept.isDraft
                stored.draftName = batch.bytes(of: kept.draftName)
                stored.draftRank = kept.draftRank.map(Int64.init)
                try state.insert(stored, batch.recordBase + record.ordinal)
            }
            for record in settled where !record.isAddition {
                try state.insert(
                    StoredOutcome(
                        outcome: record.outcome, message: record.message, duplicateOf: record.duplicateOf),
                    record.recordNumber)
            }
            for record in settled where record.isAddition {
                let parts = [state.outcomes[record.recordNumber]?.message, record.message].compactMap(\.self)
                state.outcomes[record.recordNumber]?.message = parts.joined(separator: "; ")
            }
        }
    }

    func forgetRecords() async throws {
        try await change { ($0.outcomes, $0.updates, $0.records, $0.sources) = ([:], [:], [:], []) }
    }

    func recordCount() async throws -> Int { contents.records.count }

    func listedCount() async throws -> Int {
        let state = contents
        return state.records.values.filter {
            !state.sources.indices.contains(Int($0.source)) || !state.sources[Int($0.source)].isMissingGroups
        }
        .count
    }

    func draftCount() async throws -> Int { contents.records.values.filter(\.isDraft).count }

    func orphanCount() async throws -> Int {
        let state = contents
        return state.outcomes.keys.filter { state.records[$0] == nil }.count
    }

    func counts() async throws -> OutcomeCounts {
        contents.outcomes.values.reduce(into: OutcomeCounts()) { $0[$1.outcome] += 1 }
    }

    func draftNames(of records: [Int64]) async throws -> [Int64: String] {
        let state = contents
        let drafts = records.filter { state.records[$0]?.isDraft == true }
        return Dictionary(drafts.map { ($0, state.name($0)) }) { first, _ in first }
    }
}

extension MemoryLedger.State {
    /// Puts a record in that isn't there.
    mutating func insert(_ record: MemoryLedger.StoredRecord, _ number: Int64) throws {
        guard records[number] == nil else { throw LedgerError(reason: "record \(number) is there already") }
        records[number] = record
    }

    /// Puts an outcome in for a record that has none.
    mutating func insert(_ outcome: MemoryLedger.StoredOutcome, _ recordNumber: Int64) throws {
        guard outcomes[recordNumber] == nil else {
            throw LedgerError(reason: "record \(recordNumber) has an outcome already")
        }
        outcomes[recordNumber] = outcome
    }

    /// Puts an update in for a record that has none.
    mutating func insert(_ update: GroupUpdate) throws {
        guard updates[update.recordNumber] == nil else {
            throw LedgerError(reason: "record \(update.recordNumber) has an update already")
        }
        updates[update.recordNumber] = (update, nil)
    }
}
