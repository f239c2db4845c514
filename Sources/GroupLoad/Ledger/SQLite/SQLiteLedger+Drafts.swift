import GRDB

extension SQLiteLedger {
    /// Reads the next drafts and inserts one `claim` row over them, in a transaction that is synced to the disk.
    package func claim(after last: Int64, limit: Int, now: Int64, hasSettled: Bool) async throws -> [Draft] {
        try await changeDurably { database in
            var drafts: [Draft] = []
            drafts.reserveCapacity(limit)
            var rows = try LedgerCursor(
                database,
                """
                SELECT record, coalesce(draft_name, name), draft_rank, \
                \(hasSettled ? "sent_at, sent_until" : "NULL, NULL"), draft_active
                FROM record \(hasSettled ? "LEFT JOIN doubt USING (record)" : "") WHERE record > ? AND draft = 1
                \(hasSettled ? Self.isOpen : "") ORDER BY record LIMIT ?
                """, [last, Int64(limit)])
            while try rows.next() {
                // Safe: the bytes are copied before the cursor goes on.
                var draft = unsafe Draft(
                    recordNumber: rows.integer(0), name: String(decoding: rows.bytes(1), as: UTF8.self),
                    rank: rows.optional(2).map(Int32.init(clamping:)),
                    doubt: rows.optional(3).map { $0...max($0, rows.optional(4) ?? now) })
                draft.isInactive = rows.optional(5) == 0
                drafts.append(draft)
            }
            if let first = drafts.first, let last = drafts.last {
                let insert = try LedgerStatement(
                    database, "INSERT INTO claim (first, last, claimed_at) VALUES (?, ?, ?)")
                insert.bind(1, first.recordNumber)
                insert.bind(2, last.recordNumber)
                insert.bind(3, now)
                try insert.run()
            }
            return drafts
        }
    }

    /// Of a record: it has no outcome, isn't to be updated, and no group was found for it.
    static let isOpen = """
        AND record NOT IN (SELECT record FROM outcome) AND record NOT IN (SELECT record FROM group_update)
        AND record NOT IN (SELECT record FROM found_group)
        """

    /// The claims, each with the drafts in it, as what stands after FROM. Left to itself SQLite reads all drafts for
    /// each claim; CROSS and the sign keep it to the claim's own.
    static let claimedDrafts = "claim CROSS JOIN record ON record BETWEEN first AND last AND +draft = 1"

    /// Inserts a row for each, in one transaction.
    package func keep(_ spans: [CreateSpans]) async throws {
        try await change { database in
            try Self.makeSpanTable(database)
            let insert = try LedgerStatement(database, "INSERT INTO \(Self.spanTable) VALUES (?, ?, ?, ?, ?)")
            for spans in spans {
                insert.bind(1, spans.span)
                insert.bind(2, spans.first)
                insert.bind(3, spans.last)
                insert.bind(4, spans.trace)
                insert.bind(5, spans.givenAt)
                try insert.run()
            }
        }
    }

    /// Inserts the outcomes, updates, found groups and kept forms in one transaction.
    package func settle(_ outcomes: [DraftOutcome]) async throws {
        try await change { try Self.insert(outcomes, $0) }
    }

    static func insert(_ outcomes: [DraftOutcome], _ database: Database) throws {
        try Self.insert(outcomes.rare { $0.$update }.compactMap(\.update), database)
        try Self.insert(foundGroupsOf: outcomes, database)
        try Self.insert(keptOf: outcomes, database)
        try Self.forgetMade(outcomes, database)
        let rows = try LedgerRows(
            database, into: "outcome (record, outcome, id, http, code, message, attempts, ms, ended_at)", width: 9)
        // Safe: outcomes and texts are lent until all rows are in. Outcomes are read where they stand: to copy one
        // costs as much as its row.
        try unsafe outcomes.withUnsafeBufferPointer { outcomes in
            let last = outcomes.indices.filter { unsafe outcomes[$0].isLast }
            try unsafe outcomeTexts.bytes.withUnsafeBytes { texts in
                try rows.insert(last.count) { row, insert, before in
                    let index = last[row]
                    unsafe insert.bind(before + 1, outcomes[index].recordNumber)
                    let place = unsafe outcomeTexts.places[outcomes[index].outcome.index]
                    unsafe insert.bind(before + 2, text: .init(rebasing: texts[place]))
                    unsafe insert.bind(before + 3, outcomes[index].id)
                    unsafe insert.bind(before + 4, outcomes[index].http)
                    unsafe insert.bind(before + 5, outcomes[index].code)
                    unsafe insert.bind(before + 6, outcomes[index].message)
                    unsafe insert.bind(before + 7, Int64(outcomes[index].attempts))
                    unsafe insert.bind(before + 8, outcomes[index].milliseconds)
                    unsafe insert.bind(before + 9, outcomes[index].endedAt)
                }
            }
        }
    }

    /// The names of all outcomes, one behind the other, and where each stands.
    private static let outcomeTexts = {
        var (bytes, places): ([UInt8], [Range<Int>]) = ([], [])
        for outcome in Outcome.allCases {
            let start = bytes.count
            bytes += outcome.rawValue.utf8
            places.append(start..<bytes.count)
        }
        return (bytes: bytes, places: places)
    }()

    /// Keeps that nothing is left to be changed of groups whose change was made.
    private static func forgetMade(_ outcomes: [DraftOutcome], _ database: Database) throws {
        let outcomes = outcomes.rare { $0.isMadeAndDone && $0.isLast }
        guard !outcomes.isEmpty else { return }
        let update = try LedgerStatement(database, "UPDATE group_update SET made = NULL WHERE record = ?")
        for outcome in outcomes {
            update.bind(1, outcome.recordNumber)
            try update.run()
        }
    }

    /// Puts in in which form the server keeps groups of this run, where that isn't the one that was sent.
    private static func insert(keptOf outcomes: [DraftOutcome], _ database: Database) throws {
        let outcomes = outcomes.rare { $0.$kept }
        guard !outcomes.isEmpty else { return }
        let insert = try LedgerStatement(database, "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)")
        for outcome in outcomes {
            guard let kept = outcome.kept else { continue }
            insert.bind(1, outcome.recordNumber)
            insert.bind(2, kept.id)
            insert.bind(3, kept.name)
            insert.bind(4, kept.rank)
            try insert.run()
        }
    }

    /// Inserts an outcome for each record without one: updates first, then found groups, doubts and the rest.
    package func settleRest(_ reasons: RestReasons) async throws {
        try await change { database in
            try database.execute(
                sql: """
                    INSERT INTO outcome (record, outcome, message, id) SELECT record, made, ?, id
                    FROM group_update WHERE made IS NOT NULL AND record NOT IN (SELECT record FROM outcome)
                    """, arguments: [reasons.leftActive])
            try database.execute(
                sql: """
                    INSERT INTO outcome (record, outcome, message, id, http, code, attempts, ms, ended_at)
                    SELECT record, 'present', ?, id, http, code, attempts, ms, ended_at
                    FROM found_group WHERE record NOT IN (SELECT record FROM outcome)
                      AND record NOT IN (SELECT record FROM group_update)
                    """, arguments: [reasons.unjudged])
            try database.execute(
                sql: """
                    INSERT INTO outcome (record, outcome, message, id) SELECT record, 'unresolved', ?, id
                    FROM doubt LEFT JOIN group_update USING (record) WHERE record NOT IN (SELECT record FROM outcome)
                    """, arguments: [reasons.inDoubt])
            try database.execute(
                sql: """
                    INSERT INTO outcome (record, outcome, message, id) SELECT record, 'unprocessed', ?, id
                    FROM record LEFT JOIN group_update USING (record) WHERE record NOT IN (SELECT record FROM outcome)
                    """, arguments: [reasons.unsent])
        }
    }

    /// Adds up unresolved outcomes, found groups, open claims and doubts.
    package func unclearCount() async throws -> Int {
        try await number(
            """
            SELECT (SELECT count(*) FROM outcome WHERE outcome = 'unresolved')
            + (SELECT count(*) FROM found_group WHERE record NOT IN (SELECT record FROM outcome)
               AND record NOT IN (SELECT record FROM group_update))
            + (SELECT count(*) FROM \(Self.claimedDrafts) WHERE is_open = 1 \(Self.isOpen))
            + (SELECT count(*) FROM doubt WHERE record NOT IN (SELECT record FROM outcome)
               AND record NOT IN (SELECT record FROM found_group))
            """)
    }
}
