import Foundation
import TestSupport
import Testing

/// JSON as programs write it: where its records are, and what is said of it.
@Suite struct JSONListTests {
    private func validate(_ text: String, _ name: String, _ flags: [String] = []) async throws -> Command.Result {
        let scratch = try Scratch()
        try Data(text.utf8).write(to: scratch.url(name))
        return try await Command.groupload(
            ["validate", scratch.file(name), "--results", scratch.file("results.csv")] + flags
        ).run()
    }

    @Test(
        "records are found, and what isn't plain is noted",
        arguments: [
            ("a.json", #"{"name":"Gold","rank":1,"members":[{"name":"Ann"}]}"#, 1, "--records-at members reads them"),
            ("a.json", "{\"name\":\"Gold\"}\n", 1, "1 record"),
            ("a.json", "{\n\"name\":\"Gold\"\n}\n{\n\"name\":\"Silver\"\n}\n", 2, "2 records"),
            ("a.ndjson", "{\n\"name\":\"Gold\"\n}\n{\"name\":\"Silver\"}\n", 2, "2 records"),
            ("a.json", #"{"data":[{"name":"Gold"}],"n":1}"#, 1, "its records are taken from \"data\""),
            (
                "a.json", #"[{"name":"Gold","subGroups":[{"name":"Plus"}]}]"#, 1,
                "record 1 holds more objects with names at subGroups, which are not read"
            ),
        ])
    func isRead(_ name: String, _ text: String, _ drafts: Int, _ told: String) async throws {
        let result = try await validate(text, name, ["--json"])
        #expect(result.status == 0, "\(result.errorText)")
        #expect(result.errorText.contains(told), "\(result.errorText)")
        let summary = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
        #expect((summary?["outcomes"] as? [String: Int])?["draft"] == drafts)
    }

    @Test(
        "a list without names says where they are, and the flag that it names reads them",
        arguments: [
            ("a.json", #"{"Gold":{"rank":1},"Silver":{"rank":2}}"#, ["--key-as", "name"]),
            (
                "a.json", #"{"groups":{"Gold":{"rank":1},"Silver":{"rank":2}}}"#,
                ["--records-at", "groups", "--key-as", "name"]
            ),
            ("a.json", #"[{"fields":{"name":"Gold"}},{"fields":{"name":"Silver"}}]"#, ["--records-at", "fields"]),
            ("a.json", #"{"data":{"groups":[{"name":"Gold"},{"name":"Silver"}]}}"#, ["--records-at", "data.groups"]),
            (
                "a.jsonl", "{\"l\":[{\"name\":\"Gold\"}]}\n{\"l\":[{\"name\":\"Silver\"}]}\n",
                ["--format", "json", "--records-at", "l"]
            ),
            (
                "a.xml", "<e><m><d>1</d></m><gs><g><name>Gold</name></g><g name='Silver'/></gs></e>",
                ["--records-at", "e/gs/g"]
            ),
        ])
    func isRefused(_ name: String, _ text: String, _ flags: [String]) async throws {
        let refused = try await validate(text, name)
        #expect(
            refused.status == 65 && refused.errorText.contains(flags.joined(separator: " ")), "\(refused.errorText)")
        #expect(refused.errorText.contains("0 records read") && !refused.errorText.contains("invalid"))
        let read = try await validate(text, name, flags + ["--json"])
        #expect(read.status == 0, "\(read.errorText)")
        let summary = try JSONSerialization.jsonObject(with: read.output) as? [String: Any]
        #expect((summary?["outcomes"] as? [String: Int])?["draft"] == 2)
    }

    @Test("an import keeps --key-as, and its verification reads the same") func keyed() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        try Data(#"{"Gold":{"rank":1},"Silver":{"rank":2},"Tin":3}"#.utf8).write(to: scratch.url("a.json"))
        let result = try await Command.groupload(
            [
                "import", scratch.file("a.json"), "--target", sandbox.url, "--run-dir", scratch.file("run"), "--key-as",
                "name",
            ]
        ).run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try await Set(sandbox.stored().compactMap { $0["rank"] as? Int }) == [1, 2, 3])
        let verified = try await Command.groupload(["verify", scratch.file("run")]).run()
        #expect(verified.status == 0, "\(verified.errorText)")
        let other = try await Command.groupload(
            [
                "import", scratch.file("a.json"), "--target", sandbox.url, "--run-dir", scratch.file("run"), "--key-as",
                "id",
            ]
        ).run()
        #expect(other.status == 73 && other.errorText.contains("--key-as"), "\(other.errorText)")
    }
}
