// Groups that the run says it has created.
extension PostgreSQLLedger {
    /// Reads the created groups that are also found groups, and keeps those of `ids`: one scan of `found_group`.
    package func makers(of ids: Set<Int64>) async throws -> [Int64: Int64] {
        try await fetch { session in
            var makers: [Int64: Int64] = [:]
            try session.manyRows(
                """
                SELECT id, record FROM outcome WHERE run = \(run) AND outcome = 'created'
                  AND id IN (SELECT id FROM found_group WHERE run = \(run))
                """
            ) { row in
                let id = row.integer(0)
                if ids.contains(id) { makers[id] = row.integer(1) }
            }
            return makers
        }
    }

    /// Counts claims by group id in one statement. Empty at once where `kept` and `found_group` are.
    package func doubleClaims() async throws -> [GroupClaim] {
        try await fetch { session in
            let odd = "SELECT id FROM kept WHERE run = \(run) UNION SELECT id FROM found_group WHERE run = \(run)"
            guard try session.number("SELECT count(*) FROM (\(odd) LIMIT 1) AS f") > 0 else { return [] }
            var claims: [GroupClaim] = []
            try session.rows(
                """
                WITH claimed AS (
                  SELECT o.record, o.id, outcome, k.record IS NULL AND f.record IS NULL AS exact, o.ended_at,
                    count(*) OVER (PARTITION BY o.id) AS claims
                  FROM outcome AS o LEFT JOIN kept AS k ON k.run = o.run AND k.record = o.record
                  LEFT JOIN found_group AS f ON f.run = o.run AND f.record = o.record
                  WHERE o.run = \(run) AND outcome IN ('created', 'confirmed') AND o.id IN (\(odd)))
                SELECT record, id, outcome, exact, ended_at FROM claimed WHERE claims > 1 ORDER BY id, record
                """
            ) { row in
                claims.append(
                    GroupClaim(
                        recordNumber: row.integer(0), id: row.integer(1), outcome: row.outcome(2) ?? .created,
                        isExact: row.isTrue(3), endedAt: row.optional(4)))
            }
            return claims
        }
    }

    /// Makes the outcomes `existing`, and deletes the kept forms, in one transaction.
    package func withdraw(_ claims: [(recordNumber: Int64, message: String)]) async throws {
        if claims.isEmpty { return }
        try await change { session in
            for claim in claims {
                try session.run(
                    "UPDATE outcome SET outcome = 'existing', message = $1 WHERE run = \(run) AND record = $2",
                    [.text(claim.message), .integer(claim.recordNumber)])
            }
            try session.run(
                "DELETE FROM kept WHERE run = \(run) AND record = ANY ($1)", [.integers(claims.map(\.recordNumber))])
        }
    }

    private var own: String {
        "SELECT id FROM outcome WHERE run = \(run) AND outcome IN ('created', 'confirmed') AND id IS NOT NULL"
    }

    /// Reads at most `limit` ids of created and confirmed groups, in no particular order.
    package func ownIDs(limit: Int) async throws -> Set<Int64> {
        try await fetch { session in
            var ids: Set<Int64> = []
            try session.manyRows("\(own) LIMIT $1", [.integer(Int64(max(0, limit)))]) { ids.insert($0.integer(0)) }
            return ids
        }
    }

    /// Reads those of the created and confirmed groups that are among `ids`.
    package func ownIDs(among ids: Set<Int64>) async throws -> Set<Int64> {
        try await fetch { session in
            var found: Set<Int64> = []
            try session.manyRows("\(own) AND id IN (SELECT unnest($1::bigint[]))", [.integers(Array(ids))]) {
                found.insert($0.integer(0))
            }
            return found
        }
    }

    /// Joins the two runs' outcomes, which stand in the same tables.
    ///
    /// - Throws: ``LedgerError`` also where `other` is of another database or schema.
    package func claims(sharedWith other: any RunLedger, limit: Int) async throws -> [SharedClaim] {
        guard let other = other as? PostgreSQLLedger, other.address == address else {
            throw LedgerError(reason: "it can be compared with a run of the same database only")
        }
        return try await fetch { session in
            var found: [SharedClaim] = []
            try session.rows(
                """
                SELECT a.id, a.record, b.record FROM outcome AS a JOIN outcome AS b ON a.id = b.id
                WHERE a.run = \(run) AND a.outcome IN ('created', 'confirmed')
                  AND b.run = \(other.run) AND b.outcome IN ('created', 'confirmed')
                ORDER BY a.record, b.record LIMIT $1
                """, [.integer(Int64(limit))]
            ) { found.append(SharedClaim(id: $0.integer(0), own: $0.integer(1), other: $0.integer(2))) }
            return found
        }
    }

    /// Reads `kept` where its name differs from the name that was sent.
    package func keptForms(limit: Int) async throws -> [(name: [UInt8], id: Int64)] {
        try await fetch { session in
            var forms: [(name: [UInt8], id: Int64)] = []
            try session.rows(
                """
                SELECT \(Self.sentName), k.id FROM kept AS k JOIN record AS r ON r.run = k.run AND r.record = k.record
                WHERE k.run = \(run) AND k.name != \(Self.sentName) LIMIT $1
                """, [.integer(Int64(limit))]
            ) { unsafe forms.append((Array($0.bytes(0)), $0.integer(1))) }
            return forms
        }
    }

    /// Counts the run's rows of `kept`.
    package func alteredCount() async throws -> Int {
        try await number("SELECT count(*) FROM kept WHERE run = \(run)")
    }
}
