import Foundation

/// What `report --format json` says of a run that is going on, or was killed: what its ledger holds so far, under the
/// keys of a ``Summary``. The keys are part of the interface that scripts rely on.
struct UnfinishedSummary: SummaryDocument, Sendable, Equatable {
    /// The run's id.
    var run: String
    /// The id of the run that this one takes back; absent unless it is an undo.
    var undoes: String?
    /// The ids of the runs whose records this one corrects; absent where its lists say none.
    var corrects: [String]?
    /// What it is at, or was at when it died: `reading`, `sending` or `reporting`.
    var state: String
    /// The target's URL.
    var target: String
    /// The run directory's absolute path.
    var run_dir: String
    /// Records in the ledger so far.
    var read: Int
    /// Those of the records that have no outcome yet, or none for good.
    var left: Int
    /// The count of every outcome so far.
    var outcomes: [String: Int]
    /// Those of the `updated` records whose groups were set inactive, or active again.
    var deactivated: Int, reactivated: Int
    /// When the run began, ISO 8601 in UTC.
    var started: String
    /// The inputs that were read to their end, in their order.
    var inputs: [SummaryInput]
    /// Requests sent, retries, and responses of 429, as far as earlier processes of the run have kept them.
    var requests: Int, retries: Int, throttled: Int
    /// The files of the run directory that are from before the run went on.
    var stale_files: [String]

    /// - Throws: what the ledger throws.
    init(_ ledger: any RunLedger, _ location: RunLocation, stale: [String]) async throws {
        let (metadata, counts) = (try await ledger.metadata(), try await ledger.counts())
        run = metadata.run ?? ""
        undoes = metadata.configuration?.undo?.run
        corrects = metadata.corrects
        state = metadata.phase?.rawValue ?? ""
        target = metadata.target
        run_dir = URL(fileURLWithPath: location.path).standardizedFileURL.path
        read = try await ledger.recordCount()
        left = try await ledger.unfinished().pending
        outcomes = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, counts[$0]) })
        (deactivated, reactivated) = try await ledger.activityChanges()
        started = metadata.started ?? ""
        inputs = SummaryInput.all(try await ledger.sources(), metadata.copies)
        (requests, retries, throttled) = (metadata.requests ?? 0, metadata.retries ?? 0, metadata.throttled ?? 0)
        stale_files = stale
    }
}
