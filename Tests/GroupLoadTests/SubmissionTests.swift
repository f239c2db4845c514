import GroupLoad
import RewardsClient
import Testing

/// The state machine of one draft, without a network.
@Suite struct SubmissionTests {
    private static let info = ReplyInfo(http: 200, latency: .zero, requests: 1)
    private static let draft = Draft(recordNumber: 1, name: "Gold", rank: 5)
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

    private func lookUp(_ submission: inout Submission, _ groups: [RewardGroup]) -> Submission.Action {
        submission.lookedUp(.succeeded(groups, Self.info), isSameName: { $0 == "Gold" })
    }

    private func lookUp(_ submission: inout Submission, refusedWith http: Int) -> Submission.Action {
        submission.lookedUp(Self.refused(http).map { [$0] }, isSameName: { $0 == "Gold" })
    }

    @Test func createsAtOnce() {
        var submission = Submission(Self.draft)
        #expect(
            submission.created(.succeeded(Self.group(), Self.info), sentAt: 1_000, endedAt: 1_100)
                == .end(.created, id: 7, message: nil))
    }

    @Test("a refusal is the draft's end, unless all are refused alike") func refusedPlainly() {
        var refused = Submission(Self.draft)
        #expect(
            refused.created(Self.refused(400, code: 400), sentAt: 1_000, endedAt: 1_100)
                == .refused(.api, message: "no"))
        #expect(refused.creates == 1 && !refused.mayExist)
    }

    @Test("a response with the beginning of the name is another's unless the list hasn't the name")
    func cutAnywhere() {
        let loss = Loss(http: 200, reason: "another's", group: Self.group("Go"), info: Self.info)
        var submission = Submission(Self.draft)
        #expect(
            submission.created(.lost(loss), sentAt: 1_000, endedAt: 1_100) == .lookUp(retries: 0, after: nil))
        var other = submission
        #expect(lookUp(&submission, []) == .judge(Self.group("Go"), .create))
        #expect(submission.finding(Self.group("Go"), .create, seenAt: 1_200).isNamed)
        #expect(lookUp(&other, [Self.group()]) == .judge(Self.group(), .list))
    }

    @Test("429 costs a draft nothing, however often it comes") func throttledForLong() {
        var submission = Submission(Self.draft)
        for _ in 1...1_000 {
            #expect(
                submission.created(Self.refused(429), sentAt: 1_000, endedAt: 1_100) == .create(retries: 1, after: nil))
        }
        #expect(
            submission.created(.succeeded(Self.group(), Self.info), sentAt: 1_000, endedAt: 1_100)
                == .end(.created, id: 7, message: nil))
        var lost = Submission(Self.draft)
        _ = lost.created(Self.lost, sentAt: 1_000, endedAt: 1_100)
        for _ in 1...1_000 { #expect(lookUp(&lost, refusedWith: 429) == .lookUp(retries: 1, after: nil)) }
    }

    @Test("429 may be said after the create was passed on: a refusal of the next one is looked up first")
    func throttledThenRefused() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.refused(429), sentAt: 1_000, endedAt: 1_100)
        #expect(
            submission.created(Self.refused(400, code: 9999), sentAt: 2_000, endedAt: 2_100)
                == .lookUp(retries: 0, after: nil))
        var (absent, unknown) = (submission, submission)
        #expect(lookUp(&submission, [Self.group()]) == .judge(Self.group(), .list))
        #expect(submission.finding(Self.group(), .list, seenAt: 2_200).sent.lowerBound == 1_000)
        #expect(lookUp(&absent, []) == .refused(.api, message: "no"))
        var last: Submission.Action?
        for _ in 1...Submission.lookUpsMax { last = lookUp(&unknown, refusedWith: 500) }
        guard case .end(.unresolved, _, _) = last else {
            Issue.record("it can't be told whether the first was carried out: \(String(describing: last))")
            return
        }
    }

    @Test("what was cancelled before it was sent costs no create, and is sent again") func cancelled() {
        let cancelled = Reply<RewardGroup>.unsent(
            TransportFailure(delivery: .nothingSent, kind: .cancelled, message: "cancelled"))
        var submission = Submission(Self.draft)
        for _ in 0...Submission.createsMax {
            #expect(
                submission.created(cancelled, sentAt: 1_000, endedAt: 1_100) == .create(retries: 0, after: nil))
        }
        #expect(submission.creates == 0 && !submission.mayExist)
        _ = submission.created(Self.lost, sentAt: 1_000, endedAt: 1_100)
        #expect(lookUp(&submission, []) == .create(retries: 1, after: nil))
        #expect(submission.created(cancelled, sentAt: 2_000, endedAt: 2_100) == .create(retries: 1, after: nil))
    }

    @Test(
        "refused credentials and no connection are the target's state: they cost no creates, but have a bound too",
        arguments: [401, nil])
    func setbacks(http: Int?) {
        let reply = http.map { Self.refused($0) } ?? Self.unsent
        var submission = Submission(Self.draft)
        for retries in 1...Submission.setbacksMax {
            #expect(
                submission.created(reply, sentAt: 1_000, endedAt: 1_100) == .create(retries: retries, after: nil))
        }
        guard case .refused = submission.created(reply, sentAt: 1_000, endedAt: 1_100) else {
            return #expect(http == nil)
        }
        #expect(http == 401)
        var lost = Submission(Self.draft)
        _ = lost.created(Self.lost, sentAt: 1_000, endedAt: 1_100)
        for _ in 1...Submission.setbacksMax { _ = lookUp(&lost, refusedWith: 401) }
        for retries in 1..<Submission.lookUpsMax {
            #expect(lookUp(&lost, refusedWith: 401) == .lookUp(retries: retries, after: nil))
        }
        guard case .end(.unresolved, nil, _) = lookUp(&lost, refusedWith: 401) else { return #expect(Bool(false)) }
    }

    @Test("12012 on a retry is in doubt, whatever the response to the first was", arguments: [429, 401, nil])
    func takenOnRetry(first: Int?) {
        var submission = Submission(Self.draft)
        _ = submission.created(first.map { Self.refused($0) } ?? Self.lost, sentAt: 1_000, endedAt: 1_100)
        if first == nil { _ = lookUp(&submission, []) }
        _ = submission.created(Self.refused(400, code: 12012), sentAt: 2_000, endedAt: 2_100)
        #expect(submission.mayExist)
        #expect(lookUp(&submission, [Self.group()]) == .judge(Self.group(), .list))
        let finding = submission.finding(Self.group(), .list, seenAt: 2_200)
        #expect(finding.sent == 1_000...2_200)
    }

    @Test("a create whose response has a group of an age that contradicts it is judged") func oldGroup() {
        var submission = Submission(Self.draft)
        let reply = Reply<RewardGroup>.succeeded(Self.group(), Self.info)
        #expect(
            submission.created(reply, sentAt: 1_000, endedAt: 1_100, isPlain: false) == .judge(Self.group(), .create))
        #expect(submission.finding(Self.group(), .create, seenAt: 1_100).sent == 1_000...1_100)
    }

    @Test("a redirect is looked up; twice redirected and not there is refused, once a list that lags would have it")
    func redirected() {
        let redirect = Reply<RewardGroup>.lost(Loss(http: 302, reason: "elsewhere", info: Self.info))
        var submission = Submission(Self.draft)
        #expect(submission.created(redirect, sentAt: 1_000, endedAt: 1_100) == .lookUp(retries: 0, after: nil))
        #expect(lookUp(&submission, []) == .create(retries: 1, after: nil))
        #expect(submission.created(redirect, sentAt: 1_000, endedAt: 1_100) == .lookUp(retries: 0, after: nil))
        for retries in 1..<Submission.lookUpsMax {
            #expect(lookUp(&submission, []) == .lookUp(retries: retries, after: .seconds(1)))
        }
        #expect(lookUp(&submission, []) == .refused(.redirect, message: "elsewhere"))
    }

    @Test("a draft that was in doubt has its claim's window") func inDoubt() {
        var submission = Submission(Draft(recordNumber: 1, name: "Gold", rank: 5, doubt: 500...9_000))
        #expect(submission.begin() == .lookUp(retries: 0, after: nil))
        #expect(lookUp(&submission, [Self.group()]) == .judge(Self.group(), .list))
        #expect(submission.finding(Self.group(), .list, seenAt: 20_000).sent == 500...9_000)
    }

    @Test("what was never sent is no attempt") func unsentIsNoAttempt() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.unsent, sentAt: 1_000, endedAt: 1_100)
        #expect(submission.creates == 0)
        #expect(
            submission.created(.succeeded(Self.group(), Self.info), sentAt: 1_000, endedAt: 1_100)
                == .end(.created, id: 7, message: nil))
        #expect(submission.creates == 1)
    }

    @Test("a look-up that fails doesn't make forget that the name is taken") func remembersTaken() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.refused(400, code: 12012), sentAt: 1_000, endedAt: 1_100)
        #expect(lookUp(&submission, refusedWith: 500) == .lookUp(retries: 1, after: nil))
        #expect(submission.code == 12012 && submission.http == 400)
        #expect(lookUp(&submission, [Self.group("GOLD")]) == .judge(Self.group("GOLD"), .list))
    }

    @Test("after a lost response nothing is sent before a look-up, and what it finds is judged")
    func looksUpWhatWasLost() {
        var submission = Submission(Self.draft)
        #expect(submission.created(Self.lost, sentAt: 1_000, endedAt: 1_100) == .lookUp(retries: 0, after: nil))
        #expect(submission.mayExist)
        #expect(lookUp(&submission, [Self.group()]) == .judge(Self.group(), .list))
    }

    @Test("what was lost and is not there is sent again; lost each time, it is unresolved")
    func sendsAgain() {
        var submission = Submission(Self.draft)
        for retries in 1..<Submission.createsMax {
            #expect(submission.created(Self.lost, sentAt: 1_000, endedAt: 1_100) == .lookUp(retries: 0, after: nil))
            #expect(lookUp(&submission, []) == .create(retries: retries, after: nil))
        }
        #expect(submission.created(Self.lost, sentAt: 1_000, endedAt: 1_100) == .lookUp(retries: 0, after: nil))
        guard case .end(.unresolved, nil, _) = lookUp(&submission, []) else { return #expect(Bool(false)) }
    }

    @Test("a refusal of the repeat does not say what became of the first")
    func refusedRepeat() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.lost, sentAt: 1_000, endedAt: 1_100)
        _ = lookUp(&submission, [])
        #expect(
            submission.created(Self.refused(400, code: 400), sentAt: 1_000, endedAt: 1_100)
                == .lookUp(retries: 0, after: nil))
    }

    @Test("12012 is existing with its id, and differences are noted")
    func notesDifferences() {
        var submission = Submission(Self.draft)
        #expect(
            submission.created(Self.refused(400, code: 12012), sentAt: 1_000, endedAt: 1_100)
                == .lookUp(retries: 0, after: nil))
        #expect(!submission.mayExist)
        let group = Self.group(rank: 9, isActive: false)
        #expect(lookUp(&submission, [group]) == .judge(group, .list))
        #expect(submission.finding(group, .list, seenAt: 2_000).isTaken)
        var outcome = DraftOutcome(recordNumber: 1, outcome: .existing, endedAt: 2_000)
        ExistingRule(.skip).apply(to: &outcome, Self.draft, group, setsInactive: false, shown: { $0 })
        #expect(outcome.message == "rank on the server is 9; the group is not active")
    }

    @Test("12012 for a name that differs when not folded is failed, and says so")
    func tellsAnotherSpelling() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.refused(400, code: 12012), sentAt: 1_000, endedAt: 1_100)
        #expect(lookUp(&submission, [Self.group("GOLD")]) == .judge(Self.group("GOLD"), .list))
        let failed = DraftOutcome(recordNumber: 1, outcome: .present, endedAt: 2_000).taken(
            by: Self.group("GOLD"), shown: { $0 })
        #expect(failed.outcome == .failed && failed.message?.contains("--name-match folded") == true)
    }

    @Test("12012 to a retry: a list that has another spelling alone may lag behind the record's own group")
    func ownBesideAnotherSpelling() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.lost, sentAt: 1_000, endedAt: 1_100)
        _ = lookUp(&submission, [])
        _ = submission.created(Self.refused(400, code: 12012), sentAt: 2_000, endedAt: 2_100)
        var (lagging, never) = (submission, submission)
        #expect(lookUp(&lagging, [Self.group("GOLD")]) == .lookUp(retries: 1, after: .seconds(1)))
        #expect(lookUp(&lagging, [Self.group("GOLD"), Self.group()]) == .judge(Self.group(), .list))
        for _ in 1..<Submission.lookUpsMax { _ = lookUp(&never, [Self.group("GOLD")]) }
        #expect(lookUp(&never, [Self.group("GOLD")]) == .judge(Self.group("GOLD"), .list))
    }

    @Test("12012 for a name that is never found ends within the budget")
    func givesUpLooking() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.refused(400, code: 12012), sentAt: 1_000, endedAt: 1_100)
        for retries in 1..<Submission.lookUpsMax {
            #expect(lookUp(&submission, []) == .lookUp(retries: retries, after: nil))
        }
        guard case .end(.unresolved, nil, _) = lookUp(&submission, []) else { return #expect(Bool(false)) }
    }

    @Test("a stop leaves unprocessed what was not sent, and unresolved what was lost")
    func stops() {
        var submission = Submission(Self.draft)
        var unsent = submission
        guard case .end(.unprocessed, nil, _) = unsent.stopped() else { return #expect(Bool(false)) }
        _ = submission.created(Self.lost, sentAt: 1_000, endedAt: 1_100)
        guard case .end(.unresolved, nil, _) = submission.stopped() else { return #expect(Bool(false)) }
    }

    @Test("one that was refused for the allowance may have been passed on before: a stop leaves it unresolved")
    func stopsThrottled() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.refused(429), sentAt: 1_000, endedAt: 1_100)
        guard case .end(.unresolved, nil, let message) = submission.stopped() else { return #expect(Bool(false)) }
        #expect(message?.contains("allowance") == true)
    }

    @Test("one whose name is taken is unresolved where the run stops before its group was looked up")
    func stopsTaken() {
        var submission = Submission(Self.draft)
        _ = submission.created(Self.refused(400, code: 12012), sentAt: 1_000, endedAt: 1_100)
        guard case .end(.unresolved, nil, let message) = submission.stopped() else { return #expect(Bool(false)) }
        #expect(message?.contains("taken") == true)
    }

    @Test("403 may be for what the request says, so that it isn't sent again as one that 401 refuses")
    func forbidden() {
        let reply = Reply<RewardGroup>.refused(
            Refusal(http: 403, message: "no", isUnauthorized: true, form: .page, info: Self.forbiddenInfo))
        var submission = Submission(Self.draft)
        #expect(submission.created(reply, sentAt: 1_000, endedAt: 1_100) == .refused(.page, message: "no"))
        var other = Submission(Self.draft)
        #expect(other.created(Self.refused(401), sentAt: 1_000, endedAt: 1_100) == .create(retries: 1, after: nil))
    }

    private static let forbiddenInfo = ReplyInfo(http: 403, latency: .zero, requests: 1)

    @Test("a create may have been carried out until a request's longest time after it was given up") func window() {
        var submission = Submission(Self.draft, requestMax: .seconds(30))
        _ = submission.created(Self.lost, sentAt: 1_000, endedAt: 16_000)
        #expect(submission.sent == 1_000...46_000)
        _ = lookUp(&submission, [])
        _ = submission.created(Self.lost, sentAt: 20_000, endedAt: 21_000)
        #expect(submission.sent == 1_000...51_000)
        let finding = submission.finding(Self.group(), .list, seenAt: 60_000)
        #expect(finding.sent == 1_000...51_000)
        #expect(finding.sureFrom == 20_000, "what the look-up didn't find was made since")
        #expect(submission.finding(Self.group(), .list, seenAt: 30_000).sent == 1_000...30_000)
    }

    @Test("a draft that is given back is in doubt for as long as a create of it may be carried out, if there was one")
    func givenBack() {
        #expect(Submission(Self.draft).returned == Self.draft)
        for (reply, isInDoubt) in [
            (Self.unsent, false), (Self.lost, true), (Self.refused(429), true), (Self.refused(400, code: 12012), false),
        ] {
            var submission = Submission(Self.draft, requestMax: .seconds(30))
            _ = submission.created(reply, sentAt: 1_000, endedAt: 2_000)
            #expect(submission.returned.doubt == (isInDoubt ? 1_000...32_000 : nil), "\(reply)")
        }
        var doubtful = Self.draft
        doubtful.doubt = 500...900
        #expect(Submission(doubtful).returned == doubtful)
    }
}
