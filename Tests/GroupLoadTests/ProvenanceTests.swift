import GroupLoad
import TestSupport
import Testing

/// Who made a group: simulated servers whose clocks are what the API's page allows, judged by what their responses
/// show.
@Suite struct ProvenanceTests {
    /// A server's clock, and how its responses give it.
    struct World: Sendable, CustomTestStringConvertible {
        var name: String
        /// Added to this machine's clock, for a node and an instant.
        var difference: @Sendable (_ node: Int, _ now: Int64) -> Int64 = { _, _ in 0 }
        var nodes = 1
        var createGrain: Int64 = 1, listGrain: Int64 = 1
        var isRounded = false
        var testDescription: String { name }

        func stamp(_ now: Int64, node: Int) -> Int64 { now + difference(node, now) }

        func given(_ stamp: Int64, grain: Int64) -> Int64 {
            (stamp + (isRounded ? grain / 2 : 0)) / grain * grain
        }
    }

    static let worlds = [
        World(name: "one clock, milliseconds"),
        World(name: "5 s ahead", difference: { _, _ in 5_000 }),
        World(name: "an hour behind", difference: { _, _ in -3_600_000 }),
        World(name: "the list in seconds", listGrain: 1_000),
        World(name: "both in seconds", createGrain: 1_000, listGrain: 1_000),
        World(name: "both rounded to seconds", createGrain: 1_000, listGrain: 1_000, isRounded: true),
        World(name: "the list in minutes", listGrain: 60_000),
        World(name: "nodes 20 ms apart", difference: { node, _ in node == 0 ? 0 : -20 }, nodes: 2),
        World(name: "nodes 100 ms apart", difference: { node, _ in node == 0 ? 0 : -100 }, nodes: 2),
        World(name: "nodes 1 s apart", difference: { node, _ in node == 0 ? 0 : 1_000 }, nodes: 2),
        World(name: "steps by 500 ms", difference: { _, now in now < 1_010_000 ? 0 : 500 }),
        World(name: "steps by -2 s", difference: { _, now in now < 1_010_000 ? 0 : -2_000 }),
        World(name: "drifts by 200 ppm", difference: { _, now in now / 5_000 }),
    ]

    /// How the doubtful groups of a simulated load were judged.
    struct Verdicts {
        var own = [0, 0, 0]
        var others = [0, 0, 0]

        mutating func add(_ maker: Provenance.Maker, isOwn: Bool) {
            let index =
                switch maker {
                case .thisRun: 0
                case .open: 1
                case .somebodyElse: 2
                }
            if isOwn { own[index] += 1 } else { others[index] += 1 }
        }
    }

    /// A load of 400 groups in 20 s, the response of every fourth lost; some of those somebody else created 30 ms to a
    /// day before.
    private static func load(_ world: World, seed: UInt64, plainEvery: Int = 1) -> Verdicts {
        var generator = SeededGenerator(state: seed)
        var samples = ClockSamples()
        var pairs: [ListRelation.Pair] = []
        var doubts: [(FoundGroup, isOwn: Bool)] = []
        for number in 0..<400 {
            let sent = 1_000_000 + Int64(number) * 50
            let created = sent + Int64.random(in: 1...8, using: &generator)
            let responded = created + Int64.random(in: 1...8, using: &generator)
            let stamp = world.stamp(created, node: Int.random(in: 0..<world.nodes, using: &generator))
            let (inCreate, inList) = (
                world.given(stamp, grain: world.createGrain), world.given(stamp, grain: world.listGrain)
            )
            let sample = ClockSamples.Sample(
                recordNumber: Int64(number), id: Int64(number), createdOn: inCreate, sent: sent, responded: responded)
            if number % 4 == 3 {
                let isOwn = number % 8 == 3
                let early = [30, 300, 3_000, 86_400_000][number / 8 % 4]
                let other = world.stamp(
                    created - Int64(early), node: Int.random(in: 0..<world.nodes, using: &generator))
                let shown = isOwn ? inList : world.given(other, grain: world.listGrain)
                doubts.append((finding(sample, createdOn: shown, responded: responded), isOwn))
            } else if number % plainEvery == 0 {
                samples.add(sample)
                if pairs.count < 12 {
                    pairs.append(ListRelation.Pair(sample: sample, createdOn: inList, createdBy: 75))
                }
            }
        }
        let provenance = Provenance(
            samples: samples, relation: ListRelation(pairs, others: doubts.compactMap(\.0.createdOn)))
        var verdicts = Verdicts()
        for (finding, isOwn) in doubts { verdicts.add(provenance.maker(of: finding), isOwn: isOwn) }
        return verdicts
    }

    private static func finding(
        _ sample: ClockSamples.Sample, createdOn: Int64?, responded: Int64, createdBy: Int64 = 75
    ) -> FoundGroup {
        FoundGroup(
            recordNumber: sample.recordNumber, id: sample.id, name: "G", state: GroupState(rank: nil, isActive: true),
            createdOn: createdOn, createdBy: createdBy, place: .list, sent: sample.sent...responded + 20)
    }

    @Test("no world makes a definite verdict wrong", arguments: worlds, [1, 7] as [Int])
    func neverWrong(world: World, plainEvery: Int) {
        let seed = SeededGenerator.seed()
        for offset in 0..<20 as Range<UInt64> {
            let verdicts = Self.load(world, seed: seed &+ offset, plainEvery: plainEvery)
            #expect(verdicts.own[2] == 0, "own groups disowned; seed \(seed &+ offset)")
            #expect(verdicts.others[0] == 0, "others' groups claimed; seed \(seed &+ offset)")
        }
    }

    @Test("with one clock in milliseconds at least 95 % of what was lost is confirmed", arguments: worlds.prefix(3))
    func plain(world: World) {
        let verdicts = Self.load(world, seed: SeededGenerator.seed())
        #expect(verdicts.own[0] >= 48 && verdicts.own.reduce(0, +) == 50)
        #expect(verdicts.others[2] >= 10, "a day before is told from this run's")
    }

    private static let samples: ClockSamples = {
        var samples = ClockSamples()
        for number in 0..<20 as Range<Int64> {
            samples.add(
                ClockSamples.Sample(
                    recordNumber: number, id: number, createdOn: 10_003 + number * 10, sent: 10_000 + number * 10,
                    responded: 10_006 + number * 10))
        }
        return samples
    }()

    private static func relation(createdBy: Int64?) -> ListRelation {
        ListRelation(
            samples.examples.prefix(5).map {
                ListRelation.Pair(sample: $0, createdOn: $0.createdOn, createdBy: createdBy)
            })
    }

    private static func group(_ createdOn: Int64?, createdBy: Int64? = 75) -> FoundGroup {
        FoundGroup(
            recordNumber: 99, id: 99, name: "G", state: GroupState(rank: nil, isActive: true), createdOn: createdOn,
            createdBy: createdBy, place: .list, sent: 10_100...10_200)
    }

    @Test("what else tells who made a group")
    func otherEvidence() {
        let provenance = Provenance(
            samples: Self.samples, relation: Self.relation(createdBy: 75), othersOwn: [5])
        #expect(provenance.maker(of: Self.group(10_150)) == .thisRun)
        guard case .open = provenance.maker(of: Self.group(10_150, createdBy: 76)) else {
            Issue.record("another user's, or another node's")
            return
        }
        guard case .open = provenance.maker(of: Self.group(10_150, createdBy: nil)) else {
            Issue.record("nobody's, where the run's own are somebody's")
            return
        }
        var otherwise = Self.group(10_150)
        otherwise.isOtherwise = true
        guard case .open = provenance.maker(of: otherwise) else {
            Issue.record("another rank")
            return
        }
        var claimed = Self.group(10_150)
        claimed.id = 5
        guard case .somebodyElse = provenance.maker(of: claimed) else {
            Issue.record("another run's")
            return
        }
        guard case .open = provenance.maker(of: Self.group(nil)) else {
            Issue.record("no instant")
            return
        }
        // Creates and lists that don't agree on who, and a user 0, say nothing.
        let nobody = Provenance(samples: Self.samples, relation: Self.relation(createdBy: 0))
        #expect(nobody.maker(of: Self.group(10_150, createdBy: 76)) == .thisRun)
        // Created long after any create of this run can have been carried out.
        var late = Self.group(10_150 + 50_000_000)
        late.seenAt = 60_000_000
        guard case .somebodyElse = provenance.maker(of: late) else {
            Issue.record("after")
            return
        }
        // But nothing can have been created after it was found.
        late.seenAt = 11_000
        guard case .open = provenance.maker(of: late) else {
            Issue.record("in the future")
            return
        }
        guard case .somebodyElse = provenance.maker(of: Self.group(-86_400_000)) else {
            Issue.record("a day before")
            return
        }
        // The list was read at 9,000 and didn't have it; that its createdOn says a day before contradicts that.
        var contradicting = Self.group(-86_400_000)
        contradicting.absentAt = 9_000
        guard case .open = provenance.maker(of: contradicting) else {
            Issue.record("contradicts the list")
            return
        }
    }

    @Test("a name that is taken at the first try: there before, unless it was made while the create was under way")
    func taken() {
        let provenance = Provenance(samples: Self.samples, relation: Self.relation(createdBy: 75))
        func maker(
            _ createdOn: Int64, by provenance: Provenance, user: Int64 = 75, absentAt: Int64? = nil,
            isSameName: Bool = true
        ) -> Provenance.Maker {
            var finding = Self.group(createdOn, createdBy: user)
            (finding.isTaken, finding.isSameName) = (true, isSameName)
            finding.absentAt = absentAt
            return provenance.maker(of: finding)
        }
        for before in [-86_400_000, -700_000] as [Int64] {
            guard case .somebodyElse = maker(before, by: provenance) else {
                Issue.record("\(before)")
                return
            }
        }
        guard case .open = maker(10_150, by: provenance), case .somebodyElse = maker(9_000, by: provenance) else {
            Issue.record("a gateway may have sent it twice, but not before it was sent once")
            return
        }
        guard case .somebodyElse = maker(10_150, by: provenance, user: 76) else {
            Issue.record("another user's")
            return
        }
        guard case .open = maker(9_000, by: provenance, absentAt: 9_500) else {
            Issue.record("contradicts the list")
            return
        }
        guard case .open = maker(9_000, by: provenance, isSameName: false) else {
            Issue.record("of another form of the name")
            return
        }
        let blind = Provenance(samples: ClockSamples(), relation: ListRelation([]))
        guard case .somebodyElse = maker(-86_400_000, by: blind), case .open = maker(10_150, by: blind) else {
            Issue.record("by this machine's clock")
            return
        }
    }

    @Test("without samples nothing is definite") func noSamples() {
        let provenance = Provenance(samples: ClockSamples(), relation: ListRelation([]))
        for instant in [0, 10_150, 1 << 50] as [Int64] {
            guard case .open = provenance.maker(of: Self.group(instant)) else {
                Issue.record("\(instant)")
                return
            }
        }
    }

    @Test("a group that the list didn't have is the create's, but not surely where that was sent again")
    func sentAgain() {
        let provenance = Provenance(samples: ClockSamples(), relation: ListRelation([]))
        var finding = Self.group(0)
        finding.place = .create
        finding.absentAt = 10_000
        #expect(provenance.maker(of: finding) == .thisRun)
        finding.sureFrom = 10_150
        guard case .open = provenance.maker(of: finding) else {
            Issue.record("the clock tells nothing, and the name was free for a while")
            return
        }
    }

    @Test("a group that a response named is the create's, but where that was sent again only if it was made since")
    func namedAgain() {
        func isOwn(_ createdOn: Int64?, sureFrom: Int64, by provenance: Provenance) -> Bool {
            var finding = Self.group(createdOn)
            finding.isNamed = true
            finding.sureFrom = sureFrom
            return provenance.maker(of: finding) == .thisRun
        }
        let provenance = Provenance(samples: Self.samples, relation: Self.relation(createdBy: 75))
        let blind = Provenance(samples: ClockSamples(), relation: ListRelation([]))
        for createdOn in [nil, 10_120, 10_180] as [Int64?] {
            #expect(isOwn(createdOn, sureFrom: 10_100, by: provenance) && isOwn(createdOn, sureFrom: 10_100, by: blind))
            #expect(isOwn(createdOn, sureFrom: 10_150, by: provenance) == (createdOn == 10_180))
            #expect(!isOwn(createdOn, sureFrom: 10_150, by: blind))
        }
    }

    @Test("the age of a group in a response: old groups, odd clocks, and how they differ") func responded() {
        func responded(_ number: Int64, createdOn: Int64) -> FoundGroup {
            FoundGroup(
                recordNumber: number, id: number, name: "G", state: GroupState(rank: nil, isActive: true),
                createdOn: createdOn, createdBy: 75, place: .create, sent: number * 100...number * 100 + 10)
        }
        // A clock a day behind, for 3 s: what all agree on to within their latencies is the clock's.
        var suspects = ClockSamples()
        let odd = (0..<30 as Range<Int64>).map { responded($0, createdOn: $0 * 100 + 5 - 86_400_000) }
        func add(_ findings: [FoundGroup]) {
            for finding in findings {
                suspects.add(
                    ClockSamples.Sample(
                        recordNumber: finding.recordNumber, id: finding.id, createdOn: finding.createdOn ?? 0,
                        sent: finding.sent.lowerBound, responded: finding.sent.upperBound))
            }
        }
        add(odd)
        let clock = Provenance(samples: ClockSamples(), suspects: suspects, relation: ListRelation([]))
        #expect(clock.maker(of: odd[3]) == .thisRun)
        // Where its create was sent a second time, the group must be newer than that.
        var again = odd[3]
        again.sent = 250...310
        again.sureFrom = 300
        #expect(clock.maker(of: again) == .thisRun)
        again.createdOn = again.createdOn.map { $0 - 20 }
        guard case .open = clock.maker(of: again) else {
            Issue.record("somebody else's, created between the two")
            return
        }
        // Groups that were all made at once a day ago.
        suspects = ClockSamples()
        let old = (0..<30 as Range<Int64>).map { responded($0, createdOn: -86_400_000 + $0) }
        add(old)
        let upsert = Provenance(samples: ClockSamples(), suspects: suspects, relation: ListRelation([]))
        guard case .open = upsert.maker(of: old[3]) else {
            Issue.record("old, or an odd clock")
            return
        }
        let counted = Provenance(
            samples: ClockSamples(), suspects: suspects, relation: ListRelation([]), unchangedSince: 0)
        guard case .somebodyElse = counted.maker(of: old[3]) else {
            Issue.record("the target has no more groups than before")
            return
        }
        guard
            case .somebodyElse = Provenance(samples: Self.samples, suspects: suspects, relation: ListRelation([]))
                .maker(of: old[3])
        else {
            Issue.record("others were new about then")
            return
        }
    }
}
