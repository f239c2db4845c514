import Foundation
import TestSupport
import Testing

/// The documents for users: each console example is run as it stands, and must print what the document shows.
@Suite struct GuideTests {
    private static let root = URL(fileURLWithPath: Samples.directory).deletingLastPathComponent()

    /// The README and each page of the guide, by their paths in the repository.
    private static let documents: [String] = {
        let guide = "Sources/groupload/groupload.docc"
        let pages = (try? FileManager.default.contentsOfDirectory(atPath: root.path + "/" + guide)) ?? []
        return ["README.md"] + pages.filter { $0.hasSuffix(".md") }.sorted().map { guide + "/" + $0 }
    }()

    private static func text(_ document: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(document), encoding: .utf8)
    }

    @Test("each console example prints what the document shows", arguments: documents)
    func examples(document: String) async throws {
        let examples = ConsoleExamples(try Self.text(document))
        guard !examples.steps.isEmpty else { return }
        let scratch = try Scratch()
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("SampleData"), withDestinationPath: Samples.directory)
        var environment: [String: String] = [:]
        if examples.steps.contains(where: { $0.command.contains("postgresql:///") }) {
            environment = try await Self.database("loads")
        }
        let printed = try await examples.run(in: scratch, environment)
        #expect(printed.count == examples.steps.count, "\(document): the shell ended early")
        for (step, actual) in zip(examples.steps, printed) {
            let isSame = try step.matches(actual)
            #expect(
                isSame,
                """
                \(document):\(step.line): $ \(step.command)
                should print:
                \(step.printed.joined(separator: "\n"))
                printed:
                \(actual.joined(separator: "\n"))
                """)
        }
    }

    /// What leads libpq to an empty database of this name.
    private static func database(_ name: String) async throws -> [String: String] {
        let server = try await PostgreSQLServer.shared()
        let environment = [
            "PGHOST": server.socketDirectory, "PGPORT": "\(server.port)", "PGUSER": PostgreSQLServer.role,
        ]
        var command = Command("/usr/bin/psql", ["-q", "-c", "CREATE DATABASE \(name)", "postgres"])
        command.environment = environment
        let made = try await command.run()
        #expect(made.status == 0, "\(made.errorText)")
        return environment
    }

    @Test("the guide is there, and has examples") func hasExamples() throws {
        let blocks = try Self.documents.map { ConsoleExamples(try Self.text($0)).blocks }.reduce(0, +)
        #expect(Self.documents.count >= 9 && blocks >= 10, "\(Self.documents.count) documents, \(blocks) blocks")
    }

    @Test("the README fits what a person reads: at most 120 lines") func readmeIsShort() throws {
        #expect(try Self.text("README.md").split(separator: "\n", omittingEmptySubsequences: false).count <= 121)
    }

    @Test("links of the README lead to files") func links() throws {
        let links = try Self.text("README.md").matches(of: /\]\((?<path>[^):#]+)\)/).map { String($0.path) }
        #expect(links.count >= 8)
        for link in links {
            #expect(FileManager.default.fileExists(atPath: Self.root.appendingPathComponent(link).path), "\(link)")
        }
    }

    @Test("an example that prints something else is found, and what differs from run to run isn't")
    func comparing() throws {
        let examples = ConsoleExamples(
            """
            ```console
            $ one \\
            > two
            Report: groupload-runs/20260101-000000-abcd
            …
            3 requests, …
            ```
            ```text
            $ three
            ```
            """)
        #expect(examples.blocks == 1)
        let step = try #require(examples.steps.first)
        #expect(step.command == "one \\\n> two" && step.line == 2 && examples.steps.count == 1)
        let report = "Report: groupload-runs/20261231-235959-0123"
        #expect(try step.matches(["", report, "x", "y", "3 requests, 1", ""]))
        #expect(try step.matches([report, "5 read, 1 done, 0 failed", "3 requests, "]))
        #expect(try !step.matches([report, "4 requests, 1"]))
        #expect(try !step.matches(["Report: elsewhere", "3 requests, 1"]))
    }
}
