import GroupLoad
import RewardsClient
import TestSupport
import Testing

/// What every store of a run must do with changes to groups, and with what would take a run back.
@Suite("RunLedger: updates") struct UpdateLedgerContractTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func update(_ recordNumber: Int64, from: Int64? = 1, to: Int64? = 2, made: Outcome? = nil) -> GroupUpdate {
        var update = GroupUpdate(
            recordNumber: recordNumber, id: 100 + recordNumber, name: "n\(recordNumber)",
            from: GroupState(rank: from, isActive: true),
            to: GroupState(rank: to, isActive: made == nil))
        update.made = made
        return update
    }

    private func outcome(_ update: GroupUpdate) -> DraftOutcome {
        var outcome = DraftOutcome.of(update.recordNumber, update.made ?? .existing, id: update.id)
        outcome.update = update
        return outcome
    }

    @Test(
        "an update is open until its record has an outcome; one without a rank keeps the group's",
        arguments: LedgerStore.all)
    func open(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name,rank\na,2\nb,\nc,2\n")
        let ledger = test.ledger
        #expect(try await !ledger.hasUpdatesLeft())
        try await ledger.settle((1...3).map { outcome(update($0)) })
        var second = update(2)
        second.keepsRank = true
        #expect(try await ledger.updates(after: 0, limit: 9) == [update(1), second, update(3)])
        #expect(try await ledger.updates(after: 1, limit: 1) == [second])
        #expect(try await ledger.counts().sum == 0)
        try await ledger.keep(
            intents: [], outcomes: [.of(1, .updated, id: 101)], metadata: .with { $0.requests = 3 })
        #expect(try await ledger.updates(after: 0, limit: 9).map(\.recordNumber) == [2, 3])
        #expect(try await ledger.hasUpdatesLeft())
        #expect(try await ledger.metadata().requests == 3)
        try await ledger.settle([.of(2, .existing, id: 102), .of(3, .failed, id: 103)])
        #expect(try await !ledger.hasUpdatesLeft())
        let all = try await ledger.updates(from: 1, to: 2)
        #expect(all.mapValues(\.update) == [1: update(1), 2: update(2)])
        #expect(all.mapValues(\.line) == [1: 2, 2: 3])
    }

    @Test("groups that were set inactive or active again are counted where it was done", arguments: LedgerStore.all)
    func activity(store: LedgerStore) async throws {
        let ledger = try await TestLedger(scratch, store, "name,rank\na,2\nb,2\nc,2\nd,2\ne,2\n").ledger
        #expect(try await ledger.activityChanges() == (0, 0))
        let states = [(true, false), (true, false), (false, true), (true, true), (true, false)]
        try await ledger.settle(
            zip(Int64(1)..., states).map { recordNumber, states in
                var update = update(recordNumber)
                (update.from.isActive, update.to.isActive) = states
                return outcome(update)
            })
        #expect(try await ledger.activityChanges() == (0, 0))
        try await ledger.settle((1...4).map { .of($0, .updated, id: 100 + $0) } + [.of(5, .failed, id: 105)])
        #expect(try await ledger.activityChanges() == (2, 1))
    }

    @Test(
        "an update that may have been sent is in doubt for the next process, with what it was sent with",
        arguments: LedgerStore.all)
    func intents(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name,rank\na,2\nb,2\n")
        try await test.ledger.settle([outcome(update(1)), outcome(update(2))])
        let sent = update(1, from: 8, to: 9)
        try await test.ledger.keep(intents: [(sent, 500)], outcomes: [], metadata: RunMetadata())
        let next = try await test.reopened().ledger
        try await next.reopenDrafts(until: 900, requestMax: 60)
        var inDoubt = sent
        inDoubt.isInDoubt = true
        #expect(try await next.updates(after: 0, limit: 9) == [inDoubt, update(2)])
        #expect(try await next.doubtCount() == 1)
        // A record that is to be changed isn't claimed as a draft.
        #expect(try await next.claim(after: 0, limit: 9, now: 1000, hasSettled: true).isEmpty)
    }

    @Test("a draft in doubt whose group was found and is to be changed is in doubt no more", arguments: LedgerStore.all)
    func endsDoubt(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\na\n")
        _ = try await test.ledger.claim(after: 0, limit: 1, now: 10, hasSettled: false)
        try await test.ledger.reopenDrafts(until: 20, requestMax: 1)
        try await test.ledger.settle([outcome(update(1))])
        #expect(try await test.ledger.doubtCount() == 0)
        #expect(try await test.ledger.updates(after: 0, limit: 1).map(\.isInDoubt) == [false])
    }

    @Test("a group that was made to be set inactive is left active until that is done", arguments: LedgerStore.all)
    func made(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\na\nb\n")
        let ledger = test.ledger
        try await ledger.settle([
            outcome(update(1, to: 1, made: .created)), outcome(update(2, to: 1, made: .confirmed)),
        ])
        #expect(try await ledger.updates(after: 0, limit: 9).map(\.made) == [.created, .confirmed])
        var done = DraftOutcome.of(1, .created, id: 101)
        done.isMadeAndDone = true
        try await ledger.settle([done, .of(2, .confirmed, id: 102)])
        #expect(try await ledger.stillActiveCount() == 1)
        #expect(try await ledger.unfinished().pending == 1)
        try await ledger.reopenDrafts(until: 0, requestMax: 0)
        #expect(try await test.outcomes() == ["1 created 101"])
        #expect(try await ledger.updates(after: 0, limit: 9).map(\.recordNumber) == [2])
    }

    @Test("an undo's updates are records of their own, in their order", arguments: LedgerStore.all)
    func undo(store: LedgerStore) async throws {
        let ledger = try await TestLedger(scratch, store).ledger
        try await ledger.put([update(7), update(9, from: 3, to: nil)], from: 1)
        try await ledger.put([update(12)], from: 3)
        #expect(try await ledger.recordCount() == 3)
        let all = try await ledger.updates(from: 1, to: 9)
        #expect(all.mapValues(\.line) == [1: 7, 2: 9, 3: 12])
        #expect(all[2]?.update.id == 109 && all[2]?.update.to.rank == nil)
        #expect(try await ledger.updates(after: 0, limit: 9).map(\.keepsRank) == [false, true, false])
        #expect(try await ledger.unfinished().pending == 3)
    }

    @Test(
        "what takes a run back: groups that it made, and those that it changed, and no others",
        arguments: LedgerStore.all)
    func reversals(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name,rank\na,1\nb,2\nc,3\nd,4\ne,5\nf,6\ng,7\n")
        let ledger = test.ledger
        var altered = DraftOutcome.of(2, .confirmed, id: 12)
        altered.kept = KeptForm(of: RewardGroup(id: 12, name: "B", rank: 20), sentAs: "b", rank: 2)
        var found = DraftOutcome.of(7, .present, id: 17)
        found.foundGroup = FoundGroup(
            recordNumber: 7, id: 17, name: "G", state: GroupState(rank: 70, isActive: true), createdOn: nil,
            createdBy: nil,
            place: .list, sent: 1...2)
        try await ledger.settle([
            .of(1, .created, id: 11), altered, outcome(update(3)), outcome(update(4, to: 1, made: .created)),
            .of(5, .existing, id: 15), .of(6, .failed), found,
        ])
        var done = DraftOutcome.of(4, .created, id: 104)
        done.isMadeAndDone = true
        try await ledger.settle([.of(3, .updated, id: 103), done])
        try await ledger.judge([.of(7, .present, id: 17)])
        func lines(withInactive: Bool, withPresent: Bool, after last: Int64 = 0, limit: Int = 9) async throws
            -> [String]
        {
            try await ledger.reversals(
                after: last, limit: limit, withInactive: withInactive, withPresent: withPresent
            )
            .map { "\($0.recordNumber) \($0.id) \($0.name): \($0.from) > \($0.to)" }
        }
        let made = ["1 11 a: rank 1, active > rank 1, not active", "2 12 B: rank 20, active > rank 20, not active"]
        let changed = ["3 103 n3: rank 2, active > rank 1, active"]
        #expect(try await lines(withInactive: false, withPresent: false) == made + changed)
        #expect(
            try await lines(withInactive: true, withPresent: false)
                == made + changed + ["4 104 n4: rank 1, not active > rank 1, not active"])
        #expect(
            try await lines(withInactive: false, withPresent: true)
                == made + changed + ["7 17 G: rank 70, active > rank 70, not active"])
        #expect(try await lines(withInactive: false, withPresent: false, after: 1, limit: 1) == [made[1]])
    }

    @Test("what the server made something else of is taken back from what it keeps", arguments: LedgerStore.all)
    func reversesKept(store: LedgerStore) async throws {
        let ledger = try await TestLedger(scratch, store, "name,rank\na,1\n").ledger
        try await ledger.settle([outcome(update(1))])
        var renamed = DraftOutcome.of(1, .updated, id: 101)
        renamed.kept = KeptForm(of: RewardGroup(id: 101, name: "N1", rank: 99), sentAs: "n1", rank: 2)
        try await ledger.keep(intents: [], outcomes: [renamed], metadata: RunMetadata())
        let reversals = try await ledger.reversals(after: 0, limit: 9, withInactive: false, withPresent: false)
        #expect(
            reversals.map { "\($0.recordNumber) \($0.id) \($0.name): \($0.from) > \($0.to)" }
                == ["1 101 N1: rank 99, active > rank 1, active"])
        #expect(try await ledger.alteredCount() == 1)
    }
}
