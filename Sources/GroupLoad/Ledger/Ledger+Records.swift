import Foundation
import GRDB
import RecordFormats

extension Ledger {
    /// Puts a batch in, durably, in one transaction: all records, and the outcomes of those that need no sending.
    package func put(_ batch: CheckedBatch, nameLengthMax: Int) async throws {
        let keepsRaw = batch.columns.map { !RecordLayout.isPlain($0) } ?? false
        try await database.write { database in
            let insert = try database.cachedStatement(sql: "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            let settle = try database.cachedStatement(
                sql: "INSERT INTO outcome (record, outcome, message, duplicate_of) VALUES (?, ?, ?, ?)")
            for (record, checked) in zip(batch.batch.records, batch.checked) {
                let number = batch.recordBase + record.ordinal
                let row = RecordRow(
                    record, checked, in: batch,
                    keepsRaw: keepsRaw || batch.columns != nil && checked.verdict == .invalid)
                insert.setUncheckedArguments([
                    number, batch.source, record.line, row.name, row.rank, row.raw, row.key, row.draftName,
                    row.draftRank,
                ])
                try insert.execute()
                let settled: (Outcome, String?, Int64?)
                switch checked.verdict {
                case .draft: continue
                case .duplicate(let first, let differs, let firstRank):
                    let note = differs ? CheckedRecord.rankNote(first: first, rank: firstRank) : nil
                    settled = (.duplicate, note, first)
                case .invalid:
                    settled = (
                        .invalid,
                        checked.finding.violations.message(for: record, in: batch.batch, nameLengthMax: nameLengthMax),
                        nil
                    )
                }
                settle.setUncheckedArguments([number, settled.0.rawValue, settled.1, settled.2])
                try settle.execute()
            }
        }
    }
}

/// A record's columns in the ledger.
private struct RecordRow {
    var name: DatabaseValue
    var rank: DatabaseValue
    var raw: DatabaseValue = .null
    var key: Data?
    var draftName: String?
    var draftRank: Int32?

    init(_ record: RecordFormats.Record, _ checked: CheckedRecord, in checkedBatch: CheckedBatch, keepsRaw: Bool) {
        let batch = checkedBatch.batch
        // A name that is not text, or of an object that can't be read, could pass for one once it stands in CSV.
        name =
            record.name.kind == .text && (record.problem == nil || keepsRaw)
            ? Self.value(record.name, in: batch) : .null
        rank = Self.value(record.rank, in: batch)
        if keepsRaw {
            raw =
                checkedBatch.delimiter == .comma
                ? Self.value(batch.arena[record.raw.start..<record.raw.end])
                : Self.value(Self.separatedByCommas(record, in: checkedBatch)[...])
        }
        guard checked.verdict == .draft else { return }
        let slice = checked.finding.name
        draftName = String(decoding: batch.arena[slice.start..<slice.start + slice.count], as: UTF8.self)
        draftRank = checked.finding.rank
        key = Self.keyData(checked.key)
    }

    private static func value(_ field: RecordField, in batch: RecordBatch) -> DatabaseValue {
        batch.value(field).map { value($0[...]) } ?? .null
    }

    /// A record's fields as they go into a report, which separates them by commas. One with a stray quote gets a field too
    /// many, so that it stays invalid until somebody has looked at it.
    private static func separatedByCommas(_ record: RecordFormats.Record, in checked: CheckedBatch) -> [UInt8] {
        var csv = CSVEncoder()
        for field in checked.batch.columns(of: record, delimiter: checked.delimiter ?? .comma) { csv.append(field) }
        if record.problem == .strayQuote { csv.append("") }
        return csv.bytes
    }

    /// Text where it is UTF-8 without NUL, which would end it, else the bytes.
    private static func value(_ bytes: ArraySlice<UInt8>) -> DatabaseValue {
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            return Data(bytes).databaseValue
        }
        return text.databaseValue
    }

    private static func keyData(_ key: NameIndex.Key) -> Data {
        withUnsafeBytes(of: (key.folded.bigEndian, key.exact.bigEndian)) { Data($0) }
    }
}

/// The order of columns in a CSV source.
package enum RecordLayout {
    /// Whether a header is just `name,rank`, so that the two values say all that the record said.
    package static func isPlain(_ columns: [String]) -> Bool {
        columns == ["name", "rank"]
    }
}
