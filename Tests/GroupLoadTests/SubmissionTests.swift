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

    private func lookUp(_ submission: inout Submission, refusedWith http: Int) -> Submission.Action {
        submission.lookedUp(
            Self.refused(http).map { [$0] }, isSameName: { $0 == "Gold" }, decide: { _ in .existing })
    }

    @Test func createsAtOnce() {
        var submission = Submission(Self.draft)
        #expect(submission.created(.answered(Self.group(), Self.info)) == .end(.created, id: 7, message: nil))
    }

    @Test("a refusal is the draft's end; 503 is in doubt though it says when to come again")
    func repeatsWhatIsSafe() {
        var refused = Submission(Self.draft)
        #expect(refused.created(Self.refused(400, code: 400)) == .end(.failed, id: nil, message: "no"))
        let busy = Self.refused(503, after: .seconds(3))
        var submission = Submission(Self.draft)
        #expect(submission.created(busy) == .lookUp(repeats: 0, after: nil))
    }

    @Test(
        "429, refused credentials and no connection are the target's state: they cost no creates, but have a bound too",
        arguments: [429, 401, nil])
    func setbacks(http: Int?) {
        let reply = http.map { Self.refused($0) } ?? Self.unsent
        var submission = Submission(Self.draft)
        for repeats in 1...Submission.setbacksMax {
            #expect(submission.created(reply) == .create(repeats: http == 429 ? 1 : repeats, after: nil))
        }
        // The draft's own creates are all left.
        for repeats in 1..<Submission.createsMax {
            guard case .create = submission.created(Self.refused(429, after: .seconds(1))) else {
                return #expect(Bool(false), "after \(repeats)")
            }
        }
        #expect(submission.created(reply) == .end(.failed, id: nil, message: reply.message))
        var lost = Submission(Self.draft)
        _ = lost.created(Self.lost)
        for _ in 1...Submission.setbacksMax { _ = lookUp(&lost, refusedWith: 401) }
        for repeats in 1..<Submission.lookUpsMax {
            #expect(lookUp(&lost, refusedWith: 401) == .lookUp(repeats: repeats, after: nil))
        }
        guard case .end(.unresolved, nil, _) = lookUp(&lost, refusedWith: 401) else { return #expect(Bool(false)) }
    }

    @Test("what was never sent is no attempt") func unsentIsNoAttempt() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.unsent)
        #expect(submission.creates == 0)
        #expect(submission.created(.answered(Self.group(), Self.info)) == .end(.created, id: 7, message: nil))
        #expect(submission.creates == 1)
    }

    @Test("a look-up that fails doesn't make forget that the name is taken") func remembersTaken() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.refused(400, code: 12012))
        #expect(lookUp(&submission, refusedWith: 500) == .lookUp(repeats: 1, after: nil))
        #expect(submission.code == 12012 && submission.http == 400)
        guard case .end(.failed, nil, _) = lookUp(&submission, [Self.group("GOLD")]) else {
            return #expect(Bool(false))
        }
    }

    @Test(
        "after a lost answer nothing is sent before a look-up, and the look-up decides",
        arguments: [
            (Reconciliation.Decision.confirmed, Outcome.confirmed), (.existing, .existing),
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

    @Test("what can't be told yet is looked up again, for more is then known; in the end it is unresolved")
    func unclear() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.lost)
        for repeats in 1..<Submission.lookUpsMax {
            #expect(lookUp(&submission, [Self.group()], .unclear("x")) == .lookUp(repeats: repeats, after: nil))
        }
        guard case .end(.unresolved, 7, let note) = lookUp(&submission, [Self.group()], .unclear("x")) else {
            return #expect(Bool(false))
        }
        #expect(note?.hasSuffix("x") == true)
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
    private static func clock(_ difference: ClosedRange<Int64>?) -> ServerClock {
        var clock = ServerClock()
        if let difference {
            clock.saw(
                difference.lowerBound, resolution: difference.upperBound - difference.lowerBound, sent: 0, answered: 0)
        }
        return clock
    }

    @Test(
        "a group is this run's own by its time and its creator, and only after a lost answer",
        arguments: [
            (true, Int64(10_010), Int64(0)...10, Int64?(1), Reconciliation.Decision.confirmed),
            (true, 10_000, 0...10, nil, .confirmed),
            (true, 9_999, 0...10, nil, .existing),
            (true, 10_010, 0...10, 2, .existing),
            (true, 70_000, 59_900...60_000, 1, .confirmed),
            (true, 10_000, 59_900...60_000, 1, .existing),
            (true, 10_999, 0...999, 1, .confirmed),
            (
                true, 10_998, 0...999, 1,
                .unclear("it was created about when the create was sent, by a clock that is not known well")
            ),
            (true, 9_999, 0...999, 1, .existing),
            (true, 10_000, nil, nil, .unclear("the server's clock is not known")),
            (false, 10_000, 0...10, 1, .existing),
        ] as [(Bool, Int64, ClosedRange<Int64>?, Int64?, Reconciliation.Decision)])
    func decides(
        isLost: Bool, createdOn: Int64, difference: ClosedRange<Int64>?, user: Int64?,
        expected: Reconciliation.Decision
    ) {
        let reconciliation = Reconciliation(
            hasLostAnswer: isLost, sentAt: 10_000, clock: Self.clock(difference), createdBy: user)
        let group = RewardGroup(id: 7, name: "Gold", createdBy: 1, createdOn: createdOn)
        #expect(reconciliation.decide(group) == expected)
    }

    @Test("each answer narrows what is known of the clock, and one that contradicts it begins anew")
    func clockNarrows() {
        var clock = ServerClock()
        // The server is 5,000 ms ahead. A Date of whole seconds, then a time in milliseconds.
        clock.saw(15_000, resolution: 999, sent: 10_700, answered: 10_720)
        #expect(clock.difference == 4_280...5_299)
        clock.saw(15_810, resolution: 1, sent: 10_800, answered: 10_815)
        #expect(clock.difference == 4_995...5_011)
        clock.saw(16_000, resolution: 999, sent: 10_900, answered: 11_001)
        #expect(clock.difference == 4_999...5_011)
        clock.saw(14_000, resolution: 999, sent: 10_990, answered: 11_001)
        #expect(clock.difference == 4_999...5_011, "a coarse time that contradicts says nothing: a Date may be late")
        clock.saw(99_000, resolution: 0, sent: 20_000, answered: 20_001)
        #expect(clock.difference == 78_999...79_000)
        clock.saw(5, resolution: 0, sent: 2, answered: 1)
        #expect(clock.difference == 78_999...79_000, "this machine's clock was set back in between")
    }
}
