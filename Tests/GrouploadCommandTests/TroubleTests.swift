import Foundation
import TestSupport
import Testing

/// What goes wrong around a run: the ledger, the disk, the paths, the server's limits.
@Suite struct TroubleTests {
    private static func list(_ count: Int) -> String { "name\n" + (1...count).map { "Trouble \($0)\n" }.joined() }

    /// Serves the API's list (empty) and create in Python, as `behaviour` has it: a function of the method, and of the
    /// seconds since the first request, that gives status, headers and body, or None for the usual response. Prints
    /// what was created.
    private func serve(
        _ behaviour: String, _ options: [String], records: Int = 40
    ) async throws -> (result: Command.Result, created: Int, run: String, scratch: Scratch) {
        let program = """
            import json, os, subprocess, sys, threading, time
            from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
            created, began = [], []
            \(behaviour)
            class Handler(BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def log_message(self, *arguments): pass
                def answer(self):
                    body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                    began.append(time.monotonic())
                    given = behaviour(self.command, time.monotonic() - began[0])
                    if given is None and self.command == "POST":
                        created.append(json.loads(body)["name"])
                        given = 200, {}, json.dumps({"id": len(created), "name": created[-1], "rank": None})
                    elif given is None:
                        given = 200, {}, '{"status": {"success": true}, "groupRoList": [], "pagingDto": {"last": true}}'
                    status, headers, text = given
                    self.send_response(status)
                    for name, value in headers.items(): self.send_header(name, value)
                    self.send_header("Content-Length", str(len(text.encode())))
                    self.end_headers()
                    self.wfile.write(text.encode())
                do_GET = do_POST = answer
            server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            run = subprocess.run([sys.argv[1], "import", *sys.argv[2:], "--target",
                "http://127.0.0.1:%d" % server.server_address[1]], timeout=100)
            print(len(created))
            sys.stdout.flush()
            os._exit(run.returncode)
            """
        let scratch = try Scratch()
        let list = try scratch.write(Self.list(records), as: "list.csv")
        let run = scratch.file("run")
        var command = Command.python(program, [Command.groupload([]).path, list, "--run-dir", run] + options)
        command.environment = Command.sandboxCredentials
        let result = try await command.run()
        return (result, Int(result.outputText.trimmingCharacters(in: .newlines)) ?? -1, run, scratch)
    }

    @Test("429 that does not say how long is waited out, however long it takes") func throttledWithoutWord()
        async throws
    {
        let served = try await serve(
            "def behaviour(method, seconds): return (429, {}, '') if seconds < 6 else None", [])
        #expect(served.result.status == 0, "\(served.result.errorText)")
        #expect(served.created == 40)
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(report.outcomes == ["created": 40])
    }

    @Test("a target that fails every create, though it lists, is given up: 2, and what may be there is shown apart")
    func failingCreates() async throws {
        let served = try await serve(
            "def behaviour(method, seconds): return (500, {}, '') if method == 'POST' else None", [], records: 400)
        #expect(served.result.status == 2, "\(served.result.errorText)")
        #expect(served.result.errorText.contains("responds with errors only (") && served.created == 0)
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(Set(report.outcomes.keys) == ["unresolved", "unprocessed"])
    }

    @Test("a target that fails for a while is waited for") func failsForAWhile() async throws {
        let served = try await serve(
            "def behaviour(method, seconds): return (503, {}, '') if 0.01 < seconds < 4 else None", [], records: 400)
        #expect(served.result.status == 0, "\(served.result.errorText)")
        #expect(served.created == 400)
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(report.outcomes == ["created": 400])
    }

    @Test("a target that redirects, or isn't the API, ends the run before anything is sent", arguments: [302, 404])
    func wrongTarget(status: Int) async throws {
        let served = try await serve(
            "def behaviour(method, seconds): return (\(status), {'Location': 'http://127.0.0.1:9/'}, '')", [])
        #expect(served.result.status == 3, "\(served.result.errorText)")
        #expect(served.result.errorText.contains("check --target"))
        #expect(served.created == 0)
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(report.outcomes == ["unprocessed": 40])
    }

    @Test("a ledger that somebody else has locked for a while is waited for") func lockedLedger() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "20ms"])
        let scratch = try Scratch()
        let list = try scratch.write(Self.list(2000), as: "list.csv")
        let lock = """
            import sqlite3, sys, time, urllib.request
            ledger = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
            ledger.execute("BEGIN IMMEDIATE")
            # Held until nothing more is stored for a while: what was claimed has been sent, and the rest waits \
            for the ledger.
            stored, since, end = -1, time.monotonic(), time.monotonic() + 3
            while time.monotonic() - since < 0.5 and time.monotonic() < end:
                found = len(urllib.request.urlopen(sys.argv[2] + "/sandbox/stored", timeout=10).read().splitlines())
                if found != stored: stored, since = found, time.monotonic()
            ledger.execute("ROLLBACK")
            print(stored)
            """
        let result = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("run")]
        ).run { _ in
            while try await sandbox.stored().count < 20 {}
            let locked = try await Command.python(lock, [scratch.file("run/ledger.sqlite"), sandbox.url]).run()
            #expect(locked.status == 0, "\(locked.errorText)")
        }
        #expect(result.status == 0, "\(result.errorText)")
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        try await report.expectCreated(in: sandbox)
        #expect(report.outcomes == ["created": 2000])
        // Nobody else may read the names, and the ledger is one file.
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch.file("run"))
        #expect(files.filter { $0.hasPrefix("ledger") } == ["ledger.sqlite"])
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.file("run/ledger.sqlite"))[
            .posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("a ledger that can't grow: 3, with a word on what to do; nothing was sent") func fullDisk() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let list = try scratch.write(Self.list(20_000), as: "list.csv")
        var command = Command(
            "/bin/bash",
            [
                "-c", "trap '' XFSZ; ulimit -f 600; exec \"$@\"", "bash", Command.groupload([]).path, "import", list,
                "--target", sandbox.url, "--run-dir", scratch.file("run"),
            ])
        command.environment = Command.sandboxCredentials
        let result = try await command.run()
        #expect(result.status == 3, "\(result.errorText)")
        #expect(result.errorText.contains("the ledger can't be used") && result.errorText.contains("free space"))
        #expect(try await sandbox.stored().isEmpty)
    }

    @Test("no input is overwritten", arguments: ["validate", "import"]) func overwrites(command: String) async throws {
        let scratch = try Scratch()
        let list = try scratch.write("name\nA\n", as: "failed.csv")
        let options =
            command == "validate"
            ? ["--results", list] : ["--target", "http://127.0.0.1:9", "--run-dir", scratch.url("").path]
        let result = try await Command.groupload([command, list] + options).run()
        #expect(result.status == (command == "validate" ? 64 : 73), "\(result.errorText)")
        #expect(try String(contentsOfFile: list, encoding: .utf8) == "name\nA\n")
    }

    @Test("a path that can't be read is noted before anything is sent, also among a glob's") func unreadable()
        async throws
    {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        _ = try scratch.write("name\nA\n", as: "a.csv")
        try FileManager.default.createDirectory(atPath: scratch.file("b.csv"), withIntermediateDirectories: false)
        let result = try await Command.groupload(
            [
                "import", "--no-preflight", scratch.file("*.csv"), "--target", sandbox.url, "--run-dir",
                scratch.file("run"),
            ]
        ).run()
        #expect(result.status == 66 && result.errorText.contains("b.csv is a directory"))
        #expect(try await sandbox.stored().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: scratch.file("run")))
    }

    @Test("--max-errors that the list alone exceeds ends the run before anything is sent", arguments: ["1", "5%"])
    func maxErrorsBefore(limit: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let list = try scratch.write("name,rank\nA,1\nB,x\nC,y\n", as: "list.csv")
        let result = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", scratch.file("run"), "--max-errors", limit]
        ).run()
        #expect(result.status == 2)
        #expect(
            result.errorText.contains("2 of 3 records are invalid, more than --max-errors allows; nothing was sent"))
        #expect(try await sandbox.stored().isEmpty)
        let report = try await Report(scratch.file("run"))
        report.expectAccounts()
        #expect(report.outcomes == ["invalid": 2, "unprocessed": 1])
    }

    @Test("what a slow pipe has given is sent, though more may come") func slowPipe() async throws {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let program = """
            import subprocess, sys, time, urllib.request
            run = subprocess.Popen([sys.argv[1], "import", "-", "--target", sys.argv[2], "--run-dir", sys.argv[3]],
                stdin=subprocess.PIPE)
            run.stdin.write(b"name,rank\\nA,1\\nB,2\\n")
            run.stdin.flush()
            stored, end = 0, time.monotonic() + 30
            while stored < 2 and time.monotonic() < end:
                stored = len(urllib.request.urlopen(sys.argv[2] + "/sandbox/stored", timeout=10).read().splitlines())
            run.stdin.close()
            print(stored, run.wait(30))
            """
        var command = Command.python(program, [Command.groupload([]).path, sandbox.url, scratch.file("run")])
        command.environment = Command.sandboxCredentials
        let result = try await command.run()
        #expect(result.outputText == "2 0\n", "\(result.errorText)")
    }

    @Test("a port that is taken: 78, with a word on what to do") func portTaken() async throws {
        let sandbox = try await SandboxProcess.start()
        let port = try #require(sandbox.url.split(separator: ":").last)
        let result = try await Command.groupload(["sandbox", "--port", String(port)]).run()
        #expect(result.status == 78)
        #expect(result.errorText.contains("can't listen on 127.0.0.1:\(port)"), "\(result.errorText)")
    }
}
