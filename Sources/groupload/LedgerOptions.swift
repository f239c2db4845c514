import ArgumentParser
import GroupLoad

/// The flag that says which database holds the ledger.
struct LedgerOptions: ParsableArguments {
    // Read by the command: a parser's error would show a password that is in it.
    @Option(
        help: ArgumentHelp(
            """
            The PostgreSQL database that holds the ledger, for example postgresql://host/database, in place of a file \
            in the run directory. A password comes from PGPASSFILE, PGSERVICE or PGPASSWORD.
            """, valueName: "url"))
    var ledger: String?

    /// The database; nil for none.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/usage``.
    func address() throws(RunError) -> PostgreSQLAddress? {
        guard let ledger else { return nil }
        return try PostgreSQLAddress(ledger)
    }
}

/// The run that is meant, of a command that reads its run directory or writes there.
struct PlacedRunOptions: ParsableArguments {
    @OptionGroup var run: RunOptions

    @Option(
        help: ArgumentHelp(
            "With --ledger: the run directory on this machine (default: groupload-runs/<run id>).", valueName: "dir"),
        completion: .directory, transform: parsedPath)
    var runDir: String?

    func validate() throws {
        guard runDir == nil || run.database.ledger != nil else {
            throw ValidationError("--run-dir goes with --ledger.")
        }
    }

    /// As ``RunOptions/location(directory:)``.
    func location() throws(RunError) -> RunLocation { try run.location(directory: runDir) }
}
