import Foundation
import TestSupport
import Testing

/// `groupload doctor` against targets that are well, and such as are not.
@Suite struct DoctorTests {
    /// What a check found, as `--json` has it.
    struct Finding: Decodable, Equatable {
        var check: String
        var result: String
        var message: String
        var remedy: String?
        var exit: Int32?
    }

    /// What `--json` prints.
    struct Found: Decodable {
        var checks: [Finding]
        var exit: Int32
        var target: String
        var seconds: Double
        var versions: [String: String]

        subscript(name: String) -> Finding? { checks.first { $0.check == name } }

        /// The checks that didn't end well, with how they did.
        var troubles: [String: String] {
            checks.filter { $0.result != "ok" }.reduce(into: [:]) { $0[$1.check] = $1.result }
        }
    }

    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Checks that need a connection.
    private static let calls = ["login", "list", "page-size", "rate", "clock"]

    private func doctor(_ target: String, _ options: [String] = [], _ environment: [String: String]? = nil) -> Command {
        var command = scratch.groupload(["doctor", "--target", target, "--connect-timeout", "5"] + options)
        if let environment { command.environment = environment }
        command.environment["XDG_STATE_HOME"] = scratch.file("state")
        return command
    }

    /// What it finds; the process's exit status is that of the object.
    private func findings(_ command: Command) async throws -> Found {
        var command = command
        command.arguments.append("--json")
        let result = try await command.run()
        #expect(result.error.isEmpty, "\(result.errorText)")
        let found = try JSONDecoder().decode(Found.self, from: result.output)
        #expect(found.exit == result.status, "\(result.outputText)")
        #expect(found.checks.compactMap(\.exit).first ?? 0 == found.exit)
        return found
    }

    private static func notChecked(_ names: [String]) -> [String: String] {
        names.reduce(into: [:]) { $0[$1] = "not checked" }
    }

    @Test("of a target that is well every check is ok, nothing is changed, and nothing is left behind")
    func well() async throws {
        let sandbox = try await SandboxProcess.start()
        let found = try await findings(doctor(sandbox.url))
        #expect(found.exit == 0 && found.troubles.isEmpty, "\(found.checks)")
        #expect(
            found.checks.map(\.check) == [
                "program", "target", "credentials", "lock", "run-dir", "disk", "ledger", "name", "connection", "proxy",
                "tls", "login", "list", "page-size", "rate", "clock",
            ])
        #expect(found.target == sandbox.url && found.versions["SQLite"]?.isEmpty == false)
        #expect(found["page-size"]?.message == "100 groups a page, where 1,000 were asked for")
        #expect(try await sandbox.requests(matching: "create") == 0)
        #expect(try await sandbox.stored().isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["state"])
        let text = try await doctor(sandbox.url).run()
        let lines = text.outputText.split(separator: "\n")
        #expect(text.status == 0 && lines.dropLast().allSatisfy { $0.hasPrefix("ok    ") }, "\(text.outputText)")
        #expect(lines.last == "16 checks: 16 ok; an import can begin")
    }

    @Test("a token's lifetime is given; a refused key is said") func tokens() async throws {
        let sandbox = try await SandboxProcess.start()
        let key = ["GROUPLOAD_KEY": "sandbox", "GROUPLOAD_SECRET": "sandbox"]
        let well = try await findings(doctor(sandbox.url, [], key))
        #expect(well.exit == 0 && well["login"]?.message == "a token that is valid for 300 s", "\(well.checks)")
        let refused = try await doctor(
            sandbox.url, [], ["GROUPLOAD_KEY": "sandbox", "GROUPLOAD_SECRET": "wrong-secret-1"]
        ).run()
        #expect(refused.status == 3 && refused.outputText.contains("FAIL  login "), "\(refused.outputText)")
        #expect(refused.outputText.contains("check GROUPLOAD_KEY") && !refused.outputText.contains("wrong-secret-1"))
    }

    @Test("a wrong password fails the login alone; the clock is still compared") func wrongPassword() async throws {
        let sandbox = try await SandboxProcess.start()
        let command = doctor(
            sandbox.url, [], ["GROUPLOAD_TILL": "sandbox.till", "GROUPLOAD_PASSWORD": "wrong-password-1"])
        let found = try await findings(command)
        #expect(found.exit == 3 && found["login"]?.message.contains("check GROUPLOAD_TILL") == true)
        #expect(
            found.troubles
                == Self.notChecked(["list", "page-size", "rate"]).merging(["login": "fail"]) { $1 })
        let text = try await command.run()
        // printf wrong-password-1 | md5sum
        for secret in ["wrong-password-1", "3dee51f9"] { #expect(!text.outputText.contains(secret)) }
    }

    @Test("without credentials the way to the target is checked all the same") func noCredentials() async throws {
        let sandbox = try await SandboxProcess.start()
        let none = try await findings(doctor(sandbox.url, [], [:]))
        #expect(none.exit == 78 && none["credentials"]?.remedy?.contains("GROUPLOAD_TILL") == true)
        #expect(
            none.troubles == Self.notChecked(["lock"] + Self.calls).merging(["credentials": "fail"]) { $1 },
            "\(none.checks)")
        let colon = try await findings(
            doctor(sandbox.url, [], ["GROUPLOAD_TILL": "a:b", "GROUPLOAD_PASSWORD": "sandbox"]))
        #expect(colon.exit == 78 && colon["credentials"]?.message.contains("colon") == true, "\(colon.checks)")
        #expect(colon["connection"]?.result == "ok")
    }

    @Test("where nobody listens the connection fails, and what is on this machine is still checked")
    func nobodyListens() async throws {
        let found = try await LoopbackSocket.withRefusingPort { try await findings(doctor("http://127.0.0.1:\($0)")) }
        #expect(found.exit == 3 && found["connection"]?.message == "the target refuses connections")
        #expect(
            found.troubles
                == Self.notChecked(["proxy", "tls"] + Self.calls).merging(["connection": "fail"]) { $1 },
            "\(found.checks)")
    }

    @Test("a host name that doesn't exist is said") func unknownName() async throws {
        let found = try await findings(doctor("https://no-such-host.invalid"))
        #expect(found.exit == 3 && found["name"]?.message.contains("no-such-host.invalid is not found") == true)
        #expect(found["connection"]?.result == "not checked" && found["lock"]?.result == "ok")
    }

    @Test("a target that can't be one is a fault of the configuration") func badTarget() async throws {
        let found = try await findings(doctor("http://example.com"))
        #expect(found.exit == 78 && found["target"]?.message.contains("--allow-insecure") == true, "\(found.checks)")
        #expect(found["name"]?.result == "not checked" && found["run-dir"]?.result == "ok")
        #expect(try await doctor("http://localhost", ["--cluster", "eu"]).run().status == 64)
    }

    @Test(
        "a clock that is off is a warning",
        arguments: [("+600s", "ahead of"), ("-600s", "behind")])
    func clock(difference: String, words: String) async throws {
        let sandbox = try await SandboxProcess.start(["--clock", "date=\(difference)"])
        let found = try await findings(doctor(sandbox.url))
        #expect(found.exit == 0 && found.troubles == ["clock": "warn"], "\(found.checks)")
        // Whole seconds: 599 to 601.
        let seconds = found["clock"]?.message.firstMatch(of: /(?<count>\d+) s/).flatMap { Int($0.count) } ?? 0
        #expect((598...602).contains(seconds) && found["clock"]?.message.contains(words) == true)
    }

    @Test("the page size is that of the target") func pageSize() async throws {
        let sandbox = try await SandboxProcess.start(["--list-size-max", "5000"])
        #expect(try await findings(doctor(sandbox.url))["page-size"]?.message == "1,000 groups a page")
        let small = try await SandboxProcess.start(["--list-size-max", "20"])
        #expect(
            try await findings(doctor(small.url))["page-size"]?.message
                == "20 groups a page, where 1,000 were asked for")
    }

    @Test("a run directory that can't be made ends with 73, as an import would") func runDirectory() async throws {
        let sandbox = try await SandboxProcess.start()
        _ = try scratch.write("", as: "file")
        // Not even the administrator can write to these.
        for path in ["/proc/groupload/run", scratch.file("file/run")] {
            let found = try await findings(doctor(sandbox.url, ["--run-dir", path]))
            #expect(
                found.exit == 73 && found.troubles == ["run-dir": "fail", "disk": "not checked"], "\(found.checks)")
            #expect(found["run-dir"]?.remedy?.contains("--run-dir") == true)
        }
        #expect(try await findings(doctor(sandbox.url, ["--run-dir", "a/b/c"])).exit == 0)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("a")))
    }

    @Test("a run that the directory holds is read: another version's, or another till's, is said")
    func heldRun() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\nGold\n", as: "list.csv")
        let load = try await scratch.groupload(["import", list, "--target", sandbox.url, "--run-dir", "night"]).run()
        #expect(load.status == 0, "\(load.errorText)")
        let own = try await findings(doctor(sandbox.url, ["--run-dir", "night"]))
        #expect(own.exit == 0 && own["run-dir"]?.message.contains("holds a run") == true, "\(own.checks)")
        let key = ["GROUPLOAD_KEY": "sandbox", "GROUPLOAD_SECRET": "sandbox"]
        let other = try await findings(doctor(sandbox.url, ["--run-dir", "night"], key))
        #expect(other.exit == 73 && other["run-dir"]?.message.contains("as sandbox.till") == true, "\(other.checks)")
        try await OtherDatabaseUser.run("PRAGMA user_version = 99", on: scratch.file("night/ledger.sqlite"))
        let newer = try await findings(doctor(sandbox.url, ["--run-dir", "night"]))
        #expect(newer.exit == 3 && newer.troubles == ["ledger": "fail"], "\(newer.checks)")
    }

    @Test("while another run works on the target the lock fails with 75") func locked() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\n" + (1...400).map { "Lock \($0)\n" }.joined(), as: "list.csv")
        var load = scratch.groupload([
            "import", list, "--target", sandbox.url, "--run-dir", "night", "--quiet", "--rate", "5/s",
        ])
        load.environment["XDG_STATE_HOME"] = scratch.file("state")
        _ = try await load.run { process in
            try await sandbox.waitForStored(2)
            let found = try await findings(doctor(sandbox.url))
            #expect(found.exit == 75 && found.troubles == ["lock": "fail"], "\(found.checks)")
            #expect(found["lock"]?.message.contains("process \(process)") == true)
            kill(process, SIGKILL)
        }
        #expect(try await findings(doctor(sandbox.url)).exit == 0)
    }

    private static func page(_ headers: String) -> String {
        let body = #"""
            {"status":{"success":true,"code":12013,"message":"ok"},"groupRoList":[],"pagingDto":{"last":true,\#
            "totalElements":0,"totalPages":0,"numberOfElements":0,"first":true,"size":1000,"number":0}}
            """#
        return
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n"
            + body
    }

    @Test("what the target says of its rate is shown, with nothing that a terminal acts on") func rate() async throws {
        let server = try ScriptedServer([.send(Self.page("X-RateLimit-Limit: 1000\r\nRateLimit-Policy: 10;w=1\r\n"))])
        let found = try await findings(doctor(server.target))
        #expect(found["rate"]?.message == "X-RateLimit-Limit: 1000, RateLimit-Policy: 10;w=1", "\(found.checks)")
        // No Date header.
        #expect(found.exit == 0 && found.troubles == ["clock": "not checked"], "\(found.checks)")
    }

    @Test(
        "a target that isn't the API, is throttled, or never responds",
        arguments: [
            ("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n", 3, "fail", "this is not the API"),
            ("HTTP/1.1 429 No\r\nRetry-After: 20\r\nContent-Length: 0\r\n\r\n", 0, "warn", "HTTP 429"),
            ("HTTP/1.1 429 No\r\nRetry-After: 3000\r\nContent-Length: 0\r\n\r\n", 3, "fail", "HTTP 429"),
            ("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", 0, "warn", "HTTP 500"),
            ("nothing of the kind\r\n\r\n", 3, "fail", "isn't HTTP"),
        ])
    func unruly(response: String, exit: Int32, result: String, words: String) async throws {
        let server = try ScriptedServer([.send(response)])
        let found = try await findings(doctor(server.target, ["--wait-max", "10m"]))
        #expect(found.exit == exit && found["list"]?.result == result, "\(found.checks)")
        #expect(found["list"]?.message.contains(words) == true, "\(found.checks)")
    }

    @Test("a target that is silent is given up after --request-timeout") func silent() async throws {
        let server = try ScriptedServer([.silence])
        let found = try await findings(doctor(server.target, ["--request-timeout", "1"]))
        #expect(found.exit == 3 && found["list"]?.result == "fail" && found.seconds < 30, "\(found.checks)")
    }
}
