import Foundation
import GroupLoad
import TestSupport
import Testing

/// What a run takes from the other runs of its database: names that they have made or found.
@Suite("SharedLedger: known names") struct SharedNamesTests {
    /// An earlier run, and how the records of its list ended.
    private struct Earlier: Sendable {
        var run: String
        var list: String
        var outcomes: [DraftOutcome]

        init(_ run: String, _ list: String, _ outcomes: DraftOutcome...) {
            (self.run, self.list, self.outcomes) = (run, "name,rank\n" + list, outcomes)
        }
    }

    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func write(_ earlier: Earlier, beside run: SharedRun) async throws {
        let ledger = try PostgreSQLLedger(making: earlier.run, at: run.address)
        _ = try await ledger.takeLease(.importer, name: "earlier", scope: earlier.run, requestMax: .zero)
        let store = LedgerStore(name: earlier.run, make: { _ in ledger }) { ledger, _ in ledger }
        _ = try await TestLedger(scratch, store, earlier.list)
        try await ledger.settle(earlier.outcomes)
        try await ledger.endLease()
    }

    /// What `names` of the earlier runs settle of `A,1`, `B,2` and `C`: record, outcome and id of each.
    private func settled(_ earlier: [Earlier], names: [String], _ run: SharedRun) async throws -> [String] {
        for other in earlier { try await write(other, beside: run) }
        let count = try await run.importer.ledger.settleKnown(from: names, at: 5000)
        let lines = try await run.test.outcomes()
        #expect(count == lines.count)
        return lines
    }

    private func run() async throws -> SharedRun { try await SharedRun(scratch, "name,rank\nA,1\nB,2\nC,\n") }

    @Test(
        "names that another run made or found are settled, each by the last run that says the same of it",
        arguments: [
            ("made", [Earlier("one", "B,2\nX,1\n", .of(1, .created, id: 7), .of(2, .created, id: 8))], ["2 7 created"]),
            ("found", [Earlier("one", "A,1\n", .of(1, .existing, id: 7))], ["1 7 existing"]),
            ("lost", [Earlier("one", "A,1\n", .of(1, .confirmed, id: 7))], ["1 7 confirmed"]),
            ("nobody knows whose", [Earlier("one", "A,1\n", .of(1, .present, id: 7))], ["1 7 present"]),
            ("not made", [Earlier("one", "A,1\nB,2\n", .of(1, .failed), .of(2, .unresolved))], []),
            ("another rank", [Earlier("one", "A,9\nB,\n", .of(1, .created, id: 7), .of(2, .created, id: 8))], []),
            ("no rank asked for", [Earlier("one", "C,9\n", .of(1, .created, id: 7))], ["3 7 created"]),
            ("another spelling", [Earlier("one", "a,1\n", .of(1, .created, id: 7))], []),
            (
                "the last counts",
                [
                    Earlier("one", "A,1\nB,2\n", .of(1, .created, id: 7), .of(2, .created, id: 8)),
                    Earlier("two", "A,5\nB,2\n", .of(1, .existing, id: 7), .of(2, .existing, id: 8)),
                ], ["2 8 existing"]
            ),
        ] as [(String, [Earlier], [String])])
    private func known(case name: String, earlier: [Earlier], expected: [String]) async throws {
        let run = try await run()
        let found = try await settled(earlier, names: earlier.map(\.run), run).map { line in
            let parts = line.split(separator: " ")
            let how = line.split(separator: "(").last?.prefix { $0 != ")" } ?? ""
            #expect(parts[1] == "existing" && line.contains("of run \(earlier.last?.run ?? "")"), "\(line)")
            return "\(parts[0]) \(parts[2].prefix { $0 != ":" }) \(how)"
        }
        #expect(found == expected, "\(name)")
    }

    @Test("runs that aren't named, and the run's own records, tell nothing") func unnamed() async throws {
        let run = try await run()
        let earlier = Earlier("one", "A,1\n", .of(1, .created, id: 7))
        #expect(try await settled([earlier], names: ["two", SharedRun.name], run).isEmpty)
    }

    @Test("once drafts are claimed, nothing is taken from others") func claimed() async throws {
        let run = try await run()
        _ = try await run.importer.claim(1)
        let earlier = Earlier("one", "A,1\nB,2\n", .of(1, .created, id: 7), .of(2, .created, id: 8))
        #expect(try await settled([earlier], names: ["one"], run).isEmpty)
    }

    @Test("what is settled so is given to nobody") func given() async throws {
        let run = try await run()
        let earlier = Earlier("one", "A,1\nC,\n", .of(1, .created, id: 7), .of(2, .created, id: 8))
        #expect(try await settled([earlier], names: ["one"], run).count == 2)
        let worker = try await run.join()
        let drafts = try await worker.ledger.claim(after: 0, limit: 9, now: 1000, hasSettled: true)
        #expect(drafts.map(\.recordNumber) == [2])
    }
}
