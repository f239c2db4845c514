import RecordFormats

extension PostgreSQLLedger {
    /// Copies all records and outcomes in, from the batch's arena and without copies of text.
    package func put(_ batch: CheckedBatch, settled: [SettledRecord]) async throws {
        try await change { session in
            let keepsRaw = batch.keepsRaw
            let arena = batch.batch.arena
            var rows = CopyRows(columns: 11, capacity: 2 * arena.count + 100 * batch.batch.records.count)
            for (index, record) in batch.batch.records.enumerated() {
                let kept = batch.kept(index, keepsRaw: keepsRaw)
                rows.begin()
                rows.append(number: run)
                rows.append(number: Int32(clamping: batch.source))
                rows.append(batch.recordBase + record.ordinal)
                rows.append(Int64(record.line))
                rows.append(kept.draftRank.map(Int64.init))
                rows.append(kept.isDraft ? true : nil)
                rows.append(kept.isActive)
                for value in [kept.name, kept.rank, kept.raw, kept.draftName] { rows.append(value, arena) }
            }
            try session.copy(
                into: """
                    record (run, source, record, line, draft_rank, draft, draft_active, name, rank, raw, draft_name)
                    """, rows)
            var outcomes = CopyRows(columns: 5)
            for record in settled where !record.isAddition {
                outcomes.begin()
                outcomes.append(number: run)
                outcomes.append(record.recordNumber)
                outcomes.append(record.duplicateOf)
                outcomes.append(record.outcome.rawValue)
                outcomes.append(record.message)
            }
            try session.copy(into: "outcome (run, record, duplicate_of, outcome, message)", outcomes)
            for record in settled where record.isAddition {
                try session.run(
                    """
                    UPDATE outcome SET message = coalesce(message || '; ', '') || $1
                    WHERE run = \(run) AND record = $2
                    """,
                    [.text(record.message ?? ""), .integer(record.recordNumber)])
            }
        }
    }

    /// Deletes the run's rows of `outcome`, `group_update`, `record` and `source` in one transaction.
    package func forgetRecords() async throws {
        try await change { session in
            for table in ["outcome", "update_intent", "group_update", "record", "source"] {
                try session.execute("DELETE FROM \(table) WHERE run = \(run)")
            }
            try session.execute("UPDATE run SET front = 0 WHERE run = \(run)")
        }
    }
}
