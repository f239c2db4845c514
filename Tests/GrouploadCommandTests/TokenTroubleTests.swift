import Foundation
import TestSupport
import Testing

/// Imports with a key and secret, whose tokens don't last.
@Suite struct TokenTroubleTests {
    private static let credentials = ["GROUPLOAD_KEY": "sandbox", "GROUPLOAD_SECRET": "sandbox"]

    private static func list(_ count: Int) -> String { "name\n" + (1...count).map { "Token \($0)\n" }.joined() }

    @Test("5% of the calls get 401: no create waits for a time-out, and every call is counted")
    func expiring() async throws {
        let sandbox = try await SandboxProcess.start(["--fault", "expired-token=5%", "--seed", "3"])
        let scratch = try Scratch()
        let list = try scratch.write(Self.list(3000), as: "list.csv")
        let run = scratch.file("run")
        let began = ContinuousClock.now
        let result = try await Command.groupload(
            ["import", list, "--target", sandbox.url, "--run-dir", run, "--request-timeout", "110"],
            environment: Self.credentials
        ).run()
        let took = began.duration(to: .now)
        #expect(result.status == 0, "\(result.errorText)")
        // A create that is written as no bytes waits for the time-out.
        #expect(took < .seconds(100), "\(took)")
        let report = try await Report(run)
        report.expectAccounts()
        #expect(report.outcomes == ["created": 3000])
        #expect(try await sandbox.stored().count == 3000)
        let sent = try await sandbox.requests(matching: "POST") + sandbox.requests(matching: "GET /group")
        #expect(try Self.requests(run) == sent)
    }

    /// An API in Python whose first token serves for 20 creates, and the run against it. `later` gives the status and
    /// headers of the token calls after the first, by the seconds since the second; None for a new token. Prints the
    /// token calls and all requests.
    private func importing(
        _ later: String, records: Int
    ) async throws -> (result: Command.Result, tokenCalls: Int, requests: Int, run: String, scratch: Scratch) {
        let program = """
            import json, os, subprocess, sys, threading, time
            from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
            created, tokens, began, requests, lock = [], [], [], [], threading.Lock()
            \(later)
            class Handler(BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def log_message(self, *arguments): pass
                def answer(self):
                    body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                    with lock: status, headers, answer = self.read(body)
                    text = json.dumps(answer)
                    self.send_response(status)
                    for name, value in headers.items(): self.send_header(name, value)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text.encode())
                def read(self, body):
                    requests.append(self.path)
                    if "oauth" in self.path:
                        tokens.append("t%d" % len(tokens))
                        if len(tokens) == 2: began.append(time.monotonic())
                        refused = later(time.monotonic() - began[0]) if began else None
                        if refused: return refused[0], refused[1], {"message": "no token"}
                        return 200, {}, {"data": {"accessToken": tokens[-1], "ttlSeconds": 300}, "errors": None}
                    if self.headers["X-CAP-API-OAUTH-TOKEN"] == "t0" and len(created) >= 20:
                        return 401, {}, {"message": "expired"}
                    if self.command == "POST":
                        created.append(json.loads(body)["name"])
                        return 200, {}, {"id": len(created), "name": created[-1], "rank": None}
                    return 200, {}, {"status": {"success": True}, "groupRoList": [], "pagingDto": {"last": True}}
                do_GET = do_POST = answer
            server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            run = subprocess.run([sys.argv[1], "import", *sys.argv[2:], "--target",
                "http://127.0.0.1:%d" % server.server_address[1]], timeout=100)
            print(len(tokens), len(requests))
            sys.stdout.flush()
            os._exit(run.returncode)
            """
        let scratch = try Scratch()
        let list = try scratch.write(Self.list(records), as: "list.csv")
        let run = scratch.file("run")
        var command = Command.python(program, [Command.groupload([]).path, list, "--run-dir", run])
        command.environment = Self.credentials
        let result = try await command.run()
        let counts = result.outputText.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        return (result, counts.first ?? -1, counts.last ?? -1, run, scratch)
    }

    private static func requests(_ run: String) throws -> Int? {
        let data = try Data(contentsOf: URL(fileURLWithPath: run + "/summary.json"))
        return (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["requests"] as? Int
    }

    @Test("429 to the token call in mid-run is waited out, not hammered") func throttledTokenCall() async throws {
        let served = try await importing(
            "def later(seconds): return (429, {'Retry-After': '2'}) if seconds < 3 else None", records: 200)
        #expect(served.result.status == 0, "\(served.result.errorText)")
        #expect(served.tokenCalls < 20, "\(served.tokenCalls)")
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(report.outcomes == ["created": 200])
    }

    @Test("500 to every token call in mid-run ends the run: no record is blamed") func failingTokenCall() async throws {
        let served = try await importing("def later(seconds): return (500, {})", records: 200)
        #expect([2, 3].contains(served.result.status), "\(served.result.errorText)")
        #expect(served.tokenCalls < 100, "\(served.tokenCalls)")
        let report = try await Report(served.run)
        report.expectAccounts()
        #expect(report.outcomes["created"] == 20 && report.outcomes["failed"] == nil, "\(report.outcomes)")
    }
}
