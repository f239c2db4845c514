import GroupLoad
import RewardsClient
import TestSupport
import Testing

/// Who made the groups that were found after a lost response: what the run knows and asks, in whole runs.
@Suite struct ProvenanceJudgeTests {
    private static func wanted(_ count: Int, _ name: (Int) -> String = { "G\($0)" }) -> [SimulatedWorld.Wanted] {
        (1...count).map { SimulatedWorld.Wanted(name: name($0), rank: Int64($0), isActive: true) }
    }

    @Test(
        "what was lost among many plain creates is confirmed, unless the target's clock is far off and no Date says so",
        arguments: [
            (0, Outcome.confirmed), (1_500, .confirmed), (-1_500, .confirmed), (10_800_000, .present),
            (-86_400_000, .present),
        ] as [(Int64, Outcome)])
    func confirmed(skew: Int64, outcome: Outcome) async throws {
        let run = try LedgerRun(Self.wanted(24), skew: skew, .with { $0.concurrency = 1 }) { operation, number in
            operation == .create && number == 12 ? .loseResponse : nil
        }
        let result = try await run.load()
        #expect(result.outcomes.count { $0 == .created } == 23 && result.outcomes[11] == outcome)
        #expect(run.server.groups.count == 24)
    }

    @Test("a group that somebody else made while the create was under way is only present") func somebodyElse()
        async throws
    {
        let scene = Scene()
        let run = try LedgerRun(Self.wanted(24), scene: scene, .with { $0.concurrency = 1 }) { operation, number in
            guard operation == .create, number == 12 else { return nil }
            // The run's own request never arrives.
            scene.add("G12", rank: 99)
            return .loseRequest
        }
        let result = try await run.load()
        #expect(result.outcomes[11] == .present && result.message(12).contains("another rank"))
        #expect(result.ids[11] == run.server.groups.first { $0.name == "G12" }?.id)
    }

    @Test("a group that somebody else made since the run began, and before its create was sent, was there before")
    func madeMeanwhile() async throws {
        let scene = Scene()
        let run = try LedgerRun(Self.wanted(24), scene: scene, .with { $0.concurrency = 1 }) { operation, number in
            if operation == .create, number == 12 { scene.add("G20", rank: 99) }
            return nil
        }
        let result = try await run.load()
        #expect(result.outcomes[19] == .existing && result.outcomes.count { $0 == .created } == 23)
    }

    @Test(
        "a young group of another case isn't the record's, by a target that keeps every case; looking again shows so",
        arguments: [
            (false, false, false, Outcome.failed), (false, false, true, .failed), (true, false, false, .present),
            (false, true, false, .present),
        ])
    func otherCase(isLagging: Bool, altersNames: Bool, isLost: Bool, outcome: Outcome) async throws {
        let scene = Scene()
        let run = try LedgerRun(
            Self.wanted(24), groups: [ModelServer.Group(id: 1, name: "g12")], age: 48_000, scene: scene,
            .with { $0.concurrency = 1 }
        ) { operation, number in
            // The record's own group isn't in the list the first time.
            if isLagging, operation == .find, number == 2 { scene.add("G12", rank: 12) }
            if isLost, operation == .find, number == 2 { return .loseResponse }
            return operation == .create && number == 12 ? .refuse(409, code: 12012) : nil
        }
        if altersNames { run.server.behave { $0.keptName = { $0 == "G3" ? "g3" : $0 } } }
        let result = try await run.load()
        #expect(result.outcomes[11] == outcome)
        let own = run.server.groups.first { $0.name == "G12" }?.id
        #expect(result.ids[11] == (outcome == .failed ? nil : own ?? 1))
    }

    @Test(
        "that a target keeps lower case doesn't show that it keeps capitals; one that has kept a capital does",
        arguments: [(nil, Outcome.present), (5, .failed)])
    func otherCapitals(capital: Int?, outcome: Outcome) async throws {
        let wanted = Self.wanted(24) { $0 == 12 || $0 == capital ? "G\($0)" : "g\($0)" }
        let run = try LedgerRun(
            wanted, groups: [ModelServer.Group(id: 1, name: "g12")], age: 48_000, .with { $0.concurrency = 1 }
        ) { operation, number in
            operation == .create && number == 12 ? .refuse(409, code: 12012) : nil
        }
        #expect(try await run.load().outcomes[11] == outcome)
    }

    @Test(
        "a group some seconds old that an upsert gives to the first create of all was there before; later ones show so",
        arguments: [(24, 4_500, Outcome.existing), (24, 2_000, .created), (3, 4_500, .created)])
    func upserted(records: Int, age: Int64, outcome: Outcome) async throws {
        let run = try LedgerRun(
            Self.wanted(records), groups: [ModelServer.Group(id: 1, name: "G1", rank: 1)], age: age,
            .with { $0.concurrency = 4 })
        run.server.behave { $0.upserts = true }
        let result = try await run.load()
        #expect(result.outcomes.first == outcome && result.ids.first == 1)
        #expect(result.outcomes.count { $0 == .created } == records - (outcome == .created ? 0 : 1))
        #expect(run.progress.snapshot.outcomes[.created] == result.outcomes.count { $0 == .created })
    }

    @Test("few plain creates show too little of the clock", arguments: [(2, Outcome.present), (6, .confirmed)])
    func few(records: Int, outcome: Outcome) async throws {
        let run = try LedgerRun(Self.wanted(records), .with { $0.concurrency = 1 }) { operation, number in
            operation == .create && number == records ? .loseResponse : nil
        }
        let result = try await run.load()
        #expect(result.outcomes.last == outcome)
    }

    @Test(
        "with a target whose clock is days off, a list that didn't have the name shows that it was made since",
        arguments: [(SnapshotUse.always, Outcome.created), (.never, .present)])
    func absent(use: SnapshotUse, outcome: Outcome) async throws {
        // How many groups there are is asked for once more at the end, which would show it, too.
        let listsMax = use == .always ? 2 : 1
        let run = try LedgerRun(
            Self.wanted(3), skew: -5 * 86_400_000, .with { ($0.snapshot, $0.concurrency) = (use, 1) }
        ) { operation, number in
            operation == .list && number > listsMax ? .refuse(404) : nil
        }
        let result = try await run.load()
        #expect(result.outcomes.allSatisfy { $0 == outcome })
        #expect(run.server.groups.count == 3)
    }

    @Test(
        "with such a clock, one group more shows that it was made since, unless the number is the page's size",
        arguments: [(false, Outcome.created), (true, .present)])
    func grown(saysSize: Bool, outcome: Outcome) async throws {
        let run = try LedgerRun(Self.wanted(1), skew: -5 * 86_400_000)
        if saysSize { run.server.behave { $0.listed = { groups, size, _ in (groups, size) } } }
        let result = try await run.load()
        #expect(result.outcomes == [outcome] && run.server.groups.count == 1)
        #expect(run.count(.list) == 2)
    }

    @Test("with such a clock, a name that is taken since a create was lost is not taken for one that was there")
    func takenSince() async throws {
        let scene = Scene()
        let run = try LedgerRun(Self.wanted(1), skew: -5 * 86_400_000, scene: scene) { operation, number in
            guard operation == .create else { return nil }
            // The lost one arrives late, behind the look-up.
            if number == 2 { scene.add("G1", rank: 1) }
            return number == 1 ? .loseRequest : nil
        }
        let result = try await run.load()
        #expect(result.outcomes == [.present] && result.ids == [1])
        #expect(run.count(.create) == 2 && run.count(.find) == 2)
    }

    @Test("only a list that was read whole shows what wasn't there", arguments: [true, false])
    func listed(isWhole: Bool) async throws {
        let groups = (1...3).map { ModelServer.Group(id: $0, name: "old \($0)") }
        let run = try LedgerRun(Self.wanted(2), groups: groups, .with { $0.snapshot = .always })
        // It says that there is one more than it gives, as one does that changes all the time.
        if !isWhole { run.server.behave { $0.listed = { groups, _, _ in (groups, groups.count + 1) } } }
        let result = try await run.load()
        #expect(result.error == nil && result.outcomes == [.created, .created])
        #expect((result.ledger.metadata.listedAt != nil) == isWhole)
    }

    @Test("a target that loses every response is worked through by look-ups") func losesAll() async throws {
        let run = try LedgerRun(Self.wanted(40)) { operation, _ in operation == .create ? .loseResponse : nil }
        let result = try await run.load()
        #expect(run.stop.reason == nil && run.server.groups.count == 40)
        #expect(result.outcomes.allSatisfy { $0 == .present || $0 == .confirmed })
        #expect(run.count(.create) == 40)
        // Each that is found shows that the target does its part, so that nobody is held back for long.
        #expect(run.time.elapsed < .seconds(10))
    }

    @Test("a group that two records claim is the one's that has its very name, whoever ended first") func twice()
        async throws
    {
        let run = try LedgerRun(Self.wanted(3))
        var state = run.fresh().contents
        for (recordNumber, endedAt) in [(1, 10), (2, 20)] as [(Int64, Int64)] {
            state.outcomes[recordNumber] = MemoryLedger.StoredOutcome(outcome: .created, id: 7, endedAt: endedAt)
        }
        state.kept[1] = KeptForm(of: RewardGroup(id: 7, name: "G2", rank: 1), sentAs: "G1", rank: 1)
        let result = try await run.load(MemoryLedger(state, pause: { await Task.yield() }))
        #expect(result.outcomes == [.existing, .created, .created])
        #expect(result.message(1).contains("record 2") && result.ledger.kept.isEmpty)
        #expect(run.progress.snapshot.outcomes[.existing] == 1)
    }

    @Test("a group is not another record's for having its very name, by a target that keeps names in another form")
    func otherForm() async throws {
        let wanted = Self.wanted(24) { $0 == 24 ? "g12" : $0 == 12 ? "G12" : "g\($0)" }
        let run = try LedgerRun(wanted, .with { $0.concurrency = 1 }) { operation, number in
            operation == .create && number == 12 ? .loseResponse : nil
        }
        run.server.behave { $0.keptName = { $0.lowercased() } }
        let result = try await run.load()
        #expect(result.outcomes[11] == .present && result.outcomes[23] == .existing)
        #expect(result.ids[11] == run.server.groups.first { $0.name == "g12" }?.id)
    }

    @Test("the ledger shows that the process lived, to the second, for as long as it did") func beats() async throws {
        let run = try LedgerRun(Self.wanted(20), .with { $0.rate = RequestRate("60/min") })
        let result = try await run.load()
        let end = VirtualTime.startMilliseconds + Int64(run.time.elapsed / .milliseconds(1))
        let aliveAt = try #require(result.ledger.metadata.aliveAt)
        #expect(run.time.elapsed >= .seconds(19) && (end - 2_000...end).contains(aliveAt))
    }

    @Test("a refusal that was held back is the record's own once a later create is done, though at its second try")
    func releases() async throws {
        let run = try LedgerRun(Self.wanted(4), .with { $0.rate = RequestRate("60/min") }) { operation, number in
            guard operation == .create else { return nil }
            return number <= 3 ? .page(403) : number == 4 ? .refuse(429, retryAfter: 1) : nil
        }
        let result = try await run.load()
        #expect(result.outcomes == [.failed, .failed, .failed, .created])
        #expect(run.count(.list) == 1, "nothing was left to be asked")
    }
}

/// What is known of other runs on the target: from their ledgers.
@Suite struct OtherRunsTests {
    private static let list = "name,rank\n" + (1...12).map { "G\($0),\($0)\n" }.joined()

    @Test("a group that another run has made is that run's, though a response was lost") func ownElsewhere()
        async throws
    {
        let world = try RunWorld { operation, number in
            // The second run's create of a name that is there.
            operation == .create && number == 15 ? .loseResponse : nil
        }
        _ = try world.scratch.write(Self.list, as: "list.csv")
        let first = try await world.load(try world.configuration(of: ["list.csv"], run: "first"))
        #expect(first.outcomes["created"] == 12)
        let second = try await world.load(
            try world.configuration(of: ["list.csv"], run: "second") { ($0.snapshot, $0.concurrency) = (.never, 1) })
        #expect(second.outcomes.filter { $0.value > 0 } == ["existing": 12])
        #expect(world.server.groups.count == 12)
    }

    @Test("a group that another run has made is read by its id, whatever name the server keeps") func keptForms()
        async throws
    {
        let world = try RunWorld()
        world.server.behave { $0.keptName = { String($0.prefix(20)) } }
        let names = (1...3).map { "\($0) gold members of the north" }
        _ = try world.scratch.write("name\n" + names.map { "\($0)\n" }.joined(), as: "list.csv")
        for (run, outcome) in [("first", "created"), ("second", "existing")] {
            let summary = try await world.load(
                try world.configuration(of: ["list.csv"], run: run) { ($0.snapshot, $0.concurrency) = (.never, 1) })
            #expect(summary.outcomes.filter { $0.value > 0 } == [outcome: 3])
        }
        #expect(world.server.groups.map(\.name) == names.map { String($0.prefix(20)) })
        let operations = world.server.operations
        #expect(operations.count { $0 == .get } == 3 && !operations.contains(.find))
    }
}

/// What a run learns of the server from its responses.
@Suite struct ServerFactsTests {
    private static func group(_ createdOn: Int64?) -> RewardGroup {
        RewardGroup(id: 1, name: "a", createdOn: createdOn)
    }

    @Test(
        "the first group's age is held against this machine's clock, or the response's Date",
        arguments: [
            (0, nil, true), (-5_000, nil, true), (-5_001, nil, false), (5_100, nil, true), (5_101, nil, false),
            (-86_400_000, Int64?.some(-86_400), true), (-86_400_000, -86_394, false), (-86_400_000, 0, false),
            (86_400_000, 86_404, true),
        ])
    func first(age: Int64, date: Int64?, isPlain: Bool) {
        let facts = ServerFacts()
        let sent: Int64 = 1_000_000_000
        #expect(
            facts.sawCreated(
                Self.group(sent + age), recordNumber: 1, sent: sent, responded: sent + 100,
                date: date.map { sent / 1000 + $0 })
                == isPlain)
        #expect(facts.samples.buckets.isEmpty == !isPlain, "nothing is learnt of what contradicts itself")
    }

    @Test(
        "later ones are held against those before: a second older is another node's, more is an old group's",
        arguments: [
            (3_600_000, false, true), (3_599_000, false, true), (3_598_899, false, false), (3_600_000, true, true),
            (3_599_800, true, false), (0, false, false),
        ])
    func later(age: Int64, mayExist: Bool, isPlain: Bool) {
        let facts = ServerFacts()
        let sent: Int64 = 1_000_000_000
        // The server is an hour ahead, by its own Date.
        _ = facts.sawCreated(
            Self.group(sent + 3_600_000), recordNumber: 1, sent: sent, responded: sent + 100, date: sent / 1000 + 3_600)
        #expect(
            facts.sawCreated(
                Self.group(sent + 1_000 + age), recordNumber: 2, sent: sent + 1_000, responded: sent + 1_100, date: nil,
                mayExist: mayExist) == isPlain)
    }

    @Test(
        "by a clock in seconds a second create's success doesn't tell whose the group is; by nodes 20 ms apart it does",
        arguments: [(1_000, false), (20, true)])
    func coarse(grain: Int64, isPlain: Bool) {
        let facts = ServerFacts()
        for number in 0..<50 as Range<Int64> {
            let sent = 1_000_000_000 + number * 37
            #expect(
                facts.sawCreated(
                    Self.group(sent / grain * grain), recordNumber: number, sent: sent, responded: sent + 2, date: nil))
        }
        let again: Int64 = 1_000_002_000
        #expect(
            facts.sawCreated(
                Self.group(again), recordNumber: 60, sent: again, responded: again + 2, date: nil, mayExist: true)
                == isPlain)
    }

    @Test(
        "a second create's group is as new as this process's own show it, once sixteen agree: others' clocks differ",
        arguments: [(15, false, false), (16, false, true), (40, true, false)])
    func shared(own: Int64, isCorrected: Bool, isPlain: Bool) {
        let start: Int64 = 1_000_000_000
        let other = ServerFacts()
        for number in 0..<50 as Range<Int64> {
            let sent = start + number * 10
            _ = other.sawCreated(
                Self.group(sent + 8), recordNumber: number, sent: sent, responded: sent + 2, date: nil)
        }
        let facts = ServerFacts(samples: other.samples, isShared: true)
        func sees(_ number: Int64, mayExist: Bool) -> Bool {
            let sent = start + 500 + number * 10
            // Of the forty the first half is before this process's clock was corrected by 30 ms.
            let age: Int64 = mayExist ? isCorrected ? -20 : 0 : isCorrected && number < 20 ? -30 : 1
            return facts.sawCreated(
                Self.group(sent + age), recordNumber: number, sent: sent, responded: sent, date: nil,
                mayExist: mayExist)
        }
        for number in 0..<own { #expect(sees(number, mayExist: false)) }
        #expect(sees(100, mayExist: true) == isPlain)
    }

    @Test("a group of another name and rank than was sent isn't new before the clock is known")
    func otherwise() {
        let (facts, sent) = (ServerFacts(), Int64(1_000_000_000))
        func sees(_ isOtherwise: Bool) -> Bool {
            facts.sawCreated(
                Self.group(sent - 2_000 + (facts.samples.buckets.isEmpty ? 0 : 2_001)), recordNumber: 1, sent: sent,
                responded: sent + 2, date: nil, mayExist: true, isOtherwise: isOtherwise)
        }
        #expect(!sees(true) && facts.samples.buckets.isEmpty)
        _ = facts.sawCreated(Self.group(sent + 1), recordNumber: 2, sent: sent, responded: sent + 2, date: nil)
        #expect(sees(true))
    }

    @Test("a group without an instant says nothing, and is taken for plain") func noInstant() {
        let facts = ServerFacts()
        #expect(facts.sawCreated(Self.group(nil), recordNumber: 1, sent: 0, responded: 1, date: nil))
        #expect(facts.samples.buckets.isEmpty && !facts.isLongBefore(Self.group(nil), .max))
    }

    @Test(
        "what was there long before: by twelve hours, and by one more where no clock is known",
        arguments: [(11, false, false), (12, false, true), (13, false, true), (12, true, false), (14, true, true)])
    func longBefore(hours: Int64, isUnknown: Bool, isOld: Bool) {
        let facts = ServerFacts()
        let now: Int64 = 1_000_000_000
        if !isUnknown {
            _ = facts.sawCreated(Self.group(now), recordNumber: 1, sent: now - 10, responded: now + 10, date: nil)
        }
        #expect(facts.isLongBefore(Self.group(now - hours * 3_600_000 - 1_000), now) == isOld)
    }

    @Test("what is kept for the next process is given once") func kept() {
        let facts = ServerFacts()
        for recordNumber in 1...5 as ClosedRange<Int64> {
            let sent = recordNumber * 10_000
            _ = facts.sawCreated(
                Self.group(sent + 5), recordNumber: recordNumber, sent: sent, responded: sent + 10, date: nil)
        }
        let first = facts.takeKept()
        #expect(first.examples.map(\.recordNumber) == [1, 2, 3, 4, 5] && first.bucket?.start == 50_000)
        #expect(facts.takeKept().examples.isEmpty)
        let next = ServerFacts(samples: facts.samples)
        #expect(next.takeKept().examples.isEmpty, "those are in the ledger")
    }

    @Test("how many groups there were, before anything was sent") func total() {
        let facts = ServerFacts()
        facts.saw(total: nil, at: 5)
        #expect(facts.total == nil)
        facts.saw(total: 7, at: 6)
        #expect(facts.total?.count == 7 && facts.total?.at == 6)
    }
}

/// How the list's words relate to those of creates.
@Suite struct ListRelationTests {
    private static func pair(_ number: Int64, offset: Int64?, user: Int64? = 75) -> ListRelation.Pair {
        let createdOn = number * 1_000 + number * 7
        return ListRelation.Pair(
            sample: ClockSamples.Sample(
                recordNumber: number, id: number, createdOn: createdOn, sent: createdOn, responded: createdOn + 1),
            createdOn: offset.map { createdOn + $0 }, createdBy: user)
    }

    @Test(
        "a user that the list names for three groups at least, and for all of them, is the run's own",
        arguments: [
            ([75, 75, 75], Int64?.some(75)), ([75, 75], nil), ([75, 75, 76], nil), ([0, 0, 0], nil),
            ([-1, -1, -1], nil),
            ([75, nil, 75], nil), ([75, 75, 75, 75, 75], 75), ([], nil),
        ] as [([Int64?], Int64?)])
    func user(users: [Int64?], own: Int64?) {
        let pairs = zip(Int64(1)..., users).map { Self.pair($0, offset: 0, user: $1) }
        #expect(ListRelation(pairs).createdBy == own)
    }

    @Test("three pairs that agree show the offset exactly; those that don't, to a grain more") func offsets() {
        #expect(ListRelation((1...2).map { Self.pair($0, offset: 40) }).offset == nil)
        #expect(ListRelation((1...3).map { Self.pair($0, offset: 40) }).offset == 40...40)
        #expect(ListRelation((1...2).map { Self.pair($0, offset: 40) } + [Self.pair(3, offset: nil)]).offset == nil)
        let mixed = ListRelation([Self.pair(1, offset: 0), Self.pair(2, offset: 3), Self.pair(3, offset: -2)])
        #expect(mixed.grain == 1 && mixed.offset == -3...4)
    }

    @Test(
        "the coarsest grain that all instants fit",
        arguments: [
            ([], 86_400_000), ([0], 86_400_000), ([1_000, 3_000], 1_000), ([60_000, 180_000], 60_000), ([7, 14], 1),
            ([1_500, 4_000], 500), ([86_400_000 * 9], 86_400_000), ([-2_000, 6_000], 2_000),
        ] as [([Int64], Int64)])
    func grain(instants: [Int64], grain: Int64) {
        #expect(ListRelation.grain(of: instants) == grain)
    }
}
