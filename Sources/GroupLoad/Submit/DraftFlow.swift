import DequeModule
import RewardsClient
import Synchronization

/// What stands between the ledger and the lane: the drafts that are claimed and wait for their turn, the creates under way, and the
/// outcomes that are not in the ledger yet. All three are bounded.
///
/// The lane asks it for drafts and brings the answers. A draft whose create was plainly answered ends here; any other goes to
/// `hard`, keeps its place among those under way, and is brought back by ``settle(_:)``.
final class DraftFlow: CreateSource {
    /// Outcomes that may wait for the ledger; more, and nothing is sent until it has caught up.
    private static let outcomesMax = 65_536

    private struct State {
        var drafts: Deque<Draft> = []
        /// When no more than this are left the claimer is woken.
        var draftsLow = 0
        var isClaimed = false
        var underWay = 0
        var limit: InFlightLimit
        var outcomes: [DraftOutcome] = []
        /// Those of the outcomes that nobody has counted.
        var created = 0
        /// Those under way that the list says aren't in use.
        var inactive: Set<Int64> = []
        var claimer: CheckedContinuation<Void, Never>?

        /// Takes the next draft out, which is under way from now on.
        @discardableResult
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

    /// A draft that needs more than one plain answer.
    struct Hard: Sendable {
        var draft: Draft
        /// What its first create was answered; nil for a draft that is in doubt, which is looked up first.
        var reply: Reply<RewardGroup>?
        /// When the create was sent, in epoch milliseconds.
        var sentAt: Int64
    }

    private let state: Mutex<State>
    private let gate: RequestGate
    private let stop: StopSwitch
    private let learn: @Sendable (Reply<RewardGroup>, Int64) -> Void
    private let hard: AsyncStream<Hard>.Continuation
    private let honoursActive: Bool

    /// - Parameters:
    ///   - learn: is told each answer, and when its create was sent.
    ///   - hard: takes the drafts that need more; never more than may be under way.
    ///   - honoursActive: whether a draft that isn't to be in use is set inactive.
    init(
        limit: InFlightLimit, gate: RequestGate, stop: StopSwitch, hard: AsyncStream<Hard>.Continuation,
        honoursActive: Bool,
        learn: @escaping @Sendable (Reply<RewardGroup>, Int64) -> Void
    ) {
        state = Mutex(State(limit: limit))
        self.gate = gate
        self.stop = stop
        self.hard = hard
        self.honoursActive = honoursActive
        self.learn = learn
    }

    func next() -> CreateStep {
        guard stop.reason == nil else { return .rest }
        return state.withLock { state in
            guard state.outcomes.count < Self.outcomesMax else { return .wait(.milliseconds(5)) }
            while state.underWay < state.limit.most, let draft = state.drafts.first, let since = draft.doubtSince {
                state.take()
                hard.yield(Hard(draft: draft, reply: nil, sentAt: since))
            }
            guard state.underWay < state.limit.most, !state.drafts.isEmpty else { return .rest }
            let now = ContinuousClock.now
            switch gate.take(now: now) {
            case .wait(let until): return .wait(min(now.duration(to: until), .milliseconds(100)))
            case .giveUp(let trouble, let message):
                stop.stop(trouble.stopReason(message))
                return .rest
            case .go: break
            }
            let draft = state.take()
            if draft.isInactive { state.inactive.insert(draft.record) }
            return .send(
                LaneCreate(tag: draft.record, name: draft.name, rank: draft.rank, sentAt: ClientClock.epochMilliseconds)
            )
        }
    }

    func ended(_ create: LaneCreate, _ reply: Reply<RewardGroup>) {
        let sentAt = reply.info?.sentAt ?? create.sentAt
        learn(reply, sentAt)
        let latency = reply.info?.latency ?? .zero
        guard case .answered(let group, let info) = reply else {
            var draft = Draft(record: create.tag, name: create.name, rank: create.rank)
            draft.isInactive = state.withLock { state in
                state.limit.lost(underWay: state.underWay)
                return state.inactive.remove(create.tag) != nil
            }
            hard.yield(Hard(draft: draft, reply: reply, sentAt: sentAt))
            return
        }
        state.withLock { state in
            state.limit.answered(after: latency, underWay: state.underWay)
            state.underWay -= 1
            var outcome = DraftOutcome(
                record: create.tag, outcome: .created, id: group.id, http: info.http, attempts: 1,
                milliseconds: latency.milliseconds)
            if !state.inactive.isEmpty, state.inactive.remove(create.tag) != nil, honoursActive {
                outcome.setInactive(group.id, create.name, rank: create.rank)
            } else {
                state.created += 1
            }
            state.outcomes.append(outcome)
        }
    }

    /// Takes back a draft that went to `hard`, with its outcome.
    func settle(_ outcome: DraftOutcome) {
        state.withLock { state in
            state.underWay -= 1
            state.outcomes.append(outcome)
        }
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
    func put(_ drafts: [Draft]) {
        state.withLock { state in
            state.drafts.append(contentsOf: drafts)
            state.draftsLow = state.drafts.count / 2
        }
    }

    /// Says that the last drafts were put in.
    func endClaims() { state.withLock { $0.isClaimed = true } }

    /// Lets the claimer see that the run stops.
    func wakeClaimer() { state.withLock { $0.wakeClaimer() } }

    /// The outcomes since the last call, how many of them came by a plain answer, and whether no more will come.
    func takeOutcomes() -> (outcomes: [DraftOutcome], created: Int, isLast: Bool) {
        state.withLock { state in
            let isLast = state.underWay == 0 && (stop.reason != nil || state.isClaimed && state.drafts.isEmpty)
            let taken = (state.outcomes, state.created, isLast)
            state.created = 0
            state.outcomes = []
            state.outcomes.reserveCapacity(taken.0.count)
            return taken
        }
    }
}
