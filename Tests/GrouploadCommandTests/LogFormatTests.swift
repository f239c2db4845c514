import Foundation
import TestSupport
import Testing

/// `--log-format json`: what a collector reads from standard error.
@Suite struct LogFormatTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private struct Record: Decodable {
        var timestamp: String
        var severityText: String
        var severityNumber: Int
        var body: String
        var attributes: [String: Value]
        var resource: [String: Value]

        enum CodingKeys: String, CodingKey {
            case timestamp = "Timestamp"
            case severityText = "SeverityText"
            case severityNumber = "SeverityNumber"
            case body = "Body"
            case attributes = "Attributes"
            case resource = "Resource"
        }
    }

    private enum Value: Decodable, Equatable {
        case text(String)
        case number(Int)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
    }

    /// Runs a command, and reads each line of its standard error as an object.
    private func records(
        _ arguments: [String], exit: Int32, whileRunning: @Sendable (Int32) async throws -> Void = { _ in }
    ) async throws -> [Record] {
        let ended = try await Command.groupload(arguments + ["--log-format", "json"]).run(whileRunning: whileRunning)
        #expect(ended.status == exit, "\(ended.errorText)")
        let records = try ended.error.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Record.self, from: $0)
        }
        for record in records {
            #expect(record.timestamp.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
            #expect(record.resource["service.name"] == .text("groupload") && !record.body.isEmpty)
        }
        return records
    }

    @Test("a run's messages and summary are objects with its id; --quiet leaves none of a run that ends well")
    func run() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write(
            "name,rank\nLogged  twice,1\nLogged twice,2\n\"Dir\u{202E}ected\",1\n", as: "list.csv")
        let load = ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("run")]
        let told = try await records(load, exit: 0)
        let summary = try await Report(scratch.file("run")).summary
        let run = try #require(summary["run"] as? String)
        #expect(told.count >= 2)
        #expect(told.allSatisfy { $0.severityNumber == 9 && $0.severityText == "INFO" })
        #expect(told.allSatisfy { $0.attributes["groupload.run.id"] == .text(run) })
        let last = try #require(told.last)
        #expect(last.body.hasPrefix("3 records read\n"))
        #expect(last.attributes["groupload.run.exit"] == .number(0))
        #expect(last.attributes["groupload.records.created"] == .number(3))
        let again = ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("again"), "--quiet"]
        #expect(try await records(again, exit: 0).isEmpty)
    }

    @Test(
        "what ends a command has the kind of its error, also wrong usage",
        arguments: [
            (["import", "gone.csv", "--cluster", "eu"], 66, "noInput"),
            (["import", "gone.csv", "--cluster", "eu", "--concurency", "3"], 64, "usage"),
            (["resume", "gone"], 66, "noRun"),
        ])
    func errors(arguments: [String], exit: Int32, kind: String) async throws {
        let told = try await records(arguments, exit: exit)
        #expect(told.count == 1)
        #expect(told.first?.severityText == "ERROR" && told.first?.severityNumber == 17)
        #expect(told.first?.attributes["error.type"] == .text(kind), "\(told)")
        #expect(told.first?.body.hasPrefix("groupload") == false)
    }

    @Test("progress has its counts, and a run that is stopped says so") func progress() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\n" + (1...500).map { "Step \($0)\n" }.joined(), as: "list.csv")
        let told = try await records(
            ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("run"), "--rate", "10/s"], exit: 143
        ) { process in
            try await sandbox.waitForStored(70)
            kill(process, SIGTERM)
        }
        let step = try #require(told.first { $0.attributes["groupload.records.left"] != nil })
        #expect(step.attributes["groupload.records.read"] == .number(500))
        #expect(told.contains { $0.body.hasPrefix("stopping;") })
    }
}
