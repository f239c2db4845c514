import Foundation
import GroupLoad
import TestSupport
import Testing

/// A run in a database, with an importer that has its lease, and as many further processes as a test wants.
struct SharedRun: Sendable {
    /// A process: a handle of its own, and its lease.
    struct Member: Sendable {
        var ledger: PostgreSQLLedger
        var lease: Lease
    }

    /// How long a request may take.
    static let requestMax = Duration.milliseconds(500)
    static let name = "shared"

    let address: PostgreSQLAddress
    let importer: Member
    let test: TestLedger
    private let scope: String

    /// - Parameters:
    ///   - address: where the ledger is; by default a schema of its own in the tests' server.
    ///   - list: the text of a CSV file, whose records are put in.
    init(
        _ scratch: Scratch, throughPgBouncer: Bool = false, at address: PostgreSQLAddress? = nil, _ list: String
    ) async throws {
        let schema = "t" + UUID().uuidString.lowercased().replacing("-", with: "")
        let server = try await PostgreSQLServer.shared()
        self.address =
            try address
            ?? PostgreSQLAddress(
                server.address(schema: schema, throughPgBouncer: throughPgBouncer))
        scope = "https://example.org \(schema)"
        let ledger = try PostgreSQLLedger(making: Self.name, at: self.address)
        let lease = try await ledger.takeLease(
            .importer, name: "importer", scope: scope, requestMax: Self.requestMax)
        importer = Member(ledger: ledger, lease: lease)
        test = try await TestLedger(scratch, LedgerStore(name: "shared", make: { _ in ledger }) { ledger, _ in ledger })
        try await test.read(list)
        try await ledger.setOpen(true)
    }

    /// A list of so many names.
    static func list(_ count: Int) -> String { "name\n" + (1...count).map { "n\($0)\n" }.joined() }

    /// A further process on the run.
    func join(
        _ role: WorkerRole = .worker, name: String = "worker", at address: PostgreSQLAddress? = nil,
        scope: String? = nil
    ) async throws -> Member {
        let ledger = try PostgreSQLLedger(opening: Self.name, at: address ?? self.address)
        let lease = try await ledger.takeLease(
            role, name: name, scope: scope ?? self.scope, requestMax: Self.requestMax)
        return Member(ledger: ledger, lease: lease)
    }

    /// Lets a lease expire: it was renewed so long ago.
    func expire(_ member: Member) async throws {
        try await psql(
            "UPDATE lease SET expires_at = clock_timestamp() - interval '1 s' WHERE epoch = \(member.lease.epoch)")
    }

    /// Lets a lease expire, and has another process end it.
    func end(_ member: Member, by other: Member) async throws {
        try await expire(member)
        _ = try await other.ledger.renewLease(LeaseFigures())
    }

    /// What `psql` prints.
    @discardableResult func psql(_ sql: String) async throws -> String { try await Psql(address).run(sql) }

    /// All that the schema's tables hold, but that of `except`.
    func contents(except: String = "") async throws -> String {
        let tables = try await psql(
            "SELECT tablename FROM pg_tables WHERE schemaname = '\(address.schema)' AND tablename != '\(except)'")
        let query = tables.split(separator: "\n").sorted()
            .map { "SELECT '\($0)', md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) FROM \($0) AS t" }
            .joined(separator: " UNION ALL ")
        return try await psql(query)
    }
}

extension SharedRun.Member {
    /// Claims at most so many drafts.
    func claim(_ limit: Int, now: Int64 = 1000) async throws -> [Draft] {
        try await ledger.claim(after: 0, limit: limit, now: now, hasSettled: false)
    }
}
