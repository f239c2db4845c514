import Foundation
import TestSupport
import Testing

/// Lists that no one here wrote: Debian's `iso-codes`.
@Suite struct ForeignListTests {
    @Test(
        "counts are those that another reader of JSON gives, and the sandbox holds just those names",
        arguments: [
            ("iso_3166-2.json", "3166-2"), ("iso_15924.json", "15924"),
        ])
    func loads(file: String, member: String) async throws {
        let path = "/usr/share/iso-codes/json/\(file)"
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let list = try #require(try JSONSerialization.jsonObject(with: data) as? [String: [[String: Any]]])
        let all = try #require(list[member]).map { ($0["name"] as? String ?? "").trimmingCharacters(in: .whitespaces) }
        let (names, read) = (Set(all), all.count)
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
        #expect(try await Set(sandbox.stored().compactMap { $0["name"] as? String }) == names)
    }
}
