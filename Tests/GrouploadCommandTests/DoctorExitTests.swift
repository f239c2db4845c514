import Foundation
import TestSupport
import Testing

/// `groupload doctor` ends with the status that an import with the same flags ends with.
@Suite struct DoctorExitTests {
    /// A load that can't begin, or can, as the two commands are given it.
    struct Load: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The flags; `URL` stands for the sandbox's.
        var flags: [String]
        var environment: [String: String] = ["GROUPLOAD_TILL": "sandbox.till", "GROUPLOAD_PASSWORD": "sandbox"]
        var status: Int32

        /// The command, in a directory of its own with a list.
        func run(_ command: String, _ url: String) async throws -> Command.Result {
            let scratch = try Scratch()
            let list = command == "import" ? [try scratch.write("name\nGold\n", as: "list.csv")] : []
            var made = scratch.groupload(
                [command] + list + flags.map { $0.replacingOccurrences(of: "URL", with: url) })
            made.environment = environment
            made.environment["XDG_STATE_HOME"] = scratch.file("state")
            return try await made.run()
        }
    }

    private static let loads = [
        Load(testDescription: "nothing is wrong", flags: ["--target", "URL"], status: 0),
        Load(
            testDescription: "a wrong password", flags: ["--target", "URL"],
            environment: ["GROUPLOAD_TILL": "sandbox.till", "GROUPLOAD_PASSWORD": "wrong"], status: 3),
        Load(
            testDescription: "a wrong secret", flags: ["--target", "URL"],
            environment: ["GROUPLOAD_KEY": "sandbox", "GROUPLOAD_SECRET": "wrong"], status: 3),
        Load(testDescription: "no credentials", flags: ["--target", "URL"], environment: [:], status: 78),
        Load(
            testDescription: "half of the credentials", flags: ["--target", "URL"],
            environment: ["GROUPLOAD_TILL": "sandbox.till"], status: 78),
        Load(testDescription: "another path of the target", flags: ["--target", "URL/other"], status: 78),
        Load(testDescription: "http to another machine", flags: ["--target", "http://example.invalid"], status: 78),
        Load(
            testDescription: "no file of certificates",
            flags: ["--target", "https://127.0.0.1:9", "--ca-file", "/nonexistent"], status: 78),
        Load(
            testDescription: "a run directory that can't be made", flags: ["--target", "URL", "--run-dir", "/proc/x"],
            status: 73),
        Load(
            testDescription: "a password in the ledger's address",
            flags: ["--target", "URL", "--ledger", "postgresql://a:b@host/database"], status: 64),
        Load(testDescription: "a rate that is none", flags: ["--target", "URL", "--rate", "fast"], status: 64),
    ]

    @Test("doctor's status is the import's", arguments: loads) func same(load: Load) async throws {
        let sandbox = try await SandboxProcess.start()
        let looked = try await load.run("doctor", sandbox.url)
        #expect(looked.status == load.status, "\(looked.outputText)\(looked.errorText)")
        #expect(try await sandbox.stored().isEmpty)
        #expect(try await sandbox.requests(matching: "create") == 0)
        let imported = try await load.run("import", sandbox.url)
        #expect(imported.status == load.status, "\(imported.errorText)")
        #expect(try await sandbox.stored().count == (load.status == 0 ? 1 : 0))
    }

    /// What a target's calls are answered with, the first one and the others.
    struct Target: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var first: String
        var others: String
        var status: Int32
    }

    private static let page = rawResponse(
        200, #"{"status":{"success":true},"groupRoList":[],"pagingDto":{"last":true,"totalElements":0}}"#)

    private static let targets = [
        Target(
            testDescription: "404 in JSON to everything",
            first: rawResponse(404, #"{"status":404,"error":"Not Found","message":"No static resource v1/group."}"#),
            others: rawResponse(404, #"{"status":404,"error":"Not Found","path":"/v1/group"}"#), status: 3),
        Target(
            testDescription: "404 with its number as a code to everything",
            first: rawResponse(404, #"{"status":{"success":false,"code":404,"message":"no route"}}"#),
            others: rawResponse(404, #"{"status":{"success":false,"code":404,"message":"no route"}}"#), status: 3),
        Target(
            testDescription: "a wait that is longer than --wait-max, at once", first: waiting, others: waiting,
            status: 3),
        Target(
            testDescription: "a wait that is longer than --wait-max, from the second call on", first: page,
            others: waiting, status: 3),
        Target(
            testDescription: "no groups yet, in the API's words, and creates",
            first: rawResponse(404, #"{"status":{"success":false,"message":"No groups found"}}"#),
            others: rawResponse(200, #"{"id":7,"name":"Gold"}"#), status: 0),
    ]

    private static let waiting = rawResponse(
        429, #"{"status":{"success":false,"code":429,"message":"slow"}}"#, headers: ["Retry-After: 1800"])

    @Test("doctor's status is the import's, whatever the target says", arguments: targets)
    func target(target: Target) async throws {
        for command in ["doctor", "import"] {
            let server = try ScriptedServer { number, request in
                // A doctor creates nothing.
                let isFirst = number == 1 || command == "doctor" && target.status == 0
                return .send(isFirst ? target.first : target.others)
            }
            defer { server.stop() }
            let load = Load(testDescription: "", flags: ["--target", "URL"], status: target.status)
            let ended = try await load.run(command, server.target)
            #expect(ended.status == target.status, "\(command): \(ended.outputText)\(ended.errorText)")
        }
    }

    @Test("doctor takes what a profile says") func profile() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let secret = try scratch.write("GROUPLOAD_KEY=sandbox\nGROUPLOAD_SECRET=sandbox\n", as: "secret")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
        _ = try scratch.write(
            """
            [profile.night]
            target = "\(sandbox.url)"
            credentials-command = ["cat", "secret"]
            run-dir = "/proc/night"
            """, as: "groupload.toml")
        func doctor(_ arguments: [String]) async throws -> Command.Result {
            var command = scratch.groupload(["doctor"] + arguments)
            command.environment = ["XDG_STATE_HOME": scratch.file("state")]
            return try await command.run()
        }
        let found = try await doctor(["--profile", "night"])
        #expect(found.status == 73, "\(found.outputText)\(found.errorText)")
        #expect(found.outputText.contains(sandbox.url))
        let other = try await doctor(["--profile", "night", "--run-dir", "here"])
        #expect(other.status == 0, "\(other.outputText)\(other.errorText)")
        let unknown = try await doctor(["--profile", "nigth"])
        #expect(unknown.status == 78 && unknown.errorText.contains("night"), "\(unknown.errorText)")
    }
}
