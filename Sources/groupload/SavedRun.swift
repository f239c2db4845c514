import GroupLoad

/// A run that exists, with the settings that its ledger keeps.
struct SavedRun {
    /// Where it stands, by its absolute path.
    let location: RunLocation
    let configuration: RunConfiguration

    /// - Throws: ``RunError`` if the ledger can't be read, or a header is missing that the run was started with.
    init(_ location: RunLocation, _ access: ClientAccess) async throws {
        configuration = try await location.configuration()
        self.location = try location.moved(to: Paths.absolute(location.path))
        try access.requireHeaders(of: configuration, "the run was started")
    }
}
