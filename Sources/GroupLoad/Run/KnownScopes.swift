/// The scopes of runs, of a database all at once: it is asked once, also where it doesn't respond.
struct KnownScopes {
    private var databases: [PostgreSQLAddress: Result<[(run: String, scope: Scope)], RunError>] = [:]

    /// The scope of the run whose ledger is at a place.
    ///
    /// - Throws: ``RunError`` if it can't be read, or doesn't say.
    mutating func scope(at place: LedgerPlace) throws(RunError) -> Scope {
        guard case .database(let address, let run) = place else {
            return Scope(text: try StoredLedger.scope(at: place))
        }
        if let found = try runs(at: address).first(where: { $0.run == run }) { return found.scope }
        throw LedgerError.unreadable("\(place)", LedgerError(reason: "it isn't there"))
    }

    /// All runs of a database that say their scope.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    mutating func runs(at address: PostgreSQLAddress) throws(RunError) -> [(run: String, scope: Scope)] {
        if let known = databases[address] { return try known.get() }
        let found = Result { () throws(RunError) in
            try StoredLedger.runs(at: address).compactMap { run, metadata in
                metadata.scope.map { (run: run, scope: Scope(text: $0)) }
            }
        }
        databases[address] = found
        return try found.get()
    }
}
