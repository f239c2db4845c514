import GRDB

// Groups that the run says it has created.
extension SQLiteLedger {
    /// Reads the created groups that are also found groups, and keeps those of `ids`: one scan of `found_group`.
    package func makers(of ids: Set<Int64>) async throws -> [Int64: Int64] {
        try await fetch { database in
            var makers: [Int64: Int64] = [:]
            var rows = try LedgerCursor(
                database,
                "SELECT id, record FROM outcome WHERE outcome = 'created' AND id IN (SELECT id FROM found_group)")
            while try rows.next() {
                let id = rows.integer(0)
                if ids.contains(id) { makers[id] = rows.integer(1) }
            }
            return makers
        }
    }

    /// Counts claims by group id in one statement. Empty at once where `kept` and `found_group` are.
    package func doubleClaims() async throws -> [GroupClaim] {
        try await fetch { database in
            guard
                try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM kept UNION SELECT 1 FROM found_group)")
                    == true
            else { return [] }
            var claims: [GroupClaim] = []
            var rows = try LedgerCursor(
                database,
                """
                WITH claimed AS (
                  SELECT o.record, o.id, outcome, k.record IS NULL AND f.record IS NULL AS exact, o.ended_at,
                    count(*) OVER (PARTITION BY o.id) AS claims
                  FROM outcome AS o LEFT JOIN kept AS k USING (record) LEFT JOIN found_group AS f USING (record)
                  WHERE outcome IN ('created', 'confirmed')
                    AND o.id IN (SELECT id FROM kept UNION SELECT id FROM found_group))
                SELECT record, id, outcome, exact, ended_at FROM claimed WHERE claims > 1 ORDER BY id, record
                """)
            while try rows.next() {
                claims.append(
                    GroupClaim(
                        recordNumber: rows.integer(0), id: rows.integer(1),
                        outcome: rows.outcome(2) ?? .created,
                        isExact: rows.isTrue(3), endedAt: rows.optional(4)))
            }
            return claims
        }
    }

    /// Makes the outcomes `existing`, and deletes the kept forms, in one transaction.
    package func withdraw(_ claims: [(recordNumber: Int64, message: String)]) async throws {
        guard !claims.isEmpty else { return }
        try await change { database in
            let update = try LedgerStatement(
                database, "UPDATE outcome SET outcome = 'existing', message = ? WHERE record = ?")
            let forget = try LedgerStatement(database, "DELETE FROM kept WHERE record = ?")
            for claim in claims {
                update.bind(1, claim.message)
                update.bind(2, claim.recordNumber)
                try update.run()
                forget.bind(1, claim.recordNumber)
                try forget.run()
            }
        }
    }

    /// Reads at most `limit` ids of created and confirmed groups, in no particular order.
    package func ownIDs(limit: Int) async throws -> Set<Int64> {
        try await fetch { database in
            var ids: Set<Int64> = []
            var rows = try LedgerCursor(database, Self.own + " LIMIT ?", [Int64(max(0, limit))])
            while try rows.next() { ids.insert(rows.integer(0)) }
            return ids
        }
    }

    /// Scans the ids of created and confirmed groups, and keeps those of `ids`.
    package func ownIDs(among ids: Set<Int64>) async throws -> Set<Int64> {
        try await fetch { database in
            var found: Set<Int64> = []
            var rows = try LedgerCursor(database, Self.own)
            while try rows.next() {
                let id = rows.integer(0)
                if ids.contains(id) { found.insert(id) }
            }
            return found
        }
    }

    private static let own = "SELECT id FROM outcome WHERE outcome IN ('created', 'confirmed') AND id IS NOT NULL"

    /// Attaches the other ledger's file to a connection of its own, which is closed again.
    ///
    /// - Throws: ``LedgerError`` also where `other` is no SQLite ledger.
    package func claims(sharedWith other: any RunLedger, limit: Int) async throws -> [SharedClaim] {
        guard let other = other as? SQLiteLedger else {
            throw LedgerError(reason: "it can be compared with another database only")
        }
        do {
            let queue = try DatabaseQueue(path: database.path, configuration: Self.reading)
            let found = try queue.inDatabase { database in
                try database.execute(sql: "ATTACH DATABASE ? AS other", arguments: [other.database.path])
                var found: [SharedClaim] = []
                var rows = try LedgerCursor(
                    database,
                    """
                    SELECT a.id, a.record, b.record FROM main.outcome AS a JOIN other.outcome AS b ON a.id = b.id
                    WHERE a.outcome IN ('created', 'confirmed') AND b.outcome IN ('created', 'confirmed')
                    ORDER BY a.record, b.record LIMIT ?
                    """, [Int64(limit)])
                while try rows.next() {
                    found.append(SharedClaim(id: rows.integer(0), own: rows.integer(1), other: rows.integer(2)))
                }
                return found
            }
            try queue.close()
            return found
        } catch {
            throw Self.error(error)
        }
    }

    /// Reads `kept` where its name differs from the name that was sent.
    package func keptForms(limit: Int) async throws -> [(name: [UInt8], id: Int64)] {
        try await fetch { database in
            var forms: [(name: [UInt8], id: Int64)] = []
            var rows = try LedgerCursor(
                database,
                """
                SELECT coalesce(r.draft_name, r.name), k.id FROM kept AS k JOIN record AS r USING (record)
                WHERE k.name != coalesce(r.draft_name, r.name) LIMIT ?
                """, [Int64(limit)])
            // Safe: the bytes are copied before the cursor goes on.
            while try rows.next() { unsafe forms.append((Array(rows.bytes(0)), rows.integer(1))) }
            return forms
        }
    }

    /// Counts the rows of `kept`.
    package func alteredCount() async throws -> Int { try await number("SELECT count(*) FROM kept") }
}
