import Foundation
import GroupLoad
import RewardsClient
import TestSupport
import Testing

/// What a store must do that several processes write to at once.
@Suite("SharedLedger: leases and claims") struct SharedLedgerContractTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func code(_ body: () async throws -> Void) async -> RunError.Code? {
        await #expect(throws: RunError.self) { try await body() }?.code
    }

    private func update(_ recordNumber: Int64) -> GroupUpdate {
        GroupUpdate(
            recordNumber: recordNumber, id: 100 + recordNumber, name: "n\(recordNumber)",
            from: GroupState(rank: 1, isActive: true), to: GroupState(rank: 2, isActive: true))
    }

    @Test(
        "handles that claim at once get every draft exactly once, each in order", arguments: [2, 8], [false, true])
    func together(count: Int, throughPgBouncer: Bool) async throws {
        let run = try await SharedRun(scratch, throughPgBouncer: throughPgBouncer, SharedRun.list(2000))
        let claimed = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for number in 0..<count {
                group.addTask {
                    let worker = number == 0 ? run.importer : try await run.join(name: "\(number)")
                    var records: [Int64] = []
                    while true {
                        let drafts = try await worker.claim(30)
                        if drafts.isEmpty { break }
                        records += drafts.map(\.recordNumber)
                        try await worker.ledger.settle(
                            drafts.map { .of($0.recordNumber, .created, id: $0.recordNumber) })
                    }
                    try await worker.ledger.endLease()
                    return records
                }
            }
            return try await group.reduce(into: [[Int64]]()) { $0.append($1) }
        }
        #expect(claimed.allSatisfy { $0 == $0.sorted() })
        #expect(claimed.flatMap { $0 }.sorted() == Array(1...2000))
        #expect(try await run.importer.ledger.counts()[.created] == 2000)
        #expect(try await run.psql("SELECT count(*) FROM claim WHERE is_open") == "0")
        #expect(try await run.psql("SELECT count(*) FROM doubt") == "0")
        #expect(try await !run.importer.ledger.isHeldElsewhere())
    }

    /// Every method that writes, by its name.
    private static let writes: [(name: String, write: @Sendable (SharedRun, PostgreSQLLedger) async throws -> Void)] = [
        ("put records", { run, _ in try await run.test.read("name\nx\ny,\n") }),
        ("merge", { try await $1.merge(.with { ($0.damage, $0.requests) = ("a", 7) }) }),
        ("merge counts", { try await $1.merge(.with { $0.requests = 7 }) }),
        ("set sources", { try await $1.set([SourceSummary(path: "c", format: "xml", bytes: 0, sha256: "")]) }),
        ("forgetRecords", { try await $1.forgetRecords() }),
        ("claim", { _ = try await $1.claim(after: 0, limit: 9, now: 5, hasSettled: true) }),
        ("settle", { try await $1.settle([.of(3, .created, id: 103)]) }),
        ("reopenDrafts", { try await $1.reopenDrafts(until: 9, requestMax: 9) }),
        (
            "settleRest",
            { try await $1.settleRest(RestReasons(leftActive: "a", unjudged: "b", inDoubt: "c", unsent: "d")) }
        ),
        ("judge", { try await $1.judge([.of(4, .existing, id: 104)]) }),
        ("withdraw", { try await $1.withdraw([(1, "no")]) }),
        (
            "keep clock",
            {
                try await $1.keep(
                    ClockSamples.Bucket(
                        start: 5000, count: 1, highest: 1...2, lowest: 1...2, respondedFirst: 5001, sentLast: 5000),
                    [ClockSamples.Sample(recordNumber: 1, id: 1, createdOn: 2, sent: 1, responded: 3)],
                    .with { $0.aliveAt = 9 })
            }
        ),
        (
            "put updates",
            {
                let state = GroupState(rank: 1, isActive: true)
                try await $1.put([GroupUpdate(recordNumber: 1, id: 1, name: "z", from: state, to: state)], from: 9)
            }
        ),
        (
            "keep intents",
            {
                let update = try await $1.updates(after: 0, limit: 1)
                try await $1.keep(intents: update.map { ($0, 9) }, outcomes: [], metadata: RunMetadata())
            }
        ),
        ("keep outcomes", { try await $1.keep(intents: [], outcomes: [.of(2, .updated)], metadata: RunMetadata()) }),
        ("beginTarget", { try await $1.beginTarget() }),
        ("put groups", { try await $1.put([RewardGroup(id: 9, name: "Gold")]) }),
        ("forgetDecisions", { try await $1.forgetDecisions() }),
        ("findMissing", { try await $1.findMissing() }),
        (
            "endComparison",
            {
                try await $1.endComparison(
                    SourceSummary(path: "t", format: SourceSummary.missingFormat, bytes: 0, sha256: ""), after: 8)
            }
        ),
        ("setOpen", { try await $1.setOpen(false) }),
        ("renewLease", { _ = try await $1.renewLease(LeaseFigures(requests: 99)) }),
    ]

    @Test("a lease that ended writes nothing, whatever is written", arguments: writes.map(\.name))
    func fenced(name: String) async throws {
        let run = try await SharedRun(scratch, SharedRun.list(8))
        let ledger = run.importer.ledger
        let write = try #require(Self.writes.first { $0.name == name }).write
        _ = try await ledger.claim(after: 0, limit: 4, now: 1, hasSettled: false)
        var toUpdate = DraftOutcome.of(2, .existing)
        toUpdate.update = update(2)
        var found = DraftOutcome.of(4, .present)
        found.foundGroup = FoundGroup(
            recordNumber: 4, id: 104, name: "n4", state: GroupState(rank: nil, isActive: true), createdOn: nil,
            createdBy: nil, place: .list, sent: 1...2)
        try await ledger.settle([.of(1, .created, id: 101), toUpdate, found])
        try await ledger.put([RewardGroup(id: 8, name: "Silver")])
        let worker = try await run.join()
        try await run.end(run.importer, by: worker)
        let before = try await run.contents()
        #expect(await code { try await write(run, ledger) } == .leaseLost)
        #expect(try await run.contents() == before)
        // Nor does an end, which is quiet; and after it nothing is written either.
        try await ledger.endLease()
        #expect(await code { try await ledger.settle([.of(3, .created, id: 103)]) } == .leaseLost)
        #expect(try await run.contents() == before)
    }

    @Test("whose lease was ended in an orderly way writes nothing", arguments: [false, true])
    func ended(throughPgBouncer: Bool) async throws {
        let run = try await SharedRun(scratch, throughPgBouncer: throughPgBouncer, SharedRun.list(6))
        let (first, second) = (try await run.join(), try await run.join())
        #expect(first.lease.epoch < second.lease.epoch)
        #expect(try await first.claim(4, now: 1000).count == 4)
        try await first.ledger.settle([.of(1, .created, id: 1), .of(2, .failed)])
        #expect(try await second.ledger.isHeldElsewhere())
        try await first.ledger.endLease()
        #expect(await code { try await first.ledger.settle([.of(3, .failed)]) } == .leaseLost)
        #expect(await code { _ = try await first.ledger.renewLease(LeaseFigures()) } == .leaseLost)
        #expect(try await second.ledger.isHeldElsewhere())
        // What it hadn't sent is as new.
        let drafts = try await second.claim(9)
        #expect(drafts.map(\.recordNumber) == [3, 4, 5, 6] && drafts.allSatisfy { $0.doubt == nil })
        #expect(try await !second.ledger.isHeldElsewhere())
        #expect(try await run.importer.ledger.isHeldElsewhere())
        #expect(try await run.psql("SELECT count(*) FROM lease WHERE ended_by = epoch") == "1")
    }

    @Test("a lease that expired and that nobody has ended still writes, and is renewed") func expired() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(2))
        let worker = try await run.join()
        _ = try await worker.claim(2)
        try await run.expire(worker)
        try await worker.ledger.settle([.of(1, .created, id: 1)])
        #expect(try await worker.ledger.renewLease(LeaseFigures()).liveWorkers == 1)
        _ = try await run.importer.ledger.renewLease(LeaseFigures())
        try await worker.ledger.settle([.of(2, .created, id: 2)])
        try await run.expire(worker)
        #expect(try await run.importer.ledger.renewLease(LeaseFigures()).liveWorkers == 0)
        #expect(await code { try await worker.ledger.merge(.with { $0.requests = 1 }) } == .leaseLost)
    }

    @Test(
        "ending a lease puts in doubt what was claimed under it and isn't settled, and no more",
        arguments: [false, true])
    func takeover(throughPgBouncer: Bool) async throws {
        let run = try await SharedRun(scratch, throughPgBouncer: throughPgBouncer, SharedRun.list(12))
        let (dead, other, third) = (try await run.join(), try await run.join(), try await run.join())
        #expect(try await dead.claim(4, now: 1000).map(\.recordNumber) == [1, 2, 3, 4])
        #expect(try await other.claim(4, now: 1100).map(\.recordNumber) == [5, 6, 7, 8])
        var toUpdate = DraftOutcome.of(2, .existing)
        toUpdate.update = update(2)
        var found = DraftOutcome.of(3, .present)
        found.foundGroup = FoundGroup(
            recordNumber: 3, id: 103, name: "n3", state: GroupState(rank: nil, isActive: true), createdOn: nil,
            createdBy: nil, place: .list, sent: 1...2)
        try await dead.ledger.settle([.of(1, .created, id: 101), toUpdate, found])
        try await run.end(dead, by: third)
        let until = try await run.psql(
            """
            SELECT (extract(epoch FROM expires_at) * 1000)::bigint + 500 FROM lease
            WHERE epoch = \(dead.lease.epoch) AND ended_by = \(third.lease.epoch)
            """)
        #expect(try await run.psql("SELECT record, sent_at, sent_until FROM doubt") == "4|1000|\(until)")
        let drafts = try await third.claim(2, now: 1200)
        #expect(drafts.map(\.recordNumber) == [4, 9])
        #expect(drafts.map(\.doubt) == [1000...(try #require(Int64(until))), nil])
        #expect(try await third.claim(9).map(\.recordNumber) == [10, 11, 12])
        try await other.ledger.settle((5...8).map { .of($0, .created, id: $0) })
    }

    @Test("a free claim that is longer than what is asked for is taken in parts") func parts() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(7))
        let (dead, next) = (try await run.join(), try await run.join())
        _ = try await dead.claim(5)
        try await dead.ledger.settle([.of(2, .failed)])
        try await run.end(dead, by: next)
        #expect(try await next.claim(2).map(\.recordNumber) == [1, 3])
        #expect(try await next.claim(2).map(\.recordNumber) == [4, 5])
        #expect(try await next.claim(2).map(\.recordNumber) == [6, 7])
        #expect(try await next.claim(2).isEmpty)
        let first = try await run.psql(
            "SELECT first, last, is_open FROM claim WHERE lease = \(dead.lease.epoch) ORDER BY claim LIMIT 1")
        #expect(first == "1|5|f", "what was claimed once stays to be seen")
    }

    @Test("a draft that a stopped process had not sent isn't in doubt for longer when the run goes on")
    func stoppedAgain() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(2))
        _ = try await run.importer.claim(2, now: 1000)
        try await run.importer.ledger.settle(
            [.of(1, .unresolved, attempts: 0, endedAt: 5000), .of(2, .unresolved, attempts: 1, endedAt: 5000)])
        try await run.psql(
            "INSERT INTO doubt (run, record, sent_at, sent_until) SELECT run, record, 1000, 3000 FROM record")
        try await run.importer.ledger.reopenDrafts(until: 9000, requestMax: 100)
        #expect(try await run.psql("SELECT record, sent_until FROM doubt ORDER BY record") == "1|3000\n2|5100")
    }

    @Test("a draft that two processes were killed over is in doubt for the times of both") func twice() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(1))
        let (first, second) = (try await run.join(), try await run.join())
        _ = try await first.claim(1, now: 1000)
        try await run.end(first, by: run.importer)
        #expect(try await second.claim(1, now: 2000).map(\.recordNumber) == [1])
        try await run.psql("UPDATE doubt SET sent_until = 3000")
        try await run.end(second, by: run.importer)
        let doubt = try #require(try await run.importer.claim(1).first?.doubt)
        // By the time of the second, long after that of the first.
        #expect(doubt.lowerBound == 1000 && doubt.upperBound > second.lease.databaseTime - 60_000)
    }

    @Test("workers get drafts while the run is open, the importer at any time") func openness() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(4))
        try await run.importer.ledger.merge(.with { ($0.scope, $0.phase) = ("https://example.org till", .sending) })
        let worker = try await run.join()
        let open = try #require(try PostgreSQLLedger.openRuns(at: run.address).first)
        #expect(open.name == SharedRun.name && open.scope == "https://example.org till" && open.hasWork)
        try await run.importer.ledger.setOpen(false)
        #expect(try PostgreSQLLedger.openRuns(at: run.address).isEmpty)
        #expect(try await worker.claim(1).isEmpty)
        #expect(try await run.importer.claim(1).map(\.recordNumber) == [1])
        var renewal = try await worker.ledger.renewLease(LeaseFigures())
        #expect(!renewal.isOpen && renewal.phase == .sending && renewal.liveWorkers == 1 && renewal.hasLiveImporter)
        #expect(renewal.databaseTime >= worker.lease.databaseTime)
        try await run.importer.ledger.setOpen(true)
        #expect(try await worker.claim(9).map(\.recordNumber) == [2, 3, 4])
        renewal = try await worker.ledger.renewLease(LeaseFigures())
        #expect(renewal.isOpen)
        #expect(try PostgreSQLLedger.openRuns(at: run.address).map(\.hasWork) == [false])
    }

    @Test("a resume leaves what live workers have claimed to them") func resume() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(9))
        let worker = try await run.join()
        #expect(try await run.importer.claim(2, now: 1000).map(\.recordNumber) == [1, 2])
        #expect(try await worker.claim(3, now: 1000).map(\.recordNumber) == [3, 4, 5])
        #expect(try await run.importer.claim(2, now: 1000).map(\.recordNumber) == [6, 7])
        try await run.importer.ledger.settle([.of(2, .unprocessed), .of(6, .unresolved, endedAt: 1500)])
        try await worker.ledger.settle([.of(3, .unresolved), .of(4, .unprocessed)])
        try await run.expire(run.importer)
        let next = try await run.join(.importer, name: "next")
        try await next.ledger.reopenDrafts(until: 2000, requestMax: 60_000)
        #expect(try await run.test.outcomes() == ["3 unresolved -", "4 unprocessed -"])
        #expect(try await run.psql("SELECT record FROM doubt ORDER BY record") == "1\n6\n7")
        #expect(try await next.claim(9).map(\.recordNumber) == [1, 2, 6, 7, 8, 9])
        try await worker.ledger.settle([.of(5, .created, id: 5)])
        try await next.ledger.settleRest(RestReasons(leftActive: "a", unjudged: "b", inDoubt: "c", unsent: "d"))
        #expect(try await next.ledger.counts().sum == 9)
    }

    @Test("a run that ends with claims of others has them in doubt, and ends their leases") func rest() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(5))
        let (busy, idle) = (try await run.join(), try await run.join())
        _ = try await idle.claim(1)
        try await idle.ledger.settle([.of(1, .created, id: 1)])
        _ = try await busy.claim(2)
        try await run.importer.ledger.settleRest(
            RestReasons(leftActive: "a", unjudged: "b", inDoubt: "in doubt", unsent: "unsent"))
        #expect(
            try await run.test.outcomes() == [
                "1 created 1", "2 unresolved -: in doubt", "3 unresolved -: in doubt", "4 unprocessed -: unsent",
                "5 unprocessed -: unsent",
            ])
        #expect(await code { try await busy.ledger.settle([.of(2, .created, id: 2)]) } == .leaseLost)
        _ = try await idle.ledger.renewLease(LeaseFigures())
        #expect(try await idle.claim(9).isEmpty)
    }

    @Test("requests are added up over all processes, whoever renews or keeps them") func figures() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(1))
        let worker = try await run.join()
        _ = try await worker.ledger.renewLease(LeaseFigures(requests: 5, retries: 2, throttled: 1))
        try await run.importer.ledger.keep(
            nil, [], .with { ($0.requests, $0.retries, $0.aliveAt) = (10, 1, 77) })
        try await worker.ledger.keep(nil, [], .with { ($0.requests, $0.aliveAt) = (6, 76) })
        let sum = try await run.importer.ledger.metadata()
        #expect(sum.requests == 16 && sum.retries == 3 && sum.throttled == 1 && sum.aliveAt == 77)
        // Each process has bounds of its own on the server's clock.
        let buckets = [1, 2].map { (bound: Int64) in
            ClockSamples.Bucket(
                start: 5000, count: 1, highest: bound...9, lowest: 0...bound, respondedFirst: 5001, sentLast: 5000)
        }
        try await worker.ledger.keep(buckets[0], [], RunMetadata())
        try await run.importer.ledger.keep(buckets[1], [], RunMetadata())
        #expect(try await run.importer.ledger.clockSamples().buckets.count == 2)
    }

    /// How many drafts are claimed and settled per second by so many handles; printed, where
    /// `GROUPLOAD_LEDGER_DRAFTS` says of how many.
    @Test(
        "the rate of claims and settles", .enabled(if: Self.measuredCount > 0),
        arguments: [(1, false), (1, true), (2, true), (4, true)])
    func rate(handles: Int, isLeased: Bool) async throws {
        let run = try await SharedRun(scratch, SharedRun.list(Self.measuredCount))
        if !isLeased { try await run.importer.ledger.endLease() }
        var ledgers: [PostgreSQLLedger] = []
        for _ in 0..<handles {
            ledgers.append(
                isLeased
                    ? try await run.join().ledger : try PostgreSQLLedger(opening: SharedRun.name, at: run.address))
        }
        let began = ContinuousClock.now
        try await withThrowingTaskGroup { group in
            for ledger in ledgers {
                group.addTask {
                    var last: Int64 = 0
                    while true {
                        let drafts = try await ledger.claim(after: last, limit: 1000, now: 1, hasSettled: false)
                        guard let end = drafts.last else { return }
                        last = end.recordNumber
                        for start in stride(from: 0, to: drafts.count, by: 200) {
                            let some = drafts[start..<min(start + 200, drafts.count)]
                            try await ledger.settle(some.map { .of($0.recordNumber, .created, id: $0.recordNumber) })
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let seconds = began.duration(to: .now) / .seconds(1)
        print("\(handles) handles, \(isLeased ? "leased" : "plain"): \(Int(Double(Self.measuredCount) / seconds))/s")
        #expect(try await run.importer.ledger.counts()[.created] == Self.measuredCount)
    }

    private static let measuredCount =
        ProcessInfo.processInfo.environment["GROUPLOAD_LEDGER_DRAFTS"].flatMap { Int($0) } ?? 0
}
