import Foundation
import TestSupport
import Testing

/// What `credentials-command` is to the process that runs it, and to whoever watches that.
@Suite struct CredentialsCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        _ = try scratch.write("name\nGold\n", as: "list.csv")
        _ = try scratch.write("GROUPLOAD_KEY=sandbox\nGROUPLOAD_SECRET=sandbox\n", as: "good")
    }

    /// A command whose credentials a shell prints.
    private func command(_ arguments: [String], _ script: String, to target: String) throws -> Command {
        _ = try scratch.write(script, as: "script")
        _ = try scratch.write(
            "target = \"\(target)\"\ncredentials-command = [\"sh\", \"script\"]\n", as: "groupload.toml")
        var command = scratch.groupload(arguments)
        command.environment = ["XDG_STATE_HOME": scratch.file("state")]
        return command
    }

    /// What a file of the directory holds; empty where there is none.
    private func text(_ name: String) -> String {
        FileManager.default.contents(atPath: scratch.file(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Whether a process has ended; one that nobody has waited for has.
    private func hasEnded(_ process: String) -> Bool {
        let status = FileManager.default.contents(atPath: "/proc/\(process)/stat")
        return status.map { String(decoding: $0, as: UTF8.self).contains(") Z ") } ?? true
    }

    @Test("the service manager hears that the process is alive meanwhile, and the command knows nothing of it")
    func watchdog() async throws {
        let sandbox = try await SandboxProcess.start()
        let socket = try NotifySocket(scratch.file("notify"))
        async let received = socket.messages()
        var importer = try command(
            ["import", "list.csv", "--quiet"], "env > seen; until test -e go; do :; done; cat good",
            to: sandbox.url)
        importer.environment.merge(["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "1000000"]) { $1 }
        let begin = ContinuousClock.now
        let ended = try await importer.run { process in
            try await Command.wait(for: process) { begin.duration(to: .now) > .seconds(2) && !text("seen").isEmpty }
            _ = try scratch.write("", as: "go")
        }
        let took = begin.duration(to: .now)
        socket.end()
        #expect(ended.status == 0, "\(ended.errorText)")
        let beats = try await received.prefix { !$0.hasPrefix("STATUS=") }.count { $0 == "WATCHDOG=1" }
        #expect(beats >= 4, "\(beats) in \(took)")
        #expect(text("seen").contains("XDG_STATE_HOME=") && !text("seen").contains("NOTIFY_SOCKET"))
        #expect(!text("seen").contains("WATCHDOG_"))
    }

    @Test(
        "a signal ends the command, what it has started, and the process",
        arguments: [(SIGTERM, ""), (SIGINT, ""), (SIGTERM, "trap '' TERM; ")])
    func signals(signal: Int32, trap: String) async throws {
        for arguments in [["import", "list.csv"], ["doctor"], ["export"]] {
            let run = try command(
                arguments, "\(trap)sleep 1000 & echo $! > child; echo $$ > own; wait", to: "http://127.0.0.1:1")
            let ended = try await run.run(secondsMax: 60) { process in
                try await Command.wait(for: process) { text("own").hasSuffix("\n") }
                kill(process, signal)
            }
            #expect(ended.status == 128 + signal, "\(arguments): \(ended.outputText)\(ended.errorText)")
            for name in ["own", "child"] {
                let process = text(name).trimmingCharacters(in: .newlines)
                // What is killed takes its time to go on a busy machine.
                let end = ContinuousClock.now.advanced(by: .seconds(20))
                while !hasEnded(process), ContinuousClock.now < end { await Task.yield() }
                #expect(!process.isEmpty && hasEnded(process), "\(name) of \(arguments)")
                try FileManager.default.removeItem(atPath: scratch.file(name))
            }
        }
    }

    @Test(
        "the command may ask at the terminal that the process has, and an interrupt there ends both",
        arguments: [("typed\\n", 3), ("\\x03", 130)])
    func terminal(typed: String, status: Int32) async throws {
        var run = try command(
            ["doctor"], "echo ask >&2; read word </dev/tty; echo $word > seen; cat good", to: "http://127.0.0.1:1")
        let program = """
            import os, pty, sys
            process, terminal = pty.fork()
            if process == 0: os.execv(sys.argv[1], sys.argv[1:])
            drawn = b''
            while True:
                try: chunk = os.read(terminal, 4096)
                except OSError: break
                if b'ask' in chunk and b'ask' not in drawn: os.write(terminal, b'\(typed)')
                drawn += chunk
                if not chunk: break
            os.write(1, drawn)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
            """
        (run.path, run.arguments) = (Command.python("").path, ["python3", "-c", program, run.path] + run.arguments)
        let ended = try await run.run(secondsMax: 60)
        #expect(ended.status == status, "\(ended.outputText)\(ended.errorText)")
        #expect(text("seen") == (status == 3 ? "typed\n" : ""))
    }

    @Test("with --log-format json what it writes to standard error is objects too, else it stands as it is")
    func standardError() async throws {
        let sandbox = try await SandboxProcess.start()
        let script = "printf 'locked\\n\\nasking \\033[1m\"you\"' >&2; cat good"
        let json = try await command(
            ["import", "list.csv", "--quiet", "--log-format", "json"], script, to: sandbox.url
        ).run()
        #expect(json.status == 0)
        let bodies = try json.error.split(separator: UInt8(ascii: "\n")).map { line in
            try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])["Body"] as? String
        }
        #expect(bodies == ["credentials-command: locked", "credentials-command: asking \\u{1B}[1m\"you\""])
        let text = try await command(["import", "list.csv", "--quiet"], script, to: sandbox.url).run()
        #expect(text.status == 0 && text.errorText.hasPrefix("locked\n\nasking \u{1B}[1m\"you\""))
    }

    @Test(
        "only what holds a secret itself is refused",
        arguments: [
            ("echo GROUPLOAD_PASSWORD=$(pass show x)", true), ("echo GROUPLOAD_PASSWORD=`pass show x`", true),
            (#"echo \"GROUPLOAD_SECRET=$SECRET\""#, true), (#"printf 'GROUPLOAD_SECRET=%s\\n' a"#, true),
            (#"awk '{print \"GROUPLOAD_PASSWORD=\" $1}' x"#, true), ("sed s/^/GROUPLOAD_PASSWORD=/ x", true),
            ("echo GROUPLOAD_TILL=a; pass show x", true), ("echo GROUPLOAD_PASSWORD=hunter2", false),
            (#"echo \"GROUPLOAD_PASSWORD_MD5=hunter2\""#, false),
            ("echo GROUPLOAD_PASSWORD=$(x) GROUPLOAD_SECRET=hunter2", false),
        ] as [(String, Bool)])
    func secrets(script: String, isTaken: Bool) async throws {
        _ = try scratch.write("credentials-command = [\"sh\", \"-c\", \"\(script)\"]\n", as: "groupload.toml")
        let shown = try await scratch.groupload(["config", "show"]).run()
        #expect(shown.status == (isTaken ? 0 : 78), "\(shown.errorText)")
        #expect(shown.errorText.contains("holds credentials") == !isTaken && !shown.errorText.contains("hunter2"))
    }
}
