import GRDB

/// A record that passed validation: a name and an optional rank, not yet created.
package struct Draft: Sendable, Equatable {
    /// The record's number within the run.
    package var record: Int64
    /// The trimmed name.
    package var name: String
    package var rank: Int32?
    /// Whether the list says that the group isn't in use.
    package var isInactive = false
    /// When a process that ended may have had it carried out, in epoch milliseconds: from its claim until the
    /// process's last sign of life
    /// and the time that a request may take. Nil for one that surely wasn't sent.
    package var doubt: ClosedRange<Int64>?

    package init(record: Int64, name: String, rank: Int32?, doubt: ClosedRange<Int64>? = nil) {
        self.record = record
        self.name = name
        self.rank = rank
        self.doubt = doubt
    }
}

extension Ledger {
    /// Claims the next drafts after record `last`, durably, before any of them is sent.
    ///
    /// - Parameters:
    ///   - now: the time of the intent, in epoch milliseconds.
    ///   - limit: how many drafts at most.
    ///   - hasSettled: whether some drafts may have an outcome already, or are to be updated.
    /// - Returns: the drafts in input order; empty when there is none yet.
    package func claim(after last: Int64, limit: Int, now: Int64, hasSettled: Bool) async throws -> [Draft] {
        try await database.writeWithoutTransaction { database in
            var drafts: [Draft] = []
            drafts.reserveCapacity(limit)
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.inTransaction {
                var rows = try LedgerCursor(
                    database,
                    """
                    SELECT record, coalesce(draft_name, name), draft_rank, \(hasSettled ? "sent_at, sent_until" : "NULL, NULL"), draft_active
                    FROM record \(hasSettled ? "LEFT JOIN doubt USING (record)" : "") WHERE record > ? AND draft = 1
                    \(hasSettled ? Self.isOpen : "") ORDER BY record LIMIT ?
                    """, [last, Int64(limit)])
                while try rows.next() {
                    var draft = Draft(
                        record: rows.integer(0), name: String(decoding: rows.bytes(1), as: UTF8.self),
                        rank: rows.optional(2).map(Int32.init(clamping:)),
                        doubt: rows.optional(3).map { $0...max($0, rows.optional(4) ?? now) })
                    draft.isInactive = rows.optional(5) == 0
                    drafts.append(draft)
                }
                if let first = drafts.first, let last = drafts.last {
                    try database.execute(
                        sql: "INSERT INTO claim (first, last, claimed_at) VALUES (?, ?, ?)",
                        arguments: [first.record, last.record, now])
                }
                return .commit
            }
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            return drafts
        }
    }

    /// Of a record: it has no outcome, isn't to be updated, and no group was found for it.
    private static let isOpen = """
        AND record NOT IN (SELECT record FROM outcome) AND record NOT IN (SELECT record FROM amendment)
        AND record NOT IN (SELECT record FROM finding)
        """

    /// Writes how drafts ended, or what is to be done next to those that have an update.
    package func settle(_ outcomes: [DraftOutcome]) async throws {
        try await database.write { try Self.insert(outcomes, $0) }
    }

    static func insert(_ outcomes: [DraftOutcome], _ database: Database) throws {
        let insert = try LedgerStatement(
            database,
            """
            INSERT INTO outcome (record, outcome, id, http, code, message, attempts, ms, ended_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        try Self.insert(outcomes.compactMap(\.update), database)
        try Self.insert(findingsOf: outcomes, database)
        try Self.insert(keptOf: outcomes, database)
        for outcome in outcomes where outcome.isLast {
            if outcome.isMadeAndDone {
                try LedgerStatement(database, "UPDATE amendment SET made = NULL WHERE record = \(outcome.record)").run()
            }
            insert.bind(1, outcome.record)
            insert.bind(2, outcome.outcome.rawValue)
            insert.bind(3, outcome.id)
            insert.bind(4, outcome.http)
            insert.bind(5, outcome.code)
            insert.bind(6, outcome.message)
            insert.bind(7, Int64(outcome.attempts))
            insert.bind(8, outcome.milliseconds)
            insert.bind(9, outcome.endedAt)
            try insert.run()
        }
    }

    /// Puts in in which form the server keeps groups of this run, where that isn't the one that was sent.
    private static func insert(keptOf outcomes: [DraftOutcome], _ database: Database) throws {
        guard outcomes.contains(where: { $0.kept != nil }) else { return }
        let insert = try LedgerStatement(database, "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)")
        for outcome in outcomes {
            guard let kept = outcome.kept else { continue }
            insert.bind(1, outcome.record)
            insert.bind(2, kept.id)
            insert.bind(3, kept.name)
            insert.bind(4, kept.rank)
            try insert.run()
        }
    }

    /// Ends every record that has no outcome yet as `unprocessed`, and says why; those in doubt as `unresolved`.
    ///
    /// Only for drafts that this process did not send: the submitter has given an outcome to each draft that it took.
    package func settleRest(message: String) async throws {
        try await database.write { database in
            try database.execute(
                sql: """
                    INSERT INTO outcome (record, outcome, message, id)
                    SELECT record, made, 'it could not be set inactive, as the list says: ' || ?, id
                    FROM amendment WHERE made IS NOT NULL AND record NOT IN (SELECT record FROM outcome)
                    """, arguments: [message])
            try database.execute(
                sql: """
                    INSERT INTO outcome (record, outcome, message, id, http, code, attempts, ms, ended_at)
                    SELECT record, 'present', 'who made the group was not judged: ' || ?, id, http, code, attempts, ms, ended_at
                    FROM finding WHERE record NOT IN (SELECT record FROM outcome)
                      AND record NOT IN (SELECT record FROM amendment)
                    """, arguments: [message])
            try database.execute(
                sql: """
                    INSERT INTO outcome (record, outcome, message, id)
                    SELECT record, 'unresolved', 'it may have been sent before the run was killed, and was not looked up: ' || ?, id
                    FROM doubt LEFT JOIN amendment USING (record) WHERE record NOT IN (SELECT record FROM outcome)
                    """, arguments: [message])
            try database.execute(
                sql: """
                    INSERT INTO outcome (record, outcome, message, id)
                    SELECT record, 'unprocessed', ?, id FROM record LEFT JOIN amendment USING (record) WHERE record NOT IN (SELECT record FROM outcome)
                    """, arguments: [message])
        }
    }

    /// The drafts in the ledger.
    package func draftCount() async throws -> Int {
        try await database.read { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM record WHERE draft = 1") ?? 0
        }
    }

    /// The records by outcome.
    package func counts() async throws -> OutcomeCounts {
        try await database.read { database in
            var counts = OutcomeCounts()
            var rows = try LedgerCursor(database, "SELECT outcome, count(*) FROM outcome GROUP BY outcome")
            while try rows.next() {
                if let outcome = rows.text(0).flatMap(Outcome.init(rawValue:)) {
                    counts[outcome] = Int(rows.integer(1))
                }
            }
            return counts
        }
    }
}
