import DequeModule
package import RewardsClient
import Synchronization

/// What stands between the ledger and the sender: the drafts that are claimed and wait for their turn, the creates
/// under way, and the outcomes that are not in the ledger yet. All three are bounded.
///
/// The sender asks it for drafts and brings the responses. A draft whose create has a plain response ends here; any
/// other goes to `unsettled`, keeps its place among those under way, and is brought back by ``settle(_:)``.
package final class DraftFlow: CreateQueue {
    /// Outcomes that may wait for the ledger; more, and nothing is sent until it has caught up.
    private static let outcomesMax = 65_536

    private struct State {
        var drafts: Deque<Draft> = []
        /// When no more than this are left the claimer is woken.
        var draftsLow = 0
        var isClaimed = false
        /// Whether there was nothing to claim, and there may be something later.
        var isResting = false
        /// Whether it was said that no more outcomes will come; nothing is sent from then on.
        var isOver = false
        var underWay = 0
        var limit: InFlightLimit
        var outcomes: [DraftOutcome] = []
        /// Those of the outcomes that nobody has counted.
        var uncounted = OutcomeCounts()
        /// Those under way that the list says aren't in use.
        var inactive: Set<Int64> = []
        var brake = Brake()
        /// Until when drafts may be sent, unless the ledger gives another sign of life; nil for no such bound.
        var aliveUntil: MonotonicInstant?
        var claimer: CheckedContinuation<Void, Never>?

        /// Takes the next draft out, which is under way from now on.
        mutating func take() -> Draft {
            let draft = drafts.removeFirst()
            if drafts.count <= draftsLow { wakeClaimer() }
            underWay += 1
            return draft
        }

        mutating func wakeClaimer() {
            claimer?.resume()
            claimer = nil
        }
    }

    private let state: Mutex<State>
    private let environment: RunEnvironment
    private let gate: RequestGate
    private let stop: StopSwitch
    private let learn: @Sendable (Reply<RewardGroup>, PendingCreate, _ sentAt: Int64, _ endedAt: Int64) -> Bool
    private let unsettled: AsyncStream<UnsettledCreate>.Continuation
    private let honoursActive: Bool
    private let shown: @Sendable (String) -> String
    private let returnsHeld: Bool
    private let isStopped: @Sendable () -> Bool

    /// - Parameters:
    ///   - learn: is given each response with its create, and when that was sent and ended; says whether a group in it
    ///     is plainly the create's own.
    ///   - unsettled: gets the drafts that need more; never more than may be under way.
    ///   - honoursActive: whether a draft that isn't to be in use is set inactive.
    ///   - shown: takes secrets out of the server's words.
    ///   - returnsHeld: whether refusals that are held back when the run is asked to stop are no outcomes: others send
    ///     those drafts again.
    ///   - isStopped: whether the run was asked to stop, as the sender sees it before it asks for the next draft; by
    ///     default `stop`.
    package init(
        limit: InFlightLimit, gate: RequestGate, stop: StopSwitch, unsettled: AsyncStream<UnsettledCreate>.Continuation,
        honoursActive: Bool, shown: @escaping @Sendable (String) -> String = { $0 },
        returnsHeld: Bool = false, isStopped: (@Sendable () -> Bool)? = nil,
        learn: @escaping @Sendable (Reply<RewardGroup>, PendingCreate, _ sentAt: Int64, _ endedAt: Int64) -> Bool
    ) {
        state = Mutex(State(limit: limit))
        environment = gate.environment
        self.gate = gate
        self.stop = stop
        self.unsettled = unsettled
        self.honoursActive = honoursActive
        self.shown = shown
        self.returnsHeld = returnsHeld
        self.isStopped = isStopped ?? { stop.reason != nil }
        self.learn = learn
    }

    /// Gives the next drafts, in claim order; waits are 100 ms at most.
    package func next(atMost count: Int, _ creates: inout [PendingCreate]) -> CreateStep {
        guard !isStopped() else { return .rest }
        let (now, wall) = (environment.now, environment.epochMilliseconds)
        return state.withLock { state in
            guard state.outcomes.count < Self.outcomesMax else { return .wait(.milliseconds(5)) }
            // The run may have been asked to stop, and said to be over, since it was looked above.
            guard !state.isOver, !state.brake.isProbing else { return .rest }
            for _ in 0..<count {
                let step = step(&state, now: now)
                guard case .more = step else { return step }
                let draft = state.take()
                if draft.isInactive { state.inactive.insert(draft.recordNumber) }
                creates.append(
                    PendingCreate(
                        tag: draft.recordNumber, name: draft.name, rank: draft.rank, sentAt: wall, span: draft.span))
            }
            return state.underWay < state.limit.admitted && !state.drafts.isEmpty ? .more : .rest
        }
    }

    /// ``CreateStep/more`` where the next draft may be sent now; sees to it first that those in doubt before it are
    /// looked up.
    private func step(_ state: inout State, now: MonotonicInstant) -> CreateStep {
        // In place: the first is looked at for every create.
        while state.underWay < state.limit.admitted, !state.drafts.isEmpty, let doubt = state.drafts[0].doubt {
            let draft = state.take()
            unsettled.yield(
                UnsettledCreate(draft: draft, reply: nil, sentAt: doubt.lowerBound, endedAt: doubt.upperBound))
        }
        guard state.underWay < state.limit.admitted, !state.drafts.isEmpty else { return .rest }
        if let aliveUntil = state.aliveUntil, now > aliveUntil { return .wait(.milliseconds(10)) }
        switch gate.take(now: now) {
        case .go: return .more
        case .wait(let until): return .wait(min(now.duration(to: until), .milliseconds(100)))
        case .giveUp(let trouble, let message):
            stop.stop(trouble.stopReason(message))
            return .rest
        }
    }

    /// Learns of a create's reply; anything but a plain success or refusal goes to the unsettled creates.
    package func ended(_ create: PendingCreate, _ reply: Reply<RewardGroup>) {
        let endedAt = environment.epochMilliseconds
        guard case .succeeded(let group, let info) = reply else {
            let sentAt = reply.info?.sentAt ?? create.sentAt
            return unsettle(create, reply, sentAt, endedAt, isPlain: learn(reply, create, sentAt, endedAt))
        }
        let sentAt = info.sentAt ?? create.sentAt
        guard learn(reply, create, sentAt, endedAt) else {
            return unsettle(create, reply, sentAt, endedAt, isPlain: false)
        }
        let latency = info.latency
        let kept = KeptForm(of: group, sentAs: create.name, rank: create.rank.map(Int64.init))
        state.withLock { state in
            state.limit.responded(after: latency, underWay: state.underWay)
            state.underWay -= 1
            if !state.brake.held.isEmpty { end(state.brake.succeeded(sentAt: sentAt), in: &state) }
            var outcome = DraftOutcome(
                recordNumber: create.tag, outcome: .created, id: group.id, http: info.http, attempts: 1,
                milliseconds: latency.milliseconds, endedAt: endedAt)
            if let kept { outcome.keep(kept, sentAs: create.name, rank: create.rank, shown: shown) }
            if !state.inactive.isEmpty, state.inactive.remove(create.tag) != nil, honoursActive {
                outcome.setInactive(group.id, group.name, rank: kept == nil ? create.rank.map(Int64.init) : group.rank)
            } else {
                state.uncounted[.created] += 1
            }
            state.outcomes.append(outcome)
        }
    }

    private func unsettle(
        _ create: PendingCreate, _ reply: Reply<RewardGroup>, _ sentAt: Int64, _ endedAt: Int64, isPlain: Bool
    ) {
        var draft = Draft(recordNumber: create.tag, name: create.name, rank: create.rank)
        draft.span = create.span
        draft.isInactive = state.withLock { state in
            state.limit.ended(reply, underWay: state.underWay)
            return state.inactive.remove(create.tag) != nil
        }
        unsettled.yield(
            UnsettledCreate(draft: draft, reply: reply, sentAt: sentAt, endedAt: endedAt, isPlain: isPlain))
    }

    /// Takes back a draft that went to `unsettled`, with its outcome, which the caller counts.
    ///
    /// - Parameter sentAt: when its first create was sent, in epoch milliseconds.
    package func settle(_ outcome: DraftOutcome, sentAt: Int64) {
        state.withLock { state in
            state.underWay -= 1
            if [.created, .confirmed].contains(outcome.outcome), !state.brake.held.isEmpty {
                end(state.brake.succeeded(sentAt: sentAt), in: &state)
            }
            state.outcomes.append(outcome)
        }
    }

    /// Learns that a draft that went to `unsettled` gets no outcome here.
    func leave() { state.withLock { $0.underWay -= 1 } }

    /// Takes back a draft that was refused, perhaps for no fault of its own; its outcome is held back until that is
    /// known.
    func settle(refused held: Brake.Held) -> Brake.Step {
        state.withLock { state in
            state.underWay -= 1
            let (released, step) = state.brake.refused(held)
            end(released, in: &state)
            return step
        }
    }

    /// Refusals that are held back.
    var heldCount: Int { state.withLock { $0.brake.held.count } }

    /// Ends all refusals that are held back as they are; the caller counts them.
    func endHeld() -> [Outcome] {
        state.withLock { state in
            let held = state.brake.release()
            for held in held { state.outcomes.append(held.outcome) }
            return held.map(\.outcome.outcome)
        }
    }

    /// Goes on after a probe: the list was given, or the session renewed.
    func probed(isRenewed: Bool) {
        state.withLock { state in
            if isRenewed {
                for held in state.brake.renewed().reversed() { state.drafts.prepend(held.draft) }
            } else {
                end(state.brake.listed(), in: &state)
            }
        }
    }

    private func end(_ held: [Brake.Held], in state: inout State) {
        for held in held { end(held.outcome, in: &state) }
    }

    private func end(_ outcome: DraftOutcome, in state: inout State) {
        state.uncounted[outcome.outcome] += 1
        state.outcomes.append(outcome)
    }

    /// Waits until there is room for more drafts. At once when the run stops.
    func waitForRoom() async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if stop.reason != nil || state.drafts.count <= state.draftsLow {
                    continuation.resume()
                } else {
                    state.claimer = continuation
                }
            }
        }
    }

    /// Puts claimed drafts in.
    package func put(_ drafts: [Draft]) {
        state.withLock { state in
            state.drafts.append(contentsOf: drafts)
            if state.isResting { state.brake.goOn() }
            state.isResting = false
            state.draftsLow = state.drafts.count / 2
        }
    }

    /// Says that there are no drafts now, so that nothing may be held back that waits for more to be sent.
    func rest() { state.withLock { $0.isResting = true } }

    /// Says that the last drafts were put in.
    func endClaims() { state.withLock { $0.isClaimed = true } }

    /// Lets the claimer see that the run stops.
    func wakeClaimer() { state.withLock { $0.wakeClaimer() } }

    /// Says that the ledger knows that this process lives, so that drafts may be sent until then.
    package func beat(until instant: MonotonicInstant) { state.withLock { $0.aliveUntil = instant } }

    /// Whether nothing may be sent at an instant, for want of a sign of life.
    func isSilent(at now: MonotonicInstant) -> Bool {
        state.withLock { state in state.aliveUntil.map { now > $0 } ?? false }
    }

    /// What ``takeOutcomes()`` gives.
    package struct Taken {
        /// The outcomes since the last call, in the order in which the creates ended.
        package var outcomes: [DraftOutcome]
        /// How many of them nobody has counted.
        package var uncounted: OutcomeCounts
        /// Whether no more will come; nothing is sent then any more either.
        package var isLast: Bool
        /// Whether a probe is to be made for what is held back at the end, which is begun with this.
        package var isProbeDue: Bool
    }

    /// The outcomes since the last call.
    package func takeOutcomes() -> Taken {
        state.withLock { state in
            let isStopped = stop.reason != nil
            let isIdle =
                state.underWay == 0 && (state.isClaimed || state.isResting) && state.drafts.isEmpty
                && !state.brake.isProbing
            let isProbeDue = isIdle && !isStopped && state.brake.beginLastProbe()
            let isDone = state.underWay == 0 && isStopped || isIdle && !isProbeDue
            let isLast = isDone && (isStopped || state.isClaimed)
            if isDone {
                state.isOver = isLast
                endHeld(in: &state, isStopped: isStopped)
            }
            let taken = Taken(
                outcomes: state.outcomes, uncounted: state.uncounted, isLast: isLast, isProbeDue: isProbeDue)
            state.uncounted = OutcomeCounts()
            state.outcomes = []
            state.outcomes.reserveCapacity(taken.outcomes.count)
            return taken
        }
    }

    /// Ends what is held back at the end: where the target is unusable, that was no record's fault.
    private func endHeld(in state: inout State, isStopped: Bool) {
        if isStopped, returnsHeld { return _ = state.brake.release() }
        let isUnusable = stop.reason?.status == .unusable
        for held in state.brake.release() {
            var outcome = held.outcome
            if isUnusable {
                outcome.outcome = .unprocessed
                outcome.message = "refused as all others were, and not for its own sake: \(outcome.message ?? "")"
            }
            end(outcome, in: &state)
        }
    }
}
