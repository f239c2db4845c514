import Foundation
import GroupLoad
import RewardsClient
import TestSupport
import Testing

/// What each rule of pace says at its edge.
@Suite struct PaceEdgeTests {
    private static let info = ReplyInfo(http: 200, latency: .zero, requests: 1)

    /// How many requests a pacer lets go at one instant.
    private static func burst(_ pacer: inout Pacer, at now: MonotonicInstant) -> Int {
        var count = 0
        while count < 1_000, pacer.waits(now: now) == nil {
            pacer.sent(now: now)
            count += 1
        }
        return count
    }

    @Test(
        "what wasn't sent in time is not caught up with, but for 20 ms or one request",
        arguments: [("60/min", 2), ("10/s", 2), ("100/s", 3), ("1000/s", 21)])
    func catchesUp(rate: String, atOnce: Int) {
        let start = MonotonicInstant.now
        var pacer = Pacer(rate: RequestRate(rate), now: start)
        #expect(Self.burst(&pacer, at: start) >= 1)
        #expect(abs(Self.burst(&pacer, at: start.advanced(by: .seconds(10))) - atOnce) <= 1)
        #expect(abs(Self.burst(&pacer, at: start.advanced(by: .seconds(3_600))) - atOnce) <= 1)
    }

    @Test(
        "a cycle tells the allowance once it has ten calls",
        arguments: [(9, Double?.none), (10, 20), (30, 60)])
    func cycles(calls: Int, allowance: Double?) {
        let start = MonotonicInstant.now
        var (pacer, generator) = (Pacer(rate: nil, now: start), SeededGenerator(state: 1))
        pacer.granted(calls, now: start.advanced(by: .seconds(10)))
        pacer.throttled(retryAfter: .seconds(20), now: start.advanced(by: .seconds(10)), using: &generator)
        #expect(pacer.allowance.map { $0.rounded() } == allowance)
    }

    @Test("a later cycle may show less, and never more: it began behind a pause") func lower() {
        let start = MonotonicInstant.now
        var (pacer, generator) = (Pacer(rate: nil, now: start), SeededGenerator(state: 1))
        for (cycle, calls) in [60, 120, 30, 45].enumerated() {
            let now = start.advanced(by: .seconds(cycle * 60 + 30))
            pacer.granted(calls, now: now)
            pacer.throttled(retryAfter: .seconds(30), now: now, using: &generator)
            #expect(pacer.allowance?.rounded() == [60, 60, 30, 30][cycle])
        }
    }

    @Test(
        "a window of which more than half failed takes three tenths off; one that didn't says nothing",
        arguments: [(9, 7, 11), (16, 0, 11), (8, 8, 16), (1, 15, 16)])
    func windows(lost: Int, responded: Int, admitted: Int) {
        var limit = InFlightLimit(ceiling: 64, isFixed: false)
        // Never as many as may be, so that nothing rises.
        for _ in 0..<lost { limit.lost(underWay: 1) }
        for _ in 0..<responded { limit.responded(after: .milliseconds(1), underWay: 1) }
        #expect(limit.admitted == admitted)
    }

    @Test(
        "a lost create that named a group shows that the target does its part; a look-up that did doesn't",
        arguments: [true, false])
    func named(isCreate: Bool) {
        let loss = Loss(http: 500, reason: "m", group: RewardGroup(id: 7, name: "a"), info: Self.info)
        #expect(
            Breaker.Effect(Reply<Int>.lost(loss), isCreate: isCreate) == (isCreate ? .success : .trouble(.failing)))
    }

    @Test("successes fill the budget of retries: two for each") func refills() async {
        let time = VirtualTime()
        let gate = RequestGate(rate: nil, environment: time.environment(), stop: StopSwitch())
        await time.run {
            for _ in 0..<Int(RetryBudget.capacity) { await gate.pass(isRetry: true) }
            for _ in 0..<40 { gate.ended(Reply<Int>.succeeded(1, Self.info), isCreate: true) }
            for _ in 0..<20 { await gate.pass(isRetry: true) }
        }
        #expect(time.elapsed < .milliseconds(50))
    }

    @Test("token calls that a create cost count against the rate") func costs() async throws {
        let (time, stop) = (VirtualTime(), StopSwitch())
        let requests = RunRequests(
            gate: RequestGate(rate: RequestRate("60/min"), environment: time.environment(), stop: stop),
            facts: ServerFacts(), stop: stop, progress: RunProgress(), latency: LatencyHistogram())
        let info = ReplyInfo(http: 200, latency: .zero, requests: 3)
        await time.run {
            #expect(await requests.admitsRequest(0, nil))
            requests.learn(from: Reply<Int>.succeeded(1, info), isCreate: true)
            #expect(await requests.admitsRequest(0, nil))
        }
        #expect(time.elapsed == .seconds(3))
    }

    @Test("records that are invalid count to the limit as those that failed do", arguments: [(2, true), (1, false)])
    func invalid(count: Int, isStopped: Bool) {
        let (time, stop, progress) = (VirtualTime(), StopSwitch(), RunProgress())
        let requests = RunRequests(
            gate: RequestGate(rate: nil, environment: time.environment(), stop: stop), facts: ServerFacts(), stop: stop,
            progress: progress, latency: LatencyHistogram())
        progress.update { $0.outcomes[.invalid] = count }
        requests.count(1, .failed, .count(2))
        #expect((stop.reason?.code == .tooManyErrors) == isStopped)
    }

    @Test("a page that asks to wait holds all requests, not its own alone") func pagesPause() async throws {
        let (time, stop) = (VirtualTime(), StopSwitch())
        let environment = time.environment()
        let server = ModelServer(environment) { operation, number in
            number == 1 ? .refuse(503, retryAfter: 20) : nil
        }
        let requests = RunRequests(
            gate: RequestGate(rate: nil, environment: environment, stop: stop), facts: ServerFacts(), stop: stop,
            progress: RunProgress(), latency: LatencyHistogram())
        let reader = PageReader(client: try server.client(), requests: requests)
        let admitted = Recorder<Duration>()
        try await time.run {
            async let page = reader.page(ListQuery())
            await environment.wait(for: .seconds(1))
            _ = await requests.admitsRequest(0, nil)
            admitted.add(time.elapsed)
            _ = try await page
        }
        #expect(try #require(admitted.all.first) >= .seconds(20))
    }
}

/// What each rule of changes and policies says at its edge.
@Suite struct UpdateEdgeTests {
    private static let info = ReplyInfo(http: 200, latency: .zero, requests: 1)
    private static let from = GroupState(rank: 5, isActive: true)

    private static func update(keepsRank: Bool = false) -> GroupUpdate {
        var update = GroupUpdate(
            recordNumber: 1, id: 7, name: "Gold", from: from, to: GroupState(rank: 5, isActive: false))
        update.keepsRank = keepsRank
        return update
    }

    private static func group(rank: Int64? = 5, isActive: Bool = true) -> Reply<RewardGroup> {
        .succeeded(RewardGroup(id: 7, name: "Gold", rank: rank, isActive: isActive), info)
    }

    @Test(
        "a group that was changed since: left alone as it was before, failed under a plan, changed for a list",
        arguments: [
            (GroupUpdateRule.undo, Outcome?.some(.existing)), (.plan, .failed), (.override, nil),
        ])
    func rules(rule: GroupUpdateRule, outcome: Outcome?) {
        var course = GroupUpdateStateMachine(Self.update(), rule)
        switch course.read(Self.group(rank: 9)) {
        case .end(let ended, _): #expect(ended == outcome)
        case .change: #expect(outcome == nil && course.update.from == GroupState(rank: 9, isActive: true))
        case .read: Issue.record("read again")
        }
    }

    @Test("a rank that the list doesn't give is what it is found to be", arguments: [(true, 9), (false, 5)])
    func keepsRank(keeps: Bool, rank: Int64) {
        var course = GroupUpdateStateMachine(Self.update(keepsRank: keeps), .override)
        #expect(course.read(Self.group(rank: 9)) == .change)
        #expect(course.update.to == GroupState(rank: rank, isActive: false))
    }

    @Test("a change that was refused for the allowance may have been passed on before", arguments: [429, 401])
    func throttledChange(http: Int) {
        var course = GroupUpdateStateMachine(Self.update(), .undo)
        #expect(course.read(Self.group()) == .change)
        let refused = Reply<RewardGroup>.refused(
            Refusal(
                http: http, message: "no", isUnauthorized: http == 401, isThrottled: http == 429, info: Self.info))
        guard case .read = course.changed(refused) else { return #expect(Bool(false), "not read") }
        #expect(!course.mayHaveHappened)
        var stopped = course
        guard case .end(.unresolved, _) = stopped.stopped() else { return #expect(Bool(false), "resolved") }
        #expect(course.read(Self.group(isActive: false)) == .end(.updated, message: nil))
    }

    @Test(
        "fail refuses a group that was there, and not one that may be the run's own",
        arguments: [(Outcome.existing, Outcome.failed), (.present, .present), (.created, .created)])
    func fail(outcome: Outcome, expected: Outcome) {
        var ended = DraftOutcome(recordNumber: 1, outcome: outcome, endedAt: 1)
        ExistingRule(.fail).apply(
            to: &ended, Draft(recordNumber: 1, name: "Gold", rank: 5), RewardGroup(id: 7, name: "Gold", rank: 5),
            setsInactive: true, shown: { $0 })
        #expect(ended.outcome == expected && ended.update == nil)
    }

    @Test(
        "what the list calls inactive is set so once it is made or confirmed, and left where it is only present",
        arguments: [(Outcome.created, true), (.confirmed, true), (.present, false)])
    func inactive(outcome: Outcome, isSet: Bool) {
        var draft = Draft(recordNumber: 1, name: "Gold", rank: 5)
        draft.isInactive = true
        var ended = DraftOutcome(recordNumber: 1, outcome: outcome, endedAt: 1)
        ExistingRule(.update).apply(
            to: &ended, draft, RewardGroup(id: 7, name: "Gold", rank: 5), setsInactive: true, shown: { $0 })
        #expect(ended.update?.made == (isSet ? outcome : nil))
        #expect(ended.update?.to == (isSet ? GroupState(rank: 5, isActive: false) : nil))
        #expect(ended.message == (isSet ? nil : "it is to be rank 5, not active"))
    }
}

/// What a ledger counts, and takes back, where a later judgement took a group away.
@Suite("RunLedger: withdrawn claims") struct WithdrawnClaimTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("a group that isn't the run's after all isn't left active by it", arguments: LedgerStore.all)
    func stillActive(store: LedgerStore) async throws {
        let ledger = try await TestLedger(scratch, store, "name\na\nb\n").ledger
        for recordNumber in [1, 2] as [Int64] {
            var update = GroupUpdate(
                recordNumber: recordNumber, id: 100 + recordNumber, name: "n",
                from: GroupState(rank: nil, isActive: true),
                to: GroupState(rank: nil, isActive: false))
            update.made = .created
            var outcome = DraftOutcome.of(recordNumber, .created, id: 100 + recordNumber)
            outcome.update = update
            try await ledger.settle([outcome])
            try await ledger.settle([.of(recordNumber, .created, id: 100 + recordNumber)])
        }
        #expect(try await ledger.stillActiveCount() == 2)
        try await ledger.withdraw([(2, "record 1 has created the group")])
        #expect(try await ledger.stillActiveCount() == 1)
        let left = try await ledger.reversals(after: 0, limit: 9, withInactive: true, withPresent: true)
        #expect(left.map(\.recordNumber) == [1])
    }

    @Test(
        "a group that is only present is taken back where that is asked for, and it is active",
        arguments: LedgerStore.all)
    func present(store: LedgerStore) async throws {
        let ledger = try await TestLedger(scratch, store, "name\na\nb\n").ledger
        let outcomes = [1, 2].map { (recordNumber: Int64) -> DraftOutcome in
            let isActive = recordNumber == 1
            var outcome = DraftOutcome.of(recordNumber, .present, id: 10 + recordNumber)
            outcome.foundGroup = FoundGroup(
                recordNumber: recordNumber, id: 10 + recordNumber, name: "n",
                state: GroupState(rank: nil, isActive: isActive),
                createdOn: nil, createdBy: nil, place: .list, sent: 1...2)
            return outcome
        }
        try await ledger.settle(outcomes)
        try await ledger.judge([.of(1, .present, id: 11), .of(2, .present, id: 12)])
        func records(withPresent: Bool) async throws -> [Int64] {
            let found = try await ledger.reversals(
                after: 0, limit: 9, withInactive: false, withPresent: withPresent)
            return found.map(\.recordNumber)
        }
        #expect(try await records(withPresent: true) == [1])
        #expect(try await records(withPresent: false) == [])
    }
}
