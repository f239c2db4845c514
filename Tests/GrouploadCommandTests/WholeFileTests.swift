import Foundation
import TestSupport
import Testing

/// Files that are written: whole or not at all, and nobody else's.
@Suite struct WholeFileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func contents(_ name: String) throws -> String {
        try String(contentsOfFile: scratch.file(name), encoding: .utf8)
    }

    @Test("an input named like a temporary file is read and stays") func part() async throws {
        let input = try scratch.write("name,rank\nA,1\n", as: "groups.csv.part")
        let result = try await Command.groupload(["convert", input, scratch.file("groups.csv")]).run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try contents("groups.csv") == "name,rank\nA,1\n" && contents("groups.csv.part") == "name,rank\nA,1\n")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == [
                "groups.csv", "groups.csv.part",
            ])
    }

    @Test("a stranger's file and what a link leads to aren't written to") func strangers() async throws {
        let input = try scratch.write("name,rank\nA,1\n", as: "in.csv")
        let victim = try scratch.write("victim", as: "victim")
        try FileManager.default.createSymbolicLink(atPath: scratch.file("out.csv.part"), withDestinationPath: victim)
        let output = ["convert", input, scratch.file("out.csv")]
        #expect(try await Command.groupload(output).run().status == 0)
        #expect(try contents("victim") == "victim" && contents("out.csv") == "name,rank\nA,1\n")
    }

    @Test("of several conversions into one file, one is left whole") func together() async throws {
        let texts = ["A", "B", "C", "D"].map { name in
            "name,rank\n" + (1...20_000).map { "\(name) \($0),1\n" }.joined()
        }
        let output = scratch.file("out.csv")
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for (index, text) in texts.enumerated() {
                let input = try scratch.write(text, as: "in\(index).csv")
                group.addTask { try await Command.groupload(["convert", input, output, "--quiet"]).run().status }
            }
            for try await status in group { #expect(status == 0) }
        }
        #expect(texts.contains(try contents("out.csv")))
    }
}
