import GRDB

extension Ledger {
    /// The standings on records `first` to `last`, by number.
    func standings(from first: Int64, to last: Int64) async throws -> [Int64: RecordedStanding] {
        try await database.read { database in
            var standings: [Int64: RecordedStanding] = [:]
            var rows = try LedgerCursor(
                database,
                """
                SELECT record, draft, coalesce(draft_name, name), draft_rank, duplicate_of FROM record
                LEFT JOIN outcome USING (record) WHERE record BETWEEN ? AND ?
                """, [first, last])
            while try rows.next() {
                standings[rows.integer(0)] =
                    if rows.integer(1) == 1 {
                        .draft(Array(rows.bytes(2)), rows.optional(3).map(Int32.init(clamping:)))
                    } else if let first = rows.optional(4) {
                        .duplicate(of: first)
                    } else {
                        .invalid
                    }
            }
            return standings
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
