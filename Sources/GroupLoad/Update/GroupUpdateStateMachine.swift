package import RewardsClient

/// One update on its way to its outcome: a state machine. Its input is the replies, its output the next step. It sends
/// nothing itself.
///
/// | state | what it waits for | what ends it |
/// |---|---|---|
/// | reading | the response to a reading | ``read(_:)``, ``stopped()`` |
/// | changing | the response to a change | ``changed(_:)``, ``readAnew()``, ``stopped()`` |
/// | ended | nothing; an event is our bug, and traps | |
///
/// The group is read before every change, and where it isn't what the update takes it for, the rule says what becomes
/// of it. A change sends the whole state, so that one whose response was lost may be sent again; whether it happened
/// is read first all the same, so that what somebody else did meanwhile is not undone.
package struct GroupUpdateStateMachine: Sendable {
    /// What to do next.
    package enum Action: Sendable, Equatable {
        /// Read the group, after the back-off for so many retries (0: at once), or for at least `after`.
        case read(retries: Int, after: Duration?)
        /// Change it, at once.
        case change
        /// The update has ended.
        case end(Outcome, message: String?)
    }

    /// Changes, and readings in a row, that an update may cost; what was refused because of the key or the target as a
    /// whole counts apart.
    package static let changesMax = 5, readsMax = 8, setbacksMax = 100, readingsMax = 3

    private enum State: Sendable {
        /// A reading is to be sent, or its response is awaited.
        case reading
        /// A change is to be sent, or its response is awaited.
        case changing
        case ended
    }

    private var state = State.reading
    /// What is to be changed; under ``GroupUpdateRule/override``, ``GroupUpdate/from`` becomes what the group was found
    /// to be.
    package private(set) var update: GroupUpdate
    private let rule: GroupUpdateRule
    /// Changes sent so far.
    package private(set) var changes = 0
    /// The HTTP status of the last response.
    package private(set) var http: Int?
    /// The API's code in the last response.
    package private(set) var code: Int?
    /// Whether the last change was refused with 403, which may be for what it says.
    package private(set) var isForbidden = false
    /// Whether a change may have happened whose response was lost.
    package private(set) var mayHaveHappened: Bool
    /// What the response to the last change showed, where that isn't what was asked for.
    private var answer: RewardGroup?
    /// The form in which the server keeps the group once it is changed, where that isn't what was asked for.
    package private(set) var kept: KeptForm?
    /// Whether a change was sent that was surely refused, unless somebody on the way said so after it was passed on.
    private var mayBeOwn = false
    private var refused = 0
    /// What is left of readings in a row, and of set-backs of readings and changes.
    private var readBudget = AttemptBudget(attemptsMax: readsMax, setbacksMax: setbacksMax)
    /// What is left of changes; those that were refused for the key's or the target's sake don't count.
    private var changeBudget = AttemptBudget(attemptsMax: changesMax)
    /// Readings that were too old to act on.
    private var readings = 0
    private var lastMessage: String?

    /// Begins with a reading of the group.
    package init(_ update: GroupUpdate, _ rule: GroupUpdateRule) {
        self.update = update
        self.rule = rule
        mayHaveHappened = update.isInDoubt
    }

    /// What to do first.
    package func begin() -> Action { .read(retries: 0, after: nil) }

    /// Reads again, for what was read is too old to act on; nil where that was done so often that the target is just
    /// slow.
    package mutating func readAnew() -> Action? {
        guard case .changing = state else { preconditionFailure("a change that is put off in state \(state)") }
        guard readings < Self.readingsMax else { return nil }
        readings += 1
        return enter(.read(retries: 0, after: nil))
    }

    /// Learns of the response to a reading.
    package mutating func read(_ reply: Reply<RewardGroup>) -> Action {
        guard case .reading = state else { preconditionFailure("a reading's response in state \(state)") }
        note(reply)
        return enter(setback(reply, isChange: false) ?? afterReading(reply))
    }

    private mutating func afterReading(_ reply: Reply<RewardGroup>) -> Action {
        switch RetryVerdict.verdict(for: reply, isCreate: false) {
        case .done:
            guard case .succeeded(let group, _) = reply, group.id == update.id else { return readAgain(after: nil) }
            readBudget.succeeded()
            return found(group)
        case .retrySafe(let after): return readAgain(after: after)
        case .throttled, .lookUp, .fail, .unauthorized, .unreachable: return .end(givenUp, message: lastMessage)
        }
    }

    /// Learns of the response to a change.
    package mutating func changed(_ reply: Reply<RewardGroup>) -> Action {
        guard case .changing = state else { preconditionFailure("a change's response in state \(state)") }
        note(reply)
        answer = nil
        isForbidden = Self.isForbidden(reply)
        var isSent = true
        if case .unsent = reply { isSent = false }
        if isSent { changes += 1 }
        if let action = setback(reply, isChange: true) {
            // A gateway may say 429 after it has passed the change on.
            if isSent { mayBeOwn = true }
            return enter(action)
        }
        if isSent { _ = changeBudget.failed(.attempt(after: nil)) }
        return enter(afterChange(reply))
    }

    private mutating func afterChange(_ reply: Reply<RewardGroup>) -> Action {
        switch RetryVerdict.verdict(for: reply, isCreate: false) {
        case .done:
            guard case .succeeded(let group, _) = reply, group.id == update.id, isNamed(group), isAt(update.to, group)
            else {
                mayHaveHappened = true
                if case .succeeded(let group, _) = reply, group.id == update.id { answer = group }
                lastMessage = otherState(reply)
                return .read(retries: 1, after: nil)
            }
            return .end(.updated, message: nil)
        case .fail:
            refused += 1
            // A refusal doesn't say what became of an earlier one.
            return mayHaveHappened && refused < Self.changesMax
                ? .read(retries: changes, after: nil) : .end(givenUp, message: lastMessage)
        case .retrySafe(let after):
            mayHaveHappened = true
            return .read(retries: changes, after: after)
        case .throttled, .lookUp, .unauthorized, .unreachable: return .read(retries: changes, after: nil)
        }
    }

    /// Ends the update because the run stops before its next request.
    package mutating func stopped() -> Action {
        if case .ended = state { preconditionFailure("a stop of an update that has ended") }
        let cause = answer == nil ? "a response was lost" : "the response showed something else than was asked for"
        return enter(
            mayHaveHappened || mayBeOwn
                ? .end(.unresolved, message: "\(cause), and the run stopped before that could be settled")
                : .end(.unprocessed, message: "the run stopped before its turn"))
    }

    /// Takes the state that an action leads to.
    private mutating func enter(_ action: Action) -> Action {
        switch action {
        case .read: state = .reading
        case .change: state = .changing
        case .end: state = .ended
        }
        return action
    }

    private mutating func found(_ group: RewardGroup) -> Action {
        if let answer, answer.mayBe(group), !(isNamed(group) && (isAt(update.from, group) || isAt(update.to, group))) {
            return made(group)
        }
        guard group.name.hasBytes(of: update.name) else {
            return leave("its name is \"\(group.name)\" now, was \"\(update.name)\"")
        }
        if rule == .override, !mayHaveHappened, !isAt(update.to, group) { rebase(on: group) }
        if isAt(update.from, group) {
            guard changeBudget.hasAttemptsLeft else {
                return .end(.failed, message: "no success in \(changes) tries: \(lastMessage ?? "no response")")
            }
            return .change
        }
        if isAt(update.to, group) {
            return mayHaveHappened || mayBeOwn
                ? .end(.updated, message: nil)
                : .end(.existing, message: "it was so already: \(update.to)")
        }
        return leave(differences(of: group))
    }

    /// How a group's rank and activity differ from what they were.
    private func differences(of group: RewardGroup) -> String {
        var differences: [String] = []
        if group.rank != update.from.rank {
            differences.append("its rank is \(Self.text(group.rank)) now, was \(Self.text(update.from.rank))")
        }
        if let isActive = group.isActive, isActive != update.from.isActive {
            differences.append("it is \(isActive ? "" : "not ")active")
        }
        return differences.joined(separator: "; ")
    }

    /// Ends the update with a group that the server made something else of than it was asked to.
    private mutating func made(_ group: RewardGroup) -> Action {
        if let isActive = group.isActive, isActive != update.to.isActive {
            return .end(
                .unresolved, message: "the server made something else of the change: \(differences(of: group))")
        }
        kept = KeptForm(of: group, sentAs: update.name, rank: update.to.rank)
        return .end(.updated, message: kept?.note(sentAs: update.name, rank: update.to.rank) { $0 })
    }

    private func leave(_ difference: String) -> Action {
        mayHaveHappened
            ? .end(.unresolved, message: "a response was lost, and it has been changed since: \(difference)")
            : .end(rule == .undo ? .existing : .failed, message: "changed since, and left as it is: \(difference)")
    }

    /// What is said of a success that doesn't show the group as it was to become.
    private func otherState(_ reply: Reply<RewardGroup>) -> String {
        guard case .succeeded(let group, _) = reply, group.id == update.id, update.to.rank == nil,
            let rank = group.rank
        else { return "the server responded to a change with something else" }
        return "the server keeps rank \(rank), though it was asked to clear it"
    }

    /// Takes the group for what it is.
    private mutating func rebase(on group: RewardGroup) {
        update.from = GroupState(rank: group.rank, isActive: group.isActive ?? update.from.isActive)
        if update.keepsRank { update.to.rank = group.rank }
    }

    private static func text(_ rank: Int64?) -> String { rank.map(String.init) ?? "none" }

    /// Whether a group has its name; a response without one doesn't speak against it.
    private func isNamed(_ group: RewardGroup) -> Bool { group.name.isEmpty || group.name.hasBytes(of: update.name) }

    /// Whether a group is in a state; a response that doesn't speak of activity doesn't speak against it, so that
    /// what a group is before the change has to be asked first.
    private func isAt(_ state: GroupState, _ group: RewardGroup) -> Bool {
        group.rank == state.rank && (group.isActive ?? state.isActive) == state.isActive
    }

    private mutating func readAgain(after: Duration?) -> Action {
        guard case .retry(_, let after) = readBudget.failed(.attempt(after: after)) else {
            return .end(givenUp, message: "the group could not be read: \(lastMessage ?? "no response")")
        }
        return .read(retries: readBudget.attempts, after: after)
    }

    /// What to do where a request failed for the key's or the target's sake; how long to wait is up to the gate that
    /// all pass.
    private mutating func setback(_ reply: Reply<RewardGroup>, isChange: Bool) -> Action? {
        // However often: how long that may go on is up to the gate.
        if RetryVerdict.verdict(for: reply, isCreate: false) == .throttled { return .read(retries: 1, after: nil) }
        // A change's 403 may be for what it says (a firewall), as a create's.
        let isItsOwn = isChange && Self.isForbidden(reply)
        guard reply.isUnreachable || reply.isUnauthorized && !isItsOwn, readBudget.failed(.setback) != .giveUp else {
            return nil
        }
        return .read(retries: readBudget.setbacks, after: nil)
    }

    private static func isForbidden(_ reply: Reply<RewardGroup>) -> Bool {
        if case .refused(let refusal) = reply { refusal.isUnauthorized && refusal.http == 403 } else { false }
    }

    /// The outcome where nothing more can be done.
    private var givenUp: Outcome { mayHaveHappened ? .unresolved : .failed }

    private mutating func note(_ reply: Reply<RewardGroup>) {
        switch reply {
        case .succeeded(_, let info): (http, code) = (info.http, nil)
        case .refused(let refusal): (http, code) = (refusal.http, refusal.code)
        case .unsent: break
        case .lost(let loss): (http, code) = (loss.http, nil)
        }
        if case .succeeded = reply {} else { lastMessage = reply.message }
    }
}

extension RewardGroup {
    /// Whether another response may show the same: all that this one shows, it shows, too.
    fileprivate func mayBe(_ other: RewardGroup) -> Bool {
        (name.isEmpty || name.hasBytes(of: other.name)) && (rank == nil || rank == other.rank)
            && (isActive == nil || other.isActive == nil || isActive == other.isActive)
    }
}
