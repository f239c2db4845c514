import GroupLoad
import TestSupport
import Testing

/// What every store of a run must do: its records, its metadata and what a report reads. Drafts, updates, found groups
/// and the comparison with the target have suites of their own.
@Suite("RunLedger: records, metadata, report") struct RunLedgerContractTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let list = """
        name,rank,Note
        Gold,5,a
        Silver,x,b
        Gold,6,c
         Bronze ,7,"d, e"
        ,1,f

        """

    @Test("a new ledger is empty", arguments: LedgerStore.all) func empty(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store)
        #expect(try await test.ledger.metadata() == RunMetadata())
        #expect(try await test.ledger.sources().isEmpty)
        #expect(try await test.ledger.recordCount() == 0)
        #expect(try await test.ledger.counts() == OutcomeCounts())
        let unfinished = try await test.ledger.unfinished()
        #expect(unfinished.lastRecord == 0 && !unfinished.hasClaims && unfinished.pending == 0 && !unfinished.isRead)
        #expect(try await test.outcomes().isEmpty)
        #expect(try await test.ledger.hasMoved() == false)
        try await test.ledger.checkSoundness()
    }

    @Test(
        "what a later record adds to an invalid one's message stands behind it, of the same batch or an earlier one",
        arguments: LedgerStore.all, [0, 1500])
    func additions(store: LedgerStore, between: Int) async throws {
        let test = try await TestLedger(scratch, store)
        let fill = (0..<between).map { "G\($0),1\n" }.joined()
        try await test.read("name,rank\nGold,x\nSilver,y\nGold,z\n\(fill)Gold,5\nSilver,\nTin,\nTin,w\n")
        let fault = "is not an integer; write digits only, or leave it empty"
        func place(_ other: Int, _ values: String) -> String {
            """
            record \(other + between) has the same name and is loaded in its place with \(values); take this line out, \
            or correct it and import it with --on-existing update where it should count
            """
        }
        #expect(
            try await test.reopened().outcomes(of: [.invalid]) == [
                "1 invalid -: rank \"x\" \(fault); \(place(4, "rank 5"))",
                "2 invalid -: rank \"y\" \(fault); \(place(5, "no rank"))",
                "3 invalid -: rank \"z\" \(fault); \(place(4, "rank 5"))",
                "\(7 + between) invalid -: rank \"w\" \(fault); \(place(6, "no rank"))",
            ])
        try await test.ledger.checkSoundness()
    }

    @Test("metadata: what a change leaves out stays, and the next process finds all of it", arguments: LedgerStore.all)
    func metadata(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store)
        var configuration = RunConfiguration()
        configuration.inputs = [RunConfiguration.Input(given: "list.csv", path: "/tmp/list.csv")]
        configuration.target.url = "https://example.org"
        configuration.rate = RequestRate("90/min")
        configuration.errorLimit = .percent(2.5)
        configuration.undo = RunConfiguration.Undo(run: "1", path: "/runs/1", isRedo: true, includesPresent: false)
        let first = RunMetadata.with {
            ($0.run, $0.started, $0.startedAt) = ("20260101-000000-0001", "2026-01-01T00:00:00Z", 7)
            ($0.scope, $0.configuration) = ("https://example.org till", configuration)
            ($0.phase, $0.reading, $0.damage, $0.nearDuplicates) = (.reading, .reading, "", 3)
        }
        try await test.ledger.merge(first)
        #expect(try await test.ledger.metadata() == first)
        let second = RunMetadata.with {
            ($0.phase, $0.aliveAt, $0.listedAt, $0.isCompared) = (.sending, 8, 9, true)
            ($0.exit, $0.summary) = (4, "{}\n")
            ($0.requests, $0.retries, $0.throttled) = (10, 2, 1)
        }
        try await test.ledger.merge(second)
        var both = first
        both.merge(second)
        #expect(both.run == first.run && both.phase == .sending && both.exit == 4)
        #expect(try await test.ledger.metadata() == both)
        #expect(try await test.reopened().ledger.metadata() == both)
        #expect(try await test.ledger.read { try $0.metadata() } == both)
        #expect(both.target == "https://example.org" && both.keyID == "till")
    }

    @Test("sources are kept in their order, in place of those before", arguments: LedgerStore.all)
    func sources(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store)
        let sources = [
            SourceSummary(path: "b.csv", format: "csv", bytes: 10, sha256: "aa", columns: ["name", "ü\""]),
            SourceSummary(path: "-", format: "ndjson", bytes: 1 << 40, sha256: "bb"),
        ]
        try await test.ledger.set([SourceSummary(path: "c", format: "xml", bytes: 0, sha256: "")])
        try await test.ledger.set(sources)
        #expect(try await test.reopened().ledger.sources() == sources)
        #expect(try await test.ledger.read { try $0.sources() } == sources)
    }

    @Test("records that are read stand as they were checked; only drafts are open", arguments: LedgerStore.all)
    func records(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, Self.list)
        let ledger = test.ledger
        let counts = (try await ledger.recordCount(), try await ledger.listedCount(), try await ledger.draftCount())
        #expect(counts == (5, 5, 2))
        #expect(try await ledger.orphanCount() == 0)
        #expect(
            try await test.standings(from: 1, to: 5) == [
                .draft(Array("Gold".utf8), 5), .invalid, .duplicate(of: 1), .draft(Array("Bronze".utf8), 7), .invalid,
            ])
        #expect(try await test.standings(from: 3, to: 3) == [.duplicate(of: 1)])
        #expect(try await ledger.draftNames(of: [1, 2, 4, 17]) == [1: "Gold", 4: "Bronze"])
        let unfinished = try await ledger.unfinished()
        #expect(unfinished.isRead && unfinished.lastRecord == 5 && unfinished.pending == 2 && !unfinished.hasClaims)
        let outcomes = try await ledger.counts()
        #expect(outcomes[.duplicate] == 1 && outcomes[.invalid] == 2 && outcomes.sum == 3)
        try await ledger.checkSoundness()
    }

    @Test("a record that is there can't be put in again, and nothing of its batch is", arguments: LedgerStore.all)
    func twice(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\nGold\n")
        await #expect(throws: LedgerError.self) { try await test.read("name\nSilver\nBronze\n") }
        #expect(try await test.ledger.recordCount() == 1)
        #expect(try await test.ledger.draftNames(of: [1]) == [1: "Gold"])
    }

    @Test("forgetting records leaves room to read them again", arguments: LedgerStore.all)
    func forgets(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, Self.list)
        try await test.ledger.forgetRecords()
        #expect(try await test.ledger.recordCount() == 0)
        #expect(try await test.ledger.sources().isEmpty)
        #expect(try await test.ledger.counts().sum == 0)
        try await test.read("name\nSilver\n")
        #expect(try await test.ledger.draftNames(of: [1]) == [1: "Silver"])
    }

    @Test("a report's rows come in input order whatever the order of the outcomes", arguments: LedgerStore.all)
    func reportOrder(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, Self.list)
        try await test.ledger.settle([.of(4, .created, id: 12)])
        try await test.ledger.settle([.of(1, .failed, message: "no")])
        let invalid2 = #"rank "x" is not a whole number"#
        let lines = try await test.outcomes()
        #expect(lines.map { $0.prefix(1) } == ["1", "2", "3", "4", "5"])
        #expect(lines[0] == "1 failed -: no" && lines[3] == "4 created 12")
        #expect(lines[1].hasPrefix("2 invalid -: ") && lines[1] != invalid2)
        #expect(lines[2] == "3 duplicate -: rank differs from record 1, which has 5")
        #expect(try await test.outcomes(of: [.created, .duplicate]).map { $0.prefix(1) } == ["3", "4"])
    }

    @Test("a report's rows hold what was read, byte for byte, and what came of it", arguments: LedgerStore.all)
    func reportRows(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, Self.list)
        var outcome = DraftOutcome.of(4, .created, id: 12, attempts: 3, endedAt: 5000)
        (outcome.http, outcome.code, outcome.milliseconds) = (201, 7, 250)
        try await test.ledger.settle([outcome])
        let rows = try await test.ledger.read { snapshot in
            var rows: [[String]] = []
            try snapshot.forEachRow(of: [], withOwnBytes: true) { row in
                func text(_ bytes: UnsafeBufferPointer<UInt8>?) -> String {
                    bytes.map { String(decoding: $0, as: UTF8.self) } ?? "-"
                }
                let numbers = [row.http, row.code, row.attempts, row.milliseconds, row.duplicateOf]
                rows.append(
                    [text(row.name.bytes), text(row.rank.bytes), text(row.raw)]
                        + numbers.map { $0.map(String.init) ?? "-" } + ["\(row.source):\(row.line)"])
            }
            return rows
        }
        #expect(rows[0] == ["Silver", "x", "Silver,x,b", "-", "-", "0", "-", "-", "0:3"])
        #expect(rows[1] == ["Gold", "6", "Gold,6,c", "-", "-", "0", "-", "1", "0:4"])
        #expect(rows[2] == [" Bronze ", "7", " Bronze ,7,\"d, e\"", "201", "7", "3", "250", "-", "0:5"])
        let figures = try await test.ledger.read { snapshot in
            var ended: [String] = []
            try snapshot.forEachRow(of: [], withOwnBytes: false) {
                let outcome = String(decoding: $0.outcome, as: UTF8.self)
                ended.append("\($0.recordNumber) \(outcome) \($0.attempts) \($0.endedAt ?? 0)")
            }
            return (
                ended, try snapshot.recordCount(), try snapshot.recordsBySource(), try snapshot.saysActive(),
                try snapshot.place(of: 4), try snapshot.place(of: 9)
            )
        }
        #expect(figures.0 == ["2 invalid 0 0", "3 duplicate 0 0", "4 created 3 5000", "5 invalid 0 0"])
        #expect(figures.1 == 5 && figures.2 == [0: 5] && !figures.3)
        #expect(figures.4 == RecordPlace(source: 0, line: 5, name: Array(" Bronze ".utf8)) && figures.5 == nil)
    }

    @Test("faults of a ledger are named by kind", arguments: LedgerStore.all)
    func faults(store: LedgerStore) async throws {
        let test = try await TestLedger(scratch, store, "name\na\nb\nc\nd\n")
        try await test.ledger.settle([
            .of(1, .created, id: 9), .of(2, .confirmed, id: 9), .of(3, .created), .of(17, .failed),
        ])
        let faults = try await test.ledger.read { snapshot in
            var faults: [LedgerFault] = []
            try snapshot.forEachFault { faults.append($0) }
            return faults
        }
        #expect(
            faults == [
                .noOutcome(recordNumber: 4), .noRecord(outcomeOf: 17), .noID(recordNumber: 3),
                .claimedTwice(id: 9, first: 1, last: 2),
            ])
        #expect(try await test.ledger.orphanCount() == 1)
    }
}
