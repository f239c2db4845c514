extension PostgreSQLLedger {
    /// The name that is sent for a row of `record` that is called `r`.
    static let sentName = "coalesce(r.draft_name, r.name)"

    /// Counts the run's rows of `record`, those of groups that no list names included.
    package func recordCount() async throws -> Int {
        try await number("SELECT count(*) FROM record WHERE run = \(run)")
    }

    /// Counts the run's rows of `record` without those of the source of missing groups.
    package func listedCount() async throws -> Int {
        try await number(
            """
            SELECT count(*) FROM record WHERE run = \(run) AND source NOT IN \
            (SELECT source FROM source WHERE run = \(run) AND format = '\(SourceSummary.missingFormat)')
            """)
    }

    /// Counts the run's rows of `record` that are drafts.
    package func draftCount() async throws -> Int {
        try await number("SELECT count(*) FROM record WHERE run = \(run) AND draft")
    }

    /// Counts the rows of `outcome` that have no row of `record`; 0 in a sound ledger.
    package func orphanCount() async throws -> Int {
        try await number("SELECT count(*) FROM outcome AS o WHERE o.run = \(run) AND \(without("record", of: "o"))")
    }

    /// Counts the run's rows of `outcome` by outcome.
    package func counts() async throws -> OutcomeCounts {
        try await fetch { session in
            var counts = OutcomeCounts()
            try session.rows("SELECT outcome, count(*) FROM outcome WHERE run = \(run) GROUP BY outcome") { row in
                if let outcome = row.outcome(0) { counts[outcome] = Int(row.integer(1)) }
            }
            return counts
        }
    }

    /// Looks the records up by their numbers; those that are no drafts are left out.
    package func draftNames(of records: [Int64]) async throws -> [Int64: String] {
        try await fetch { session in
            var names: [Int64: String] = [:]
            try session.rows(
                "SELECT record, \(Self.sentName) FROM record AS r WHERE run = \(run) AND record = ANY ($1) AND draft",
                [.integers(records)]
            ) { names[$0.integer(0)] = $0.text(1) }
            return names
        }
    }
}
