extension ScopeRuns {
    /// Names that are kept at most.
    private static let formsMax = 1_000_000

    /// The ids of groups that other runs on the scope have made and that the server keeps under another name, by the names that were sent, in UTF-8.
    func keptForms() async -> [[UInt8]: Int64] {
        var forms: [[UInt8]: Int64] = [:]
        for location in locations {
            do {
                let ledger = try Ledger(reading: location.ledgerPath)
                for (name, id) in try await ledger.keptForms(most: Self.formsMax - forms.count) { forms[name] = id }
                try ledger.closeReading()
            } catch {
                // A run that can't be read tells nothing.
                continue
            }
        }
        return forms
    }
}
