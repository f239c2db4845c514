package import RewardsClient

/// What the target has, beside what the ledger holds. Only the process that reads the target's list sees it, and it
/// goes with the process.
package protocol TargetLedger: Sendable {
    /// Begins with no groups.
    func beginTarget() async throws

    /// Puts groups of the target in; a later group takes the place of an earlier one of its id.
    func put(_ groups: [RewardGroup]) async throws

    /// Ends putting groups in; from now on they can be found by their near names (``NearName``).
    func endTarget() async throws

    /// Makes all drafts undecided again. Only where nothing was ever sent.
    func forgetDecisions() async throws

    /// The records after `last`, at most `limit`, in their order, each with the groups that have a near name. Records
    /// that are settled, in doubt, to be changed or to be judged are left out, except duplicates and invalid ones.
    ///
    /// - Returns: `last` is the last record that was looked at; nil at the end.
    func candidates(after last: Int64, limit: Int) async throws -> (candidates: [DraftCandidate], last: Int64?)

    /// Finds the active groups of the target that no draft names, not even nearly; in the order of their ids each has a
    /// number from 1 on then.
    func findMissing() async throws

    /// Active groups of the target in all, and those of them that ``findMissing()`` found.
    func missingCount() async throws -> (active: Int, missing: Int)

    /// The groups that ``findMissing()`` found, after the number `last`, at most `limit`.
    func missing(after last: Int64, limit: Int) async throws -> [TargetGroup]

    /// Ends comparing: the groups that no draft names become records of a source of their own, each to be set inactive,
    /// and the ledger keeps that all is compared; both or neither. What is known of the target goes.
    ///
    /// - Parameters:
    ///   - missing: the source that stands for those groups; nil where they don't concern this run.
    ///   - record: the last record.
    func endComparison(_ missing: SourceSummary?, after recordNumber: Int64) async throws
}
