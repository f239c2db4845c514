/// What the stages of a run give to its report.
struct RunTotals: Sendable {
    /// What was read.
    var ingest = IngestResult()
    /// How long drafts were sent for.
    var sending = Duration.zero
    /// Requests a minute that the target was found to allow.
    var allowance: Double?
    /// The error that ended the run early.
    var error: RunError?
    /// Whether it was asked to stop when nothing was left to do.
    var isStoppedInVain = false
}
