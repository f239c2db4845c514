import GRDB
import RecordFormats

extension SQLiteLedger {
    /// Inserts all records and outcomes with two prepared statements, from the batch's arena and without copies of
    /// text.
    package func put(_ batch: CheckedBatch, settled: [SettledRecord]) async throws {
        try await change { database in
            let insert = try LedgerStatement(database, "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            let keepsRaw = batch.keepsRaw
            // Safe: the arena stays while the row runs; a slice of it is checked against its bounds.
            unsafe try batch.batch.arena.withUnsafeBytes { arena in
                for (index, record) in batch.batch.records.enumerated() {
                    insert.bind(1, batch.recordBase + record.ordinal)
                    insert.bind(2, Int64(batch.source))
                    insert.bind(3, Int64(record.line))
                    unsafe insert.bind(batch.kept(index, keepsRaw: keepsRaw), arena)
                    try insert.run()
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
    /// Binds what is kept of a record to the parameters from 4.
    ///
    /// - Parameter arena: that of the record's batch; it must stay until ``run()`` has returned.
    fileprivate func bind(_ kept: KeptFields, _ arena: UnsafeRawBufferPointer) {
        // Safe: as ``put(_:settled:)`` has it.
        unsafe bind(4, kept.name, arena)
        unsafe bind(5, kept.rank, arena)
        unsafe bind(6, kept.raw, arena)
        if kept.isDraft {
            bind(7, 1)
            unsafe bind(8, kept.draftName, arena)
            bind(9, kept.draftRank)
        } else {
            for index: Int32 in 7...9 { bindNull(index) }
        }
        bind(10, kept.isActive.map { $0 ? 1 : 0 })
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
