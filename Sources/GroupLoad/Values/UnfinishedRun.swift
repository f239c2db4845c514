/// What a ledger says of a run that is to go on.
package struct UnfinishedRun: Sendable {
    /// What the ledger keeps of the run as a whole.
    package var metadata: RunMetadata
    /// The sources in their order; empty until they were read to their end.
    package var sources: [SourceSummary]
    /// The last record that is in the ledger; 0 for none.
    package var lastRecord: Int64
    /// Whether any draft was claimed.
    package var hasClaims: Bool
    /// Drafts that have no outcome, or none for good.
    package var pending: Int

    /// Makes what there is of a run.
    package init(
        metadata: RunMetadata, sources: [SourceSummary], lastRecord: Int64, hasClaims: Bool, pending: Int
    ) {
        self.metadata = metadata
        self.sources = sources
        self.lastRecord = lastRecord
        self.hasClaims = hasClaims
        self.pending = pending
    }

    /// Whether all records of the inputs are in the ledger.
    package var isRead: Bool { metadata.reading == .read }
}
