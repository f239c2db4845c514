import GRDB

extension Ledger {
    /// What the ledger says that became of a record before anything was sent.
    enum Verdict: Equatable, CustomStringConvertible {
        case draft([UInt8], Int32?)
        case duplicate(of: Int64)
        case invalid

        var description: String {
            switch self {
            case .draft(let name, let rank):
                "the draft \"\(String(decoding: name.prefix(80), as: UTF8.self))\" of rank \(rank.map(String.init) ?? "none")"
            case .duplicate(let first): "a duplicate of record \(first)"
            case .invalid: "an invalid record"
            }
        }
    }

    /// The verdicts on records `first` to `last`, by number.
    func verdicts(from first: Int64, to last: Int64) async throws -> [Int64: Verdict] {
        try await database.read { database in
            var verdicts: [Int64: Verdict] = [:]
            var rows = try LedgerCursor(
                database,
                """
                SELECT record, draft, coalesce(draft_name, name), draft_rank, duplicate_of FROM record
                LEFT JOIN outcome USING (record) WHERE record BETWEEN ? AND ?
                """, [first, last])
            while try rows.next() {
                verdicts[rows.integer(0)] =
                    if rows.integer(1) == 1 {
                        .draft(Array(rows.bytes(2)), rows.optional(3).map(Int32.init(clamping:)))
                    } else if let first = rows.optional(4) {
                        .duplicate(of: first)
                    } else {
                        .invalid
                    }
            }
            return verdicts
        }
    }

    /// The records in the ledger that the inputs hold.
    func listedCount() async throws -> Int {
        try await database.read { database in
            try Int.fetchOne(
                database,
                sql:
                    "SELECT count(*) FROM record WHERE source NOT IN (SELECT source FROM source WHERE format = '\(Self.missingFormat)')"
            ) ?? 0
        }
    }

    /// The records in the ledger.
    func recordCount() async throws -> Int {
        try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM record") ?? 0 }
    }
}
