/// A run in the directory of a new one, which makes way for it where it sent nothing and can't be gone on with.
struct ReplacedRun {
    private let path: String
    private let earlier: UnfinishedRun
    private let kept: RunConfiguration
    private let configuration: ImportConfiguration

    /// - Parameters:
    ///   - earlier: what the ledger says of the run that is there.
    ///   - kept: the settings of that run.
    ///   - configuration: of the run to come.
    init(_ path: String, _ earlier: UnfinishedRun, _ kept: RunConfiguration, _ configuration: ImportConfiguration) {
        self.path = path
        self.earlier = earlier
        self.kept = kept
        self.configuration = configuration
    }

    /// Why it makes way, as a message says it; nil where it doesn't.
    ///
    /// - Throws: what the ledger throws, and what reading an input throws.
    func reason(_ ledger: any RunLedger) async throws -> String? {
        // An undo never takes the place of the run that it takes back.
        guard configuration.replacesUnsent, (kept.undo == nil) == (configuration.kept.undo == nil) else { return nil }
        guard let obstacle = try obstacle, try await !ledger.hasSent() else { return nil }
        return obstacle
    }

    /// What keeps it from being gone on with.
    private var obstacle: String? {
        get throws {
            if Scope(text: earlier.metadata.scope ?? "") != Scope(text: configuration.scope) {
                return "it was of another target or other credentials"
            }
            let differences = kept.differences(from: configuration.kept)
            if !differences.isEmpty { return "its options were others: \(differences.joined(separator: ", "))" }
            // What was not read to its end is read again anyhow.
            if kept.undo != nil || configuration.acceptsChangedInput || earlier.metadata.reading == .reading {
                return nil
            }
            if earlier.metadata.reading == .damaged { return "its list was damaged" }
            for (number, source) in earlier.sources.enumerated() where !source.isMissingGroups {
                let path = configuration.path(of: source, number)
                guard InputSource.isReadableAgain(path) else { return "its list can't be read a second time" }
                if try FileDigest.sha256(of: path) != source.sha256 { return "\(source.path) has changed since" }
            }
            return nil
        }
    }
}
