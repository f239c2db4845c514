/// Groups that were found for drafts until it is judged who made them, and what the run knows of the groups that it
/// made.
package protocol FoundGroupLedger: Sendable {
    /// Found groups whose records have no outcome.
    func foundGroupCount() async throws -> Int

    /// The found groups after record `last` whose records have neither an outcome nor an update, at most `limit`, in
    /// the order of their records.
    func foundGroups(after last: Int64, limit: Int) async throws -> [PendingJudgement]

    /// Keeps how the records of found groups ended, and that these are judged.
    func judge(_ outcomes: [DraftOutcome]) async throws

    /// The records that have plainly created groups, by the groups' ids, of those that are asked for.
    func makers(of ids: Set<Int64>) async throws -> [Int64: Int64]

    /// The drafts that have the very names of groups that were found for other records, by those names; only of groups
    /// that are not judged.
    func draftsOfFoundNames() async throws -> [String: Int64]

    /// The claims to groups that more than one record has created or confirmed, as far as a found group or a group that
    /// is kept in another form is among them; in the order of the groups' ids.
    func doubleClaims() async throws -> [GroupClaim]

    /// Makes records that claim to have created groups `existing`, with what is to be noted of each.
    func withdraw(_ claims: [(recordNumber: Int64, message: String)]) async throws

    /// The ids of groups that the run says it has created, at most `limit`.
    func ownIDs(limit: Int) async throws -> Set<Int64>

    /// Which of `ids` are groups that this run says it has created.
    func ownIDs(among ids: Set<Int64>) async throws -> Set<Int64>

    /// The groups that this run and another one both say they have created, in the order of this run's records.
    func claims(sharedWith other: any RunLedger, limit: Int) async throws -> [SharedClaim]

    /// Groups that the run made and that the server keeps under another name, by the names that were sent in UTF-8; at
    /// most `limit`.
    func keptForms(limit: Int) async throws -> [(name: [UInt8], id: Int64)]

    /// Groups of the run that the server keeps in another form than was sent.
    func alteredCount() async throws -> Int

    /// What earlier processes of the run have learnt of the server's clock.
    func clockSamples() async throws -> ClockSamples

    /// Keeps a bucket, in place of what was kept of it before, further examples, and a change of the run's metadata.
    func keep(_ bucket: ClockSamples.Bucket?, _ examples: [ClockSamples.Sample], _ change: RunMetadata) async throws
}
