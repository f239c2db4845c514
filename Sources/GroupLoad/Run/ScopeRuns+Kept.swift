extension ScopeRuns {
    /// Groups that are kept at most.
    private static let groupsMax = 2_000_000

    /// The groups that other runs on the scope have made; what can't be read tells nothing.
    func groups() async -> KnownGroups.Contents {
        var found = KnownGroups.Contents()
        for location in locations {
            do {
                let ledger = try StoredLedger.read(at: location.ledger)
                for (name, id) in try await ledger.keptForms(limit: Self.groupsMax - found.forms.count) {
                    found.forms[name] = id
                }
                found.own.formUnion(try await ledger.ownIDs(limit: Self.groupsMax - found.own.count))
                try ledger.closeReading()
            } catch {
                continue
            }
        }
        return found
    }
}
