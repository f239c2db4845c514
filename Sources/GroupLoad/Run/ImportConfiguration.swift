package import RecordFormats
package import RewardsClient

/// Everything that an import is told, checked before any work.
package struct ImportConfiguration: Sendable {
    package var sources: [InputSource]
    package var client: ClientConfiguration
    /// Drafts in flight at once, from 1 to ``ClientConfiguration/connectionsLimit``.
    package var concurrency = 64
    /// The allowance that is spent evenly; nil to find it out.
    package var rate: RequestRate?
    package var errorLimit: ErrorLimit?
    package var nameMatch = NameMatch.exact
    package var nameLengthMax = 255
    package var decoding = DecodingOptions()
    /// Whether files are read once in full before anything is sent.
    package var hasPreflight = true
    /// Whether a group that exists already counts as failed.
    package var failsExisting = false
    /// Where the run directory goes; nil for the default. One that holds a run with the same ``plan`` is gone on with.
    package var runDirectory: String?
    /// What the run was told, to be kept.
    package var plan: RunPlan
    /// Whether it goes on with what was read though the inputs have changed since.
    package var acceptsChangedInput = false
    /// Where `XDG_STATE_HOME` and `HOME` are looked for.
    package var environment: [String: String] = [:]

    package init(sources: [InputSource], client: ClientConfiguration, plan: RunPlan) {
        self.sources = sources
        self.client = client
        self.plan = plan
    }

    /// Whether all records are read before anything is sent; standard input streams.
    var isPreflighted: Bool { hasPreflight && !sources.contains(where: \.isStandardInput) }
}
