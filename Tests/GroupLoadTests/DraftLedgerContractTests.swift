import GroupLoad
import TestSupport
import Testing

/// What every store of a run must do with intents to create groups, and with how these end.
@Suite("RunLedger: drafts") struct DraftLedgerContractTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let list = "name,rank,isActive\na,1,\nb,,false\na,2,\nc,3,true\nd,4,\n"
    private static let reasons = RestReasons(
        leftActive: "left active", unjudged: "unjudged", inDoubt: "in doubt", unsent: "unsent")

    private func update(_ recordNumber: Int64, made: Outcome? = nil) -> GroupUpdate {
        var update = GroupUpdate(
            recordNumber: recordNumber, id: 100 + recordNumber, name: "n\(recordNumber)",
            from: GroupState(rank: 1, isActive: true),
            to: GroupState(rank: 2, isActive: false))
        update.made = made
        return update
    }

    @Test(
        "drafts are claimed in input order, so many at once; what is no draft is passed over",
        arguments: LedgerStore.all)
    func claims(store: LedgerStore) async throws {
        let ledger = try await TestLedger(scratch, store, Self.list).ledger
        let first = try await ledger.claim(after: 0, limit: 2, now: 1000, hasSettled: false)
        var b = Draft(recordNumber: 2, name: "b", rank: nil)
        b.isInactive = true
        #expect(first == [Draft(recordNumber: 1, name: "a", rank: 1), b])
        #expect(try await ledger.unfinished().hasClaims)
        let rest = try await ledger.claim(after: 2, limit: 9, now: 1001, hasSettled: false)
        #expect(rest.map(\.recordNumber) == [4, 5] && rest.allSatisfy { $0.doubt == nil })
        #expect(try await ledger.claim(after: 5, limit: 9, now: 1002, hasSettled: false).isEmpty)
    }

    @Test("what has an outcome, an update or a found group isn't claimed again", arguments: LedgerStore.all)
    func claimsOpen(store: LedgerStore) async throws {
        let ledger = try await TestLedger(scratch, store, "name\na\nb\nc\nd\n").ledger
        var toUpdate = DraftOutcome.of(2, .existing)
        toUpdate.update = update(2)
        var found = DraftOutcome.of(3, .present)
        found.foundGroup = FoundGroup(
            recordNumber: 3, id: 7, name: "c", state: GroupState(rank: nil, isActive: true), createdOn: nil,
            createdBy: nil,
            place: .list, sent: 1...2)
        try await ledger.settle([.of(1, .created, id: 5), toUpdate, found])
        #expect(try await ledger.claim(after: 0, limit: 9, now: 9, hasSettled: true).map(\.recordNumber) == [4])
        let counts = try await ledger.counts()
        #expect(counts[.created] == 1 && counts.sum == 1)
    }

    @Test("an outcome is given once", arguments: LedgerStore.all) func once(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\na\nb\n")
        try await test.ledger.settle([.of(1, .created, id: 5)])
        await #expect(throws: LedgerError.self) {
            try await test.ledger.settle([.of(2, .created, id: 6), .of(1, .failed)])
        }
        // All of it or nothing.
        #expect(try await test.outcomes() == ["1 created 5"])
    }

    @Test(
        "a killed process: what was claimed and has no outcome is in doubt from its claim on",
        arguments: LedgerStore.all)
    func doubts(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\na\nb\nc\nd\n")
        _ = try await test.ledger.claim(after: 0, limit: 2, now: 1000, hasSettled: false)
        _ = try await test.ledger.claim(after: 2, limit: 1, now: 2000, hasSettled: false)
        try await test.ledger.settle([.of(1, .created, id: 5)])
        #expect(try await test.ledger.unclearCount() == 2)
        let next = try await test.reopened().ledger
        try await next.reopenDrafts(until: 1500, requestMax: 60)
        #expect(try await next.doubtCount() == 2)
        #expect(try await next.unclearCount() == 2)
        let drafts = try await next.claim(after: 0, limit: 9, now: 3000, hasSettled: true)
        #expect(drafts.map(\.recordNumber) == [2, 3, 4])
        #expect(drafts.map(\.doubt) == [1000...1500, 2000...2000, nil])
        // Killed again before anything was settled: both may have sent it.
        try await next.reopenDrafts(until: 9000, requestMax: 60)
        let again = try await next.claim(after: 0, limit: 9, now: 9100, hasSettled: true)
        #expect(again.map(\.doubt) == [1000...9000, 2000...9000, 3000...9000])
        try await next.settle([.of(2, .confirmed, id: 6)])
        #expect(try await next.doubtCount() == 2)
    }

    @Test(
        "a run that ended: what was left out is open again, what was unresolved is in doubt", arguments: LedgerStore.all
    )
    func reopens(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\na\nb\nc\nd\ne\n")
        let ledger = test.ledger
        _ = try await ledger.claim(after: 0, limit: 3, now: 1000, hasSettled: false)
        try await ledger.settle([
            .of(1, .unresolved, endedAt: 1700), .of(2, .failed), .of(3, .unprocessed), .of(4, .unprocessed),
        ])
        #expect(try await ledger.unfinished().pending == 4)
        try await ledger.reopenDrafts(until: 1500, requestMax: 60)
        #expect(try await test.outcomes() == ["2 failed -"])
        let drafts = try await ledger.claim(after: 0, limit: 9, now: 5000, hasSettled: true)
        #expect(drafts.map(\.recordNumber) == [1, 3, 4, 5])
        #expect(drafts.map(\.doubt) == [1000...1760, nil, nil, nil])
    }

    @Test(
        "a run that refused or left out all that it had claimed has sent nothing, once it has finished",
        arguments: LedgerStore.all,
        [
            (Outcome?.none, false), (.unprocessed, false), (.existing, true), (.failed, true), (.unresolved, true),
            (.created, true),
        ])
    func sent(store: LedgerStore, outcome: (of: Outcome?, hasSent: Bool)) async throws {
        let ledger = try await TestLedger(scratch, store, "name,rank\na,1\na,2\n,3\nb,4\n").ledger
        #expect(try await !ledger.hasSent())
        try await ledger.settle([.of(4, .existing, id: 104)])
        if let outcome = outcome.of {
            _ = try await ledger.claim(after: 0, limit: 1, now: 1000, hasSettled: false)
            #expect(try await ledger.hasSent())
            try await ledger.settle([.of(1, outcome, id: 101)])
        }
        try await ledger.settleRest(Self.reasons)
        try await ledger.set(.finished)
        #expect(try await ledger.hasSent() == outcome.hasSent)
    }

    @Test("the rest gets an outcome each, by how far it had come", arguments: LedgerStore.all)
    func settlesRest(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\na\nb\nc\nd\ne\nf\n")
        let ledger = test.ledger
        _ = try await ledger.claim(after: 0, limit: 1, now: 1000, hasSettled: false)
        try await ledger.reopenDrafts(until: 1500, requestMax: 60)
        var made = DraftOutcome.of(2, .created, id: 102)
        made.update = update(2, made: .created)
        var toUpdate = DraftOutcome.of(3, .existing)
        toUpdate.update = update(3)
        var found = DraftOutcome.of(4, .present, attempts: 2, endedAt: 1600)
        found.foundGroup = FoundGroup(
            recordNumber: 4, id: 7, name: "d", state: GroupState(rank: nil, isActive: true), createdOn: nil,
            createdBy: nil,
            place: .list, sent: 1...2)
        try await ledger.settle([made, toUpdate, found, .of(5, .failed, message: "no")])
        try await ledger.settleRest(Self.reasons)
        #expect(
            try await test.outcomes() == [
                "1 unresolved -: in doubt", "2 created 102: left active", "3 unprocessed 103: unsent",
                "4 present 7: unjudged", "5 failed -: no", "6 unprocessed -: unsent",
            ])
        #expect(try await ledger.stillActiveCount() == 1)
        // None of these but the failed one is for good.
        #expect(try await ledger.unfinished().pending == 5)
        try await ledger.reopenDrafts(until: 1500, requestMax: 60)
        #expect(try await test.outcomes() == ["5 failed -: no"])
        #expect(try await ledger.updates(after: 0, limit: 9).map(\.recordNumber) == [2, 3])
        #expect(try await ledger.foundGroups(after: 0, limit: 9).map(\.found.recordNumber) == [4])
    }
}
