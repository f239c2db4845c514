extension Verification {
    /// Groups that are looked at of each other run.
    private static var claimsMax: Int { 10_000 }

    /// No group is claimed by this run and by another one on the same scope.
    func checkOtherRuns(_ differences: inout Differences, note: @Sendable (String) -> Void) async throws {
        guard let scope = try await ledger.metadata().scope else { return }
        let others = ScopeRuns.others(
            scope: scope, environment: environment.variables, excluding: location.path,
            ledger: try location.ledger)
        for other in others {
            do {
                let ledger = try StoredLedger.read(at: other.ledger)
                for claim in try await self.ledger.claims(sharedWith: ledger, limit: Self.claimsMax) {
                    differences.add(
                        "groups claimed by two runs",
                        """
                        group \(claim.id): record \(claim.own) of this run and record \(claim.other) of \
                        \(Shown.text("\(other)")) both claim to have created it
                        """
                    )
                }
                try ledger.closeReading()
            } catch {
                note("\(Shown.text("\(other)")) can't be compared with: \(LedgerError.reason(error))")
            }
        }
    }
}
