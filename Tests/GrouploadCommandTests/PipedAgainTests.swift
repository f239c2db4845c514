import Foundation
import TestSupport
import Testing

/// A list that was not read to its end is given again: only the list that it was goes on, whatever was given before.
@Suite struct PipedAgainTests {
    private let scratch: Scratch
    private let run: String
    private static let whole = "name,rank\nQ1,1\nBad,x\nQ3,3\nQ4,4\nQ5,5\n"

    init() throws {
        scratch = try Scratch()
        run = scratch.file("run")
    }

    private func resume(_ text: String, _ credentials: [String: String] = Command.sandboxCredentials) async throws
        -> Command.Result
    {
        var command = Command.groupload(["resume", run, "--quiet"], environment: credentials)
        command.input = Data(text.utf8)
        return try await command.run()
    }

    private func query(_ sql: String) async throws -> String {
        try await Command("/usr/bin/env", ["sqlite3", run + "/ledger.sqlite", sql]).run().outputText
    }

    @Test(
        "shorter or other lists are refused, and nothing is kept of them; the right one goes on",
        arguments: [SIGKILL, SIGINT])
    func refused(signal: Int32) async throws {
        let sandbox = try await SandboxProcess.start()
        let first = try await HeldList(scratch).end(
            ["import", "-", "--format", "csv", "--target", sandbox.url, "--run-dir", run],
            "name,rank\nQ1,1\nBad,x\nQ3,3\n",
            once: HeldList.has(3, "outcome", in: run), by: signal)
        #expect(first == 128 + signal)

        let whole = Self.whole
        let lists = [
            ("name,rank\nQ1,1\n", "it has 1 record now, and 3 were read before"),
            ("", "it has 0 records now, and 3 were read before (the file is empty"),
            ("name,rank\nQ1,1\nBad,x\n", "it has 2 records now"),
            (whole.replacing("Q1,1", with: "Q1,9"), "record 1 isn't"),
            (whole.replacing("Bad,x", with: "Bad,2"), "record 2 isn't"),
            (whole.replacing("Q3,", with: "Q8,"), "record 3 isn't"),
        ]
        for (list, message) in lists {
            let refused = try await resume(list)
            #expect(refused.status == 65, "\(list): \(refused.errorText)")
            #expect(
                refused.errorText.contains("standard input has changed since this run read it: \(message)"),
                "\(refused.errorText)")
            #expect(try await query("SELECT value FROM run WHERE key = 'input'") == "reading\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: run).contains("input-1.zst") == false)
        }
        // What ends before the list was read, or while it was, has an outcome for each record, too.
        let unknown = try await resume(whole, ["GROUPLOAD_TILL": "sandbox.till", "GROUPLOAD_PASSWORD": "wrong"])
        #expect(unknown.status == 3, "\(unknown.errorText)")
        let stopped = try await HeldList(scratch).end(
            ["resume", run], "name,rank\nQ1,1\n",
            once: "grep -q 'going on with' \(scratch.file("errors"))", by: SIGINT)
        let errors = try String(contentsOfFile: scratch.file("errors"), encoding: .utf8)
        #expect(stopped == 130, "\(errors)")

        let last = try await resume(whole)
        #expect(last.status == 1, "\(last.errorText)")
        let report = try await Report(run)
        report.expectAccounts()
        #expect(report.outcomes == ["created": 4, "invalid": 1])
        try await report.expectCreated(in: sandbox)
        let verified = try await Command.groupload(["verify", run]).run()
        #expect(verified.status == 0, "\(verified.outputText)\(verified.errorText)")
        #expect(verified.errorText.contains("standard input: checked against the copy kept in the run"))
    }

    @Test("a run that sent nothing yet: resume goes on with the list that it was, import takes another") func unsent()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        let load = ["import", "-", "--format", "csv", "--target", sandbox.url, "--run-dir", run]
        #expect(
            try await HeldList(scratch).end(
                load, "name,rank\nBad,x\nBad,y\n", once: HeldList.has(2, "record", in: run), by: SIGKILL) == 128
                + SIGKILL
        )
        #expect(try await resume("").status == 65)
        #expect(try await resume("name,rank\nBad,x\n").status == 65)
        let resumed = try await resume("name,rank\nBad,x\nBad,y\nGood,1\n")
        #expect(resumed.status == 1, "\(resumed.errorText)")
        #expect(try await Report(run).outcomes == ["invalid": 2, "created": 1])
    }
}
