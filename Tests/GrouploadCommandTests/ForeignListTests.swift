import Foundation
import TestSupport
import Testing

/// Lists that no one here wrote: Debian's `iso-codes`.
@Suite struct ForeignListTests {
    @Test(
        "counts are those that Python gives, and the sandbox holds just those names",
        arguments: [
            ("iso_3166-2.json", "3166-2"), ("iso_639-3.json", "639-3"),
        ])
    func loads(file: String, member: String) async throws {
        let path = "/usr/share/iso-codes/json/\(file)"
        let program = """
            import json, sys
            names = [x['name'].strip() for x in json.load(open(sys.argv[1]))[sys.argv[2]]]
            print(json.dumps([len(names), sorted(set(names))]))
            """
        let reference = try await Command.python(program, [path, member]).run()
        let expected = try #require(try JSONSerialization.jsonObject(with: reference.output) as? [Any])
        let names = try #require(expected[1] as? [String])
        let read = try #require(expected[0] as? Int)
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let result = try await Command.groupload(
            ["import", path, "--target", sandbox.url, "--run-dir", scratch.file("run"), "--concurrency", "64"]
        ).run()
        #expect(result.status == 0, "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        let retries = read - names.count
        #expect(report.outcomes == ["created": names.count, "duplicate": retries].filter { $0.value > 0 })
        #expect(try await Set(sandbox.stored().compactMap { $0["name"] as? String }) == Set(names))
    }
}
