import RewardsClient

/// How a draft ended, as the ledger keeps it.
package struct DraftOutcome: Sendable, Equatable {
    package var record: Int64
    package var outcome: Outcome
    /// The group's id, where it is known.
    package var id: Int64?
    /// The HTTP status and the API's code of the last answer, where there was one.
    package var http: Int?
    package var code: Int?
    /// What went wrong or is to be noted.
    package var message: String?
    /// Creates sent.
    package var attempts = 0
    /// From the first send to the outcome, in milliseconds.
    package var milliseconds: Int64?
    /// What is to be done to the draft's group before it has an outcome; then the others say nothing.
    package var amendment: Amendment?
    /// Whether the change is done that a draft's group was made for, see ``Amendment/made``.
    package var isMadeAndDone = false
    /// When it came, in epoch milliseconds.
    package var endedAt = ClientClock.epochMilliseconds
}

extension DraftOutcome {
    /// Has the group that was just made set inactive before the draft has its outcome.
    mutating func setInactive(_ id: Int64, _ name: String, rank: Int32?) {
        let rank = rank.map(Int64.init)
        amendment = Amendment(
            record: record, id: id, name: name, from: GroupState(rank: rank, isActive: true),
            to: GroupState(rank: rank, isActive: false))
        amendment?.made = outcome
    }

    /// Makes the outcome of a change to a group that this run made that of the draft: it is there, whatever became of the change.
    mutating func isMade(_ made: Outcome) {
        isMadeAndDone = [.updated, .existing].contains(outcome)
        switch outcome {
        case .updated: message = "set inactive, as the list says"
        case .existing: break
        default: message = "it could not be set inactive, as the list says: \(message ?? outcome.rawValue)"
        }
        (outcome, attempts) = (made, attempts + 1)
    }

    /// Outcomes that are told one by one where they can't be recorded.
    private static let toldMax = 100

    /// Says what was sent but can't be recorded, as far as a screen holds it: the ledger has it as claimed, so that whoever resumes
    /// the run looks it up.
    static func tellUnrecorded(_ outcomes: [DraftOutcome], _ note: (String) -> Void) {
        for outcome in outcomes.prefix(toldMax) {
            let id = outcome.id.map { ", group \($0)" } ?? ""
            note("not recorded: record \(outcome.record): \(outcome.outcome.rawValue)\(id)")
        }
        if outcomes.count > toldMax { note("not recorded: \(outcomes.count - toldMax) more") }
    }
}
