import GRDB

extension SQLiteLedger {
    /// Reads all of it from one state of the database.
    package func unfinished() async throws -> UnfinishedRun {
        try await fetch { database in
            func number(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
            return UnfinishedRun(
                metadata: try Self.metadata(database), sources: try Self.sources(database),
                lastRecord: Int64(try number("SELECT max(record) FROM record")),
                hasClaims: try number("SELECT count(*) FROM claim") > 0,
                pending: try number(
                    """
                    SELECT count(*) FROM record LEFT JOIN outcome USING (record)
                    WHERE draft = 1 AND (outcome IS NULL OR \(Self.isLeft))
                    """))
        }
    }

    /// Whether an outcome is none for good: left out, in doubt, not judged, or made and not yet what its record says.
    private static let isLeft = """
        (outcome IN ('unprocessed', 'unresolved')
         OR outcome = 'present' AND record IN (SELECT record FROM found_group WHERE is_judged = 0)
         OR outcome IN ('created', 'confirmed') AND record IN (SELECT record FROM group_update WHERE made IS NOT NULL))
        """

    /// Looks for updates that were sent, for outcomes that only sending gives, and for claims: those of a finished run
    /// count where a record of theirs isn't `unprocessed`.
    package func hasSent() async throws -> Bool {
        try await number(
            """
            SELECT EXISTS (SELECT 1 FROM group_update WHERE sent_at IS NOT NULL) OR EXISTS (
                SELECT 1 FROM outcome WHERE outcome NOT IN ('invalid', 'duplicate', 'existing', 'unprocessed'))
              OR EXISTS (SELECT 1 FROM claim)
                AND coalesce((SELECT value FROM run WHERE key = 'state'), '') != '\(RunPhase.finished.rawValue)'
              OR EXISTS (
                SELECT 1 FROM \(Self.claimedDrafts) LEFT JOIN outcome USING (record)
                WHERE coalesce(outcome, '') != 'unprocessed')
            """) == 1
    }

    /// Moves open claims, unresolved records and sent updates to `doubt`, closes the claims, and deletes the outcomes
    /// that were none for good: one transaction.
    package func reopenDrafts(until: Int64, requestMax: Int64) async throws {
        try await change { database in
            try database.execute(
                sql: """
                    INSERT INTO doubt SELECT record, claimed_at, max(claimed_at, \(until)) FROM \(Self.claimedDrafts)
                    WHERE is_open = 1 \(Self.isOpen) \(Self.bothDoubts);
                    INSERT INTO doubt
                    SELECT record, min(claimed_at), max(claimed_at, coalesce(ended_at, \(until))) \
                    + \(requestMax) FROM claim
                    CROSS JOIN outcome ON record BETWEEN first AND last
                    WHERE +outcome = 'unresolved' AND record NOT IN (SELECT record FROM group_update)
                    GROUP BY record \(Self.bothDoubts);
                    UPDATE claim SET is_open = 0;
                    INSERT INTO doubt SELECT record, sent_at, NULL FROM group_update
                    WHERE sent_at IS NOT NULL AND record NOT IN (SELECT record FROM outcome \
                    WHERE outcome != 'unresolved') \(Self.bothDoubts);
                    DELETE FROM outcome WHERE \(Self.isLeft);
                    """)
        }
    }

    /// What becomes of a doubt that there is already: it has both times, for each process may have sent the create. A
    /// doubt without an end has none afterwards.
    private static let bothDoubts = """
        ON CONFLICT DO UPDATE SET sent_at = min(sent_at, excluded.sent_at),
          sent_until = max(sent_until, excluded.sent_until)
        """

    /// Counts the rows of `doubt` whose record has neither an outcome nor a found group.
    package func doubtCount() async throws -> Int {
        try await number(
            """
            SELECT count(*) FROM doubt WHERE record NOT IN (SELECT record FROM outcome)
              AND record NOT IN (SELECT record FROM found_group)
            """)
    }
}
