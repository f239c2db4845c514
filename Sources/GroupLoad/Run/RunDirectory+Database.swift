import RecordFormats

extension RunDirectory {
    /// Makes the ledger of a new run, and the file that says where it is, if it is in a database.
    ///
    /// - Throws: as ``StoredLedger/make(at:)``, and ``RunError`` with ``ExitStatus/cannotWrite``.
    func makeLedger() throws -> any RunLedger {
        // First, so that what is in the database has a directory that leads there.
        try Self.write(ledger, into: path)
        do { return try StoredLedger.make(at: ledger) } catch {
            if case .database = ledger { try Self.removeLedger(path) }
            throw error
        }
    }

    /// Makes the directory of a run that is in a database, so that its report can be written and the run be gone on
    /// with there; nothing where it is there.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite``, also where the directory holds another run.
    package static func make(for location: RunLocation) throws {
        guard !location.isHere else { return }
        do { try SystemCall.makeDirectory(location.path) } catch {
            throw RunError(
                .cannotWrite, "can't make the run directory \(location.path): \(error)", naming: .path(location.path))
        }
        try requireNone(in: location.path)
        try write(try location.ledger, into: location.path)
    }

    /// Removes what a directory says of a run in a database, and the run from there; or the ledger's files.
    ///
    /// - Throws: what removing throws.
    static func removeLedger(_ path: String, _ place: LedgerPlace) throws {
        try removeLedger(path)
        if case .database(let address, let run) = place { try StoredLedger.remove(run, at: address) }
    }

    /// Removes a new run of which nothing was kept yet, and its directory, unless there is anything else in it.
    ///
    /// - Throws: what removing the ledger throws.
    func remove() throws {
        try Self.removeLedger(path, ledger)
        do {
            try SystemCall.remove("\(path)/\(LockFile.nameInRun)")
            try SystemCall.remove(path)
        } catch {
            // It was there before, and holds what is the user's.
        }
    }

    private static func write(_ place: LedgerPlace, into path: String) throws {
        guard case .database(let address, let run) = place else { return }
        let file = try AtomicFile("\(path)/\(LedgerPlace.addressName)")
        try file.append { $0.bytes.append(contentsOf: Array("\(address)\n\(run)\n".utf8)) }
        _ = try file.finish()
    }
}
