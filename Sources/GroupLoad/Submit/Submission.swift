package import RewardsClient

/// One draft on its way to its outcome: a state machine. Its input is the replies, its output the next step. It sends
/// nothing itself.
///
/// | state | what it waits for | what ends it |
/// |---|---|---|
/// | creating | the response to a create | ``created(_:sentAt:endedAt:isPlain:)``, ``stopped()`` |
/// | looking up | the response to a look-up | ``lookedUp(_:isSameName:)``, ``known(_:)``, ``stopped()`` |
/// | ended | nothing; an event is our bug, and traps | |
///
/// A create is sent again only where it surely did not happen, or after a look-up by name did not find the group;
/// names are unique on the server, so that a retry of a create that did happen after all is refused with 12012 and
/// looked up again. Of a group that is found for a create that may have happened it is judged later who made it, once
/// more is known.
package struct Submission: Sendable {
    /// Creates, and look-ups after each lost response, that a draft may cost; those that were refused for the target's
    /// or the key's sake (refused credentials, no connection) count apart, and those that were throttled not at all,
    /// for that is not the draft's state: the gate that all pass waits for the better, or ends the run.
    package static let createsMax = 5, lookUpsMax = 5, setbacksMax = 100

    private enum State: Sendable {
        /// A create is to be sent, or its response is awaited.
        case creating
        /// A look-up is to be sent, or its response is awaited; the budget is that of look-ups since the last create.
        case lookingUp(AttemptBudget)
        case ended
    }

    private var state: State
    /// The draft on its way, as it was claimed.
    package let draft: Draft
    /// Creates sent so far.
    package private(set) var creates = 0
    /// Whether a create may have been carried out of which no response says so, so that the group may be there.
    package private(set) var mayExist = false
    /// When the creates can have been carried out that were sent so far, in epoch milliseconds; nil before the first.
    package private(set) var sent: ClosedRange<Int64>?
    /// When the first create was sent since the last look-up that did not find the name; nil where none was.
    private var sureFrom: Int64?
    /// The HTTP status of the last response to a create.
    package private(set) var http: Int?
    /// The API's code in the last response to a create.
    package private(set) var code: Int?
    /// The group that was found under the draft's name, or a form of it.
    package private(set) var group: RewardGroup?
    /// The group that a response named which did not prove the create.
    package private(set) var named: RewardGroup?
    /// Look-ups that had a response, or failed for good, since the last create.
    package var lookUps: Int { if case .lookingUp(let budget) = state { budget.attempts } else { 0 } }
    /// Whether the server has said that the name is taken.
    package private(set) var isTaken = false
    /// What is left of creates, and of set-backs of creates and look-ups.
    private var budget = AttemptBudget(attemptsMax: createsMax, setbacksMax: setbacksMax)
    /// Whether a create was refused for the allowance: most likely it was not carried out, but no page says so.
    private var wasThrottled = false
    /// How the draft ends where a look-up finds no group of its name: refused, after a create that was throttled.
    private var refusalAfterwards: Action?
    private var lastMessage: String?
    private let requestMilliseconds: Int64

    /// - Parameters:
    ///   - draft: where it is in doubt, ``begin()`` says to look it up.
    ///   - requestMax: how long a request may be carried out after its response was given up.
    package init(_ draft: Draft, requestMax: Duration = .seconds(60)) {
        self.draft = draft
        requestMilliseconds = requestMax.milliseconds
        state = draft.doubt == nil ? .creating : .lookingUp(Self.lookUpBudget)
        mayExist = draft.doubt != nil
        sent = draft.doubt
        sureFrom = draft.doubt?.lowerBound
    }

    /// What to do first.
    package func begin() -> Action {
        mayExist ? .lookUp(retries: 0, after: nil) : .create(retries: 0, after: nil)
    }

    /// Learns from the response to a create.
    ///
    /// - Parameters:
    ///   - sentAt: when it was sent, and `endedAt` when its response came or was given up, in epoch milliseconds.
    ///   - isPlain: whether the group's age doesn't contradict that this create made it.
    package mutating func created(
        _ reply: Reply<RewardGroup>, sentAt: Int64, endedAt: Int64, isPlain: Bool = true
    ) -> Action {
        guard case .creating = state else { preconditionFailure("a create's response in state \(state)") }
        return enter(afterCreate(reply, sentAt: sentAt, endedAt: endedAt, isPlain: isPlain))
    }

    private mutating func afterCreate(
        _ reply: Reply<RewardGroup>, sentAt: Int64, endedAt: Int64, isPlain: Bool
    ) -> Action {
        note(reply)
        let isRetry = creates > 0 || draft.doubt != nil
        if case .unsent = reply {} else { noteSent(sentAt, endedAt, reply) }
        let verdict = RetryVerdict.verdict(for: reply, isCreate: true)
        if verdict == .throttled { wasThrottled = true }
        if let retries = setback(reply, verdict) { return .create(retries: retries, after: nil) }
        if case .unsent = reply {} else { _ = budget.failed(.attempt(after: nil)) }
        switch verdict {
        case .done:
            guard case .succeeded(let group, _) = reply else { return end(.failed) }
            self.group = group
            return isPlain ? .end(.created, id: group.id, message: nil) : .judge(group, .create)
        case .retrySafe(let after):
            // It was never sent, which costs no attempt.
            return .create(retries: creates, after: after)
        case .throttled, .unreachable, .unauthorized:
            // There were too many set-backs, or the request is forbidden.
            return mayExist ? .lookUp(retries: 0, after: nil) : refusal(reply)
        case .lookUp:
            if case .refused(let refusal) = reply, !(500...599).contains(refusal.code ?? 0) {
                isTaken = true
                // An earlier create may be what has taken it.
                if isRetry { mayExist = true }
            } else {
                mayExist = true
            }
            return .lookUp(retries: 0, after: nil)
        case .fail:
            // After a lost response a refusal of the retry does not say what became of the first.
            return mayExist ? .lookUp(retries: 0, after: nil) : refusal(reply)
        }
    }

    /// Learns from the response to a look-up: the groups of the draft's name, or of a form of it.
    package mutating func lookedUp(_ reply: Reply<[RewardGroup]>, isSameName: (String) -> Bool) -> Action {
        guard case .lookingUp(var lookUps) = state else {
            preconditionFailure("a look-up's response in state \(state)")
        }
        if case .succeeded = reply {} else { lastMessage = reply.message }
        let verdict = RetryVerdict.verdict(for: reply, isCreate: false)
        if let retries = setback(reply, verdict) { return enter(.lookUp(retries: retries, after: nil)) }
        var after: Duration?
        if case .refused(let refusal) = reply { after = refusal.retryAfter }
        let step = lookUps.failed(.attempt(after: after))
        state = .lookingUp(lookUps)
        return enter(afterLookUp(reply, step, isSameName))
    }

    /// - Parameter step: what the look-ups' budget says if another is needed.
    private mutating func afterLookUp(
        _ reply: Reply<[RewardGroup]>, _ step: AttemptBudget.Step, _ isSameName: (String) -> Bool
    ) -> Action {
        if case .succeeded(let groups, _) = reply {
            if let group = groups.first(where: { isSameName($0.name) }) { return found(group) }
            if let other = groups.first, isTaken {
                // The create whose response was lost may be what has taken it, in a list that lags.
                if mayExist, case .retry(let retries, _) = step {
                    return .lookUp(retries: retries, after: Self.listLag)
                }
                // The name is taken by a group of another form of it.
                return found(other)
            }
            return notFound(step)
        }
        guard case .retry(let retries, let after) = step, !isFinal(reply) else {
            return .end(givenUp, id: nil, message: "the name could not be looked up: \(lastMessage ?? "no response")")
        }
        return .lookUp(retries: retries, after: after)
    }

    private static let lookUpBudget = AttemptBudget(attemptsMax: lookUpsMax)
    /// From one look-up to the next where only a list that lags would explain what was said.
    private static let listLag = Duration.seconds(1)

    /// Takes the state that an action leads to.
    private mutating func enter(_ action: Action) -> Action {
        switch (action, state) {
        case (.create, _): state = .creating
        case (.lookUp, .lookingUp): break
        case (.lookUp, _): state = .lookingUp(Self.lookUpBudget)
        case (.judge, _), (.refused, _), (.end, _): state = .ended
        }
        return action
    }

    /// Learns that the name is taken by the group that an earlier run has made for it, under another form of the name.
    package mutating func known(_ group: RewardGroup) -> Action {
        guard case .lookingUp = state else { preconditionFailure("a known group in state \(state)") }
        self.group = group
        return enter(mayExist ? .judge(group, .list) : .end(.existing, id: group.id, message: nil))
    }

    /// Ends the draft because the run stops before its next request.
    package mutating func stopped() -> Action {
        if case .ended = state { preconditionFailure("a stop of a draft that has ended") }
        return enter(stop)
    }

    /// The draft as another process can take it up, where this one stops: in doubt if it may have been made.
    package var returned: Draft {
        var draft = draft
        draft.doubt = mayExist || wasThrottled ? sent : nil
        return draft
    }

    private var stop: Action {
        if wasThrottled, !mayExist {
            return .end(
                .unresolved, id: nil,
                message:
                    """
                    it was sent and refused for the allowance, which may have been said after it was passed \
                    on; the run stopped before it was sent again
                    """
            )
        }
        if mayExist {
            return .end(
                .unresolved, id: nil, message: "a response was lost, and the run stopped before that could be settled")
        }
        if isTaken {
            return .end(
                .unresolved, id: nil, message: "the name is taken; the run stopped before its group was looked up")
        }
        return .end(.unprocessed, id: nil, message: "the run stopped before its turn")
    }

    /// What was found of the draft's group, to be judged.
    ///
    /// - Parameter seenAt: when the response came that showed the group, in epoch milliseconds.
    package func finding(_ group: RewardGroup, _ place: FoundGroup.Place, seenAt: Int64) -> FoundGroup {
        let from = sent?.lowerBound ?? seenAt
        var finding = FoundGroup(
            recordNumber: draft.recordNumber, id: group.id, name: group.name, state: GroupState(group),
            createdOn: group.createdOn,
            createdBy: group.creator, place: place, sent: from...max(from, min(sent?.upperBound ?? seenAt, seenAt)))
        finding.isNamed = named?.id == group.id
        finding.seenAt = seenAt
        finding.isTaken = isTaken && !mayExist
        finding.sureFrom = max(from, sureFrom ?? seenAt)
        return finding
    }

    private mutating func noteSent(_ sentAt: Int64, _ endedAt: Int64, _ reply: Reply<RewardGroup>) {
        creates += 1
        let until = max(sentAt, endedAt) + requestMilliseconds
        sureFrom = sureFrom ?? sentAt
        sent = min(sent?.lowerBound ?? sentAt, sentAt)...max(sent?.upperBound ?? until, until)
        if case .lost(let loss) = reply, let group = loss.group { named = group }
    }

    private mutating func found(_ group: RewardGroup) -> Action {
        self.group = group
        return .judge(group, .list)
    }

    private mutating func notFound(_ step: AttemptBudget.Step) -> Action {
        if !isTaken, let named, named.name != draft.name, NameForm.isForm(named.name, of: draft.name, anyCut: true) {
            // The server doesn't have the name, and the response has the beginning of it: the server has cut it.
            group = named
            return .judge(named, .create)
        }
        if let refusalAfterwards, !mayExist { return refusalAfterwards }
        // What is found later was made later, unless the list was stale.
        sureFrom = nil
        if isTaken {
            if case .retry(let retries, _) = step { return .lookUp(retries: retries, after: nil) }
            // A gateway may have sent the create twice: the first may be what has taken it.
            return .end(
                .unresolved, id: nil, message: "the server says the name is taken, but a look-up does not find it")
        }
        if let http, (300...399).contains(http), creates > 1 {
            // Twice redirected and not there: that is no lost response but how the target responds; or its list lags.
            if case .retry(let retries, _) = step { return .lookUp(retries: retries, after: Self.listLag) }
            return .refused(.redirect, message: lastMessage)
        }
        return budget.hasAttemptsLeft
            // Of a draft in doubt it isn't known whether it was sent at all.
            ? .create(retries: creates, after: nil)
            : .end(.unresolved, id: nil, message: "no response to \(creates) creates: \(lastMessage ?? "lost")")
    }

    /// The end of a draft that is refused for good. A refusal says nothing of an earlier create that was throttled:
    /// that is looked up first.
    private mutating func refusal(_ reply: Reply<RewardGroup>) -> Action {
        guard case .refused(let refusal) = reply else { return end(.failed) }
        let action = Action.refused(refusal.form, message: lastMessage)
        guard wasThrottled else { return action }
        refusalAfterwards = action
        return .lookUp(retries: 0, after: nil)
    }

    /// The retries to back off for where a request failed for the key's or the target's sake and may be sent again;
    /// how long to wait is else up to the gate that all pass.
    private mutating func setback<Value>(_ reply: Reply<Value>, _ verdict: RetryVerdict) -> Int? {
        if verdict == .throttled { return 1 }
        // 403 may be for what the request says (a firewall).
        guard reply.isUnreachable || reply.isUnauthorized && reply.info?.http != 403 else { return nil }
        return budget.failed(.setback) == .giveUp ? nil : budget.setbacks
    }

    /// Whether a look-up would be refused again.
    private func isFinal(_ reply: Reply<[RewardGroup]>) -> Bool {
        if case .refused(let refusal) = reply { refusal.code == RewardsClient.unboundedCode } else { false }
    }

    private func end(_ outcome: Outcome) -> Action { .end(outcome, id: nil, message: lastMessage) }

    /// The outcome of a draft whose look-up did not succeed.
    private var givenUp: Outcome { mayExist || isTaken || refusalAfterwards != nil ? .unresolved : .failed }

    /// Keeps what a create's response said.
    private mutating func note(_ reply: Reply<RewardGroup>) {
        switch reply {
        case .succeeded(_, let info): http = info.http
        case .refused(let refusal): (http, code) = (refusal.http, refusal.code)
        case .unsent: break
        case .lost(let loss): (http, code) = (loss.http, nil)
        }
        if case .succeeded = reply {} else { lastMessage = reply.message }
    }
}
