import RewardsClient
import TestSupport
import Testing

@Suite("Looking at a target before anything is sent")
struct LookTests {
    private static let page = #"{"status":{"success":true,"code":12013},"groupRoList":[]}"#

    @Test(
        "the headers that say what rate is allowed",
        arguments: [
            ([("X-RateLimit-Limit", "1000"), ("Server", "x")], ["X-RateLimit-Limit: 1000"]),
            (
                [("RateLimit", "limit=10"), ("x-rate-limit-remaining", "9")],
                ["RateLimit: limit=10", "x-rate-limit-remaining: 9"]
            ),
            ([("Retry-After", "1")], []),
        ] as [([(String, String)], [String])])
    func rate(headers: [(String, String)], expected: [String]) async throws {
        let transport = StubTransport(200, Self.page, headers: headers)
        let look = await (try stubbedClient(transport)).look(ListQuery(page: 0, size: 1))
        #expect(look.rate == expected)
        guard case .succeeded = look.reply else {
            Issue.record("no page")
            return
        }
    }

    @Test("how long a token is valid, as the target says", arguments: [#","ttlSeconds":120"#, ""])
    func lifetime(member: String) async throws {
        let transport = StubTransport { _ in TransportResponse(200, #"{"data":{"accessToken":"t"\#(member)}}"#) }
        let client = try stubbedClient(transport, credentials: TokenTests.credentials)
        guard case .succeeded(let seconds, let info) = await client.token() else {
            Issue.record("no token")
            return
        }
        #expect(seconds == (member.isEmpty ? nil : 120) && info.requests == 1 && transport.requests.count == 1)
    }

    private func connectionProbe(_ target: String) throws -> ConnectionProbe {
        let configuration = try ClientConfiguration(
            target: target, credentials: .basic(till: "till", password: Secret("pass")), connectTimeout: .seconds(5))
        return try ConnectionProbe(configuration, environment: .system)
    }

    @Test("a probe opens a connection and sends nothing") func probe() async throws {
        let server = try ScriptedServer([.silence])
        defer { server.stop() }
        let probe = try connectionProbe(server.target)
        let found = await probe.connect()
        #expect(found.opened != nil && found.address == "127.0.0.1" && found.failure == nil && found.session == nil)
        #expect(server.requests.isEmpty && probe.isAddress && !probe.isSecure)
        #expect(try await connectionProbe("http://localhost:\(server.port)").address() != nil)
    }

    @Test("a probe of a port that refuses says so") func refused() async throws {
        let found = try await LoopbackSocket.withRefusingPort {
            await (try connectionProbe("http://127.0.0.1:\($0)")).connect()
        }
        #expect(found.opened == nil && found.failure?.hasPrefix("the target refuses connections; ") == true)
        #expect(!found.isLasting)
    }
}
