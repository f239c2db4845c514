import Foundation
import GroupLoad
import TestSupport
import Testing

/// The locks of a run and of a scope, and the pace of a key, which processes on several machines share.
@Suite("SharedLedger: scope and pace") struct SharedScopeTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func refusal(_ body: () async throws -> Void) async -> RunError? {
        await #expect(throws: RunError.self) { try await body() }
    }

    /// Another run in the same database.
    private func other(_ run: SharedRun) throws -> PostgreSQLLedger {
        try PostgreSQLLedger(making: UUID().uuidString, at: run.address)
    }

    private func take(_ ledger: PostgreSQLLedger, scope: String) async throws {
        _ = try await ledger.takeLease(.importer, name: "host:7", scope: scope, requestMax: .seconds(1))
    }

    @Test("one importer has a scope; it goes to the next when the lease is given back, or has expired")
    func scope() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(2))
        let (first, second, third) = (try other(run), try other(run), try other(run))
        try await take(first, scope: "s")
        let busy = await refusal { try await take(second, scope: "s") }
        #expect(busy?.code == .busy && busy?.message.contains("host:7") == true)
        try await take(second, scope: "s2")
        try await first.endLease()
        try await take(third, scope: "s")
        #expect(await refusal { try await take(other(run), scope: "s") }?.code == .busy)
        try await third.settle([.of(1, .failed)])
        try await run.psql("UPDATE lease SET expires_at = now() - interval '1 s'")
        let fourth = try other(run)
        try await take(fourth, scope: "s")
        #expect(await refusal { try await third.settle([.of(2, .failed)]) }?.code == .leaseLost)
        try await fourth.settle([.of(1, .failed)])
    }

    @Test("what the holder of a scope had claimed in another run is in doubt when the scope is taken over")
    func takeover() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(2))
        _ = try await run.importer.claim(1)
        try await run.expire(run.importer)
        let scope = try await run.psql("SELECT scope FROM scope_lock")
        try await take(other(run), scope: scope)
        #expect(try await run.psql("SELECT record FROM doubt") == "1")
        #expect(try await run.psql("SELECT is_free FROM claim") == "t")
    }

    @Test("one importer has a run, whatever its scope; any number of workers join it") func oneImporter() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(2))
        _ = try await run.join()
        #expect(await refusal { _ = try await run.join(.importer, scope: "other") }?.code == .busy)
        try await run.expire(run.importer)
        _ = try await run.join(.importer, scope: "other")
    }

    @Test("of several that take a scope at once, one gets it", arguments: [false, true])
    func race(throughPgBouncer: Bool) async throws {
        let run = try await SharedRun(scratch, throughPgBouncer: throughPgBouncer, SharedRun.list(1))
        let ledgers = try (0..<6).map { _ in try other(run) }
        let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
            for ledger in ledgers {
                group.addTask {
                    do { try await take(ledger, scope: "s") } catch let error as RunError where error.code == .busy {
                        return false
                    }
                    return true
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(taken == 1)
    }

    @Test("turns are given out once, at the interval, to whoever shares the key", arguments: [false, true])
    func turns(throughPgBouncer: Bool) async throws {
        let run = try await SharedRun(scratch, throughPgBouncer: throughPgBouncer, SharedRun.list(1))
        var ledgers = [run.importer.ledger]
        for _ in 0..<3 { ledgers.append(try await run.join().ledger) }
        // So far ahead that the turns below are none that are made up for.
        _ = try await run.importer.ledger.reserve(key: "k", turns: 60, interval: .seconds(1), catchUp: .zero)
        let next = try await run.psql("SELECT next_at::bigint FROM pace")
        try await withThrowingTaskGroup { group in
            for ledger in ledgers {
                group.addTask {
                    for _ in 0..<5 {
                        _ = try await ledger.reserve(key: "k", turns: 2, interval: .seconds(1), catchUp: .zero)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await run.psql("SELECT (next_at - \(next))::bigint FROM pace") == "40000")
        let own = try await run.importer.ledger.reserve(key: "other", turns: 1, interval: .seconds(1), catchUp: .zero)
        #expect(own.firstIn < .seconds(1) && own.pausedFor == .zero)
    }

    @Test("turns of a slow pace are given out once, too") func slowTurns() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(1))
        for _ in 0..<20 {
            _ = try await run.importer.ledger.reserve(key: "k", turns: 1, interval: .seconds(60), catchUp: .zero)
        }
        let last = try await run.importer.ledger.reserve(key: "k", turns: 1, interval: .seconds(60), catchUp: .zero)
        #expect(last.firstIn > .seconds(19 * 60) && last.firstIn <= .seconds(20 * 60))
    }

    @Test("time that nobody used is made up for, up to a bound; a clock that was set back holds nobody up")
    func catchUp() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(1))
        let ledger = run.importer.ledger
        func reserve(_ turns: Int = 1) async throws -> (firstIn: Duration, pausedFor: Duration) {
            try await ledger.reserve(key: "k", turns: turns, interval: .seconds(1), catchUp: .milliseconds(500))
        }
        _ = try await reserve()
        for move in ["- 60000", "+ 3600000"] {
            try await run.psql("UPDATE pace SET next_at = next_at \(move)")
            let first = try await reserve().firstIn
            #expect(first <= .milliseconds(-500) && first > .milliseconds(-30_000))
        }
        _ = try await reserve(60)
        let before = try await run.psql("SELECT next_at FROM pace")
        _ = try await reserve(0)
        #expect(try await run.psql("SELECT next_at FROM pace") == before)
    }

    @Test("a pause holds for all; a shorter one doesn't shorten it") func pause() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(1))
        let worker = try await run.join()
        try await worker.ledger.pause(key: "k", for: .seconds(300), message: "slow")
        try await run.importer.ledger.pause(key: "k", for: .seconds(5), message: "no")
        let reserved = try await run.importer.ledger.reserve(
            key: "k", turns: 1, interval: .seconds(1), catchUp: .seconds(1))
        #expect(reserved.pausedFor > .seconds(200) && reserved.firstIn >= reserved.pausedFor - .seconds(1))
        #expect(try await run.psql("SELECT pause_message FROM pace") == "slow")
    }

    @Test("one process probes, until its time is over") func probe() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(1))
        let worker = try await run.join()
        #expect(try await worker.ledger.takeProbe(key: "k", for: .seconds(300)))
        #expect(try await !run.importer.ledger.takeProbe(key: "k", for: .seconds(300)))
        #expect(try await worker.ledger.takeProbe(key: "k", for: .seconds(300)))
        try await run.psql("UPDATE pace SET probe_until = probe_until - 301000")
        #expect(try await run.importer.ledger.takeProbe(key: "k", for: .seconds(300)))
    }
}
