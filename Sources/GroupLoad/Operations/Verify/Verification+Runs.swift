import GRDB

extension Verification {
    /// No group is claimed by this run and by another one on the same scope.
    func checkOtherRuns(_ differences: inout Differences, note: @Sendable (String) -> Void) async throws {
        guard let scope = try await ledger.facts()[Ledger.Key.scope] else { return }
        let others = ScopeRuns.others(
            scope: scope, environment: environment.variables, excluding: location.path)
        for other in others {
            do {
                for claim in try claims(sharedWith: other) {
                    differences.add(
                        "groups claimed by two runs",
                        "group \(claim.id): record \(claim.own) of this run and record \(claim.other) of the run in \(Shown.text(other.path)) both claim to have created it"
                    )
                }
            } catch {
                note("the run in \(Shown.text(other.path)) can't be compared with: \(Ledger.reason(error))")
            }
        }
    }

    /// Groups that both runs call their own, with the records that do, by id; at most so many as anybody would look at.
    private func claims(sharedWith other: RunLocation) throws -> [(id: Int64, own: Int64, other: Int64)] {
        let queue = try DatabaseQueue(path: location.ledgerPath, configuration: Ledger.readingConfiguration)
        let found = try queue.inDatabase { database in
            try database.execute(sql: "ATTACH DATABASE ? AS other", arguments: [other.ledgerPath])
            var found: [(id: Int64, own: Int64, other: Int64)] = []
            var rows = try LedgerCursor(
                database,
                """
                SELECT a.id, a.record, b.record FROM main.outcome AS a JOIN other.outcome AS b ON a.id = b.id
                WHERE a.outcome IN ('created', 'confirmed') AND b.outcome IN ('created', 'confirmed')
                ORDER BY a.record LIMIT \(Self.claimsMax)
                """)
            while try rows.next() { found.append((rows.integer(0), rows.integer(1), rows.integer(2))) }
            return found
        }
        try queue.close()
        return found
    }

    /// Groups that are looked at of each other run.
    private static var claimsMax: Int { 10_000 }
}
