import Foundation
import TestSupport
import Testing

/// Files of credentials and of headers, and pipes that bring them.
@Suite struct SecretFileTests {
    private let scratch: Scratch
    private let credentials = "GROUPLOAD_KEY=sandbox\nGROUPLOAD_SECRET=sandbox\n"

    init() throws { scratch = try Scratch() }

    private func export(_ target: String, _ options: [String], _ environment: [String: String] = [:]) -> Command {
        var command = scratch.groupload(["export", "--target", target] + options)
        command.environment = environment
        return command
    }

    private func secret(_ text: String, as name: String) throws -> String {
        let path = try scratch.write(text, as: name)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    @Test("credentials may come through a pipe, by and by") func pipe() async throws {
        let sandbox = try await SandboxProcess.start()
        let path = try scratch.pipe("pipe")
        let ended = try await export(sandbox.url, ["--credentials", path, "--quiet"]).run { [credentials] _ in
            try await blocking { try Data(credentials.utf8).write(to: URL(fileURLWithPath: path)) }
        }
        #expect(ended.status == 0, "\(ended.errorText)")
        var substituted = export(sandbox.url, ["--quiet"])
        (substituted.path, substituted.arguments) = (
            "/bin/bash",
            ["-c", "exec \"$0\" \"$@\" --credentials <(printf 'GROUPLOAD_KEY=sandbox\\nGROUPLOAD_SECRET=sandbox\\n')"]
                + [substituted.path] + substituted.arguments
        )
        // Where the command is run by env -C, the shell is its child.
        let shell = try await substituted.run()
        #expect(shell.status == 0, "\(shell.errorText)")
    }

    @Test("a pipe that nobody writes to is waited for half a minute") func silentPipe() async throws {
        let path = try scratch.pipe("pipe")
        let begin = ContinuousClock.now
        let ended = try await export("http://127.0.0.1:1", ["--credentials", path]).run(secondsMax: 100)
        #expect(ended.status == 78 && ended.errorText.contains("it is a pipe: see that"), "\(ended.errorText)")
        #expect(begin.duration(to: .now) >= .seconds(29))
    }

    @Test("the headers of --header @FILE are sent, as are those of a profile's file; no value is shown")
    func headers() async throws {
        let server = try ScriptedServer([
            .send(rawResponse(200, #"{"status":{"success":true},"groupRoList":[],"pagingDto":{"last":true}}"#))
        ])
        defer { server.stop() }
        let file = try secret("# ours\n\nX-Api-Key: hunter2\r\n  X-Other:b\n", as: "own.headers")
        let given = try await export(
            server.target, ["--header", "@\(file)", "--header", "X-Third: c"], Command.sandboxCredentials
        ).run()
        #expect(given.status == 0, "\(given.errorText)")
        for line in ["x-api-key: hunter2", "x-other: b", "x-third: c"] {
            #expect(server.requests.last?.lowercased().contains("\r\n\(line)\r\n") == true)
        }
        _ = try scratch.write(
            "target = \"\(server.target)\"\nheaders = { X-Other = \"low\", X-Top = \"d\" }\n"
                + "[profile.p]\nheaders = \"@own.headers\"\n", as: "groupload.toml")
        let profile = try await export(
            server.target, ["--profile", "p", "--header", "x-other: e"], Command.sandboxCredentials
        ).run()
        #expect(profile.status == 0, "\(profile.errorText)")
        let sent = server.requests.last?.lowercased() ?? ""
        for line in ["x-api-key: hunter2", "x-other: e", "x-top: d"] { #expect(sent.contains("\r\n\(line)\r\n")) }
        for line in ["x-other: low", "x-other: b"] { #expect(!sent.contains(line)) }
        let shown = try await scratch.groupload(["config", "show", "--profile", "p"]).run()
        #expect(shown.outputText.contains("@own.headers") && shown.outputText.contains("X-Top: …"))
        for text in [given, profile, shown] { #expect(!(text.outputText + text.errorText).contains("hunter2")) }
    }

    @Test("a file of headers that others can read, or that holds something else, is refused", arguments: [true, false])
    func refused(isOpen: Bool) async throws {
        let file = try secret(isOpen ? "X-Key: hunter2\n" : "X-Key: a\nhunter2\n", as: "h")
        if isOpen { try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file) }
        for arguments in [["export"], ["import", try scratch.write("name\nGold\n", as: "list.csv")]] {
            var command = scratch.groupload(arguments + ["--target", "http://127.0.0.1:1", "--header", "@h"])
            command.environment = Command.sandboxCredentials
            let ended = try await command.run()
            #expect(ended.status == 78 && !ended.errorText.contains("hunter2"), "\(ended.errorText)")
            let said = isOpen ? "chmod 600 h" : "file of headers h, line 2"
            #expect(ended.errorText.contains(said), "\(ended.errorText)")
        }
    }

    @Test("a run keeps the names of the file's headers, so that resume asks for them") func resumed() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name,rank\nGold,1\nSilver,x\n", as: "list.csv")
        let file = try secret("X-Api-Key: hunter2\n", as: "own.headers")
        let ended = try await Command.groupload([
            "import", list, "--target", sandbox.url, "--run-dir", scratch.file("run"), "--header", "@\(file)",
            "--header",
            "X-Other: b",
        ]).run()
        #expect(ended.status == 1, "\(ended.errorText)")
        // The correction names the file again.
        let line = try #require(ended.errorText.split(separator: "\n").first { $0.hasPrefix("  groupload import") })
        #expect(line.contains(" --header @\(file)") && line.contains("'x-other: …'") && !line.contains("x-api-key"))
        let without = try await Command.groupload(["resume", scratch.file("run")]).run()
        #expect(without.status == 64 && without.errorText.contains("x-api-key"), "\(without.errorText)")
        let with = try await Command.groupload(
            ["resume", scratch.file("run"), "--header", "@\(file)", "--header", "x-other:b"]
        ).run()
        #expect(with.status == 1, "\(with.errorText)")
        for name in try FileManager.default.contentsOfDirectory(atPath: scratch.file("run")) {
            let bytes = FileManager.default.contents(atPath: scratch.file("run/\(name)")) ?? Data()
            #expect(bytes.range(of: Data("hunter2".utf8)) == nil, "\(name)")
        }
    }
}
