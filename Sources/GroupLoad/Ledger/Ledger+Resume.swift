import Foundation
import GRDB

/// What a ledger says of a run that is to go on.
struct Unfinished: Sendable {
    /// The facts of the run, by their keys.
    var facts: [String: String]
    var sources: [SourceSummary]
    /// The last record that is in the ledger; 0 for none.
    var lastRecord: Int64
    /// Whether any draft was claimed.
    var hasClaims: Bool
    /// Drafts that have no outcome, or none but `unprocessed`.
    var pending: Int

    /// Whether all records of the inputs are in the ledger.
    var isRead: Bool { facts[Ledger.Key.input] == Ledger.InputState.read.rawValue }
}

extension Ledger {
    /// The keys of the facts of a run.
    package enum Key {
        package static let run = "run", scope = "scope", started = "started", startedAt = "started_at", plan = "plan",
            state = "state"
        package static let input = "input", damage = "damage", nearDuplicates = "near_duplicates", exit = "exit",
            summary = "summary"
        package static let requests = "requests", retries = "retries", throttled = "throttled", alive = "alive_at",
            target = "target", listed = "listed_at"
        /// Whether `results.csv` is for spreadsheets.
        static let spreadsheetSafe = "spreadsheet_safe"
    }

    /// How far the inputs have been read.
    enum InputState: String, Sendable { case reading, read, damaged }

    /// What there is of a run that is to go on.
    func unfinished() async throws -> Unfinished {
        try await database.read { database in
            func number(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
            return Unfinished(
                facts: try Self.facts(database), sources: try Self.sources(database),
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
         OR outcome = 'present' AND record IN (SELECT record FROM finding WHERE is_judged = 0)
         OR outcome IN ('created', 'confirmed') AND record IN (SELECT record FROM amendment WHERE made IS NOT NULL))
        """

    /// Makes the ledger ready to go on: claimed drafts without an outcome are in doubt from now on, with the time of
    /// their first
    /// claim, as are those that could not be settled, and those that were left out have no outcome any more.
    ///
    /// - Parameters:
    ///   - until: when the last create of the process that ended can have been carried out, in epoch milliseconds.
    ///   - requestMax: how long a request may take, in milliseconds.
    func reopenDrafts(until: Int64, requestMax: Int64) async throws {
        try await database.write { database in
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO doubt SELECT record, claimed_at, max(claimed_at, \(until)) FROM claim
                    JOIN record ON record BETWEEN first AND last
                    WHERE is_open = 1 AND draft = 1 AND record NOT IN (SELECT record FROM outcome)
                      AND record NOT IN (SELECT record FROM amendment) AND record NOT IN (SELECT record FROM finding);
                    INSERT OR IGNORE INTO doubt
                    SELECT record, min(claimed_at), max(claimed_at, coalesce(ended_at, \(until))) + \(requestMax) FROM outcome
                    JOIN claim ON record BETWEEN first AND last
                    WHERE outcome = 'unresolved' AND record NOT IN (SELECT record FROM amendment) GROUP BY record;
                    UPDATE claim SET is_open = 0;
                    INSERT OR IGNORE INTO doubt SELECT record, sent_at, NULL FROM amendment
                    WHERE sent_at IS NOT NULL AND record NOT IN (SELECT record FROM outcome WHERE outcome != 'unresolved');
                    DELETE FROM outcome WHERE \(Self.isLeft);
                    """)
        }
    }

    /// The drafts that are in doubt.
    func doubtCount() async throws -> Int {
        try await database.read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM doubt WHERE record NOT IN (SELECT record FROM outcome)
                      AND record NOT IN (SELECT record FROM finding)
                    """) ?? 0
        }
    }

    /// Empties the ledger of records, for reading to begin again. Only where none was ever claimed.
    func forgetRecords() async throws {
        try await database.write { database in
            try database.execute(
                sql: "DELETE FROM outcome; DELETE FROM amendment; DELETE FROM record; DELETE FROM source")
        }
    }

    /// The names of the drafts from record `first` to `last`, as they are sent.
    func draftNames(from first: Int64, to last: Int64) async throws -> [Int64: [UInt8]] {
        try await database.read { database in
            var names: [Int64: [UInt8]] = [:]
            var rows = try LedgerCursor(
                database,
                "SELECT record, coalesce(draft_name, name) FROM record WHERE record BETWEEN ? AND ? AND draft = 1",
                [first, last])
            while try rows.next() { names[rows.integer(0)] = Array(rows.bytes(1)) }
            return names
        }
    }
}

extension Ledger {
    /// Keeps that the inputs were read to their end, or as far as they can be.
    func setRead(_ result: IngestResult) async throws {
        try await set(result.sources)
        try await set([
            Key.input: (result.damage == nil ? InputState.read : .damaged).rawValue,
            Key.damage: result.damage?.message ?? "", Key.nearDuplicates: String(result.nearDuplicates),
        ])
    }
}

extension Ledger {
    /// What the run at `location` was told.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the ledger can't be read or doesn't say.
    package static func plan(at location: RunLocation) async throws -> RunConfiguration {
        let ledger = try Ledger(reading: location.ledgerPath)
        let text = try await ledger.facts()[Key.plan]
        try ledger.closeReading()
        guard let text else {
            throw RunError(
                .unusable, "\(location.path) holds a run that can't be resumed: its ledger doesn't say what it was told"
            )
        }
        return try JSONDecoder().decode(RunConfiguration.self, from: Data(text.utf8))
    }
}
