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
                client = http.client.HTTPConnection(server.stdout.readline().strip().removeprefix("http://"), timeout=30)
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
}
