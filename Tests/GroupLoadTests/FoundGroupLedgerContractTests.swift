import GroupLoad
import RewardsClient
import TestSupport
import Testing

/// What every store of a run must do with groups that were found for drafts, with claims to groups, and with what is
/// known of the server's clock.
@Suite("RunLedger: found groups and claims") struct FoundGroupLedgerContractTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func found(_ recordNumber: Int64, id: Int64, name: String, http: Int? = 200) -> DraftOutcome {
        var outcome = DraftOutcome.of(recordNumber, .present, id: id, attempts: 2, endedAt: 1600)
        (outcome.http, outcome.milliseconds) = (http, 40)
        var found = FoundGroup(
            recordNumber: recordNumber, id: id, name: name, state: GroupState(rank: 3, isActive: false),
            createdOn: 1550,
            createdBy: 8, place: .create, sent: 1500...1590)
        (found.sureFrom, found.absentAt, found.isNamed, found.isTaken) = (1510, 1400, true, true)
        found.seenAt = 1600
        outcome.foundGroup = found
        return outcome
    }

    private func kept(_ id: Int64, _ name: String, sentAs sent: String) throws -> KeptForm {
        try #require(KeptForm(of: RewardGroup(id: id, name: name), sentAs: sent, rank: nil))
    }

    @Test("a found group comes back as it was put in, until its record has an outcome", arguments: LedgerStore.all)
    func judged(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name,rank,isActive\na,5,false\nb,,\nc,,\n")
        let ledger = test.ledger
        let (first, second) = (found(1, id: 7, name: "A"), found(3, id: 9, name: "c", http: nil))
        try await ledger.settle([first, second])
        #expect(try await ledger.foundGroupCount() == 2)
        let pending = try await ledger.foundGroups(after: 0, limit: 9)
        #expect(pending.map(\.found) == [first.foundGroup, second.foundGroup].compactMap(\.self))
        var draft = Draft(recordNumber: 1, name: "a", rank: 5)
        draft.isInactive = true
        #expect(pending.map(\.draft) == [draft, Draft(recordNumber: 3, name: "c", rank: nil)])
        var bare = first
        bare.foundGroup = nil
        #expect(pending.first?.outcome == bare)
        #expect(try await ledger.foundGroups(after: 1, limit: 9).map(\.found.recordNumber) == [3])
        #expect(try await ledger.foundGroups(after: 0, limit: 1).map(\.found.recordNumber) == [1])
        try await ledger.judge([.of(1, .confirmed, id: 7)])
        #expect(try await ledger.foundGroupCount() == 1)
        #expect(try await test.outcomes() == ["1 confirmed 7"])
        #expect(try await test.reopened().ledger.foundGroups(after: 0, limit: 9).map(\.found.recordNumber) == [3])
    }

    @Test("a present record is for good once it is judged", arguments: LedgerStore.all)
    func presentIsJudged(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\na\nb\n")
        try await test.ledger.settle([found(1, id: 7, name: "a"), found(2, id: 8, name: "b")])
        try await test.ledger.judge([.of(1, .present, id: 7)])
        try await test.ledger.settle([.of(2, .present, id: 8)])
        try await test.ledger.reopenDrafts(until: 0, requestMax: 0)
        #expect(try await test.outcomes() == ["1 present 7"])
    }

    @Test(
        "drafts that have the very names of groups found for others are given, until those are judged",
        arguments: LedgerStore.all)
    func foundNames(store: LedgerStore) async throws {
        let ledger = try await TestLedger(scratch, store, "name\nGold\ngold\nSilver\n").ledger
        try await ledger.settle([found(1, id: 7, name: "gold"), found(3, id: 8, name: "Silver")])
        #expect(try await ledger.draftsOfFoundNames() == ["gold": 2])
        try await ledger.judge([.of(1, .failed)])
        #expect(try await ledger.draftsOfFoundNames().isEmpty)
    }

    @Test("who plainly created a group that was found for another record", arguments: LedgerStore.all)
    func makers(store: LedgerStore) async throws {
        let ledger = try await TestLedger(scratch, store, "name\na\nb\nc\nd\n").ledger
        try await ledger.settle([
            found(1, id: 7, name: "b"), .of(2, .created, id: 7), .of(3, .created, id: 8), .of(4, .confirmed, id: 7),
        ])
        #expect(try await ledger.makers(of: [7, 8]) == [7: 2])
        #expect(try await ledger.makers(of: [8]).isEmpty)
    }

    @Test("groups that are claimed twice are given as far as one of them isn't plain", arguments: LedgerStore.all)
    func doubleClaims(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\na\nb\nc\nd\ne\nf\n")
        let ledger = test.ledger
        var altered = DraftOutcome.of(1, .created, id: 7, endedAt: 10)
        altered.kept = try kept(7, "B", sentAs: "a")
        // Plain ones, and a group that one record alone claims, are none of them.
        try await ledger.settle([
            altered, .of(2, .created, id: 7, endedAt: 20), .of(3, .confirmed, id: 7, endedAt: 15),
            .of(4, .created, id: 8), .of(5, .created, id: 8), found(6, id: 9, name: "f"),
        ])
        try await ledger.judge([.of(6, .confirmed, id: 9)])
        #expect(
            try await ledger.doubleClaims() == [
                GroupClaim(recordNumber: 1, id: 7, outcome: .created, isExact: false, endedAt: 10),
                GroupClaim(recordNumber: 2, id: 7, outcome: .created, isExact: true, endedAt: 20),
                GroupClaim(recordNumber: 3, id: 7, outcome: .confirmed, isExact: true, endedAt: 15),
            ])
        #expect(try await ledger.alteredCount() == 1)
        try await ledger.withdraw([(1, "of 2"), (3, "of 2")])
        #expect(try await ledger.doubleClaims().isEmpty)
        #expect(try await ledger.alteredCount() == 0)
        #expect(
            try await test.outcomes().prefix(3) == ["1 existing 7: of 2", "2 created 7", "3 existing 7: of 2"])
    }

    @Test("the groups of a run, those of other forms, and those that two runs claim", arguments: LedgerStore.all)
    func own(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\na\nb\nc\nd\n")
        var altered = DraftOutcome.of(1, .created, id: 7)
        altered.kept = try kept(7, "A!", sentAs: "a")
        try await test.ledger.settle([altered, .of(2, .confirmed, id: 8), .of(3, .existing, id: 9), .of(4, .failed)])
        #expect(try await test.ledger.ownIDs(limit: 9) == [7, 8])
        #expect(try await test.ledger.ownIDs(limit: 1).count == 1)
        #expect(try await test.ledger.ownIDs(limit: -1).isEmpty)
        #expect(try await test.ledger.ownIDs(among: [8, 9]) == [8])
        let forms = try await test.ledger.keptForms(limit: 9)
        #expect(forms.map(\.name) == [Array("a".utf8)] && forms.map(\.id) == [7])
        #expect(try await test.ledger.keptForms(limit: 0).isEmpty)
        let other = try await TestLedger(scratch, store, "name\nx\ny\n")
        try await other.ledger.settle([.of(1, .existing, id: 7), .of(2, .created, id: 8)])
        #expect(
            try await test.ledger.claims(sharedWith: other.ledger, limit: 9) == [
                SharedClaim(id: 8, own: 2, other: 2)
            ])
    }

    @Test("what is known of the clock is kept for the next process", arguments: LedgerStore.all)
    func clock(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store)
        func bucket(_ start: Int64, _ count: Int) -> ClockSamples.Bucket {
            ClockSamples.Bucket(
                start: start, count: count, highest: -5...7, lowest: -9...3, respondedFirst: start + 1,
                sentLast: start + 2)
        }
        func sample(_ recordNumber: Int64, sent: Int64) -> ClockSamples.Sample {
            ClockSamples.Sample(recordNumber: recordNumber, id: 9, createdOn: 10, sent: sent, responded: 12)
        }
        try await test.ledger.keep(bucket(5000, 1), [sample(2, sent: 11)], .with { $0.aliveAt = 5 })
        try await test.ledger.keep(bucket(0, 3), [], .with { $0.requests = 4 })
        try await test.ledger.keep(bucket(5000, 2), [sample(1, sent: 6)], RunMetadata())
        let next = try await test.reopened().ledger
        #expect(
            try await next.clockSamples()
                == ClockSamples([bucket(0, 3), bucket(5000, 2)], examples: [sample(1, sent: 6), sample(2, sent: 11)]))
        #expect(try await next.metadata() == .with { ($0.aliveAt, $0.requests) = (5, 4) })
    }
}
