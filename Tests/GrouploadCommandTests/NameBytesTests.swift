import Foundation
import TestSupport
import Testing

/// Names are their bytes: to Swift's strings, two forms of one letter are the same.
@Suite struct NameBytesTests {
    @Test("verify --against-target finds a rename into another form of the same letters") func renamed() async throws {
        let (sandbox, scratch) = (try await SandboxProcess.start(), try Scratch())
        let list = try scratch.write("name\nCaf\u{E9}\n", as: "list.csv")
        let run = scratch.file("run")
        let load = ["import", list, "--target", sandbox.url, "--run-dir", run, "--quiet"]
        #expect(try await Command.groupload(load).run().status == 0)
        #expect(try await Command.groupload(["verify", run, "--against-target"]).run().status == 0)
        let id = try #require(try await sandbox.stored().first?["id"] as? Int)
        try await sandbox.send([("PUT", String(id), ["name": "Cafe\u{301}"])])
        let result = try await Command.groupload(["verify", run, "--against-target"]).run()
        #expect(result.status == 1 && result.outputText.contains("its name is"), "\(result.outputText)")
    }
}
