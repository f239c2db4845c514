import Foundation
import GroupLoad
import RecordFormats
import TestSupport
import Testing

/// Errors that end a run: each code's status, and the text that a person sees.
@Suite struct RunErrorTests {
    @Test(
        "a code has one status, whatever the error says",
        arguments: [
            (RunError.Code.outputClosed, Status.done), (.interrupted, .interrupted), (.terminated, .terminated),
            (.tooManyErrors, .stopped), (.invalidRecords, .stopped), (.emptyList, .stopped),
            (.tooManyMissing, .stopped), (.usage, .usage), (.notApproved, .usage),
            (.configuration, .configuration), (.credentials, .configuration), (.untrusted, .configuration),
            (.noInput, .noInput), (.noRun, .noInput), (.damagedInput, .damagedInput),
            (.recordTooLong, .damagedInput), (.tooManyRecords, .damagedInput), (.inputChanged, .damagedInput),
            (.planUnusable, .damagedInput), (.planDiffers, .damagedInput), (.targetUnusable, .unusable),
            (.targetUnfit, .unusable),
            (.targetFailing, .stopped), (.credentialsRefused, .unusable), (.notTheAPI, .unusable),
            (.listUnreadable, .unusable), (.listUnsettled, .unusable), (.ledgerUnusable, .unusable),
            (.ledgerDamaged, .unusable), (.ledgerMoved, .unusable), (.otherVersion, .unusable),
            (.notFinished, .unusable), (.cannotWrite, .cannotWrite), (.diskFull, .cannotWrite),
            (.otherRun, .cannotWrite), (.busy, .busy), (.outOfMemory, .internalError), (.internal, .internalError),
        ])
    func statuses(code: RunError.Code, status: Status) {
        #expect(code.status == status && RunError(code, "m").status == status)
    }

    @Test(
        "the text is the place, what happened, and the remedy, as far as there are any",
        arguments: [
            (RunError(.usage, "m"), "m"), (RunError(.usage, "m", remedy: "r"), "m; r"),
            (RunError(.damagedInput, "m", at: .path("a.csv")), "a.csv: m"),
            (RunError(.damagedInput, "m", at: RunError.Place(path: "a.csv", line: 3), remedy: "r"), "a.csv:3: m; r"),
            (RunError(.damagedInput, "m", at: RunError.Place(path: "a", line: 3, recordNumber: 2)), "a:3: record 2: m"),
            (RunError(.inputChanged, "m", at: RunError.Place(recordNumber: 2)), "record 2: m"),
            (RunError(.inputChanged, "record 2 differs", naming: RunError.Place(recordNumber: 2)), "record 2 differs"),
            (RunError(.noInput, "no file a", naming: .path("a"), remedy: "r"), "no file a; r"),
            (RunError(.planDiffers, "m", naming: nil, remedy: "r", details: ["x", "y"]), "m; r\n  x\n  y"),
        ])
    func texts(error: RunError, text: String) {
        #expect("\(error)" == text)
    }

    @Test("a place is given to an error that has none") func places() {
        let error = RunError(.damagedInput, "m", remedy: "r").at(.path("a.gz"))
        #expect(error.place == .path("a.gz") && "\(error)" == "a.gz: m; r")
        #expect(error.at(.path("b")) == error)
    }

    @Test(
        "a decoder's failure keeps its line and record",
        arguments: [
            ("name\na\n\"b\n", "csv", RunError.Code.damagedInput, Int64(3), Int64?.some(2)),
            ("[{\"name\": \"a\"},\n]", "json", .damagedInput, 2, 2), ("name\n", "json", .damagedInput, 1, nil),
            ("name\na\nLONG\n", "csv", .recordTooLong, 3, 2),
        ])
    func decoding(text: String, suffix: String, code: RunError.Code, line: Int64, recordNumber: Int64?) async throws {
        let scratch = try Scratch()
        let written = text.replacing("LONG", with: String(repeating: "b", count: 2 << 20))
        let path = try scratch.write(written, as: "list.\(suffix)")
        let error = try await Self.damage(of: path)
        #expect(error?.code == code && error?.status == .damagedInput)
        #expect(error?.place == RunError.Place(path: path, line: line, recordNumber: recordNumber))
    }

    @Test("compressed data that is cut short is damage of its file") func compressed() async throws {
        let scratch = try Scratch()
        let path = scratch.file("list.csv.gz")
        let file = try AtomicFile(path)
        try file.append { $0.bytes.append(contentsOf: Array("name\na\nb\n".utf8)) }
        _ = try file.finish()
        try Data(contentsOf: scratch.url("list.csv.gz")).dropLast(4).write(to: scratch.url("list.csv.gz"))
        let error = try await Self.damage(of: path)
        #expect(error?.code == .damagedInput && error?.place == .path(path) && error?.remedy != nil)
    }

    @Test("a file that is gone once it is read is no input") func gone() async throws {
        let scratch = try Scratch()
        let path = scratch.file("none.csv")
        let result = try await Self.ingest(InputSource(path: path, format: nil))
        #expect(result?.code == .noInput && result?.place == .path(path))
    }

    @Test(
        "what is no input, and where", arguments: ["none.csv", "*.csv", "."])
    func noInput(name: String) throws {
        let scratch = try Scratch()
        let error = #expect(throws: RunError.self) {
            try InputSource.resolve([scratch.file(name)], format: nil)
        }
        #expect(error?.code == .noInput && error?.place == .path(scratch.file(name)))
    }

    @Test("what is no run, and where") func noRun() throws {
        let scratch = try Scratch()
        let path = scratch.path
        let error = #expect(throws: RunError.self) { try RunLocation(directory: path) }
        #expect(error?.code == .noRun && error?.place == .path(path))
        let named = #expect(throws: RunError.self) { try KnownRuns.run(named: path + "/none", [:]) }
        #expect(named?.code == .noRun && named?.place == .path(path + "/none"))
        let id = #expect(throws: RunError.self) {
            try KnownRuns.run(named: "20260101-000000-0000", ["XDG_STATE_HOME": path])
        }
        #expect(id?.code == .noRun)
    }

    @Test("a run that others may write to isn't trusted") func untrusted() async throws {
        let scratch = try Scratch()
        try await SQLiteLedger(path: scratch.file("ledger.sqlite")).close()
        let location = try RunLocation(directory: scratch.path)
        try location.requireOwn()
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: scratch.path)
        let error = #expect(throws: RunError.self) { try location.requireOwn() }
        #expect(error?.code == .untrusted && error?.place == .path(scratch.path))
    }

    @Test("a file that says where a run's ledger is") func address() throws {
        let scratch = try Scratch()
        let text = "postgresql://db.example/load?schema=north\n20260101-000000-0000\n"
        let path = try scratch.write(text, as: "ledger.url")
        let location = try RunLocation(directory: scratch.path)
        #expect(location.ledgerFile == path)
        let address = try PostgreSQLAddress("postgresql://db.example/load?schema=north")
        let place = try location.ledger
        #expect(place == .database(address, run: "20260101-000000-0000"))
        try location.requireOwn()
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
        let error = #expect(throws: RunError.self) { try location.requireOwn() }
        #expect(error?.code == .untrusted && error?.place == .path(path))
        try FileManager.default.removeItem(atPath: path)
        _ = try scratch.write(text, as: "elsewhere")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: scratch.file("elsewhere"))
        let linked = #expect(throws: RunError.self) { try location.requireOwn() }
        #expect(linked?.code == .untrusted && linked?.place == .path(path))
    }

    @Test(
        "a file that doesn't say where a run's ledger is",
        arguments: [
            "", "postgresql://db.example/load\n", "postgresql://db.example/load\n\n", "http://db.example\nrun\n",
            "postgresql://me:secret@db.example/load\nrun\n", "postgresql://db.example/load\nrun\nmore\n",
            "LONG",
        ])
    func noAddress(text: String) throws {
        let scratch = try Scratch()
        let written = text.replacing("LONG", with: String(repeating: "x", count: 20_000))
        let path = try scratch.write(written, as: "ledger.url")
        let location = try RunLocation(directory: scratch.path)
        let error = #expect(throws: RunError.self) { try location.ledger }
        #expect(error?.code == .ledgerUnusable && error?.place == .path(path))
        #expect(error?.description.contains("secret") == false)
    }

    @Test("a file that isn't a plan is none") func noPlan() throws {
        let scratch = try Scratch()
        let path = try scratch.write("{}", as: "plan.json")
        let error = #expect(throws: RunError.self) { try PlanFile(path).head() }
        #expect(error?.code == .planUnusable && error?.place == .path(path))
    }

    /// What ended the reading of a file.
    private static func damage(of path: String) async throws -> RunError? {
        try await ingest(InputSource(path: path, format: nil))
    }

    private static func ingest(_ source: InputSource) async throws -> RunError? {
        struct Sink: RecordSink { mutating func accept(_ batch: CheckedBatch) async throws {} }
        var generator = SeededGenerator(state: 1)
        let ingest = Ingest(
            sources: [source], options: DecodingOptions(mapping: .groups), validator: RecordValidator(),
            nameMatch: .exact, hash: KeyedHash(using: &generator), progress: RunProgress(), stop: StopSwitch(),
            note: { _ in })
        var sink = Sink()
        return try await ingest.run(into: &sink).damage
    }
}
