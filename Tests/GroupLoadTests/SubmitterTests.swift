import GroupLoad
import TestSupport
import Testing

/// Drafts from the ledger to their outcomes, over a target that fails in one way at a time.
@Suite struct SubmitterTests {
    private static let names = (1...12).map { "G\($0)" }

    @Test("each draft is created once, and the ledger has its group") func creates() async throws {
        let run = try LedgerRun(names: Self.names)
        let result = try await run.load()
        #expect(result.error == nil && result.outcomes.allSatisfy { $0 == .created })
        let ids = Dictionary(uniqueKeysWithValues: run.server.groups.map { ($0.name, $0.id) })
        #expect(result.ids == Self.names.map { ids[$0] })
        #expect(run.count(.create) == 12 && run.count(.find) == 0 && run.progress.snapshot.retries == 0)
        #expect(result.ledger.metadata.requests == 13, "one asks whether the target is there")
    }

    @Test("a ledger that doesn't respond is told of, and so is that it does again; nothing is sent meanwhile")
    func silence() async throws {
        let run = try LedgerRun(names: Self.names, .with { $0.rate = RequestRate("60/min") })
        let calls = Recorder<Void>()
        let ledger = MemoryLedger(run.fresh().contents) {
            calls.add(())
            if calls.all.count == 40 { await run.environment.wait(for: .seconds(20)) } else { await Task.yield() }
        }
        let result = try await run.load(ledger)
        #expect(result.error == nil && result.outcomes.allSatisfy { $0 == .created })
        #expect(run.notes.all.filter { $0.contains("the ledger") }.map { $0.contains("again") } == [false, true])
        #expect(run.time.elapsed >= .seconds(25))
    }

    /// What the second create meets; how its record ends, how often it is sent and looked up, and how many groups there
    /// are.
    private static let faults: [(ModelServer.Fault, Outcome, creates: Int, finds: Int)] = [
        (.loseResponse, .confirmed, 12, 1), (.loseRequest, .created, 13, 1), (.unreachable, .created, 13, 0),
        (.refuse(400), .failed, 12, 0), (.refuse(404), .failed, 12, 0), (.refuse(413), .failed, 12, 0),
        (.refuse(429), .created, 13, 0), (.refuse(429, retryAfter: 2), .created, 13, 0),
        (.refuse(500), .created, 13, 1), (.refuse(503, retryAfter: 2), .created, 13, 1), (.page(502), .created, 13, 1),
        (.page(200), .created, 13, 1), (.page(302), .created, 13, 1), (.refuse(409), .unresolved, 12, 5),
        (.refuse(422), .unresolved, 12, 5), (.refuse(400, code: 12012), .unresolved, 12, 5),
        (.refuse(200, code: 12012), .unresolved, 12, 5), (.refuse(401), .created, 13, 0), (.page(403), .failed, 12, 0),
        (.refuse(408), .created, 13, 1), (.refuse(406), .created, 13, 1),
    ]

    @Test(
        "one create that fails is its record's alone, and is sent again only where it was not done", arguments: faults)
    func fault(fault: ModelServer.Fault, outcome: Outcome, creates: Int, finds: Int) async throws {
        let run = try LedgerRun(names: Self.names) { $0 == .create && $1 == 2 ? fault : nil }
        let result = try await run.load()
        #expect(run.stop.reason == nil && result.error == nil)
        var expected = [Outcome?](repeating: .created, count: 12)
        let struck = result.outcomes.firstIndex { $0 != .created }
        if outcome == .created { #expect(struck == nil) } else { expected[try #require(struck)] = outcome }
        #expect(result.outcomes == expected)
        #expect(run.server.groups.count == result.outcomes.count { $0 == .created || $0 == .confirmed })
        #expect(run.count(.create) == creates)
        // Groups of the run's own are looked up to judge what was lost.
        #expect(run.count(.find) >= finds && (outcome == .confirmed || run.count(.find) == finds))
    }

    @Test("what is lost each time is sent five times, each after a look-up, and is then unresolved") func lostForGood()
        async throws
    {
        let run = try LedgerRun(names: ["A"]) { operation, _ in operation == .create ? .loseRequest : nil }
        let result = try await run.load()
        #expect(result.outcomes == [.unresolved] && run.count(.create) == 5 && run.count(.find) == 5)
        #expect(result.ledger.outcomes[1]?.attempts == 5)
        #expect(run.stop.reason == nil)
    }

    @Test("a name that is there is existing with its id, and one that this run made is not") func taken() async throws {
        let groups = [ModelServer.Group(id: 40, name: "G3", rank: 9), ModelServer.Group(id: 41, name: "G5")]
        let run = try LedgerRun(names: Self.names, groups: groups)
        let result = try await run.load()
        #expect(result.outcomes[2] == .existing && result.ids[2] == 40)
        #expect(result.message(3).contains("rank on the server is 9"))
        #expect(result.outcomes[4] == .existing && result.ids[4] == 41 && result.message(5) == "")
        #expect(result.outcomes.count { $0 == .created } == 10 && run.count(.create) == 12)
    }

    @Test(
        "of a name that is there the policy decides",
        arguments: [
            (ExistingPolicy.skip, Outcome.existing, Int64?.some(9)), (.fail, .failed, 9), (.update, .updated, 3),
        ])
    func policy(policy: ExistingPolicy, outcome: Outcome, rank: Int64?) async throws {
        let run = try LedgerRun(
            [SimulatedWorld.Wanted(name: "Gold", rank: 3, isActive: true)],
            groups: [ModelServer.Group(id: 40, name: "Gold", rank: 9)], .with { $0.existing = policy })
        let result = try await run.load()
        #expect(result.outcomes == [outcome] && result.ids == [40])
        #expect(run.server.groups.map(\.rank) == [rank])
        #expect(run.count(.update) == (policy == .update ? 1 : 0))
    }

    @Test(
        "a name in another case is a name of its own, unless they are matched folded",
        arguments: [(NameMatch.exact, Outcome.created), (.folded, .existing)])
    func folded(match: NameMatch, outcome: Outcome) async throws {
        let run = try LedgerRun(
            names: ["gold"], groups: [ModelServer.Group(id: 40, name: "GOLD")],
            .with { ($0.nameMatch, $0.snapshot) = (match, .auto) })
        let result = try await run.load()
        #expect(result.outcomes == [outcome])
        #expect(run.count(.create) == (match == .exact ? 1 : 0))
    }

    @Test("groups that the list calls inactive are made, and then set so") func inactive() async throws {
        let wanted = (1...8).map { SimulatedWorld.Wanted(name: "G\($0)", rank: Int64($0), isActive: $0 % 2 == 0) }
        let run = try LedgerRun(wanted, .with { $0.existing = .update })
        let result = try await run.load()
        #expect(result.outcomes.allSatisfy { $0 == .created })
        let active = Dictionary(uniqueKeysWithValues: run.server.groups.map { ($0.name, $0.isActive) })
        #expect(wanted.allSatisfy { active[$0.name] == $0.isActive })
        #expect(run.server.groups.allSatisfy { "G\($0.rank ?? 0)" == $0.name })
        #expect(run.count(.update) == 4 && run.count(.get) == 4)
    }

    @Test("where activities don't count, nothing is set inactive") func activityIsLeft() async throws {
        let run = try LedgerRun([SimulatedWorld.Wanted(name: "A", rank: nil, isActive: false)])
        let result = try await run.load()
        #expect(result.outcomes == [.created] && run.server.groups.map(\.isActive) == [true] && run.count(.update) == 0)
    }

    @Test("a group whose change is refused stays created, and says that it is active still") func leftActive()
        async throws
    {
        let run = try LedgerRun(
            [SimulatedWorld.Wanted(name: "A", rank: nil, isActive: false)], .with { $0.existing = .update }
        ) { operation, _ in operation == .update ? .refuse(400) : nil }
        let result = try await run.load()
        #expect(result.outcomes == [.created] && run.server.groups.map(\.isActive) == [true])
        #expect(result.message(1).contains("could not be set inactive"))
        #expect(result.ledger.updates[1]?.update.made == .created, "it is left to be done")
    }
}

/// What stops a run, and what is left then.
@Suite struct SubmitterStopTests {
    private static let names = (1...40).map { "G\($0)" }

    @Test("more failures than are allowed stop it, and what was not sent is unprocessed", arguments: [0, 3])
    func tooManyErrors(limit: Int) async throws {
        let run = try LedgerRun(names: Self.names, .with { $0.errorLimit = .count(limit) }) { operation, number in
            operation == .create && number % 2 == 0 ? .refuse(400) : nil
        }
        let result = try await run.load()
        #expect(run.stop.reason?.code == .tooManyErrors)
        let counts = result.outcomes.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        // Those that were on their way have outcomes, too.
        #expect((limit + 1...limit + 5).contains(counts[.failed] ?? 0))
        #expect(counts[.unprocessed] ?? 0 > 20 && counts.values.reduce(0, +) == 40)
        #expect(run.server.groups.count == counts[.created])
    }

    @Test("creates that are refused alike stop it at the limit, though nobody knows yet whose fault it is")
    func heldErrors() async throws {
        let run = try LedgerRun(names: Self.names, .with { $0.errorLimit = .count(4) }) { operation, _ in
            operation == .create ? .refuse(400) : nil
        }
        let result = try await run.load()
        #expect(run.stop.reason?.code == .tooManyErrors)
        #expect((5...9).contains(result.outcomes.count { $0 == .failed }))
        #expect(run.count(.create) <= 9)
    }

    @Test("creates that are all refused in the API's own words are the records', while the list is given")
    func allRefused() async throws {
        let run = try LedgerRun(names: Self.names) { operation, _ in operation == .create ? .refuse(400) : nil }
        let result = try await run.load()
        #expect(run.stop.reason == nil && result.outcomes.allSatisfy { $0 == .failed })
        #expect(run.count(.create) == 40)
    }

    @Test("creates that are all refused by pages are nobody's fault", arguments: [404, 403, 410])
    func pages(status: Int) async throws {
        let run = try LedgerRun(names: Self.names) { operation, _ in operation == .create ? .page(status) : nil }
        let result = try await run.load()
        #expect(run.stop.reason?.status == .unusable)
        #expect(result.outcomes.allSatisfy { $0 == .unprocessed })
        #expect(run.count(.create) < 40 && run.server.groups.isEmpty)
    }

    @Test("a target that is gone is waited for half a minute, and nothing is failed for it") func unreachable()
        async throws
    {
        let run = try LedgerRun(names: Self.names) { operation, _ in operation == .create ? .unreachable : nil }
        let result = try await run.load()
        #expect(run.stop.reason?.status == .unusable && result.outcomes.allSatisfy { $0 == .unprocessed })
        #expect(run.time.elapsed >= .seconds(31) && run.time.elapsed < .seconds(60))
    }

    @Test("a target that fails at everything stops it; what may have been done is unresolved") func failing()
        async throws
    {
        let run = try LedgerRun(names: Self.names) { operation, number in
            operation == .list && number == 1 ? nil : .refuse(500)
        }
        let result = try await run.load()
        #expect(run.stop.reason?.code == .targetFailing)
        #expect(Set(result.outcomes) == [.unprocessed, .unresolved])
    }

    @Test(
        "a signal leaves what was not sent, and settles what was",
        arguments: [Status.interrupted, .terminated])
    func signal(status: Status) async throws {
        let run = try LedgerRun(names: Self.names, .with { $0.rate = RequestRate("60/min") }) { operation, number in
            operation == .create && number == 3 ? .loseResponse : nil
        }
        let result = try await run.load {
            await run.environment.wait(for: .milliseconds(3_300))
            run.stop.stop(.signal(status))
        }
        #expect(run.stop.reason?.status == status)
        let counts = result.outcomes.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        #expect((counts[.unprocessed] ?? 0) + run.server.groups.count == 40)
        #expect(counts[.unresolved] == nil && counts[.failed] == nil)
        // Its response was lost as the run stopped: too little is known to say that nobody else made it.
        #expect((counts[.present] ?? 0) + (counts[.confirmed] ?? 0) <= 1)
    }

    @Test("what doesn't come in the time that a stop leaves is unresolved, and the run ends") func drains() async throws
    {
        let run = try LedgerRun(names: ["A", "B"]) { operation, _ in operation == .find ? .loseResponse : nil }
        let result = try await run.load {
            await run.environment.wait(for: .milliseconds(1))
            run.stop.stop(.signal(.interrupted))
        }
        #expect(result.outcomes.allSatisfy { $0 == .unprocessed || $0 == .created })
        #expect(run.time.elapsed <= RunRequests.drainMax + .seconds(2))
    }
}

/// What the next process makes of what the one before has left.
@Suite struct SubmitterResumeTests {
    /// A ledger of a process that was killed after it had claimed all its drafts.
    private func killed(_ run: LedgerRun, _ body: (inout MemoryLedger.State) -> Void = { _ in }) -> MemoryLedger {
        var state = run.fresh().contents
        let now = run.environment.epochMilliseconds
        state.claims = [MemoryLedger.Claim(records: 1...Int64(state.records.count), claimedAt: now - 60_000)]
        state.metadata.aliveAt = now - 50_000
        body(&state)
        return MemoryLedger(state, pause: { await Task.yield() })
    }

    @Test("what was claimed is looked up before it is sent, and what is there is not sent again") func looksUp()
        async throws
    {
        let groups = [ModelServer.Group(id: 40, name: "B")]
        let run = try LedgerRun(
            ["A", "B", "C"].map { SimulatedWorld.Wanted(name: $0, rank: nil, isActive: true) }, groups: groups,
            age: 55_000)
        let result = try await run.load(killed(run))
        #expect(result.outcomes[0] == .created && result.outcomes[2] == .created && result.ids[1] == 40)
        // It was made while the first process may have sent it; two creates are too few to know the clock by.
        #expect(result.outcomes[1] == .present)
        #expect(run.count(.create) == 2 && run.server.groups.count == 3)
        let first = try #require(run.server.operations.firstIndex(of: .create))
        #expect(run.server.operations[..<first].contains(.find))
    }

    @Test(
        "what was there a day before the first process began is existing; hours before may be another node's clock",
        arguments: [(86_400_000, Outcome.existing), (7_200_000, .present)] as [(Int64, Outcome)])
    func older(age: Int64, outcome: Outcome) async throws {
        let names = (1...12).map { "G\($0)" }
        let run = try LedgerRun(
            names.map { SimulatedWorld.Wanted(name: $0, rank: nil, isActive: true) },
            groups: [ModelServer.Group(id: 40, name: "G4")], age: age)
        let result = try await run.load(killed(run))
        #expect(result.outcomes[3] == outcome && result.ids[3] == 40)
        #expect(result.outcomes.count { $0 == .created } == 11)
    }

    @Test("what has an outcome stays as it is, and isn't asked for") func settled() async throws {
        let run = try LedgerRun(names: ["A", "B", "C"])
        let ledger = killed(run) { state in
            state.outcomes[1] = MemoryLedger.StoredOutcome(outcome: .created, id: 7)
            state.outcomes[2] = MemoryLedger.StoredOutcome(outcome: .failed, http: 400)
            state.claims = [MemoryLedger.Claim(records: 1...2, claimedAt: 0)]
        }
        let result = try await run.load(ledger)
        #expect(result.outcomes == [.created, .failed, .created] && result.ids[0] == 7)
        #expect(run.count(.create) == 1 && run.count(.find) == 0)
    }

    @Test("a change that was sent is read first, and not made twice", arguments: [true, false])
    func update(isMade: Bool) async throws {
        let run = try LedgerRun(
            [SimulatedWorld.Wanted(name: "A", rank: 5, isActive: true)],
            groups: [ModelServer.Group(id: 7, name: "A", rank: isMade ? 5 : 1)], .with { $0.existing = .update })
        let ledger = killed(run) { state in
            let update = GroupUpdate(
                recordNumber: 1, id: 7, name: "A", from: GroupState(rank: 1, isActive: true),
                to: GroupState(rank: 5, isActive: true))
            state.updates[1] = (update, state.claims[0].claimedAt)
        }
        let result = try await run.load(ledger)
        #expect(result.outcomes == [.updated] && run.server.groups.map(\.rank) == [5])
        #expect(run.count(.update) == (isMade ? 0 : 1) && run.count(.create) == 0)
        #expect(run.server.operations.first { $0 == .get || $0 == .update } == .get)
    }
}
