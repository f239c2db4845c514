import Foundation
import GRDB
import RecordFormats

extension Ledger {
    /// Puts a batch in, in one transaction: all records, and the outcomes of those that need no sending.
    package func put(_ batch: CheckedBatch, nameLengthMax: Int) async throws {
        let keepsRaw = batch.columns.map { !RecordLayout.isPlain($0) } ?? false
        try await database.write { database in
            let insert = try LedgerStatement(database, "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            let settle = try LedgerStatement(
                database, "INSERT INTO outcome (record, outcome, message, duplicate_of) VALUES (?, ?, ?, ?)")
            for (record, checked) in zip(batch.batch.records, batch.checked) {
                let number = batch.recordBase + record.ordinal
                insert.bind(1, number)
                insert.bind(2, Int64(batch.source))
                insert.bind(3, Int64(record.line))
                try batch.batch.arena.withUnsafeBytes { arena in
                    insert.bind(
                        record, checked, in: batch, arena,
                        keepsRaw: keepsRaw || batch.columns != nil && checked.standing == .invalid)
                    try insert.run()
                }
                switch checked.standing {
                case .draft: continue
                case .duplicate(let first, let differs, let firstRank):
                    settle.bind(2, Outcome.duplicate.rawValue)
                    settle.bind(3, differs ? CheckedRecord.rankNote(first: first, rank: firstRank) : nil)
                    settle.bind(4, first)
                case .invalid:
                    settle.bind(2, Outcome.invalid.rawValue)
                    settle.bind(
                        3,
                        checked.fields.violations.message(for: record, in: batch.batch, nameLengthMax: nameLengthMax))
                    settle.bindNull(4)
                }
                settle.bind(1, number)
                try settle.run()
            }
        }
    }
}

extension LedgerStatement {
    /// Binds what was read of a record, and what is to be sent of a draft, to the parameters from 4.
    fileprivate func bind(
        _ record: RecordFormats.Record, _ checked: CheckedRecord, in batch: CheckedBatch,
        _ arena: UnsafeRawBufferPointer, keepsRaw: Bool
    ) {
        if keepsRaw {
            bind(
                6,
                bytes: batch.delimiter == .comma
                    ? batch.batch.arena[record.raw.start..<record.raw.end]
                    : Self.separatedByCommas(record, in: batch)[...])
        } else {
            bindNull(6)
        }
        bind(10, checked.fields.active.map { $0 ? 1 : 0 })
        guard checked.standing == .draft else {
            // A name that is not text, or of an object that can't be read, could pass for one once it stands in CSV.
            let isText = record.name.kind == .text && (record.problem == nil || keepsRaw)
            bind(4, isText ? record.name : nil, in: batch.batch)
            bind(5, record.rank, in: batch.batch)
            for index: Int32 in 7...9 { bindNull(index) }
            return
        }
        // What passed validation is sound UTF-8 without control characters.
        let (name, draftName) = (record.name.slice, checked.fields.name)
        bind(4, text: .init(rebasing: arena[name.start..<name.end]))
        // And a rank that did is digits and white space, or nothing.
        let rank = record.rank
        if rank.kind == .text || rank.kind == .number {
            bind(5, text: .init(rebasing: arena[rank.slice.start..<rank.slice.end]))
        } else {
            bindNull(5)
        }
        bind(7, 1)
        if name == draftName {
            bindNull(8)
        } else {
            bind(8, text: .init(rebasing: arena[draftName.start..<draftName.end]))
        }
        bind(9, checked.fields.rank)
    }

    private func bind(_ index: Int32, _ field: RecordField?, in batch: RecordBatch) {
        if let value = field.flatMap(batch.value) { bind(index, bytes: value[...]) } else { bindNull(index) }
    }

    /// A record's fields as they go into a report, which separates them by commas. One with a stray quote gets a field
    /// too many, so that it stays invalid until somebody has looked at it.
    private static func separatedByCommas(_ record: RecordFormats.Record, in checked: CheckedBatch) -> [UInt8] {
        var csv = CSVEncoder()
        for field in checked.batch.columns(of: record, delimiter: checked.delimiter ?? .comma) { csv.append(field) }
        if record.problem == .strayQuote { csv.append("") }
        return csv.bytes
    }
}

/// The order of columns in a CSV source.
package enum RecordLayout {
    /// Whether a header is just `name,rank`, so that the two values say all that the record said.
    package static func isPlain(_ columns: [String]) -> Bool {
        columns == ["name", "rank"]
    }
}
