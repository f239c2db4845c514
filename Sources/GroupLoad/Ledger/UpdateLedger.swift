/// Changes to groups that a run is to make, and those that would take a run back.
package protocol UpdateLedger: Sendable {
    /// The updates after record `last` that have no outcome, at most `limit`, in the order of their records.
    func updates(after last: Int64, limit: Int) async throws -> [GroupUpdate]

    /// Whether any update has no outcome.
    func hasUpdatesLeft() async throws -> Bool

    /// Ends, as `existing`, the updates of groups that no draft names and that are a record's all the same, for its
    /// outcome has their id or says that they have its name. Those of which something was sent are left.
    ///
    /// - Parameter now: the time, in epoch milliseconds.
    /// - Returns: how many there were.
    func spareNamed(at now: Int64) async throws -> Int

    /// Groups that this run made and that are still active, though their records say otherwise.
    func stillActiveCount() async throws -> Int

    /// The groups of `updated` records that were set inactive, and those that were set active again.
    func activityChanges() async throws -> (deactivated: Int, reactivated: Int)

    /// The updates of records `first` to `last` by number, whatever became of them, each with its record's line.
    func updates(from first: Int64, to last: Int64) async throws -> [Int64: (line: Int64, update: GroupUpdate)]

    /// Puts updates in as records of the source 0, numbered from `first` on; where each came from is kept as its line.
    func put(_ updates: [GroupUpdate], from first: Int64) async throws

    /// Keeps which updates may be sent from now on, durably, each with the states that it is sent with; how others
    /// ended; and a change of the run's metadata.
    func keep(
        intents: [(update: GroupUpdate, at: Int64)], outcomes: [DraftOutcome], metadata: RunMetadata
    ) async throws

    /// What would take back what this run did, after record `last`, at most `limit`: groups that it created (`created`,
    /// `confirmed`) are no longer active, and those that it changed (`updated`) are what they were.
    ///
    /// - Parameters:
    ///   - withInactive: whether groups are among them that the run itself created and set inactive, so that nothing
    ///     is left to take back.
    ///   - withPresent: whether those are among them whose maker isn't known, as far as they are
    ///     active.
    func reversals(
        after last: Int64, limit: Int, withInactive: Bool, withPresent: Bool
    ) async throws -> [GroupUpdate]
}
