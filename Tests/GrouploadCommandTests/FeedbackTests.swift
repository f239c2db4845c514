import Foundation
import TestSupport
import Testing

/// `failed.csv` fed back as it is: every record in it must fail again, and alike, until somebody corrects it.
@Suite struct FeedbackTests {
    private func roundTrip(_ lists: [(name: String, text: String)], options: [String] = []) async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let paths = try lists.map { try scratch.write($0.text, as: $0.name) }
        func load(_ paths: [String], _ options: [String], run: String) async throws -> Report {
            _ = try await Command.groupload(
                ["import"] + paths + ["--target", sandbox.url, "--run-dir", scratch.file(run)] + options
            ).run()
            let report = try await Report(scratch.file(run))
            report.expectAccounts()
            return report
        }
        let first = try await load(paths, options, run: "first")
        var failed = first.results.filter { $0["_outcome"] == "invalid" }
        #expect(failed.count > 1)
        let stored = try await sandbox.stored().count
        for (from, run) in [("first", "second"), ("second", "third")] {
            let again = try await load([scratch.file("\(from)/failed.csv")], [], run: run)
            #expect(again.results.allSatisfy { $0["_outcome"] == "invalid" })
            #expect(again.results.map { $0["name"] } == failed.map { $0["name"] })
            failed = again.results
            let header = try String(contentsOfFile: scratch.file("\(run)/failed.csv"), encoding: .utf8)
                .prefix { $0 != "\n" }.split(separator: ",")
            #expect(Set(header).count == header.count, "\(header)")
        }
        #expect(try await sandbox.stored().count == stored)
    }

    @Test("of one list, with columns of its own and one that is ignored") func oneList() async throws {
        try await roundTrip([
            ("a.csv", "name,_x,rank,region\nok,,1,EU\nGold, Plus,,1,EU\n,,,EU\n\"a\"b,,1,EU\nshort,,1\nbad,,1x,EU\n")
        ])
    }

    @Test("of lists with different columns") func differentColumns() async throws {
        try await roundTrip([
            ("a.csv", "name,region\nok,EU\nGold, Plus,EU\nshort\n\"a\"b,EU\n"), ("b.csv", "name,rank\nok2,1\nbad,x\n"),
            ("c.ndjson", "{\"name\":\"ok3\"}\n{\"name\":\"bad3\",\"rank\":true}\n"),
        ])
    }

    @Test("of lists whose names and ranks stand under other columns, beside columns called name and rank") func mapped()
        async throws
    {
        try await roundTrip(
            [("a.csv", "name;rank;Title;Prio\n101;5;Gold;two\n102;5;;1\n103;6;ok;7\n")],
            options: ["--map", "name=Title, rank=Prio"])
        try await roundTrip(
            [
                ("a.csv", "_title;rank\nAA;two\nBB;2\n"), ("b.ndjson", "{\"_title\":\"CC\",\"rank\":\"x\"}\n"),
            ], options: ["--map", "name=_title"])
    }

    @Test("of a list separated by semicolons") func semicolons() async throws {
        try await roundTrip([("a.csv", "name;rank;x\nok;1;\nGold; Plus;1;\n\"a\"b;1;\nshort;1\nbad;x;\n")])
    }
}
