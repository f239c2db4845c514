/// Opens the ledgers of runs: the one place that says which store they are in.
package enum StoredLedger {
    /// Opens a new ledger at `path`, where none may be.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite`` when it can't be made.
    package static func make(at path: String) throws(RunError) -> any RunLedger { try SQLiteLedger(path: path) }

    /// Opens the ledger of a run that is to go on.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be used, or isn't a ledger that this program
    ///   knows.
    package static func resume(at path: String) throws(RunError) -> any RunLedger { try SQLiteLedger(resuming: path) }

    /// Opens a ledger that exists to read from, also while the run that it belongs to writes to it; end with
    /// ``RunLedger/closeReading()``.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be read, or isn't a ledger that this program
    ///   knows.
    package static func read(at path: String) throws(RunError) -> any RunLedger { try SQLiteLedger(reading: path) }

    /// The scope of the run whose ledger stands at `path`, as it was given.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the ledger can't be read, or doesn't say.
    static func scope(at path: String) throws(RunError) -> String { try SQLiteLedger.scope(at: path) }

    /// What the ledger at `path` keeps of its run as a whole.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be read.
    static func metadata(at path: String) throws(RunError) -> RunMetadata { try SQLiteLedger.metadata(at: path) }
}
