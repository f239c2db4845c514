import GRDB

extension Ledger {
    /// Findings that have no outcome.
    func findingCount() async throws -> Int {
        try await database.read { database in
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM finding WHERE record NOT IN (SELECT record FROM outcome)") ?? 0
        }
    }

    /// The findings after record `last` that have no outcome, at most `limit`, each with what its outcome says besides,
    /// and whether its record
    /// is to be inactive.
    func findings(
        after last: Int64, limit: Int
    ) async throws -> [(finding: FoundGroup, outcome: DraftOutcome, draft: Draft)] {
        try await database.read { database in
            var found: [(finding: FoundGroup, outcome: DraftOutcome, draft: Draft)] = []
            var rows = try LedgerCursor(
                database,
                """
                SELECT record, f.id, f.name, f.rank, f.active, created_on, created_by, place, sent_from, sent_until, absent_at, is_named,
                  http, code, attempts, ms, ended_at, coalesce(draft_name, r.name), draft_rank, draft_active,
                  sure_from, is_taken
                FROM finding AS f JOIN record AS r USING (record)
                WHERE record > ? AND record NOT IN (SELECT record FROM outcome)
                  AND record NOT IN (SELECT record FROM amendment) ORDER BY record LIMIT ?
                """, [last, Int64(limit)])
            while try rows.next() { found.append(Self.finding(rows)) }
            return found
        }
    }

    private static func finding(
        _ row: borrowing LedgerCursor
    ) -> (finding: FoundGroup, outcome: DraftOutcome, draft: Draft) {
        let from = row.integer(8)
        var finding = FoundGroup(
            record: row.integer(0), id: row.integer(1), name: row.text(2) ?? "",
            state: GroupState(rank: row.optional(3), isActive: row.integer(4) == 1), createdOn: row.optional(5),
            createdBy: row.optional(6), place: row.text(7).flatMap { FoundGroup.Place(rawValue: $0) } ?? .list,
            sent: from...max(from, row.integer(9)))
        finding.absentAt = row.optional(10)
        finding.sureFrom = row.integer(20)
        finding.isTaken = row.integer(21) == 1
        finding.isNamed = row.integer(11) == 1
        let outcome = DraftOutcome(
            record: finding.record, outcome: .present, id: finding.id, http: row.optional(12).map(Int.init),
            code: row.optional(13).map(Int.init), message: nil, attempts: Int(row.integer(14)),
            milliseconds: row.optional(15), endedAt: row.optional(16) ?? finding.sent.upperBound)
        var draft = Draft(
            record: finding.record, name: row.text(17) ?? "", rank: row.optional(18).map { Int32(clamping: $0) })
        draft.isInactive = row.optional(19) == 0
        finding.seenAt = outcome.endedAt
        return (finding, outcome, draft)
    }

    /// Puts findings in; a record has one.
    static func insert(findingsOf outcomes: [DraftOutcome], _ database: Database) throws {
        guard outcomes.contains(where: { $0.finding != nil }) else { return }
        let insert = try LedgerStatement(
            database,
            """
            INSERT OR REPLACE INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
            """)
        for outcome in outcomes {
            guard let finding = outcome.finding else { continue }
            insert.bind(1, finding.record)
            insert.bind(2, finding.id)
            insert.bind(3, finding.name)
            insert.bind(4, finding.state.rank)
            insert.bind(5, finding.state.isActive ? 1 : 0)
            insert.bind(6, finding.createdOn)
            insert.bind(7, finding.createdBy)
            insert.bind(8, finding.place.rawValue)
            insert.bind(9, finding.sent.lowerBound)
            insert.bind(10, finding.sent.upperBound)
            insert.bind(11, finding.sureFrom)
            insert.bind(12, finding.absentAt)
            insert.bind(13, finding.isNamed ? 1 : 0)
            insert.bind(14, finding.isTaken ? 1 : 0)
            insert.bind(15, outcome.http)
            insert.bind(16, outcome.code)
            insert.bind(17, Int64(outcome.attempts))
            insert.bind(18, outcome.milliseconds)
            insert.bind(19, outcome.endedAt)
            try insert.run()
        }
    }

    /// Writes what was judged of findings.
    func judge(_ outcomes: [DraftOutcome]) async throws {
        try await database.write { database in
            let judged = try LedgerStatement(database, "UPDATE finding SET is_judged = 1 WHERE record = ?")
            for outcome in outcomes {
                judged.bind(1, outcome.record)
                try judged.run()
            }
            try Self.insert(outcomes, database)
        }
    }

    /// The records that have plainly created groups, by the groups' ids, of those that are asked for.
    func makers(of ids: Set<Int64>) async throws -> [Int64: Int64] {
        try await database.read { database in
            var makers: [Int64: Int64] = [:]
            var rows = try LedgerCursor(
                database, "SELECT id, record FROM outcome WHERE outcome = 'created' AND id IN (SELECT id FROM finding)")
            while try rows.next() {
                let id = rows.integer(0)
                if ids.contains(id) { makers[id] = rows.integer(1) }
            }
            return makers
        }
    }

    /// The records whose names groups have that were found for other records, by those names.
    func draftsOfFoundNames() async throws -> [String: Int64] {
        try await database.read { database in
            var records: [String: Int64] = [:]
            var rows = try LedgerCursor(
                database,
                """
                WITH other (name) AS (
                  SELECT f.name FROM finding AS f JOIN record AS r USING (record)
                  WHERE NOT f.is_judged AND f.name != coalesce(r.draft_name, r.name))
                SELECT coalesce(draft_name, name), record FROM record
                WHERE draft = 1 AND EXISTS (SELECT 1 FROM other)
                  AND coalesce(draft_name, name) IN (SELECT name FROM other)
                """)
            while try rows.next() { records[rows.text(0) ?? ""] = rows.integer(1) }
            return records
        }
    }

    /// The ids of groups that the run says it has created, at most `limit`.
    func ownIDs(limit: Int) async throws -> Set<Int64> {
        try await database.read { database in
            var ids: Set<Int64> = []
            var rows = try LedgerCursor(
                database,
                """
                SELECT id FROM outcome WHERE outcome IN ('created', 'confirmed') AND id IS NOT NULL LIMIT ?
                """, [Int64(max(0, limit))])
            while try rows.next() { ids.insert(rows.integer(0)) }
            return ids
        }
    }

    /// Leaves each group to one record, where several claim to have created it: the one whose name it has, else the
    /// first. The others are
    /// `existing`.
    ///
    /// - Returns: how the outcomes changed.
    func settleDoubleClaims() async throws -> [(from: Outcome, to: Outcome)] {
        try await database.write { database in
            guard
                try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM kept UNION SELECT 1 FROM finding)")
                    == true
            else { return [] }
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT o.record, o.id, outcome, k.record IS NULL AND f.record IS NULL AS exact FROM outcome AS o
                    LEFT JOIN kept AS k USING (record) LEFT JOIN finding AS f USING (record)
                    WHERE outcome IN ('created', 'confirmed') AND o.id IN (SELECT id FROM kept UNION SELECT id FROM finding)
                    ORDER BY o.id, exact DESC, outcome = 'created' DESC, o.ended_at, o.record
                    """)
            var changes: [(from: Outcome, to: Outcome)] = []
            var maker: (id: Int64, record: Int64)?
            for row in rows {
                let (record, id): (Int64, Int64) = (row[0], row[1])
                guard let first = maker, first.id == id else {
                    maker = (id, record)
                    continue
                }
                try database.execute(
                    sql: "UPDATE outcome SET outcome = 'existing', message = ? WHERE record = ?",
                    arguments: [
                        "record \(first.record) has created the group: the server takes the two names for the same",
                        record,
                    ])
                try database.execute(sql: "DELETE FROM kept WHERE record = ?", arguments: [record])
                changes.append(((row[2] as String?).flatMap { Outcome(rawValue: $0) } ?? .created, .existing))
            }
            return changes
        }
    }

    /// Groups that the run made and that the server keeps under another name, by the names that were sent; at most
    /// `limit`.
    func keptForms(limit: Int) async throws -> [(name: [UInt8], id: Int64)] {
        try await database.read { database in
            var forms: [(name: [UInt8], id: Int64)] = []
            var rows = try LedgerCursor(
                database,
                """
                SELECT coalesce(r.draft_name, r.name), k.id FROM kept AS k JOIN record AS r USING (record)
                WHERE k.name != coalesce(r.draft_name, r.name) LIMIT ?
                """, [Int64(limit)])
            while try rows.next() { forms.append((Array(rows.bytes(0)), rows.integer(1))) }
            return forms
        }
    }

    /// Groups of the run that the server keeps in another form than was sent.
    func alteredCount() async throws -> Int {
        try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM kept") ?? 0 }
    }

    /// The names of drafts as they were sent, by record.
    func draftNames(of records: [Int64]) async throws -> [Int64: String] {
        try await database.read { database in
            var names: [Int64: String] = [:]
            for record in records {
                names[record] = try String.fetchOne(
                    database, sql: "SELECT coalesce(draft_name, name) FROM record WHERE record = ? AND draft = 1",
                    arguments: [record])
            }
            return names
        }
    }
}

extension Ledger {
    /// What earlier processes of the run have learnt of the server's clock.
    func clockSamples() async throws -> ClockSamples {
        try await database.read { database in
            var (buckets, examples): ([ClockSamples.Bucket], [ClockSamples.Sample]) = ([], [])
            var rows = try LedgerCursor(database, "SELECT * FROM clock ORDER BY start")
            while try rows.next() {
                let (high, low) = (rows.integer(2), rows.integer(4))
                buckets.append(
                    ClockSamples.Bucket(
                        start: rows.integer(0), count: Int(rows.integer(1)), highest: high...max(high, rows.integer(3)),
                        lowest: low...max(low, rows.integer(5)), respondedFirst: rows.integer(6),
                        sentLast: rows.integer(7)))
            }
            var kept = try LedgerCursor(
                database, "SELECT * FROM clock_example ORDER BY sent LIMIT \(ClockSamples.examplesMax)")
            while try kept.next() {
                examples.append(
                    ClockSamples.Sample(
                        record: kept.integer(0), id: kept.integer(1), createdOn: kept.integer(2), sent: kept.integer(3),
                        answered: kept.integer(4)))
            }
            return ClockSamples(buckets, examples: examples)
        }
    }

    /// Keeps a bucket, in place of what was kept of it before, and further examples.
    func keep(_ bucket: ClockSamples.Bucket?, _ examples: [ClockSamples.Sample], _ facts: [String: String]) async throws
    {
        try await database.write { database in
            if let bucket {
                let insert = try LedgerStatement(
                    database, "INSERT OR REPLACE INTO clock VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                let values = [
                    bucket.start, Int64(bucket.count), bucket.highest.lowerBound, bucket.highest.upperBound,
                    bucket.lowest.lowerBound, bucket.lowest.upperBound, bucket.respondedFirst, bucket.sentLast,
                ]
                for (index, value) in values.enumerated() { insert.bind(Int32(index + 1), value) }
                try insert.run()
            }
            if !examples.isEmpty {
                let insert = try LedgerStatement(
                    database, "INSERT OR REPLACE INTO clock_example VALUES (?, ?, ?, ?, ?)")
                for example in examples {
                    let values = [example.record, example.id, example.createdOn, example.sent, example.answered]
                    for (index, value) in values.enumerated() { insert.bind(Int32(index + 1), value) }
                    try insert.run()
                }
            }
            try Self.set(facts, database)
        }
    }
}
