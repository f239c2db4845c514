import RewardsClient
import Synchronization
import TestSupport
import Testing

@Suite("HTTP transport, against a scripted server")
struct HTTPTransportTests {
    /// Runs one create through a real connection and gives its reply with what the server saw.
    private func create(
        _ steps: [ScriptedServer.Step], requestTimeout: Duration = .seconds(20), responseBytesMax: Int = 4096
    ) async throws -> (reply: Reply<RewardGroup>, requests: [String]) {
        let server = try ScriptedServer(steps)
        defer { server.stop() }
        let reply = try await withClient(
            target: server.target, requestTimeout: requestTimeout, responseBytesMax: responseBytesMax
        ) { await $0.create(name: "a", rank: 1) }
        return (reply, server.requests)
    }

    private func withClient<Value: Sendable>(
        target: String, requestTimeout: Duration = .seconds(20), responseBytesMax: Int = 4096,
        environment: [String: String] = [:],
        _ body: (RewardsClient) async -> Value
    ) async throws -> Value {
        let configuration = try ClientConfiguration(
            target: target, credentials: .basic(till: "till", password: Secret("pass")),
            headers: [("X-Own", "v")], connectTimeout: .seconds(1), requestTimeout: requestTimeout,
            responseBytesMax: responseBytesMax, environment: environment)
        let transport = try HTTPTransport(configuration: configuration)
        let value = await body(RewardsClient(configuration: configuration, transport: transport))
        try await transport.shutdown()
        return value
    }

    @Test(
        "responses",
        arguments: [
            (.send(rawResponse(200, #"{"id":7,"name":"a","rank":1}"#)), "succeeded 200 7"),
            (
                .send(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "4\r\n{\"id\r\n0f\r\n\":8,\"name\":\"a\"}\r\n0\r\n\r\n"
                ),
                "succeeded 200 8"
            ),
            (.sendAndClose("HTTP/1.1 200 OK\r\n\r\n{\"id\":9,\"name\":\"a\"}"), "succeeded 200 9"),
            (.send(rawResponse(200, ResponseShapeTests.nameTaken)), "refused 200 12012"),
            (.send(rawResponse(302, "", headers: ["Location: http://127.0.0.1:1/"])), "lost 302"),
            (.send(rawResponse(429, "", headers: ["Retry-After: 2"])), "refused 429 -"),
            (.send(rawResponse(200, "garbage")), "lost 200"), (.send(rawResponse(500, "")), "lost 500"),
            (.close, "lost -"), (.sendAndClose("HTTP/1.1 20"), "lost -"), (.sendAndClose("not http\r\n\r\n"), "lost -"),
            (.sendAndClose("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":7}"), "lost -"),
            (.sendAndClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"id\":7}\r\n"), "lost -"),
            (.send(rawResponse(200, #"{"id":7,"name":"a"}"# + String(repeating: " ", count: 5_000))), "lost -"),
        ] as [(ScriptedServer.Step, String)])
    func responses(step: ScriptedServer.Step, expected: String) async throws {
        let (reply, requests) = try await create([step])
        #expect(summary(reply) == expected)
        #expect(requests.count == 1, "the transport never retries a request")
    }

    @Test("a request that may not be sent once it has a connection is not, and the next one is")
    func notAdmitted() async throws {
        let server = try ScriptedServer { _, request in echo(request) }
        defer { server.stop() }
        let configuration = try ClientConfiguration(
            target: server.target, credentials: .basic(till: "till", password: Secret("pass")), connectionsMax: 1)
        let asked = Mutex(0)
        let environment = ClientEnvironment(admitsRequest: {
            asked.withLock {
                $0 += 1; return $0 > 1
            }
        })
        let transport = try HTTPTransport(configuration: configuration, environment: environment)
        let client = RewardsClient(configuration: configuration, transport: transport)
        guard case .unsent(let failure) = await client.create(name: "a", rank: 1) else {
            Issue.record("it was sent")
            return
        }
        #expect(failure.kind == .cancelled && failure.delivery == .nothingSent)
        #expect(summary(await client.create(name: "b", rank: 1)) == "succeeded 200 7")
        try await transport.shutdown()
        #expect(server.requests.map(sentName) == ["b"])
    }

    @Test("the request as it arrives")
    func request() async throws {
        let (_, requests) = try await create([.send(rawResponse(200, #"{"id":7,"name":"a"}"#))])
        let request = try #require(requests.first)
        #expect(request.hasPrefix("POST /api_gateway/core/v1/group/create HTTP/1.1\r\n"))
        #expect(request.contains("X-Own: v\r\n") && request.contains("Authorization: Basic "))
        #expect(request.contains(#""name":"a""#) && request.contains(#""rank":1"#))
    }

    @Test(
        "silence ends by the time-out as lost, whether before the response or within its body",
        arguments: [.silence, .send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")] as [ScriptedServer.Step])
    func timeout(step: ScriptedServer.Step) async throws {
        let (reply, requests) = try await create([step], requestTimeout: .milliseconds(200))
        guard case .lost(let loss) = reply else {
            Issue.record("not lost: \(summary(reply))")
            return
        }
        #expect(loss.reason.contains("within"))
        #expect(requests.count == 1)
    }

    @Test("a refused connection is unsent")
    func refusedConnection() async throws {
        let reply = try await LoopbackSocket.withRefusingPort { port in
            try await withClient(target: "http://127.0.0.1:\(port)") { await $0.create(name: "a", rank: nil) }
        }
        #expect(summary(reply) == "unsent connect")
        guard case .unsent(let failure) = reply else { return }
        #expect(failure.delivery == .nothingSent && failure.message.contains("127.0.0.1:"))
        #expect(failure.message.hasSuffix("refuses connections; is the target right and up?"))
    }

    @Test("a get to a refused connection is unsent too, though it has no body to watch")
    func refusedGet() async throws {
        let reply = try await LoopbackSocket.withRefusingPort { port in
            try await withClient(target: "http://127.0.0.1:\(port)") { await $0.get(id: 1) }
        }
        #expect(summary(reply) == "unsent connect")
    }

    @Test("a host that doesn't exist is unsent")
    func unknownHost() async throws {
        let reply = try await withClient(target: "https://no-such-host.invalid") {
            await $0.create(name: "a", rank: nil)
        }
        #expect(summary(reply) == "unsent connect")
        #expect(
            reply.message == "no-such-host.invalid: the host name no-such-host.invalid is not found; "
                + "check its spelling and the network's name service")
    }

    @Test(
        "the wrong protocol is named, without a library's word",
        arguments: [
            (
                "https", .send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
                "doesn't speak TLS on this port", "unfit"
            ),
            ("https", .close, "closed within the TLS handshake", "connect"),
            (
                "http", .send("\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{28}"), "speaks TLS on this port; give --target https",
                "unfit"
            ),
            (
                "http", .send(rawResponse(400, "<h1>400</h1>The plain HTTP request was sent to HTTPS port")),
                "speaks TLS on this port", "unfit"
            ),
            (
                "http", .send(rawResponse(400, "Client sent an HTTP request to an HTTPS server.\n")),
                "speaks TLS on this port", "unfit"
            ),
        ] as [(String, ScriptedServer.Step, String, String)])
    func wrongProtocol(scheme: String, step: ScriptedServer.Step, expected: String, kind: String) async throws {
        let server = try ScriptedServer(first: step)
        defer { server.stop() }
        let reply = try await withClient(target: "\(scheme)://127.0.0.1:\(server.port)") {
            await $0.create(name: "a", rank: nil)
        }
        #expect(reply.message.contains(expected), "\(reply.message)")
        #expect(summary(reply) == "unsent \(kind)")
        for word in ["Error(", "NIOSSL", "errno", ".cc", "BoringSSL", "IOError"] {
            #expect(!reply.message.contains(word))
        }
    }

    @Test(
        "a proxy that makes no tunnel is named, with what to do",
        arguments: [
            (rawResponse(407, ""), "asks for credentials (HTTP 407); put them into HTTPS_PROXY", "unfit"),
            (rawResponse(403, ""), "does the proxy allow the target?", "connect"),
            (rawResponse(502, ""), "does the proxy allow the target?", "connect"),
        ])
    func proxy(response: String, expected: String, kind: String) async throws {
        let server = try ScriptedServer([.send(response)])
        defer { server.stop() }
        let reply = try await withClient(
            target: "https://example.test", environment: ["HTTPS_PROXY": "http://127.0.0.1:\(server.port)"]
        ) { await $0.create(name: "a", rank: nil) }
        #expect(summary(reply) == "unsent \(kind)")
        #expect(reply.message.contains(expected), "\(reply.message)")
        #expect(server.requests.first?.hasPrefix("CONNECT example.test:443 ") == true)
    }

    @Test("a TLS handshake with a server that doesn't speak it is unsent")
    func noTLS() async throws {
        let server = try ScriptedServer([.close])
        defer { server.stop() }
        let reply = try await withClient(
            target: "https://127.0.0.1:\(server.port)", requestTimeout: .milliseconds(500)
        ) { await $0.create(name: "a", rank: nil) }
        guard case .unsent = reply else {
            Issue.record("not unsent: \(summary(reply))")
            return
        }
        #expect(server.requests.isEmpty)
    }

    @Test("a call of a cancelled task sends nothing")
    func cancelled() async throws {
        let server = try ScriptedServer([.silence])
        defer { server.stop() }
        let reply = try await withClient(target: server.target) { client in
            await withTaskGroup(of: Reply<RewardGroup>?.self) { group in
                group.cancelAll()
                group.addTask { await client.create(name: "a", rank: nil) }
                return await group.next() ?? nil
            }
        }
        let text = reply.map(summary)
        #expect(text == "unsent cancelled" || text == "lost -")
    }

    @Test("a connection that closes as its second request arrives makes that one lost, not sent twice")
    func closedOnReuse() async throws {
        let server = try ScriptedServer([.send(rawResponse(200, #"{"id":7,"name":"a"}"#)), .close])
        defer { server.stop() }
        let replies = try await withClient(target: server.target) { client in
            [summary(await client.create(name: "a", rank: 1)), summary(await client.create(name: "b", rank: 1))]
        }
        #expect(replies == ["succeeded 200 7", "lost -"])
        #expect(server.requests.count == 2)
    }

    @Test("200 calls at once over the pool")
    func many() async throws {
        let server = try ScriptedServer { _, request in echo(request) }
        defer { server.stop() }
        let successes = try await withClient(target: server.target) { client in
            await withTaskGroup(of: Reply<RewardGroup>.self) { group in
                for index in 0..<200 { group.addTask { await client.create(name: "n\(index)", rank: nil) } }
                return await group.reduce(0) { $0 + (summary($1) == "succeeded 200 7" ? 1 : 0) }
            }
        }
        #expect(successes == 200 && server.requests.count == 200)
    }
}
