import GroupLoad
import TestSupport
import Testing

/// The address that is told of a run, in this process.
@Suite struct PingAddressTests {
    @Test(
        "addresses, shown by their hosts alone",
        arguments: [
            ("https://hc-ping.com/0b7e-secret", "https://hc-ping.com/…"),
            ("HTTPS://Example.org:8443/a/b?key=secret", "https://Example.org:8443/…"),
            ("http://[::1]:9/secret", "http://[::1]:9/…"), ("http://127.0.0.1", "http://127.0.0.1/…"),
        ])
    func shown(text: String, expected: String) throws { #expect(try PingAddress(text).description == expected) }

    @Test(
        "what is no address is refused, and not shown",
        arguments: [
            "", "secret", "ftp://example.org/secret", "https:///secret", "https://secret@example.org/",
            "https://a:secret@example.org/", "https://example.org/#secret", "//example.org/secret",
            "https://a b/secret",
        ])
    func refused(text: String) {
        let error = #expect(throws: RunError.self) { try PingAddress(text) }
        #expect(error?.status == .usage && "\(String(describing: error))".contains("secret") == false)
    }

    @Test(
        "the word stands behind the path and before the query",
        arguments: [
            ("", "start", "GET /start HTTP/1.1"), ("/", "0", "GET /0 HTTP/1.1"),
            ("/ping/abc", "143", "GET /ping/abc/143 HTTP/1.1"), ("/ping/abc/", "1", "GET /ping/abc/1 HTTP/1.1"),
            ("/p?rid=7&create=1", "start", "GET /p/start?rid=7&create=1 HTTP/1.1"),
            ("/a%20b", "75", "GET /a%20b/75 HTTP/1.1"),
        ])
    func sent(path: String, word: String, line: String) async throws {
        let server = try ScriptedServer([.send(rawResponse(200, "OK"))])
        defer { server.stop() }
        #expect(try await PingAddress(server.target + path).send(word, userAgent: "groupload/x") == nil)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix(line + "\r\n"), "\(request)")
        #expect(server.requests.count == 1 && !request.lowercased().contains("authorization"))
    }

    @Test(
        "a response that is none, or says no, is a sentence without the address",
        arguments: [
            (.send(rawResponse(404, "not found")), "HTTP 404"), (.send(rawResponse(500, "")), "HTTP 500"),
            (.send(rawResponse(302, "", headers: ["Location: http://127.0.0.1:1/"])), "HTTP 302"),
            (.close, "closed"), (.sendAndClose("nonsense\r\n\r\n"), ""),
        ] as [(ScriptedServer.Step, String)])
    func failed(step: ScriptedServer.Step, text: String) async throws {
        let server = try ScriptedServer([step])
        defer { server.stop() }
        let failure = try await PingAddress(server.target + "/secret").send("0", userAgent: "groupload/x")
        #expect(failure?.contains(text) == true && failure?.contains("secret") == false, "\(failure ?? "none")")
        #expect(server.requests.count == 1)
    }

    @Test("nobody who listens is a failure as well") func nobody() async throws {
        let server = try ScriptedServer([.close])
        let target = server.target
        server.stop()
        let failure = try await PingAddress(target + "/secret").send("start", userAgent: "groupload/x")
        #expect(failure != nil && failure?.contains("secret") == false)
    }
}
