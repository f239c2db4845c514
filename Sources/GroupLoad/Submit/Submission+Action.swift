package import RewardsClient

extension Submission {
    /// What to do next.
    package enum Action: Sendable, Equatable {
        /// Send the create, after the back-off for so many retries (0: at once), or for at least `after`.
        case create(retries: Int, after: Duration?)
        /// Look the name up, likewise.
        case lookUp(retries: Int, after: Duration?)
        /// The group is there; who made it is to be judged. `place` is where it was read.
        case judge(RewardGroup, FoundGroup.Place)
        /// The draft was refused in a way that may be no fault of its own (``Brake``); else it has failed.
        case refused(Refusal.Form, message: String?)
        /// The draft has ended.
        case end(Outcome, id: Int64?, message: String?)
    }
}
