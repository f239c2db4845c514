import GRDB
import RecordFormats

extension SQLiteLedger {
    /// Inserts all records and outcomes, from the batch's arena and without copies of text.
    package func put(_ batch: CheckedBatch, settled: [SettledRecord]) async throws {
        try await change { database in
            let rows = try LedgerRows(database, into: "record", width: 10)
            let (records, keepsRaw) = (batch.batch.records, batch.keepsRaw)
            // Safe: the arena stays until all rows are in; a slice of it is checked against its bounds.
            unsafe try batch.batch.arena.withUnsafeBytes { arena in
                try rows.insert(records.count) { index, insert, before in
                    insert.bind(before + 1, batch.recordBase + records[index].ordinal)
                    insert.bind(before + 2, Int64(batch.source))
                    insert.bind(before + 3, Int64(records[index].line))
                    unsafe insert.bind(batch.kept(index, keepsRaw: keepsRaw), arena, behind: before)
                }
            }
            let outcomes = try LedgerStatement(
                database, "INSERT INTO outcome (record, outcome, message, duplicate_of) VALUES (?, ?, ?, ?)")
            for record in settled where !record.isAddition {
                outcomes.bind(1, record.recordNumber)
                outcomes.bind(2, record.outcome.rawValue)
                outcomes.bind(3, record.message)
                outcomes.bind(4, record.duplicateOf)
                try outcomes.run()
            }
            for record in settled where record.isAddition {
                try database.execute(
                    sql: "UPDATE outcome SET message = coalesce(message || '; ', '') || ? WHERE record = ?",
                    arguments: [record.message, record.recordNumber])
            }
        }
    }

    /// Deletes the rows of `outcome`, `group_update`, `record` and `source` in one transaction.
    package func forgetRecords() async throws {
        try await change {
            try $0.execute(
                sql: "DELETE FROM outcome; DELETE FROM group_update; DELETE FROM record; DELETE FROM source")
        }
    }
}

extension LedgerStatement {
    /// Binds what is kept of a record to the parameters from the fourth behind `before`.
    ///
    /// - Parameter arena: that of the record's batch; it must stay until ``run()`` has returned.
    fileprivate func bind(_ kept: KeptFields, _ arena: UnsafeRawBufferPointer, behind before: Int32) {
        // Safe: as ``put(_:settled:)`` has it.
        unsafe bind(before + 4, kept.name, arena)
        unsafe bind(before + 5, kept.rank, arena)
        unsafe bind(before + 6, kept.raw, arena)
        if kept.isDraft {
            bind(before + 7, 1)
            unsafe bind(before + 8, kept.draftName, arena)
            bind(before + 9, kept.draftRank)
        } else {
            for index in before + 7...before + 9 { bindNull(index) }
        }
        bind(before + 10, kept.isActive.map { $0 ? 1 : 0 })
    }

    private func bind(_ index: Int32, _ value: KeptValue, _ arena: UnsafeRawBufferPointer) {
        switch value {
        case .none: bindNull(index)
        // Safe: as above.
        case .text(let slice): unsafe bind(index, text: .init(rebasing: arena[slice.start..<slice.end]))
        case .bytes(let bytes): bind(index, bytes: bytes)
        }
    }
}
