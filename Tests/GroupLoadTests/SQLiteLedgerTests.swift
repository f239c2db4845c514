import Foundation
import GroupLoad
import TestSupport
import Testing

/// What SQLite's store does besides its contract: files that are damaged, foreign, older, newer or gone.
@Suite struct SQLiteLedgerTests {
    private let scratch: Scratch
    private var path: String { scratch.file("ledger.sqlite") }

    init() throws { scratch = try Scratch() }

    /// Runs statements on the file, as somebody else would.
    private func sql(_ text: String, on path: String? = nil) async throws {
        try await OtherDatabaseUser.run(text, on: path ?? self.path)
    }

    /// The error that opening a file gives, to go on with it and to read it.
    private func errors() throws -> [RunError] {
        func error(_ open: () throws -> SQLiteLedger) -> RunError? {
            do { _ = try open() } catch { return error as? RunError }
            return nil
        }
        return [error { try SQLiteLedger(resuming: path) }, error { try SQLiteLedger(reading: path) }]
            .compactMap(\.self)
    }

    @Test("a ledger of 0.1.0, with or without its second migration, is refused and not changed", arguments: ["1", "2"])
    func older(migration: String) async throws {
        try await sql(
            """
            CREATE TABLE grdb_migrations (identifier TEXT); INSERT INTO grdb_migrations VALUES ('\(migration)');
            CREATE TABLE run (key TEXT, value TEXT); CREATE TABLE source (source INTEGER); CREATE TABLE record \
            (record INTEGER);
            CREATE TABLE claim (claim INTEGER); CREATE TABLE doubt (record INTEGER); CREATE TABLE amendment \
            (record INTEGER);
            CREATE TABLE outcome (record INTEGER);
            """)
        let before = try Data(contentsOf: scratch.url("ledger.sqlite"))
        let errors = try errors()
        #expect(errors.map(\.code) == [.otherVersion, .otherVersion])
        #expect(errors.map(\.place) == [.path(path), .path(path)])
        #expect(try Data(contentsOf: scratch.url("ledger.sqlite")) == before)
    }

    @Test("a ledger that somebody else reads meanwhile is closed all the same") func readMeanwhile() async throws {
        let ledger = try SQLiteLedger(path: path)
        try await sql("PRAGMA wal_checkpoint(TRUNCATE)")
        try await OtherDatabaseUser.holding("BEGIN; SELECT count(*) FROM run", on: path) {
            do { try await ledger.close() } catch { Issue.record("\(error)") }
        }
        try await SQLiteLedger(resuming: path).close()
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
    }

    @Test("a newer version's ledger is refused") func newer() async throws {
        try await SQLiteLedger(path: path).close()
        try await sql("PRAGMA user_version = 99")
        let errors = try errors()
        #expect(errors.map(\.code) == [.otherVersion, .otherVersion])
        #expect(errors.map(\.place) == [.path(path), .path(path)])
    }

    @Test(
        "what is no ledger is refused",
        arguments: [
            ("CREATE TABLE people (name TEXT)", RunError.Code.ledgerUnusable),
            ("PRAGMA application_id = 1196575812; CREATE TABLE run (x)", .otherVersion),
        ])
    func foreign(statements: String, code: RunError.Code) async throws {
        try await sql(statements)
        let errors = try errors()
        #expect(errors.map(\.code) == [code, code])
        #expect(errors.map(\.place) == [.path(path), .path(path)])
    }

    /// Begins a transaction as another process that is killed in it, and leaves a journal.
    private func leaveJournal(_ statements: String) async throws {
        // Pages that no longer fit in the cache are written to the file before the transaction ends.
        let rows =
            "WITH n(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < 200) SELECT n, zeroblob(4000) FROM n"
        try await OtherDatabaseUser.killed(
            after: """
                PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; \(statements);
                INSERT INTO run \(rows)
                """, on: path)
        #expect(FileManager.default.fileExists(atPath: path + "-journal"))
    }

    @Test("a file whose process was killed in its first transaction is rolled back, and begun with")
    func killedFirst() async throws {
        try await leaveJournal("CREATE TABLE run (key, value)")
        let ledger = try SQLiteLedger(resuming: path)
        #expect(try await ledger.metadata() == RunMetadata())
        try await ledger.close()
    }

    @Test("a ledger whose process was killed in a transaction is rolled back, to be gone on with or read")
    func killedLater() async throws {
        let written = try SQLiteLedger(path: path)
        try await written.set(.sending)
        try await written.close()
        for open in [{ try SQLiteLedger(reading: $0) }, { try SQLiteLedger(resuming: $0) }] {
            try await leaveJournal("")
            let ledger = try open(path)
            #expect(try await ledger.metadata() == RunMetadata(phase: .sending))
            try ledger.closeReading()
        }
    }

    @Test("an empty file, whose process ended early, can be begun with, but not read") func empty() throws {
        try Data().write(to: scratch.url("ledger.sqlite"))
        let error = #expect(throws: RunError.self) { try SQLiteLedger(reading: path) }
        #expect(error?.code == .ledgerUnusable && error?.place == .path(path))
        _ = try SQLiteLedger(resuming: path)
        _ = try SQLiteLedger(reading: path)
    }

    /// A ledger of a record whose group was updated.
    private func soundLedger() async throws -> SQLiteLedger {
        let ledger = try SQLiteLedger(path: path)
        try await ledger.set([SourceSummary(path: "a", format: "csv", bytes: 1, sha256: "")])
        try await ledger.put(
            [
                GroupUpdate(
                    recordNumber: 1, id: 1, name: "a", from: GroupState(rank: 1, isActive: true),
                    to: GroupState(rank: 1, isActive: false))
            ], from: 1)
        try await ledger.settle([.of(1, .updated, id: 1)])
        return ledger
    }

    @Test(
        "a row that no ledger holds makes it unsound",
        arguments: [
            "UPDATE outcome SET outcome = 'lost'", "UPDATE record SET draft = 3", "UPDATE record SET line = 'x'",
            "INSERT INTO claim (first, last, claimed_at) VALUES (5, 2, 1)",
            "INSERT INTO group_update VALUES (2, 1, 'a', 1, 7, 1, 1, NULL, NULL)",
        ])
    func unsound(statement: String) async throws {
        let ledger = try await soundLedger()
        try await ledger.checkSoundness()
        try await ledger.close()
        try await sql(statement)
        let found = try SQLiteLedger(reading: path)
        let error = await #expect(throws: RunError.self) { try await found.checkSoundness() }
        #expect(error?.code == .ledgerUnusable && error?.place == .path(path))
    }

    @Test(
        "a row that no ledger holds ends what reads the rows for a report",
        arguments: [
            "UPDATE outcome SET outcome = 'lost'", "UPDATE outcome SET id = 'x'", "UPDATE outcome SET http = -1",
            "UPDATE outcome SET message = x'ff'", "UPDATE outcome SET ended_at = 1.5", "UPDATE record SET line = 'x'",
            "UPDATE record SET source = -1", "UPDATE record SET name = 5", "UPDATE record SET draft = 3",
            "DELETE FROM group_update; UPDATE record SET draft_rank = 1 << 40",
        ])
    func unsoundRows(statement: String) async throws {
        try await soundLedger().close()
        try await sql(statement)
        let found = try SQLiteLedger(reading: path)
        let error = await #expect(throws: (any Error).self) {
            try await found.read { try $0.forEachRow(of: [], withOwnBytes: true) { _ in } }
        }
        #expect(LedgerError.failure(of: try #require(error))?.code == .ledgerUnusable)
    }

    @Test("metadata that isn't what its key has is damage", arguments: ["state", "exit", "configuration", "nothing"])
    func metadata(key: String) async throws {
        try await SQLiteLedger(path: path).close()
        try await sql("INSERT INTO run VALUES ('\(key)', 'x')")
        let ledger = try SQLiteLedger(reading: path)
        let error = await #expect(throws: (any Error).self) { try await ledger.metadata() }
        #expect(LedgerError.failure(of: try #require(error))?.code == .ledgerUnusable)
    }

    @Test("a file that is removed or replaced while it is open is noticed, and left alone") func moved() async throws {
        let ledger = try SQLiteLedger(path: path)
        #expect(try await !ledger.hasMoved())
        try FileManager.default.removeItem(atPath: path)
        try Data("mine".utf8).write(to: scratch.url("ledger.sqlite"))
        #expect(try await ledger.hasMoved())
        try await ledger.close()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }
}
