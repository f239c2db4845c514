import Foundation
import TestSupport
import Testing

@Suite struct SampleTests {
    static let names = [
        "clean.csv", "clean.json", "clean.ndjson", "clean.xml", "messy.csv", "messy.json", "messy.ndjson", "messy.xml",
        "damaged.csv", "damaged.json", "damaged.ndjson", "damaged.xml", "damaged-utf8.xml",
        "onboarding.xlsx",
    ]

    static let dialects = [
        "dialect-semicolon.csv", "dialect-pipe.csv", "dialect-tab-utf16.csv", "dialect-no-header.csv",
        "dialect-mapped.csv", "dialect-utf16be.ndjson", "dialect-nested.json", "dialect-nested.xml", "dialect.csv.gz",
        "dialect.ndjson.zst", "dialect-latin1.csv", "dialect-latin1.xml", "dialect-windows1252.csv",
        "dialect-openpyxl.xlsx",
        "dialect-xlsxwriter.xlsx", "dialect-strict.xlsx", "dialect-libreoffice.xlsx", "dialect.ods", "dialect.fods",
        "dialect-excel-2003.xml",
    ]

    @Test("every sample is named here") func namesAll() throws {
        #expect(try Samples.expectations().keys.sorted() == Self.names.sorted())
        let dialects = try Samples.dialects()
        #expect(dialects.keys.sorted() == Self.dialects.sorted())
        let others = ["README.md", "expected.json", "dialects.json", "held.csv", "planned.json", ".gitattributes"]
        let files = try FileManager.default.contentsOfDirectory(atPath: Samples.directory)
        #expect(Set(files) == Set(Self.names + Self.dialects + dialects.values.map(\.same) + others))
    }

    @Test("a dialect gives the names and ranks of the list that it holds", arguments: dialects)
    func dialect(name: String) async throws {
        let dialect = try #require(try Samples.dialects()[name])
        let scratch = try Scratch()
        func records(_ file: String, _ options: [String]) async throws -> [[String]] {
            let results = scratch.file(file + ".results.csv")
            let result = try await Command.groupload(
                ["validate", Samples.path(file), "--results", results] + options
            ).run()
            #expect(result.status == 0, "\(result.errorText)")
            return try await Report.rows(results).map {
                [$0["_record"] ?? "", $0["_outcome"] ?? "", $0["name"] ?? "", $0["rank"] ?? ""]
            }
        }
        let own = try await records(name, dialect.options)
        #expect(own.count > 2)
        #expect(try await own == records(dialect.same, []))
    }

    @Test("an import gives what the samples' README says", arguments: names)
    func imports(name: String) async throws {
        let expected = try #require(try Samples.expectations()[name])
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let run = scratch.file("run")
        let result = try await Command.groupload(
            ["import", Samples.path(name), "--target", sandbox.url, "--run-dir", run]
        ).run()
        #expect(result.status == expected.exit, "\(result.errorText)")
        let report = try await Report(run)
        report.expectAccounts()
        try await report.expectCreated(in: sandbox)
        #expect(report.outcomes == expected.outcomes)
        #expect(report.summary["near_duplicates"] as? Int == expected.nearDuplicates)
        #expect(report.summary["exit"] as? Int32 == expected.exit)
        expectRows(report, expected)
        if let line = expected.line {
            #expect(result.errorText.contains("\(Samples.path(name)):\(line): "), "\(result.errorText)")
            #expect(try await sandbox.requests(matching: "create") == 0)
        }
    }

    private func expectRows(_ report: Report, _ expected: Samples.Expectation) {
        for row in report.results {
            let record = row["_record"] ?? ""
            let message = row["_message"]?.lowercased() ?? ""
            #expect((row["_outcome"] == "invalid") == (expected.invalid[record] != nil), "record \(record)")
            for part in [expected.invalid[record], expected.alsoInvalid?[record]] {
                if let part { #expect(message.contains(part.lowercased()), "record \(record): \(message)") }
            }
            #expect(row["_duplicate_of"] == expected.duplicateOf[record].map(String.init) ?? "", "record \(record)")
        }
        if let lines = expected.lines { #expect(report.results.map { Int($0["_line"] ?? "") } == lines) }
    }

    @Test("the clean samples hold the same groups, and a second import finds them all") func cleanAgree() async throws {
        let scratch = try Scratch()
        let sandbox = try await SandboxProcess.start()
        var groups: [[[String]]] = []
        for (number, name) in Self.names.prefix(4).enumerated() {
            let run = scratch.file(name)
            let result = try await Command.groupload(
                ["import", Samples.path(name), "--target", sandbox.url, "--run-dir", run]
            ).run()
            #expect(result.status == 0)
            let report = try await Report(run)
            report.expectAccounts()
            #expect(Set(report.outcomes.keys) == [number == 0 ? "created" : "existing"])
            #expect(report.results.allSatisfy { $0["_message"] == "" })
            groups.append(
                report.results.map { [$0["_record"] ?? "", $0["_id"] ?? "", $0["name"] ?? "", $0["rank"] ?? ""] })
        }
        #expect(groups.allSatisfy { $0 == groups[0] && !$0.isEmpty })
    }

    @Test(
        "without preflight, what stands before the damage is sent", arguments: names.filter { $0.hasPrefix("damaged") })
    func noPreflight(name: String) async throws {
        let expected = try #require(try Samples.expectations()[name])
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let run = scratch.file("run")
        let result = try await Command.groupload(
            ["import", Samples.path(name), "--target", sandbox.url, "--run-dir", run, "--no-preflight"]
        ).run()
        #expect(result.status == 65, "\(result.errorText)")
        let report = try await Report(run)
        report.expectAccounts()
        try await report.expectCreated(in: sandbox)
        #expect(report.outcomes["created"] == expected.outcomes["unprocessed"])
        #expect(report.results.count == expected.read)
    }

    @Test(
        "what failed is fed back as it is and fails again, but for a name that is a number, which is text there",
        arguments: [("messy.csv", 0), ("messy.json", 1), ("messy.xml", 0)])
    func feedsBack(name: String, numbers: Int) async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let first = scratch.file("first")
        _ = try await Command.groupload(["import", Samples.path(name), "--target", sandbox.url, "--run-dir", first])
            .run()
        let invalid = try #require(try await Report(first).outcomes["invalid"])
        let result = try await Command.groupload(
            ["import", first + "/failed.csv", "--target", sandbox.url, "--run-dir", scratch.file("second")]
        ).run()
        #expect(result.status == 1, "\(result.errorText)")
        let outcomes = try await Report(scratch.file("second")).outcomes
        #expect(outcomes["invalid"] == invalid - numbers && outcomes["created"] ?? 0 == numbers, "\(outcomes)")
    }
}
