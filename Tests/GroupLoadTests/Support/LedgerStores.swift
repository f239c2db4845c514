import Foundation
import GroupLoad
import RecordFormats
import TestSupport
import Testing

/// A kind of store that must do what ``RunLedger`` says.
struct LedgerStore: Sendable, CustomTestStringConvertible {
    var name: String
    /// Opens a new, empty ledger at a path.
    var make: @Sendable (String) async throws -> any RunLedger
    /// Opens a ledger again, as the next process does where the first was killed.
    var reopen: @Sendable (any RunLedger, String) async throws -> any RunLedger

    var testDescription: String { name }

    /// The stores that the contract is checked of.
    static let all = [
        LedgerStore(name: "SQLite", make: { try SQLiteLedger(path: $0) }) { _, path in
            try SQLiteLedger(resuming: path)
        },
        LedgerStore(name: "memory", make: { _ in MemoryLedger() }) { ledger, _ in
            try #require(ledger as? MemoryLedger).reopened()
        },
        postgreSQL("PostgreSQL", throughPgBouncer: false),
        postgreSQL("PostgreSQL behind PgBouncer", throughPgBouncer: true),
        leased("PostgreSQL, with a lease", throughPgBouncer: false),
        leased("PostgreSQL behind PgBouncer, with a lease", throughPgBouncer: true),
    ]

    /// A store whose handles are importers, each with its lease.
    private static func leased(_ name: String, throughPgBouncer: Bool) -> LedgerStore {
        LedgerStore(
            name: name,
            make: { path in
                let (address, run) = try await database(path, throughPgBouncer)
                return try await leased(PostgreSQLLedger(making: run, at: address), scope: run)
            },
            reopen: { _, path in
                let (address, run) = try await database(path, throughPgBouncer)
                // As if somebody had ended it by hand: by what time the drafts are in doubt, the test says.
                try await Psql(address).run(
                    "UPDATE lease SET ended_at = now() FROM run WHERE run.run = lease.run AND run.name = '\(run)'")
                return try await leased(PostgreSQLLedger(opening: run, at: address), scope: run)
            })
    }

    private static func leased(_ ledger: PostgreSQLLedger, scope: String) async throws -> PostgreSQLLedger {
        _ = try await ledger.takeLease(.importer, name: "test", scope: scope, requestMax: .seconds(1))
        return ledger
    }

    private static func postgreSQL(_ name: String, throughPgBouncer: Bool) -> LedgerStore {
        LedgerStore(
            name: name,
            make: { path in
                let (address, run) = try await database(path, throughPgBouncer)
                return try PostgreSQLLedger(making: run, at: address)
            },
            reopen: { _, path in
                let (address, run) = try await database(path, throughPgBouncer)
                return try PostgreSQLLedger(opening: run, at: address)
            })
    }

    /// A test's schema, named for its directory, and its run, named for its file.
    private static func database(
        _ path: String, _ throughPgBouncer: Bool
    ) async throws -> (PostgreSQLAddress, run: String) {
        let url = URL(fileURLWithPath: path)
        let schema = url.deletingLastPathComponent().lastPathComponent.lowercased()
        let server = try await PostgreSQLServer.shared()
        let address = server.address(schema: schema, throughPgBouncer: throughPgBouncer)
        return (try PostgreSQLAddress(address), url.lastPathComponent)
    }
}

/// A ledger of a test.
struct TestLedger: Sendable {
    let store: LedgerStore
    let ledger: any RunLedger
    private let scratch: Scratch
    private let path: String

    /// - Parameters:
    ///   - scratch: where it stands; the caller has it for as long as the ledger is used.
    ///   - list: the text of a CSV file, whose records are put in.
    init(_ scratch: Scratch, _ store: LedgerStore, _ list: String? = nil) async throws {
        self.store = store
        self.scratch = scratch
        path = scratch.file("ledger-\(UUID().uuidString).sqlite")
        ledger = try await store.make(path)
        if let list { try await read(list) }
    }

    private init(_ other: TestLedger, _ ledger: any RunLedger) {
        (store, scratch, path) = (other.store, other.scratch, other.path)
        self.ledger = ledger
    }

    /// The ledger as the next process finds it.
    func reopened() async throws -> TestLedger { TestLedger(self, try await store.reopen(ledger, path)) }

    /// Puts the records of a CSV file in, checked, as an import does.
    func read(_ list: String) async throws {
        let file = try scratch.write(list, as: "list.csv")
        var generator = SystemRandomNumberGenerator()
        let ingest = Ingest(
            sources: try InputSource.resolve([file], format: .csv), options: DecodingOptions(mapping: .groups),
            validator: RecordValidator(), nameMatch: .exact,
            hash: KeyedHash(using: &generator), progress: RunProgress(), stop: StopSwitch(), note: { _ in })
        var sink = Sink(ledger: ledger)
        try await ledger.setRead(try await ingest.run(into: &sink))
    }

    private struct Sink: RecordSink {
        let ledger: any RunLedger

        func accept(_ batch: CheckedBatch) async throws {
            try await ledger.put(batch, settled: batch.settledRecords(nameLengthMax: 255))
        }
    }

    /// The standings of records, in the order in which the store lends them.
    func standings(from first: Int64, to last: Int64) async throws -> [RecordedStanding] {
        try await ledger.read { snapshot in
            var standings: [RecordedStanding] = []
            try snapshot.forEachStanding(from: first, to: last) { standings.append($0.standing) }
            return standings
        }
    }

    /// The lines of the report: number, outcome, id and message of each record that has an outcome, in the order in
    /// which the store lends them.
    func outcomes(of wanted: [Outcome] = []) async throws -> [String] {
        try await ledger.read { snapshot in
            var lines: [String] = []
            try snapshot.forEachRow(of: wanted, withOwnBytes: false) { row in
                let outcome = String(decoding: row.outcome, as: UTF8.self)
                let message = row.message.map { ": " + String(decoding: $0, as: UTF8.self) } ?? ""
                lines.append("\(row.recordNumber) \(outcome) \(row.id.map(String.init) ?? "-")\(message)")
            }
            return lines
        }
    }
}

extension DraftOutcome {
    /// An outcome as a submitter gives it.
    static func of(
        _ recordNumber: Int64, _ outcome: Outcome, id: Int64? = nil, attempts: Int = 1, endedAt: Int64 = 1000,
        message: String? = nil
    ) -> DraftOutcome {
        var made = DraftOutcome(recordNumber: recordNumber, outcome: outcome, endedAt: endedAt)
        (made.id, made.attempts, made.message) = (id, attempts, message)
        return made
    }
}

extension RunMetadata {
    /// A metadata value that a test fills.
    static func with(_ fill: (inout RunMetadata) -> Void) -> RunMetadata {
        var metadata = RunMetadata()
        fill(&metadata)
        return metadata
    }
}
