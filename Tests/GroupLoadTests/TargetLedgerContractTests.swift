import GroupLoad
import RewardsClient
import TestSupport
import Testing

/// What every store of a run must do to compare its records with the target's groups.
@Suite("RunLedger: comparison with the target") struct TargetLedgerContractTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let missing = SourceSummary(
        path: SourceSummary.missingPath, format: SourceSummary.missingFormat, bytes: 3, sha256: "ff")

    private func target(_ ledger: any RunLedger, _ groups: [RewardGroup]) async throws {
        try await ledger.beginTarget()
        for group in groups { try await ledger.put([group]) }
        try await ledger.endTarget()
    }

    private func group(_ id: Int64, _ name: String, rank: Int64? = nil, isActive: Bool? = true) -> RewardGroup {
        RewardGroup(id: id, name: name, rank: rank, isActive: isActive)
    }

    @Test(
        "each record comes with the groups of near names; what has an outcome or is in doubt is left out",
        arguments: LedgerStore.all)
    func candidates(store: LedgerStore) async throws {
        let list = "name,rank,isActive\nVIP Club,5,\nSilver,,false\nVIP Club,5,\n,1,\nGold,1,\nBronze,2,\nTin,3,\n"
        let ledger = try await TestLedger(scratch, store, list).ledger
        _ = try await ledger.claim(after: 0, limit: 9, now: 10, hasSettled: false)
        try await ledger.settle([1, 2, 5, 6].map { .of($0, .unprocessed) })
        try await ledger.reopenDrafts(until: 20, requestMax: 1)
        try await ledger.settle([.of(5, .created, id: 1)])
        try await target(
            ledger,
            [
                group(8, "Silver", rank: 4), group(3, "vip  club", rank: 1, isActive: false),
                group(2, "VIP Club", rank: 9),
                group(2, "VIP Club", rank: 5, isActive: nil), group(1, "Gold"), group(7, "Tin"),
            ])
        let (found, last) = try await ledger.candidates(after: 0, limit: 9)
        #expect(last == 7 && found.map(\.recordNumber) == [1, 2, 3, 4, 6])
        #expect(found.map(\.line) == [2, 3, 4, 5, 7])
        #expect(found[0].name == "VIP Club" && found[0].rank == 5 && !found[0].isInactive && found[1].isInactive)
        #expect(
            found[0].groups == [
                TargetGroup(id: 2, name: "VIP Club", state: GroupState(rank: 5, isActive: true)),
                TargetGroup(id: 3, name: "vip  club", state: GroupState(rank: 1, isActive: false)),
            ])
        #expect(found[1].groups.map(\.id) == [8] && found[2].groups.isEmpty && found[4].groups.isEmpty)
        #expect(found[2].settled?.outcome == .duplicate && found[3].settled?.outcome == .invalid)
        #expect(found[3].settled?.note?.isEmpty == false && found[0].settled == nil)
        let next = try await ledger.candidates(after: 4, limit: 2)
        #expect(next.candidates.map(\.recordNumber) == [6] && next.last == 6)
        #expect(try await ledger.candidates(after: 7, limit: 2).last == nil)
    }

    @Test(
        "a group that no draft names, but that a record turned out to be, is left active", arguments: LedgerStore.all)
    func spared(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\nGold\nSilver\nGold\n")
        let ledger = test.ledger
        try await target(ledger, [group(9, "G?ld", rank: 3), group(5, "Silv"), group(6, "Tin"), group(7, "Lead")])
        try await ledger.findMissing()
        try await ledger.endComparison(Self.missing, after: 3)
        let sent = try #require(try await ledger.updates(after: 0, limit: 9).last)
        try await ledger.keep(intents: [(sent, 1)], outcomes: [], metadata: RunMetadata())
        var taken = DraftOutcome.of(2, .failed)
        taken.message = DraftOutcome.takenBy + "5 \"Silv\": the server takes the two for the same"
        try await ledger.settle([.of(1, .existing, id: 9), taken])
        #expect(try await ledger.spareNamed(at: 7) == 1)
        #expect(try await ledger.spareNamed(at: 8) == 0)
        #expect(try await ledger.updates(after: 0, limit: 9).map(\.id) == [6, 7, 9])
        let outcomes = try await test.outcomes()
        #expect(outcomes.contains { $0.hasPrefix("4 existing 5: left active") }, "\(outcomes)")
    }

    @Test(
        "active groups that no draft names, not even nearly, become records to be set inactive",
        arguments: LedgerStore.all)
    func missing(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\nGold\nSilver\nGold\n")
        let ledger = test.ledger
        try await target(
            ledger,
            [
                group(9, "Tin", rank: 3), group(1, " GOLD"), group(4, "Off", isActive: false), group(5, "Bronze"),
            ])
        try await ledger.findMissing()
        #expect(try await ledger.missingCount() == (3, 2))
        #expect(try await ledger.missing(after: 0, limit: 9).map(\.id) == [5, 9])
        #expect(try await ledger.missing(after: 1, limit: 9).map(\.name) == ["Tin"])
        #expect(try await ledger.missing(after: 0, limit: 1).map(\.state) == [GroupState(rank: nil, isActive: true)])
        try await ledger.endComparison(Self.missing, after: 3)
        #expect(try await ledger.metadata().isCompared == true)
        #expect(try await ledger.sources().last == Self.missing)
        let counts = (try await ledger.recordCount(), try await ledger.listedCount())
        #expect(counts == (5, 3))
        let updates = try await ledger.updates(after: 0, limit: 9)
        #expect(
            updates.map(\.recordNumber) == [4, 5] && updates.map(\.id) == [5, 9]
                && updates.map(\.name) == ["Bronze", "Tin"])
        #expect(
            updates.allSatisfy { $0.from.isActive && !$0.to.isActive && $0.from.rank == $0.to.rank && $0.keepsRank })
        // They are no drafts to be created.
        #expect(try await ledger.claim(after: 0, limit: 9, now: 1, hasSettled: true).map(\.recordNumber) == [1, 2])
        try await ledger.settle([.of(4, .updated, id: 5)])
        let places = try await ledger.read { snapshot in
            (try snapshot.place(of: 4), try snapshot.recordsBySource(), try snapshot.saysActive())
        }
        #expect(places.0 == RecordPlace(source: 1, line: 1, name: Array("Bronze".utf8)))
        #expect(places.1 == [0: 3, 1: 2] && places.2)
    }

    @Test("where missing groups don't matter, nothing but the comparison's end is kept", arguments: LedgerStore.all)
    func notMissing(store: LedgerStore) async throws {
        let ledger = try await TestLedger(scratch, store, "name\nGold\n").ledger
        try await target(ledger, [group(9, "Tin")])
        try await ledger.endComparison(nil, after: 1)
        #expect(try await ledger.recordCount() == 1)
        #expect(try await ledger.metadata().isCompared == true)
    }

    @Test("decisions are forgotten, and what was read of the list stays settled", arguments: LedgerStore.all)
    func forgets(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name,rank\na,1\nb,x\na,1\nc,\n")
        var changed = DraftOutcome.of(4, .existing, id: 9)
        changed.update = GroupUpdate(
            recordNumber: 4, id: 9, name: "c", from: GroupState(rank: 1, isActive: true),
            to: GroupState(rank: 2, isActive: true))
        try await test.ledger.settle([.of(1, .existing, id: 8), changed])
        try await test.ledger.forgetDecisions()
        #expect(try await !test.ledger.hasUpdatesLeft())
        #expect(try await test.outcomes().map { $0.prefix(3) } == ["2 i", "3 d"])
        #expect(try await test.ledger.unfinished().pending == 2)
    }
}
