extension RunLocation {
    /// The settings of the run that stands here.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if its ledger can't be read, doesn't say, or has them in a
    ///   form of another version.
    package func configuration() async throws -> RunConfiguration {
        let ledger = try StoredLedger.read(at: ledger)
        let found = try await ledger.metadata().configuration
        try ledger.closeReading()
        guard let found else {
            throw RunError(
                .ledgerDamaged, "\(path) holds a run that can't be resumed: its ledger doesn't hold the run's settings",
                naming: .path(path))
        }
        guard found.version == RunConfiguration.versionCurrent else {
            throw RunError(
                .otherVersion,
                "\(path) holds a run whose settings another version of groupload wrote (version \(found.version))",
                naming: .path(path), remedy: "use that version for this run")
        }
        return found
    }
}
