import TestSupport
import Testing

@Suite struct SandboxCommandTests {
    @Test(
        "a signal ends it in good order: 0, no complaint, and the file alone holds what was created",
        arguments: ["SIGINT", "SIGTERM"])
    func endsOnSignal(signal: String) async throws {
        let scratch = try Scratch()
        // The client keeps its connection open, idle, until the server has gone.
        let program = """
            import base64, hashlib, http.client, signal, sqlite3, subprocess, sys
            binary, database, name = sys.argv[1:]
            server = subprocess.Popen([binary, "sandbox", "--database", database], text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                client = http.client.HTTPConnection(server.stdout.readline().strip().removeprefix("http://"), \
            timeout=30)
                till = base64.b64encode(b"sandbox.till:" + hashlib.md5(b"sandbox").hexdigest().encode()).decode()
                client.request("POST", "/api_gateway/core/v1/group/create", '{"name": "a"}',
                    {"Authorization": "Basic " + till, "Content-Type": "application/json"})
                created = client.getresponse()
                created.read()
                server.send_signal(getattr(signal, name))
                _, error = server.communicate(timeout=30)
                alone = sqlite3.connect("file:" + database + "?immutable=1", uri=True)  # looks at no other file
                rows = alone.execute("SELECT count(*) FROM groups").fetchone()[0]
                print(created.status, server.returncode, repr(error), rows)
            finally:
                server.kill()
            """
        let result = try await Command.python(
            program, [Command.groupload([]).path, scratch.file("groups.sqlite"), signal]
        ).run()
        #expect(result.outputText == "200 0 '' 1\n", "\(result.errorText)")
    }

    @Test("a held request does not hold up the end, and a bad fault is a usage error")
    func endsWhileHolding() async throws {
        let program = """
            import base64, hashlib, http.client, subprocess, sys, time
            server = subprocess.Popen([sys.argv[1], "sandbox", "--fault", "timeout-before=100%", "--seed", \
            "3"], text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                client = http.client.HTTPConnection(server.stdout.readline().strip().removeprefix("http://"), \
            timeout=30)
                till = base64.b64encode(b"sandbox.till:" + hashlib.md5(b"sandbox").hexdigest().encode()).decode()
                client.request("POST", "/api_gateway/core/v1/group/create", '{"name": "a"}', {"Authorization": \
            "Basic " + till})
                other = http.client.HTTPConnection(client.host, client.port, timeout=30)
                faults = None
                while not faults:
                    other.request("GET", "/sandbox/requests")
                    faults = __import__("json").load(other.getresponse()).get("faults")
                server.terminate()
                _, error = server.communicate(timeout=8)  # sooner than the 10 seconds that an orderly end may take
                print(faults, server.returncode, repr(error))
            finally:
                server.kill()
            """
        let result = try await Command.python(program, [Command.groupload([]).path]).run()
        #expect(result.outputText == "{'timeout-before': 1} 0 ''\n", "\(result.errorText)")
        for (options, part) in [
            (["--fault", "lost=1%"], "kinds are"), (["--fault", "cut=2"], "cut=10%"),
            (["--error-status", "500"], "400, 409"),
            (["--stale-ms", "60001"], "60000"), (["--errors", "tree"], "list"), (["--seed", "-1"], "seed"),
            (["--latency", "infs"], "50ms"), (["--latency", "nanms"], "50ms"), (["--latency", "1e400s"], "50ms"),
            (["--latency", "61s"], "50ms"), (["--latency=-1s"], "50ms"), (["--rate-limit", "inf/s"], "N/min"),
            (["--rate-limit", "nan/min"], "N/min"), (["--rate-limit", "1e300/s"], "N/min"),
            (["--clock", "grain=0s"], "grain=1s"),
            (["--clock", "skew=99999999999999999999s"], "skew=+5s"), (["--normalise", "cut=0"], "cut=N"),
            (["--foreign-ms", "86400001"], "86400000"), (["--session-lost-after=-1"], "0 or more"),
            (["--session-lost-as", "500"], "page"),
        ] {
            let refused = try await Command.groupload(["sandbox"] + options).run()
            #expect(refused.status == 64)
            #expect(refused.errorText.contains(part), "\(refused.errorText)")
        }
    }
}
