import Foundation
import GroupLoad
import TestSupport
import Testing

/// What becomes of transactions whose connection, or whose database, is lost.
@Suite("PostgreSQLLedger: lost connections") struct LostConnectionTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A worker whose connections go through a proxy.
    private func worker(
        _ run: SharedRun, throughPgBouncer: Bool
    ) async throws -> (SharedRun.Member, CuttingProxy) {
        let server = try await PostgreSQLServer.shared()
        let proxy = try CuttingProxy(to: server.socketPath(throughPgBouncer: throughPgBouncer))
        let text = """
            postgresql://\(PostgreSQLServer.role)@127.0.0.1:\(proxy.port)/postgres?sslmode=disable&gssencmode=disable\
            &schema=\(run.address.schema)
            """
        return (try await run.join(at: try PostgreSQLAddress(text)), proxy)
    }

    private static let cuts: [(text: String, moment: CuttingProxy.Moment)] = [
        ("BEGIN", .before), ("BEGIN", .after), ("COPY outcome", .before), ("COPY outcome", .after),
        ("COMMIT\0", .before), ("COMMIT\0", .after), ("COMMIT\0", .late),
    ]

    @Test(
        "an outcome is written exactly once, wherever the connection is cut", arguments: cuts.indices, [false, true])
    func settle(index: Int, throughPgBouncer: Bool) async throws {
        let run = try await SharedRun(scratch, SharedRun.list(4))
        let (worker, proxy) = try await worker(run, throughPgBouncer: throughPgBouncer)
        _ = try await worker.claim(4)
        try await worker.ledger.settle([.of(1, .created, id: 1)])
        let cut = Self.cuts[index]
        proxy.cut(at: cut.text, cut.moment, until: "SELECT written")
        try await worker.ledger.settle([.of(2, .created, id: 2), .of(3, .failed)])
        #expect(proxy.cuts == 1)
        try await worker.ledger.settle([.of(4, .created, id: 4)])
        #expect(try await run.test.outcomes() == ["1 created 1", "2 created 2", "3 failed -", "4 created 4"])
    }

    @Test(
        "drafts are claimed exactly once, wherever the connection is cut",
        arguments: [
            ("BEGIN", CuttingProxy.Moment.before), ("BEGIN", .after), ("FROM record AS r", .after),
            ("INSERT INTO claim", .before), ("INSERT INTO claim", .after), ("COMMIT\0", .before), ("COMMIT\0", .after),
            ("COMMIT\0", .late),
        ])
    func claim(cut: (text: String, moment: CuttingProxy.Moment)) async throws {
        let run = try await SharedRun(scratch, SharedRun.list(4))
        let (worker, proxy) = try await worker(run, throughPgBouncer: false)
        proxy.cut(at: cut.text, cut.moment, until: "SELECT written")
        #expect(try await worker.claim(2).map(\.recordNumber) == [1, 2])
        #expect(proxy.cuts == 1)
        #expect(try await worker.claim(9).map(\.recordNumber) == [3, 4])
        #expect(try await run.psql("SELECT first, last, is_open FROM claim ORDER BY first") == "1|2|t\n3|4|t")
    }

    @Test(
        "a lease is taken, renewed and ended once, wherever the connection is cut",
        arguments: [
            ("BEGIN", CuttingProxy.Moment.before), ("BEGIN", .after), ("COMMIT\0", .before), ("COMMIT\0", .after),
        ])
    func lease(cut: (text: String, moment: CuttingProxy.Moment)) async throws {
        let run = try await SharedRun(scratch, SharedRun.list(2))
        let (worker, proxy) = try await worker(run, throughPgBouncer: false)
        _ = try await worker.claim(1)
        proxy.cut(at: cut.text, cut.moment)
        try await worker.ledger.endLease()
        #expect(proxy.cuts == 1)
        #expect(try await run.psql("SELECT count(*) FROM claim WHERE is_free") == "1")
        let text = "postgresql://\(PostgreSQLServer.role)@127.0.0.1:\(proxy.port)/postgres?sslmode=disable"
        let second = try PostgreSQLLedger(
            opening: SharedRun.name, at: try PostgreSQLAddress("\(text)&schema=\(run.address.schema)"))
        proxy.cut(at: cut.text, cut.moment)
        _ = try await second.takeLease(.worker, name: "w", scope: "s", requestMax: .seconds(1))
        #expect(proxy.cuts == 2)
        for moment in [CuttingProxy.Moment.before, .after] {
            proxy.cut(at: "SET expires_at", moment)
            _ = try await second.renewLease(LeaseFigures(requests: 3))
        }
        #expect(proxy.cuts == 4)
        #expect(try await run.psql("SELECT count(*) FROM lease") == "3")
        #expect(try await run.importer.ledger.metadata().requests == 3)
    }

    @Test("a process whose lease was ended while its connection was cut writes nothing") func fenced() async throws {
        let run = try await SharedRun(scratch, SharedRun.list(2))
        let (worker, proxy) = try await worker(run, throughPgBouncer: false)
        _ = try await worker.claim(1)
        try await run.expire(worker)
        proxy.cut(at: "COMMIT\0", .before)
        proxy.refusesNew(true)
        async let settled: Void = worker.ledger.settle([.of(1, .created, id: 1)])
        _ = try await run.importer.ledger.renewLease(LeaseFigures())
        proxy.refusesNew(false)
        do {
            try await settled
            Issue.record("it was written")
        } catch let error as RunError {
            #expect(error.code == .leaseLost)
        }
        #expect(try await run.psql("SELECT count(*) FROM outcome") == "0")
        #expect(try await run.psql("SELECT record FROM doubt") == "1")
    }

    @Test("without a lease it isn't known whether a cut commit took effect, and the ledger says so") func unsure()
        async throws
    {
        let run = try await SharedRun(scratch, SharedRun.list(2))
        let server = try await PostgreSQLServer.shared()
        let proxy = try CuttingProxy(to: server.socketPath())
        let text = "postgresql://\(PostgreSQLServer.role)@127.0.0.1:\(proxy.port)/postgres?sslmode=disable"
        let ledger = try PostgreSQLLedger(
            opening: SharedRun.name, at: try PostgreSQLAddress("\(text)&schema=\(run.address.schema)"))
        proxy.cut(at: "COPY", .before)
        try await ledger.settle([.of(1, .failed)])
        proxy.cut(at: "COMMIT\0", .after)
        await #expect(throws: LedgerError.self) { try await ledger.settle([.of(2, .failed)]) }
        #expect(try await run.test.outcomes() == ["1 failed -", "2 failed -"])
    }

    @Test("a database that was killed and started again has all that was written under a lease") func crash()
        async throws
    {
        let own = OwnPostgreSQLServer()
        let text = try await own.server().address(schema: "crash")
        let run = try await SharedRun(scratch, at: try PostgreSQLAddress(text), SharedRun.list(200))
        let worker = try await run.join()
        _ = try await worker.claim(200)
        for round in 0..<3 {
            let first = Int64(round * 60)
            for record in first + 1...first + 20 {
                try await worker.ledger.settle([.of(record, .created, id: record)])
            }
            try await own.kill()
            async let settled: Void = worker.ledger.settle(
                (first + 21...first + 60).map { .of($0, .created, id: $0) })
            async let renewed = run.importer.ledger.renewLease(LeaseFigures())
            try await own.start()
            try await settled
            _ = try await renewed
        }
        #expect(try await run.importer.ledger.counts()[.created] == 180)
        #expect(try await worker.ledger.claim(after: 0, limit: 9, now: 1, hasSettled: true).isEmpty)
        #expect(try await run.importer.ledger.isHeldElsewhere())
    }
}
