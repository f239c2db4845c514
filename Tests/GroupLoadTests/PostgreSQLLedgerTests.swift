import Foundation
import GroupLoad
import RewardsClient
import TestSupport
import Testing

/// What is special to the store on PostgreSQL; what it has in common with the others is in the contract suites.
@Suite("PostgreSQLLedger") struct PostgreSQLLedgerTests {
    private let schema: String
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        schema = "t" + scratch.path.suffix(36).lowercased().replacing("-", with: "")
    }

    private func address(_ schema: String? = nil) async throws -> PostgreSQLAddress {
        try PostgreSQLAddress(await PostgreSQLServer.shared().address(schema: schema ?? self.schema))
    }

    private func code(_ body: () async throws -> Void) async -> RunError.Code? {
        await #expect(throws: RunError.self) { try await body() }?.code
    }

    @Test("a run is made once, and found by its name") func names() async throws {
        let address = try await address()
        let first = try PostgreSQLLedger(making: "a", at: address)
        try await first.merge(.with { $0.scope = "https://example.org till" })
        #expect(await code { _ = try PostgreSQLLedger(making: "a", at: address) } == .cannotWrite)
        #expect(await code { _ = try PostgreSQLLedger(opening: "b", at: address) } == .noRun)
        let second = try PostgreSQLLedger(making: "b", at: address)
        #expect(try await second.metadata() == RunMetadata())
        try await first.close()
        #expect(try await PostgreSQLLedger(opening: "a", at: address).metadata().keyID == "till")
    }

    @Test("no table is emptied by a crash of the database, which this process may outlive") func logged() async throws {
        _ = try PostgreSQLLedger(making: "a", at: try await address())
        let counts = "count(*) > 10, count(*) FILTER (WHERE relpersistence != 'p')"
        let found = try await psql("SELECT \(counts) FROM pg_class WHERE relnamespace = current_schema()::regnamespace")
        #expect(found == "t|0")
    }

    @Test("several processes that come first make the tables once") func together() async throws {
        let address = try await address()
        try await withThrowingTaskGroup { group in
            for number in 0..<6 {
                group.addTask { _ = try PostgreSQLLedger(making: "\(number)", at: address) }
            }
            try await group.waitForAll()
        }
        #expect(try await psql("SELECT count(*), count(DISTINCT run) FROM run") == "6|6")
        #expect(try await psql("SELECT count(*) = max(version) FROM version") == "t")
    }

    @Test("a schema without a ledger, one of another version, and a database that isn't there") func others()
        async throws
    {
        let address = try await address()
        #expect(await code { _ = try PostgreSQLLedger(opening: "a", at: address) } == .ledgerUnusable)
        _ = try PostgreSQLLedger(making: "a", at: address)
        _ = try await psql("INSERT INTO version (version) VALUES (9999)")
        #expect(await code { _ = try PostgreSQLLedger(opening: "a", at: address) } == .otherVersion)
        #expect(await code { _ = try PostgreSQLLedger(making: "b", at: address) } == .otherVersion)
        try await LoopbackSocket.withRefusingPort { port in
            let nowhere = try PostgreSQLAddress("postgresql://x@127.0.0.1:\(port)/x")
            #expect(await code { _ = try PostgreSQLLedger(making: "a", at: nowhere) } == .ledgerUnusable)
        }
    }

    @Test("a role needs its own schema only") func role() async throws {
        _ = try await psql(
            """
            CREATE ROLE \(schema) LOGIN; CREATE SCHEMA \(schema) AUTHORIZATION \(schema);
            REVOKE CREATE ON DATABASE postgres FROM PUBLIC; REVOKE CREATE ON SCHEMA public FROM PUBLIC
            """)
        let server = try await PostgreSQLServer.shared()
        let text = server.address(schema: schema).replacing("\(PostgreSQLServer.role)@", with: "\(schema)@")
        let ledger = try PostgreSQLLedger(making: "a", at: try PostgreSQLAddress(text))
        try await ledger.beginTarget()
        try await ledger.put([RewardGroup(id: 1, name: "Gold")])
        try await ledger.findMissing()
        #expect(try await ledger.missingCount() == (1, 1))
        let other = text.replacing("schema=\(schema)", with: "schema=\(schema)_other")
        #expect(
            await code { _ = try PostgreSQLLedger(making: "a", at: try PostgreSQLAddress(other)) }
                == .ledgerUnusable)
    }

    @Test("what no text of PostgreSQL's is, a server's name may be") func anyName() async throws {
        let ledger = try await PostgreSQLLedger(making: "a", at: address())
        let name = "a\0\u{FFFF}é"
        let update = GroupUpdate(
            recordNumber: 1, id: 7, name: name, from: GroupState(rank: 1, isActive: true),
            to: GroupState(rank: .max, isActive: true))
        try await ledger.put([update], from: 1)
        #expect(try await ledger.updates(after: 0, limit: 1).map(\.name) == [name])
        try await ledger.settle([.of(1, .failed, message: "no \0")])
        #expect(
            try await ledger.read { snapshot in
                var messages: [String] = []
                try snapshot.forEachRow(of: [], withOwnBytes: false) { row in
                    messages.append(row.message.map { String(decoding: $0, as: UTF8.self) } ?? "")
                }
                return messages
            } == ["no \u{FFFD}"])
    }

    @Test("a connection that the database ended is opened again, and a transaction that it ended is none")
    func lost() async throws {
        let server = try await PostgreSQLServer.shared()
        let text = server.address(schema: schema) + "&application_name=\(schema)"
        let ledger = try PostgreSQLLedger(making: "a", at: try PostgreSQLAddress(text))
        try await ledger.merge(.with { $0.retries = 2 })
        #expect(try await ledger.recordCount() == 0)
        let ended = try await psql(
            "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name = '\(schema)'")
        #expect(ended == "2")
        try await ledger.merge(.with { $0.requests = 3 })
        #expect(try await ledger.metadata().requests == 3)
    }

    private func psql(_ sql: String) async throws -> String { try await Psql(address()).run(sql) }
}
