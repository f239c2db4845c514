/// Intents to create groups, and how they ended.
package protocol DraftLedger: Sendable {
    /// Claims the next drafts after record `last`, durably, before any of them is sent.
    ///
    /// - Parameters:
    ///   - now: the time of the intent, in epoch milliseconds.
    ///   - limit: how many drafts at most.
    ///   - hasSettled: whether some drafts may have an outcome already, are in doubt, or are to be updated.
    /// - Returns: the drafts in input order, without those that have an outcome, an update or a found group; empty when
    ///   there is none yet.
    func claim(after last: Int64, limit: Int, now: Int64, hasSettled: Bool) async throws -> [Draft]

    /// Keeps which spans the creates of drafts have that are about to be sent.
    func keep(_ spans: [CreateSpans]) async throws

    /// Keeps how drafts ended, or what is to be done next to those that have an update or a found group, and the forms
    /// in which the server keeps groups.
    ///
    /// A record that gets an update isn't in doubt any more. One whose outcome is that of a change that was made after
    /// its create (``DraftOutcome/isMadeAndDone``) has no change left to be made.
    func settle(_ outcomes: [DraftOutcome]) async throws

    /// Makes the ledger ready to go on: claimed drafts without an outcome are in doubt from now on, from the time of
    /// their first claim; so are those that could not be settled; and those that were left out have no outcome any
    /// more. A draft that is in doubt already may have been sent by both processes: it is in doubt from the earlier
    /// time to the later.
    ///
    /// - Parameters:
    ///   - until: when the last create of the process that ended can have been carried out, in epoch milliseconds.
    ///   - requestMax: how long a request may take, in milliseconds.
    func reopenDrafts(until: Int64, requestMax: Int64) async throws

    /// Whether anything was sent, or may have been, that creates or changes groups. Creates that the target surely
    /// didn't carry out, for no record's fault, are none once the run has finished.
    func hasSent() async throws -> Bool

    /// The drafts that are in doubt.
    func doubtCount() async throws -> Int

    /// Gives every record that has no outcome yet one: `unprocessed`, or `unresolved` for those in doubt, `present` for
    /// those with a found group, and the outcome of the create for groups that are still to be set inactive.
    ///
    /// Only for drafts that this process did not send: the submitter has given an outcome to each draft that it took.
    func settleRest(_ reasons: RestReasons) async throws

    /// Records that may have created or changed a group, and of which nothing is known.
    func unclearCount() async throws -> Int
}
