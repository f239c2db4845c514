import Foundation
import GroupLoad
import TestSupport
import Testing

/// The files of a report, from every store: which records they have, and what is said of each.
@Suite struct ReportTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let list = """
        Note,name,rank,_seen
        a,Gold,5,x
        "b, c",=Silver,x,x
        c,Gold,6,x
        d,"Bro""nze",7,x
        e,Tin,,x

        """

    /// A ledger of five records: created, invalid, a duplicate, failed, unprocessed.
    private func ended(_ store: LedgerStore, _ list: String = list) async throws -> TestLedger {
        let test = try await TestLedger(scratch, store, list)
        let drafts = try await test.ledger.claim(after: 0, limit: 10, now: 1, hasSettled: false)
        var outcomes = [DraftOutcome.of(1, .created, id: 11), .of(4, .failed, message: "no: <b>Bro</b>")]
        (outcomes[0].http, outcomes[0].milliseconds) = (200, 12)
        (outcomes[1].http, outcomes[1].code) = (400, 12013)
        #expect(drafts.map(\.recordNumber) == [1, 4, 5])
        try await test.ledger.settle(outcomes)
        try await test.ledger.settleRest(
            RestReasons(leftActive: "", unjudged: "", inDoubt: "doubt", unsent: "not sent"))
        return test
    }

    /// The lines of a table, as they are written to a file.
    private func lines(_ test: TestLedger, _ table: RecordTable) async throws -> [String] {
        let path = scratch.file("table")
        try await Report(ledger: test.ledger).write(table, to: path)
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// The fields of a CSV line, up to `count`, by its commas alone.
    private func start(_ line: String, _ count: Int) -> [String] {
        line.split(separator: ",", omittingEmptySubsequences: false).prefix(count).map(String.init)
    }

    @Test("results.csv has every record, with what was sent and how it ended", arguments: LedgerStore.all)
    func results(store: LedgerStore) async throws {
        let lines = try await lines(ended(store), RecordTable(form: .results))
        #expect(
            lines.first
                == "_record,_source,_line,_outcome,_id,_http,_code,_message,_attempts,_ms,_duplicate_of,name,rank")
        #expect(lines.dropFirst().map { start($0, 1)[0] } == ["1", "2", "3", "4", "5"])
        #expect(
            lines.dropFirst().map { start($0, 4)[3] } == ["created", "invalid", "duplicate", "failed", "unprocessed"])
        #expect(lines[1].hasSuffix(",2,created,11,200,,,1,12,,Gold,5"))
        #expect(lines[2].hasSuffix(",=Silver,x"))
        #expect(lines[3].contains(",1,Gold,6"))
        #expect(lines[4].contains(",5,failed,,400,12013,no: <b>Bro</b>,1,,,\"Bro\"\"nze\",7"))
        #expect(lines[5].hasSuffix(",not sent,0,,,Tin,"))
    }

    @Test("a table has the outcomes that are asked for only", arguments: LedgerStore.all, Outcome.allCases)
    func chosen(store: LedgerStore, outcome: Outcome) async throws {
        let lines = try await lines(ended(store), RecordTable(form: .results, outcomes: [outcome]))
        let found = [Outcome.created, .invalid, .duplicate, .failed, .unprocessed].contains(outcome) ? 1 : 0
        #expect(lines.count == found + 1)
        #expect(lines.dropFirst().allSatisfy { start($0, 4)[3] == outcome.rawValue })
    }

    @Test("what is fed back has the record's own columns, but for those that are this program's")
    func ownColumns() async throws {
        for store in LedgerStore.all {
            let table = RecordTable(form: .ownColumns, outcomes: [.invalid, .failed, .unprocessed])
            let lines = try await lines(ended(store), table)
            #expect(lines[0] == "_record,_run,_source,_line,_outcome,_http,_code,_message,Note,name,rank")
            #expect(lines.count == 4)
            #expect(lines[1].hasSuffix(",\"b, c\",=Silver,x"), "\(lines[1])")
            #expect(lines[2].hasSuffix(",d,\"Bro\"\"nze\",7"), "\(lines[2])")
            #expect(lines[3].hasSuffix(",e,Tin,"), "\(lines[3])")
        }
    }

    @Test("what is fed back reads as the records that it was", arguments: LedgerStore.all)
    func fedBack(store: LedgerStore) async throws {
        let table = RecordTable(form: .ownColumns, outcomes: [.failed, .unprocessed])
        let text = try await lines(ended(store), table).joined(separator: "\n") + "\n"
        let again = try await TestLedger(scratch, store, text)
        let drafts = try await again.ledger.claim(after: 0, limit: 10, now: 1, hasSettled: false)
        #expect(drafts.map(\.name) == ["Bro\"nze", "Tin"] && drafts.map(\.rank) == [7, nil])
    }

    @Test("a spreadsheet runs nothing of a safe table: fields are quoted, formulas guarded", arguments: LedgerStore.all)
    func spreadsheet(store: LedgerStore) async throws {
        let test = try await ended(store)
        let lines = try await lines(test, RecordTable(form: .results, isSpreadsheetSafe: true))
        #expect(lines.allSatisfy { $0.hasPrefix("\"") && $0.hasSuffix("\"") })
        #expect(lines[2].contains("\"'=Silver\""))
        var configuration = RunConfiguration()
        configuration.isSpreadsheetSafe = true
        try await test.ledger.merge(.with { $0.configuration = configuration })
        #expect(try await self.lines(test, RecordTable(form: .results)) == lines)
        let own = try await self.lines(test, RecordTable(form: .ownColumns, outcomes: [.invalid]))
        #expect(own[1].contains(",=Silver,"))
    }

    @Test("NDJSON has an object for each record, with nothing that is empty", arguments: LedgerStore.all)
    func ndjson(store: LedgerStore) async throws {
        let objects = try await lines(ended(store), RecordTable(form: .ndjson)).map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects.map { $0["_record"] as? Int } == [1, 2, 3, 4, 5])
        #expect(objects[0]["_id"] as? Int == 11 && objects[0]["_http"] as? Int == 200)
        #expect(objects[0]["rank"] as? Int == 5 && objects[0]["_message"] == nil)
        #expect(objects[1]["rank"] as? String == "x" && objects[1]["_id"] == nil)
        #expect(objects[2]["_duplicate_of"] as? Int == 1)
        #expect(objects[3]["name"] as? String == "Bro\"nze" && objects[3]["_code"] as? Int == 12013)
        #expect(objects[4]["_message"] as? String == "not sent" && objects[4]["_attempts"] as? Int == 0)
        #expect(objects[4]["_ms"] == nil)
    }

    @Test("bytes that are no UTF-8 are shown as such, and fed back as they were") func bytes() async throws {
        let world = try RunWorld()
        let list = [UInt8]("name,rank\nCaf".utf8) + [0xe9] + [UInt8](",1\n".utf8)
        try Data(list).write(to: world.scratch.url("latin.csv"))
        let summary = try await world.load(try world.configuration(of: ["latin.csv"]))
        #expect(summary.outcomes["invalid"] == 1)
        let shown = try world.text("run/results.csv")
        #expect(shown.hasSuffix(",Caf\\xE9,1\n"), "\(shown)")
        #expect(try Data(contentsOf: world.scratch.url("run/failed.csv")).contains(0xe9))
    }

    @Test("the files of a run have the digests that it names, and the same at each writing", arguments: LedgerStore.all)
    func files(store: LedgerStore) async throws {
        let test = try await ended(store)
        let report = Report(ledger: test.ledger)
        let digests = try await report.writeTables(into: scratch.path).digests
        #expect(digests.keys.sorted() == ["failed.csv", "results.csv", "unprocessed.csv"])
        #expect(try await report.writeTables(into: scratch.path).digests == digests)
        let failed = try String(contentsOfFile: scratch.file("failed.csv"), encoding: .utf8)
        #expect(failed.split(separator: "\n").count == 3)
    }

    @Test("the page counts, names causes, and runs nothing that somebody wrote", arguments: LedgerStore.all)
    func page(store: LedgerStore) async throws {
        let test = try await ended(store)
        try await test.ledger.merge(.with { ($0.run, $0.started) = ("20260101-000000-0001", "2026-01-01T00:00:00Z") })
        let path = scratch.file("page.html")
        let digest = try await Report(ledger: test.ledger).writePage(to: path)
        #expect(digest.count == 64)
        let html = try String(contentsOfFile: path, encoding: .utf8)
        #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
        #expect(html.contains("This run has not finished: 5 records have ended so far."))
        #expect(html.contains("no: &lt;b&gt;Bro&lt;/b&gt;") && !html.contains("<b>Bro"))
        #expect(html.contains("HTTP 400") && html.contains("code 12013") && !html.contains("<script"))
        #expect(html.contains("Bro&quot;nze"))
    }

    @Test("a report of a run that hasn't finished is not written again", arguments: LedgerStore.all)
    func unfinished(store: LedgerStore) async throws {
        let test = try await ended(store)
        let report = Report(ledger: test.ledger)
        try await ReportCheck.whole(test.ledger)
        _ = try scratch.write("", as: "ledger.sqlite")
        let location = try RunLocation(directory: scratch.file(""))
        #expect(try await runErrorCode { try await report.writeAgain(into: location) } == .notFinished)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("results.csv")))
    }

    @Test("lists with other columns share those that they have, after the name and the rank") func several()
        async throws
    {
        let world = try RunWorld()
        _ = try world.scratch.write("name,rank,Note\nGold,x,n\nSilver,1,n\n", as: "a.csv")
        _ = try world.scratch.write("Colour;name;Note\nred;;m\n", as: "b.csv")
        _ = try world.scratch.write(#"[{"name": "Tin", "rank": "y", "isActive": false}]"#, as: "c.json")
        let summary = try await world.load(try world.configuration(of: ["a.csv", "b.csv", "c.json"]))
        #expect(summary.outcomes.filter { $0.value > 0 } == ["created": 1, "invalid": 3])
        let lines = try world.text("run/failed.csv").split(separator: "\n").map(String.init)
        #expect(
            lines[0] == "_record,_run,_source,_line,_outcome,_http,_code,_message,name,rank,isActive,Note,Colour",
            "\(lines)"
        )
        #expect(lines[1].hasSuffix(",Gold,x,,n,"), "\(lines[1])")
        #expect(lines[2].hasSuffix(",,,,m,red"), "\(lines[2])")
        #expect(lines[3].hasSuffix(",Tin,y,false,,"), "\(lines[3])")
    }

    @Test("a finished run's report is written again as it was") func again() async throws {
        let world = try RunWorld()
        _ = try world.scratch.write(Self.list, as: "list.csv")
        let summary = try await world.load(try world.configuration(of: ["list.csv"]))
        #expect(summary.outcomes["created"] == 3)
        let names = summary.files.keys.sorted() + ["summary.json"]
        let before = try names.map { try world.text("run/\($0)") }
        for name in names { try FileManager.default.removeItem(atPath: world.scratch.file("run/\(name)")) }
        let location = try RunLocation(directory: world.scratch.file("run"))
        let ledger = try StoredLedger.read(at: location.ledger)
        try await Report(ledger: ledger).writeAgain(into: location)
        try ledger.closeReading()
        #expect(try names.map { try world.text("run/\($0)") } == before)
        let page = try world.text("run/report.html")
        #expect(page.contains("3 of 5 records are done") || page.contains("4 of 5 records are done"))
    }
}
