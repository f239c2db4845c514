package import RewardsClient

/// One draft on its way to its outcome: a state machine that is told what came and says what to do next. It does nothing itself.
///
/// A create is repeated only where it surely did not happen, or after a look-up by name did not find the group; names are
/// unique on the server, so that a repeat of a create that did happen after all is refused with 12012 and looked up again.
package struct Submission: Sendable {
    /// What to do next.
    package enum Action: Sendable, Equatable {
        /// Send the create, after the back-off for so many repeats (0: at once), or for at least `after`.
        case create(repeats: Int, after: Duration?)
        /// Look the name up, likewise.
        case lookUp(repeats: Int, after: Duration?)
        /// The draft has ended.
        case end(Outcome, id: Int64?, message: String?)
    }

    /// Creates, and look-ups after each lost answer, that a draft may cost; those that the key or the target as a whole had no
    /// ear for (429, refused credentials, no connection) count apart, for that is not the draft's state: the gate that all pass
    /// waits for the better, or ends the run.
    package static let createsMax = 5, lookUpsMax = 5, setbacksMax = 100

    package let draft: Draft
    /// Creates sent so far.
    package private(set) var creates = 0
    /// Whether the answer to a create was lost, so that the group may be there.
    package private(set) var hasLostAnswer = false
    /// The HTTP status and code of the last answer to a create.
    package private(set) var http: Int?
    package private(set) var code: Int?
    /// The group that was found under the draft's name.
    package private(set) var group: RewardGroup?
    private var lookUps = 0
    private var setbacks = 0
    /// Those of the creates that were sent and count among the set-backs.
    private var createsUncounted = 0
    private var lastMessage: String?

    /// - Parameter draft: where it is in doubt, ``begin()`` says to look it up.
    package init(_ draft: Draft) {
        self.draft = draft
        hasLostAnswer = draft.doubtSince != nil
    }

    /// What to do first.
    package func begin() -> Action {
        hasLostAnswer ? .lookUp(repeats: 0, after: nil) : .create(repeats: 0, after: nil)
    }

    /// Takes in the answer to a create.
    package mutating func created(_ reply: Reply<RewardGroup>) -> Action {
        lookUps = 0
        note(reply)
        if case .unsent = reply {} else { creates += 1 }
        if isSetback(reply) {
            if case .unsent = reply {} else { createsUncounted += 1 }
            return .create(repeats: isThrottled(reply) ? 1 : setbacks, after: nil)
        }
        switch RetryVerdict.verdict(for: reply, isCreate: true) {
        case .done:
            guard case .answered(let group, _) = reply else { return end(.failed) }
            return .end(.created, id: group.id, message: nil)
        case .retrySafe(let after):
            return repeatCreate(after: after)
        case .unreachable, .unauthorized:
            // There were too many set-backs.
            return hasLostAnswer ? .lookUp(repeats: 0, after: nil) : end(.failed)
        case .lookUp:
            if code != RetryVerdict.nameTakenCode { hasLostAnswer = true }
            return .lookUp(repeats: 0, after: nil)
        case .fail:
            // After a lost answer a refusal of the repeat does not say what became of the first.
            return hasLostAnswer ? .lookUp(repeats: 0, after: nil) : end(.failed)
        }
    }

    /// Takes in the answer to a look-up: the groups of the draft's name, and what the first of them means.
    package mutating func lookedUp(
        _ reply: Reply<[RewardGroup]>, isSameName: (String) -> Bool, decide: (RewardGroup) -> Reconciliation.Decision
    ) -> Action {
        if case .answered = reply {} else { lastMessage = reply.message }
        if isSetback(reply) {
            return .lookUp(repeats: isThrottled(reply) ? 1 : setbacks, after: nil)
        }
        lookUps += 1
        if case .answered(let groups, _) = reply {
            if let group = groups.first(where: { isSameName($0.name) }) {
                self.group = group
                return found(group, decide(group))
            }
            if let other = groups.first { return foundOther(other) }
            return notFound()
        }
        guard lookUps < Self.lookUpsMax else {
            return .end(unsettled, id: nil, message: "the name could not be looked up: \(lastMessage ?? "no answer")")
        }
        var after: Duration?
        if case .refused(let refusal) = reply { after = refusal.retryAfter }
        return .lookUp(repeats: lookUps, after: after)
    }

    /// Ends the draft because the run stops before its next request.
    package func stopped() -> Action {
        if hasLostAnswer {
            return .end(
                .unresolved, id: nil, message: "an answer was lost, and the run stopped before that could be settled")
        }
        if code == RetryVerdict.nameTakenCode {
            return .end(.failed, id: nil, message: "the name is taken; the run stopped before its group was looked up")
        }
        return .end(.unprocessed, id: nil, message: "the run stopped before its turn")
    }

    private func found(_ group: RewardGroup, _ decision: Reconciliation.Decision) -> Action {
        switch decision {
        case .confirmed:
            return .end(.confirmed, id: group.id, message: nil)
        case .existing:
            let note = ExistingPolicy.note(
                rank: draft.rank, isInactive: draft.isInactive, on: GroupState(group))
            return .end(.existing, id: group.id, message: note)
        case .unclear(let reason):
            // Each answer tells more of the server's clock.
            if lookUps < Self.lookUpsMax { return .lookUp(repeats: lookUps, after: nil) }
            return .end(
                .unresolved, id: group.id,
                message: "the group is there, but whether this run created it can't be told: \(reason)")
        }
    }

    private func foundOther(_ group: RewardGroup) -> Action {
        guard code == RetryVerdict.nameTakenCode else { return notFound() }
        return .end(
            .failed, id: nil,
            message: """
                the name is taken by group \(group.id) "\(group.name)", which differs only when folded; \
                rename it, or take them for the same with --name-match folded
                """)
    }

    private func notFound() -> Action {
        if code == RetryVerdict.nameTakenCode {
            if lookUps < Self.lookUpsMax { return .lookUp(repeats: lookUps, after: nil) }
            return .end(
                unsettled, id: nil, message: "the server says the name is taken, but a look-up does not find it")
        }
        return hasCreatesLeft
            ? .create(repeats: creates, after: nil)
            : .end(.unresolved, id: nil, message: "no answer to \(creates) creates: \(lastMessage ?? "lost")")
    }

    private func repeatCreate(after: Duration?) -> Action {
        if hasCreatesLeft { return .create(repeats: creates, after: after) }
        return hasLostAnswer ? .lookUp(repeats: 0, after: nil) : end(.failed)
    }

    private var hasCreatesLeft: Bool { creates - createsUncounted < Self.createsMax }

    /// Whether a request failed for the key's or the target's sake and may be repeated; how long to wait is up to the gate
    /// that all pass.
    private mutating func isSetback<Value>(_ reply: Reply<Value>) -> Bool {
        guard setbacks < Self.setbacksMax else { return false }
        switch reply {
        case .unsent(let failure) where failure.kind != .cancelled: break
        case .refused(let refusal) where refusal.isThrottled || refusal.isUnauthorized: break
        default: return false
        }
        setbacks += 1
        return true
    }

    private func isThrottled<Value>(_ reply: Reply<Value>) -> Bool {
        if case .refused(let refusal) = reply { refusal.isThrottled } else { false }
    }

    private func end(_ outcome: Outcome) -> Action { .end(outcome, id: nil, message: lastMessage) }

    /// The outcome of a draft whose look-up did not succeed.
    private var unsettled: Outcome { hasLostAnswer ? .unresolved : .failed }

    /// Keeps what a create's answer said.
    private mutating func note(_ reply: Reply<RewardGroup>) {
        switch reply {
        case .answered(_, let info): http = info.http
        case .refused(let refusal): (http, code) = (refusal.http, refusal.code)
        case .unsent: break
        case .lost(let loss): (http, code) = (loss.http, nil)
        }
        if case .answered = reply {} else { lastMessage = reply.message }
    }
}
