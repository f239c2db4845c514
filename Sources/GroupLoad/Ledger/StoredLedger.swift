/// Opens the ledgers of runs: the one place that says which store they are in.
package enum StoredLedger {
    /// Makes sure that new ledgers can be made in a database.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    static func prepare(_ address: PostgreSQLAddress) throws(RunError) { try PostgreSQLLedger.prepare(address) }

    /// Whether a run can be made in a database, without a change.
    ///
    /// - Parameter scope: the scope whose lock is looked at; nil for none.
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` where none can be made.
    static func standing(of address: PostgreSQLAddress, scope: String?) throws(RunError) -> DatabaseStanding {
        try PostgreSQLLedger.standing(of: address, scope: scope)
    }

    /// The runs of a database, the oldest first, with what it keeps of each as a whole, but for its settings and its
    /// summary.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    package static func runs(
        at address: PostgreSQLAddress
    ) throws(RunError) -> [(run: String, metadata: RunMetadata)] {
        try PostgreSQLLedger.runs(at: address)
    }

    /// The runs of a database that are open to workers, in the order in which they were made.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    package static func openRuns(at address: PostgreSQLAddress) throws(RunError) -> [OpenRun] {
        try PostgreSQLLedger.openRuns(at: address)
    }

    /// What is known of the processes that work on the run whose ledger stands at `place`; nil for a ledger of one
    /// process alone.
    ///
    /// - Parameter key: what their pace is kept under.
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    static func activity(at place: LedgerPlace, pacedBy key: String) throws(RunError) -> LedgerActivity? {
        guard case .database(let address, let run) = place else { return nil }
        return try PostgreSQLLedger.activity(on: run, pacedBy: key, at: address)
    }

    /// Removes a run from a database; one that isn't there is no error.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    static func remove(_ run: String, at address: PostgreSQLAddress) throws(RunError) {
        try PostgreSQLLedger.remove(run, at: address)
    }

    /// Opens a new ledger, where none may be.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite`` when it can't be made, and with ``ExitStatus/unusable``
    ///   when the database can't be used.
    package static func make(at place: LedgerPlace) throws(RunError) -> any RunLedger {
        switch place {
        case .file(let path): try SQLiteLedger(path: path)
        case .database(let address, let run): try PostgreSQLLedger(making: run, at: address)
        }
    }

    /// Opens the ledger of a run that is to go on.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be used, or isn't a ledger that this program
    ///   knows, and with ``ExitStatus/noInput`` if the database has no such run.
    package static func resume(at place: LedgerPlace) throws(RunError) -> any RunLedger {
        switch place {
        case .file(let path): try SQLiteLedger(resuming: path)
        case .database(let address, let run): try PostgreSQLLedger(opening: run, at: address)
        }
    }

    /// Opens a ledger that exists to read from, also while the run that it belongs to writes to it; end with
    /// ``RunLedger/closeReading()``.
    ///
    /// - Throws: as ``resume(at:)``.
    package static func read(at place: LedgerPlace) throws(RunError) -> any RunLedger {
        switch place {
        case .file(let path): try SQLiteLedger(reading: path)
        case .database(let address, let run): try PostgreSQLLedger(opening: run, at: address)
        }
    }

    /// The scope of the run whose ledger stands at `place`, as it was given.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the ledger can't be read, or doesn't say.
    static func scope(at place: LedgerPlace) throws(RunError) -> String {
        if let text = try metadata(at: place).scope { return text }
        throw LedgerError.unreadable("\(place)", LedgerError(reason: "it doesn't say its target"))
    }

    /// What the ledger at `place` keeps of its run as a whole.
    ///
    /// - Throws: as ``resume(at:)``.
    static func metadata(at place: LedgerPlace) throws(RunError) -> RunMetadata {
        switch place {
        case .file(let path): try SQLiteLedger.metadata(at: path)
        case .database(let address, let run): try PostgreSQLLedger.metadata(of: run, at: address)
        }
    }
}
