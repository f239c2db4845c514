import GroupLoad
import RewardsClient
import Testing

/// The state machine of one draft, without a network.
@Suite struct SubmissionTests {
    private static let info = ReplyInfo(http: 200, latency: .zero, requests: 1)
    private static let draft = Draft(record: 1, name: "Gold", rank: 5)
    private static let lost = Reply<RewardGroup>.lost(Loss(http: nil, reason: "closed", info: info))
    private static let unsent = Reply<RewardGroup>.unsent(
        TransportFailure(delivery: .nothingSent, kind: .connect, message: "refused"))

    private static func group(_ name: String = "Gold", rank: Int64? = 5, isActive: Bool = true) -> RewardGroup {
        RewardGroup(id: 7, name: name, rank: rank, isActive: isActive, createdBy: 1, createdOn: 1000)
    }

    private static func refused(_ http: Int, code: Int? = nil, after: Duration? = nil) -> Reply<RewardGroup> {
        .refused(
            Refusal(
                http: http, code: code, message: "no", retryAfter: after, isUnauthorized: http == 401,
                isThrottled: http == 429, info: info))
    }

    private func lookUp(
        _ submission: inout Submission, _ groups: [RewardGroup], _ decision: Reconciliation.Decision = .existing
    ) -> Submission.Action {
        submission.lookedUp(.answered(groups, Self.info), isSameName: { $0 == "Gold" }, decide: { _ in decision })
    }

    @Test func createsAtOnce() {
        var submission = Submission(Self.draft)
        #expect(submission.created(.answered(Self.group(), Self.info)) == .end(.created, id: 7, message: nil))
    }

    @Test("a refusal is the draft's end; one that is surely safe is repeated, within the budget")
    func repeatsWhatIsSafe() {
        var refused = Submission(Self.draft)
        #expect(refused.created(Self.refused(400, code: 400)) == .end(.failed, id: nil, message: "no"))
        let busy = Self.refused(503, after: .seconds(3))
        var submission = Submission(Self.draft)
        for repeats in 1..<Submission.createsMax {
            #expect(submission.created(busy) == .create(repeats: repeats, after: .seconds(3)))
        }
        #expect(submission.created(busy) == .end(.failed, id: nil, message: "no"))
    }

    @Test("429 is the key's state, not the draft's: it costs none of the draft's creates, but has a bound too")
    func throttled() {
        var submission = Submission(Self.draft)
        for _ in 1...Submission.throttlesMax {
            #expect(submission.created(Self.refused(429)) == .create(repeats: 1, after: nil))
        }
        for repeats in 1..<Submission.createsMax {
            #expect(
                submission.created(Self.refused(429))
                    == .create(repeats: Submission.throttlesMax + repeats, after: nil))
        }
        #expect(submission.created(Self.refused(429)) == .end(.failed, id: nil, message: "no"))
    }

    @Test("a target that can't be reached, or refuses the credentials, stops the run; nothing was sent")
    func stopsTheRun() {
        var submission = Submission(Self.draft)
        for repeats in 1..<Submission.createsMax {
            #expect(submission.created(Self.unsent) == .create(repeats: repeats, after: nil))
        }
        #expect(submission.created(Self.unsent) == .stopRun(.unprocessed, message: "refused"))
        var unauthorized = Submission(Self.draft)
        #expect(unauthorized.created(Self.refused(401)) == .stopRun(.unprocessed, message: "no"))
    }

    @Test(
        "after a lost answer nothing is sent before a look-up, and the look-up decides",
        arguments: [
            (Reconciliation.Decision.confirmed, Outcome.confirmed), (.existing, .existing),
            (.unclear("x"), .unresolved),
        ])
    func looksUpWhatWasLost(decision: Reconciliation.Decision, outcome: Outcome) {
        var submission = Submission(Self.draft)
        #expect(submission.created(Self.lost) == .lookUp(repeats: 0, after: nil))
        #expect(submission.hasLostAnswer)
        guard case .end(let ended, let id, _) = lookUp(&submission, [Self.group()], decision) else {
            return #expect(Bool(false))
        }
        #expect(ended == outcome && id == 7)
    }

    @Test("what was lost and is not there is sent again; lost each time, it is unresolved")
    func sendsAgain() {
        var submission = Submission(Self.draft)
        for repeats in 1..<Submission.createsMax {
            #expect(submission.created(Self.lost) == .lookUp(repeats: 0, after: nil))
            #expect(lookUp(&submission, []) == .create(repeats: repeats, after: nil))
        }
        #expect(submission.created(Self.lost) == .lookUp(repeats: 0, after: nil))
        guard case .end(.unresolved, nil, _) = lookUp(&submission, []) else { return #expect(Bool(false)) }
    }

    @Test("a refusal of the repeat does not say what became of the first")
    func refusedRepeat() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.lost)
        _ = lookUp(&submission, [])
        #expect(submission.created(Self.refused(400, code: 400)) == .lookUp(repeats: 0, after: nil))
    }

    @Test("12012 is existing with its id, and differences are noted")
    func notesDifferences() {
        var submission = Submission(Self.draft)
        #expect(submission.created(Self.refused(400, code: 12012)) == .lookUp(repeats: 0, after: nil))
        #expect(!submission.hasLostAnswer)
        guard case .end(.existing, 7, let note) = lookUp(&submission, [Self.group(rank: 9, isActive: false)]) else {
            return #expect(Bool(false))
        }
        #expect(note == "rank on the server is 9; the group is not active")
    }

    @Test("12012 for a name that differs when not folded is failed, and says so")
    func tellsAnotherSpelling() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.refused(400, code: 12012))
        guard case .end(.failed, nil, let note) = lookUp(&submission, [Self.group("GOLD")]) else {
            return #expect(Bool(false))
        }
        #expect(note?.contains("--name-match folded") == true)
    }

    @Test("12012 for a name that is never found ends within the budget")
    func givesUpLooking() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.refused(400, code: 12012))
        for repeats in 1..<Submission.lookUpsMax {
            #expect(lookUp(&submission, []) == .lookUp(repeats: repeats, after: nil))
        }
        guard case .end(.failed, nil, _) = lookUp(&submission, []) else { return #expect(Bool(false)) }
    }

    @Test("a stop leaves unprocessed what was not sent, and unresolved what was lost")
    func stops() {
        var submission = Submission(Self.draft)
        guard case .end(.unprocessed, nil, _) = submission.stopped() else { return #expect(Bool(false)) }
        _ = submission.created(Self.lost)
        guard case .end(.unresolved, nil, _) = submission.stopped() else { return #expect(Bool(false)) }
    }
}

@Suite struct ReconciliationTests {
    @Test(
        "a group is this run's own by its time and its creator, and only after a lost answer",
        arguments: [
            (true, Int64(10_000), Int64?(0), Int64?(1), Reconciliation.Decision.confirmed),
            (true, 8000, 0, nil, .confirmed),
            (true, 7999, 0, nil, .existing),
            (true, 10_000, 0, 2, .existing),
            (true, 70_000, 60_000, 1, .confirmed),
            (true, 10_000, 60_000, 1, .existing),
            (true, 10_000, nil, nil, .unclear("the server's clock is not known")),
            (false, 10_000, 0, 1, .existing),
        ])
    func decides(isLost: Bool, createdOn: Int64, offset: Int64?, user: Int64?, expected: Reconciliation.Decision) {
        let reconciliation = Reconciliation(
            hasLostAnswer: isLost, sentAt: 10_000, serverClockOffset: offset, createdBy: user)
        let group = RewardGroup(id: 7, name: "Gold", createdBy: 1, createdOn: createdOn)
        #expect(reconciliation.decide(group) == expected)
    }
}
