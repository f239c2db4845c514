import GroupLoad
import RewardsClient
import TestSupport
import Testing

/// Changes to groups, from the decision to the outcome, over a target that fails in one way at a time.
@Suite struct UpdaterTests {
    private static let wanted = (1...6).map { number in
        SimulatedWorld.Wanted(name: "G\(number)", rank: Int64(number), isActive: number != 6)
    }
    private static let groups = (1...6).map { number in
        ModelServer.Group(id: Int64(number), name: "G\(number)", rank: number == 5 ? 5 : 50)
    }

    private func run(
        scene: Scene = Scene(), _ kept: RunConfiguration = .with(),
        fault: @escaping LedgerRun.Fault = { _, _ in nil }
    ) throws -> LedgerRun {
        var kept = kept
        (kept.existing, kept.snapshot) = (.update, .always)
        return try LedgerRun(Self.wanted, groups: Self.groups, scene: scene, kept, fault: fault)
    }

    @Test("what differs is changed, and nothing else is") func updates() async throws {
        let run = try run()
        let result = try await run.load()
        #expect(result.outcomes == [.updated, .updated, .updated, .updated, .existing, .updated])
        #expect(run.server.groups.map(\.rank) == [1, 2, 3, 4, 5, 6])
        #expect(run.server.groups.map(\.isActive) == [true, true, true, true, true, false])
        #expect(run.count(.update) == 5 && run.count(.get) == 5 && run.count(.create) == 0)
    }

    /// What the second change meets; how its record ends, and how many changes and readings there are.
    private static let faults: [(ModelServer.Fault, Outcome, updates: Int, gets: Int)] = [
        (.loseResponse, .updated, 5, 6), (.loseRequest, .updated, 6, 6), (.unreachable, .updated, 6, 6),
        (.refuse(429), .updated, 6, 6), (.refuse(429, retryAfter: 3), .updated, 6, 6), (.refuse(400), .failed, 5, 5),
        (.refuse(404), .failed, 5, 5), (.refuse(409), .failed, 5, 5), (.refuse(500), .updated, 6, 6),
        (.refuse(503, retryAfter: 3), .updated, 6, 6), (.page(502), .updated, 6, 6), (.page(200), .updated, 6, 6),
        (.page(302), .updated, 6, 6), (.refuse(401), .updated, 6, 6), (.refuse(403), .updated, 6, 6),
    ]

    @Test("a change of which nobody knows whether it was made is read before it is made again", arguments: faults)
    func fault(fault: ModelServer.Fault, outcome: Outcome, updates: Int, gets: Int) async throws {
        let run = try run { $0 == .update && $1 == 2 ? fault : nil }
        let result = try await run.load()
        #expect(run.stop.reason == nil && result.error == nil)
        #expect(run.count(.update) == updates && run.count(.get) == gets)
        #expect(result.outcomes.count { $0 == .updated } == (outcome == .updated ? 5 : 4))
        #expect(result.outcomes.count { $0 == outcome } == (outcome == .updated ? 5 : 1))
        if outcome == .updated { #expect(run.server.groups.map(\.rank) == [1, 2, 3, 4, 5, 6]) }
    }

    @Test("a change that is always forbidden, as by a firewall, costs its tries, and no other record") func firewall()
        async throws
    {
        let last = 1 + GroupUpdateStateMachine.changesMax
        let run = try run(.with { $0.concurrency = 1 }) { operation, number in
            operation == .update && (2...last).contains(number) ? .refuse(403) : nil
        }
        let result = try await run.load()
        #expect(result.outcomes == [.updated, .failed, .updated, .updated, .existing, .updated])
        #expect(run.count(.update) == 4 + GroupUpdateStateMachine.changesMax && run.stop.reason == nil)
    }

    @Test("changes that are all forbidden stop the run, and what is left stays unprocessed") func forbidden()
        async throws
    {
        let wanted = (1...14).map { SimulatedWorld.Wanted(name: "G\($0)", rank: Int64($0), isActive: true) }
        let groups = (1...14).map { ModelServer.Group(id: Int64($0), name: "G\($0)", rank: 50) }
        let kept = RunConfiguration.with { ($0.existing, $0.snapshot, $0.concurrency) = (.update, .always, 1) }
        let run = try LedgerRun(wanted, groups: groups, kept) { operation, _ in
            operation == .update ? .refuse(403) : nil
        }
        let result = try await run.load()
        #expect(run.stop.reason?.status == .unusable)
        #expect(result.outcomes.prefix(10).allSatisfy { $0 == .failed })
        #expect(result.outcomes.suffix(4).allSatisfy { $0 == .unprocessed })
        #expect(run.count(.update) == 10 * GroupUpdateStateMachine.changesMax)
    }

    /// What the second reading meets.
    private static let readFaults: [(ModelServer.Fault, Outcome, gets: Int)] = [
        (.loseResponse, .updated, 6), (.unreachable, .updated, 6), (.refuse(500), .updated, 6),
        (.refuse(429), .updated, 6), (.page(200), .updated, 6), (.refuse(404), .failed, 5), (.refuse(400), .failed, 5),
        (.refuse(401), .updated, 6),
    ]

    @Test("a reading that fails is read again, unless the group is refused", arguments: readFaults)
    func reading(fault: ModelServer.Fault, outcome: Outcome, gets: Int) async throws {
        let run = try run { $0 == .get && $1 == 2 ? fault : nil }
        let result = try await run.load()
        #expect(run.count(.get) == gets && run.count(.update) == (outcome == .updated ? 5 : 4))
        #expect(result.outcomes.count { $0 == outcome } == (outcome == .updated ? 5 : 1))
    }

    @Test("more failures than are allowed stop it") func errorLimit() async throws {
        let run = try run(.with { ($0.errorLimit, $0.concurrency) = (.count(1), 1) }) { operation, _ in
            operation == .update ? .refuse(400) : nil
        }
        let result = try await run.load()
        #expect(run.stop.reason?.code == .tooManyErrors)
        #expect(result.outcomes.count { $0 == .failed } == 2 && run.count(.update) == 2)
        #expect(result.outcomes.count { $0 == .unprocessed } == 3)
    }

    @Test("a stop between a group's reading and its change leaves it as it is") func stopsBeforeChange() async throws {
        let scene = Scene()
        let run = try run(scene: scene, .with { $0.concurrency = 1 }) { operation, number in
            if operation == .get, number == 3 { scene.stop.stop(.signal(.interrupted)) }
            return nil
        }
        let result = try await run.load()
        #expect(run.count(.update) == 2 && run.server.groups.map(\.rank) == [1, 2, 50, 50, 5, 50])
        #expect(result.outcomes == [.updated, .updated, .unprocessed, .unprocessed, .existing, .unprocessed])
    }

    @Test("what was sent when the run was asked to stop is settled") func stopsAfterChange() async throws {
        let scene = Scene()
        let run = try run(scene: scene, .with { $0.concurrency = 1 }) { operation, number in
            guard operation == .update, number == 2 else { return nil }
            scene.stop.stop(.signal(.interrupted))
            return .loseResponse
        }
        let result = try await run.load()
        #expect(result.outcomes[1] == .updated && run.count(.update) == 2)
        #expect(result.outcomes[2] == .unprocessed)
    }

    @Test("a group that is read a second ago or more is read again before it is changed") func staleReading()
        async throws
    {
        let run = try run(.with { $0.concurrency = 1 })
        // Each change of the ledger takes 1.2 s of virtual time.
        let slow = MemoryLedger(run.fresh().contents, pause: { await run.environment.wait(for: .milliseconds(600)) })
        let result = try await run.load(slow)
        #expect(result.outcomes.count { $0 == .updated } == 5 && run.count(.update) == 5)
        // As often as it may be: where the ledger is always slow, it is changed in the end.
        #expect(run.count(.get) == 5 * (1 + GroupUpdateStateMachine.readingsMax))
    }

    @Test("what somebody changed while the run was going on is overridden, but not another name") func override()
        async throws
    {
        let scene = Scene()
        let run = try run(scene: scene, .with { $0.concurrency = 1 }) { operation, number in
            guard operation == .get, number == 1 else { return nil }
            scene.server?.change(1) { $0.rank = 77 }
            scene.server?.change(2) { $0.name = "Other" }
            return nil
        }
        let result = try await run.load()
        #expect(result.outcomes[0] == .updated && result.outcomes[1] == .failed)
        #expect(run.server.groups.map(\.rank) == [1, 50, 3, 4, 5, 6])
        #expect(result.message(2).contains("\"Other\""))
    }

    @Test("a turn that was taken for a change which isn't made is given back") func givesBack() async throws {
        let run = try run(.with { $0.rate = RequestRate("60/min") }) { operation, _ in
            operation == .get ? .refuse(404) : nil
        }
        let result = try await run.load()
        #expect(result.outcomes.count { $0 == .failed } == 5 && run.count(.get) == 5)
        // A second for each request: one that looks whether the target is there, one page, five readings.
        #expect(run.time.elapsed < .seconds(8))
    }

    @Test("a rate counts readings and changes alike") func rate() async throws {
        let run = try run(.with { $0.rate = RequestRate("60/min") })
        _ = try await run.load()
        #expect(run.server.operations.count == 12)
        #expect(run.time.elapsed >= .seconds(10) && run.time.elapsed <= .seconds(13))
    }

    @Test("a ledger that fails stops the changes, and what was sent and can't be recorded is shown") func ledger()
        async throws
    {
        let scene = Scene()
        let run = try run(scene: scene, .with { $0.concurrency = 1 })
        let ledger = run.fresh()
        let failing = try LedgerRun(
            Self.wanted, groups: Self.groups, scene: scene,
            .with { ($0.existing, $0.snapshot, $0.concurrency) = (.update, .always, 1) }
        ) { operation, number in
            if operation == .update, number == 2 { ledger.cut() }
            return nil
        }
        await #expect(throws: (any Error).self) { _ = try await failing.load(ledger) }
        #expect(failing.stop.reason?.status == .unusable && failing.count(.update) == 2)
        #expect(failing.notes.all.contains { $0.contains("record 2: updated") })
        #expect(ledger.contents.outcomes[2] == nil && ledger.contents.updates[2]?.sentAt != nil)
    }
}

/// The target's list beforehand: when it is read, and what is decided by it.
@Suite struct ComparisonStageTests {
    private static func wanted(_ count: Int) -> [SimulatedWorld.Wanted] {
        (1...count).map { SimulatedWorld.Wanted(name: "G\($0)", rank: nil, isActive: true) }
    }

    @Test(
        "the list is read where it spares requests, where it must be, and never else",
        arguments: [
            (SnapshotUse.auto, 9, 1), (.auto, 10, 2), (.always, 1, 2), (.never, 40, 1),
        ])
    func isRead(use: SnapshotUse, drafts: Int, lists: Int) async throws {
        let run = try LedgerRun(
            Self.wanted(drafts), groups: [ModelServer.Group(id: 70, name: "G1")], .with { $0.snapshot = use })
        let result = try await run.load()
        #expect(run.count(.list) == lists && result.outcomes[0] == .existing)
        #expect(run.count(.create) == (lists == 2 ? drafts - 1 : drafts))
    }

    @Test("a list that is longer than the drafts are many isn't read") func isTooLong() async throws {
        let groups = (1...40).map { ModelServer.Group(id: Int64($0), name: "T\($0)") }
        let run = try LedgerRun(Self.wanted(12), groups: groups, pageSizeMax: 1, .with { $0.snapshot = .auto })
        let result = try await run.load()
        #expect(run.count(.list) == 2 && result.outcomes.allSatisfy { $0 == .created })
    }

    @Test("a list that can't be read is done without, unless it must be read", arguments: [SnapshotUse.auto, .always])
    func isUnreadable(use: SnapshotUse) async throws {
        let run = try LedgerRun(Self.wanted(12), .with { $0.snapshot = use }) { operation, number in
            operation == .list && number > 1 ? .refuse(404) : nil
        }
        let result = try await run.load()
        #expect(result.error == (use == .auto ? nil : .listUnreadable))
        #expect(run.server.groups.count == (use == .auto ? 12 : 0))
        #expect(run.notes.all.count { $0.contains("can't be used") } == (use == .auto ? 1 : 0))
    }

    @Test("the very name counts before one that is only the same when folded") func exactFirst() async throws {
        let groups = [ModelServer.Group(id: 1, name: "GOLD"), ModelServer.Group(id: 2, name: "gold")]
        let run = try LedgerRun(
            names: ["gold", "Silver"], groups: groups,
            .with {
                ($0.nameMatch, $0.snapshot) = (.folded, .always)
            })
        let result = try await run.load()
        #expect(result.outcomes == [.existing, .created] && result.ids[0] == 2)
    }

    @Test("what a process decided before it was killed is decided anew") func decidesAnew() async throws {
        let run = try LedgerRun(Self.wanted(3), .with { $0.snapshot = .always })
        var state = run.fresh().contents
        state.outcomes[1] = MemoryLedger.StoredOutcome(outcome: .existing, id: 99)
        state.updates[2] = (
            GroupUpdate(
                recordNumber: 2, id: 98, name: "G2", from: GroupState(rank: 1, isActive: true),
                to: GroupState(rank: nil, isActive: true)), nil
        )
        let result = try await run.load(MemoryLedger(state, pause: { await Task.yield() }))
        #expect(result.outcomes == [.created, .created, .created] && run.count(.get) == 0)
    }

    @Test(
        "an activity that the list gives counts as a rank does",
        arguments: [(true, false, Outcome.updated), (false, true, .updated), (true, true, .existing)])
    func activity(isActive: Bool, wants: Bool, outcome: Outcome) async throws {
        let run = try LedgerRun(
            [SimulatedWorld.Wanted(name: "A", rank: nil, isActive: wants)],
            groups: [ModelServer.Group(id: 1, name: "A", isActive: isActive)],
            .with { ($0.existing, $0.snapshot) = (.update, .always) })
        let result = try await run.load()
        #expect(result.outcomes == [outcome] && run.server.groups.map(\.isActive) == [wants])
    }

    @Test(
        "groups that no record names are set inactive, within the limit",
        arguments: [(ErrorLimit.count(2), Bool(true)), (.count(1), false), (.percent(50), true), (.percent(49), false)])
    func missing(limit: ErrorLimit, isDone: Bool) async throws {
        let groups = [
            ModelServer.Group(id: 1, name: "G1"), ModelServer.Group(id: 2, name: "G2"),
            ModelServer.Group(id: 3, name: "Old"), ModelServer.Group(id: 4, name: "Older"),
            ModelServer.Group(id: 5, name: "Gone", isActive: false),
        ]
        let run = try LedgerRun(
            Self.wanted(2), groups: groups,
            .with {
                ($0.deactivatesMissing, $0.deactivateLimit) = (true, limit)
            })
        let result = try await run.load()
        #expect(result.error == (isDone ? nil : .tooManyMissing))
        #expect(run.server.groups.map(\.isActive) == [true, true, !isDone, !isDone, false])
        #expect(run.count(.update) == (isDone ? 2 : 0))
    }
}
