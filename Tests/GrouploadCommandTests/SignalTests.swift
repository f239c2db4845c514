import Foundation
import TestSupport
import Testing

/// SIGINT and SIGTERM: the first ends a command in good order, the second at once.
@Suite struct SignalTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Runs a command against a target that takes connections and never responds, and sends both signals once it has
    /// connected.
    private func twice(_ arguments: (String) -> [String]) async throws -> Command.Result {
        let (descriptor, port) = try LoopbackSocket.bound()
        defer { close(descriptor) }
        #expect(listen(descriptor, 8) == 0)
        return try await Command.groupload(arguments("http://127.0.0.1:\(port)")).run(secondsMax: 60) { process in
            let connection = accept(descriptor, nil, nil)
            #expect(connection >= 0)
            kill(process, SIGINT)
            kill(process, SIGTERM)
        }
    }

    @Test("the second signal ends a command that waits for a response", arguments: ["import", "plan", "export"])
    func second(command: String) async throws {
        let list = try scratch.write("name\nA\n", as: "list.csv")
        let run = scratch.file("run")
        let result = try await twice { target in
            switch command {
            case "import": ["import", list, "--target", target, "--run-dir", run]
            case "plan": ["plan", list, "--target", target]
            default: ["export", "--target", target]
            }
        }
        #expect([130, 143].contains(result.status), "\(result.errorText)")
        #expect(result.errorText.components(separatedBy: "stopping").count == 2, "\(result.errorText)")
        #expect(!FileManager.default.fileExists(atPath: run + "/summary.json"))
        if command == "import" { #expect(FileManager.default.fileExists(atPath: run + "/ledger.sqlite")) }
    }

    @Test("the second signal ends a sandbox that holds a request") func sandbox() async throws {
        let program = """
            import base64, hashlib, http.client, signal, subprocess, sys
            server = subprocess.Popen([sys.argv[1], "sandbox", "--latency", "60s"], text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                host = server.stdout.readline().strip().removeprefix("http://")
                till = base64.b64encode(b"sandbox.till:" + hashlib.md5(b"sandbox").hexdigest().encode()).decode()
                client = http.client.HTTPConnection(host, timeout=30)
                client.request("POST", "/api_gateway/core/v1/group/create", '{"name": "a"}', {"Authorization": \
            "Basic " + till})
                # The server has read the request when nothing of it waits in the kernel (proc_pid_net(5), tcp).
                ends = [":%04X" % int(host.split(":")[1]), ":%04X" % client.sock.getsockname()[1]]
                while any(fields[1].endswith(ends[0]) and fields[2].endswith(ends[1]) and fields[4][9:] != "00000000"
                          for fields in map(str.split, open("/proc/net/tcp"))):
                    pass
                server.send_signal(signal.SIGTERM)
                server.send_signal(signal.SIGINT)
                _, error = server.communicate(timeout=8)  # sooner than the 10 seconds that an orderly end may take
                print(server.returncode in (130, 143), repr(error))
            finally:
                server.kill()
            """
        let result = try await Command.python(program, [Command.groupload([]).path]).run()
        #expect(result.outputText == "True ''\n", "\(result.errorText)")
    }

    @Test("the same signal sent twice, as timeout sends it to its process group, is one: the report is written")
    func sameTwice() async throws {
        let sandbox = try await SandboxProcess.start(["--latency", "500ms"])
        let list = try scratch.write("name,note\n" + (1...400).map { "Twice \($0),x\n" }.joined(), as: "list.csv")
        let program = """
            import signal, subprocess, sys
            run = subprocess.Popen(sys.argv[1:], stderr=subprocess.PIPE, text=True)
            for word in ["name ←", "stopping"]:
                for line in run.stderr:
                    if word in line:
                        break
                run.send_signal(signal.SIGTERM)
            run.stderr.read()
            print(run.wait(60))
            """
        let command = scratch.groupload([
            "import", list, "--target", sandbox.url, "--run-dir", "twice", "--rate", "20/s",
        ])
        var python = Command.python(program, [command.path] + command.arguments)
        (python.environment, python.directory) = (command.environment, command.directory)
        let result = try await python.run()
        #expect(result.outputText == "143\n", "\(result.errorText)")
        let report = try await Report(scratch.file("twice"))
        report.expectAccounts()
        #expect(report.outcomes["unprocessed"] ?? 0 > 0)
    }
}
