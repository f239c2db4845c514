import GRDB

extension SQLiteLedger {
    /// Counts the rows of `record`, those of groups that no list names included.
    package func recordCount() async throws -> Int { try await number("SELECT count(*) FROM record") }

    /// Counts the rows of `record` without those of the source of missing groups.
    package func listedCount() async throws -> Int {
        try await number(
            """
            SELECT count(*) FROM record
            WHERE source NOT IN (SELECT source FROM source WHERE format = '\(SourceSummary.missingFormat)')
            """)
    }

    /// Counts the rows of `record` that are drafts.
    package func draftCount() async throws -> Int {
        try await number("SELECT count(*) FROM record WHERE draft = 1")
    }

    /// Counts the rows of `outcome` that have no row of `record`; 0 in a sound ledger.
    package func orphanCount() async throws -> Int {
        try await number("SELECT count(*) FROM outcome WHERE record NOT IN (SELECT record FROM record)")
    }

    /// Counts the rows of `outcome` by outcome.
    package func counts() async throws -> OutcomeCounts {
        try await fetch { database in
            var counts = OutcomeCounts()
            try LentRows.forEach(database, "outcome", from: "outcome WHERE true") { row in
                if let outcome = row.outcome(0) { counts[outcome] += 1 }
            }
            return counts
        }
    }

    /// Looks up each record by its number; records that are no drafts are left out.
    package func draftNames(of records: [Int64]) async throws -> [Int64: String] {
        try await fetch { database in
            var names: [Int64: String] = [:]
            for recordNumber in records {
                var rows = try LedgerCursor(
                    database, "SELECT coalesce(draft_name, name) FROM record WHERE record = ? AND draft = 1",
                    [recordNumber])
                if try rows.next() { names[recordNumber] = rows.text(0) }
            }
            return names
        }
    }
}
