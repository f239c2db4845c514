import RewardsClient
import Synchronization
import Testing

@Suite("OAuth tokens")
struct TokenTests {
    static let credentials = Credentials.oauth(key: "key", secret: Secret("secret"))

    /// Suspends callers until a number of them has come, then resumes all.
    actor Gate {
        private var waiting: [CheckedContinuation<Void, Never>] = []
        private let count: Int
        init(count: Int) { self.count = count }

        func pass() async {
            await withCheckedContinuation { continuation in
                waiting.append(continuation)
                guard waiting.count == count else { return }
                for waiter in waiting { waiter.resume() }
                waiting = []
            }
        }
    }

    /// A server whose n-th token call gives the token `t<n>` and that accepts one of them.
    private func server(accepting: String, gate: Gate? = nil, lifetime: Int = 300) -> StubTransport {
        let tokens = Mutex(0)
        return StubTransport { request in
            if request.isTokenCall {
                let number = tokens.withLock { count in
                    count += 1
                    return count
                }
                return TransportResponse(
                    200, #"{"data":{"accessToken":"t\#(number)","ttlSeconds":\#(lifetime)},"errors":null}"#)
            }
            let token = request.header("X-CAP-API-OAUTH-TOKEN") ?? "none"
            if token == accepting || accepting == "any" {
                let name = request.name ?? "a"
                return TransportResponse(200, #"{"id":1,"name":"\#(name)"}"#)
            }
            await gate?.pass()
            return TransportResponse(401, "")
        }
    }

    @Test("64 calls that meet a 401 together cost exactly one renewal")
    func oneRenewal() async throws {
        let transport = server(accepting: "t2", gate: Gate(count: 64))
        let client = try stubbedClient(transport, credentials: Self.credentials)
        let replies = await withTaskGroup(of: Reply<RewardGroup>.self) { group in
            for index in 0..<64 { group.addTask { await client.create(name: "a\(index)", rank: nil) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(replies.count { summary($0) == "succeeded 200 1" } == 64)
        #expect(transport.requests.count { $0.isTokenCall } == 2)
        #expect(transport.requests.count == 2 + 128)
        #expect(replies.reduce(0) { $0 + $1.requests } == 130)
        #expect(transport.requests[0].bodyText.contains(#""key":"key""#))
        #expect(transport.requests[0].bodyText.contains(#""secret":"secret""#))
    }

    @Test("a 401 after the renewal is a refusal")
    func refusedTwice() async throws {
        let transport = server(accepting: "none at all")
        let reply = await (try stubbedClient(transport, credentials: Self.credentials)).get(id: 1)
        guard case .refused(let refusal) = reply else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.isUnauthorized && refusal.http == 401 && refusal.info.requests == 4)
        #expect(refusal.message.contains("GROUPLOAD_KEY"))
        #expect(transport.requests.count == 4)
    }

    @Test(
        "a token is renewed ahead of its expiry: the later of 80 % and 30 seconds before",
        arguments: [
            (300, 269, 1), (300, 270, 2), (3600, 3569, 1), (3600, 3570, 2), (10, 7, 1), (10, 8, 2), (0, 0, 1),
            (0, 1, 2),
        ])
    func aheadOfExpiry(lifetime: Int, elapsed: Int, tokenCalls: Int) async throws {
        let transport = server(accepting: "any", lifetime: lifetime)
        let now = Now()
        let client = try stubbedClient(transport, credentials: Self.credentials, uptime: { now.value })
        _ = await client.get(id: 1)
        now.value = .seconds(elapsed)
        _ = await client.get(id: 1)
        #expect(transport.requests.count { $0.isTokenCall } == tokenCalls)
    }

    @Test(
        "a token call that fails",
        arguments: [
            (400, #"{"errors":[{"code":1,"message":"bad key"}]}"#, "refused 400 1 unauthorized"),
            (401, "", "refused 401 - unauthorized"),
            (200, #"{"data":null,"errors":null}"#, "refused 200 - unauthorized"),
            (200, #"{"data":{"accessToken":"a\r\nb"}}"#, "refused 200 - unauthorized"), (429, "", "refused 429 -"),
            (302, "", "refused 302 - unauthorized"), (418, "", "refused 418 - unauthorized"),
            (500, "", "unsent other"), (503, "", "unsent other"), (408, "", "unsent other"),
            (200, #"{"id":7,"name":"a"}"#, "unsent other"), (200, #"{"groupRoList":[]}"#, "unsent other"),
        ])
    func failing(status: Int, body: String, expected: String) async throws {
        let transport = StubTransport(status, body)
        let reply = await (try stubbedClient(transport, credentials: Self.credentials)).create(name: "a", rank: nil)
        var text = summary(reply)
        if case .refused(let refusal) = reply, refusal.isUnauthorized {
            text += " unauthorized"
        }
        #expect(text == expected)
        #expect(transport.requests.count == 1 && reply.requests == 1)
        #expect(![400, 401].contains(status) || reply.message.contains("GROUPLOAD_SECRET"))
    }

    @Test("a token that has served once, and whose lifetime is over, is renewed once a second at most")
    func lifetimeZero() async throws {
        let transport = server(accepting: "any", lifetime: 0)
        let now = Now()
        let client = try stubbedClient(transport, credentials: Self.credentials, uptime: { now.value })
        for tenth in 0..<50 {
            now.value = .milliseconds(tenth * 100)
            #expect(summary(await client.get(id: 1)) == "succeeded 200 1")
        }
        #expect(transport.requests.count { $0.isTokenCall } == 5)
        #expect(transport.requests.count == 55)
    }

    @Test("a lifetime that the token call itself uses up causes no livelock: the token is used") func slowTokenCall()
        async throws
    {
        let now = Now()
        let transport = StubTransport { request in
            guard request.isTokenCall else { return TransportResponse(200, #"{"id":1,"name":"a"}"#) }
            now.value += .seconds(1)
            return TransportResponse(200, #"{"data":{"accessToken":"t","ttlSeconds":1}}"#)
        }
        let client = try stubbedClient(transport, credentials: Self.credentials, uptime: { now.value })
        for _ in 0..<20 {
            #expect(summary(await client.get(id: 1)) == "succeeded 200 1")
            now.value += .milliseconds(250)
        }
        #expect(transport.requests.count { $0.isTokenCall } == 5)
    }

    @Test("a caller may have the token renewed") func marked() async throws {
        let transport = server(accepting: "any")
        let client = try stubbedClient(transport, credentials: Self.credentials)
        for _ in 0..<3 {
            _ = await client.get(id: 1)
            await client.renewToken()
        }
        _ = await client.get(id: 1)
        #expect(transport.requests.count { $0.isTokenCall } == 4)
        await (try stubbedClient(transport)).renewToken()
        #expect(transport.requests.count == 8)
    }

    @Test("429 to the token call is a throttled refusal with its wait, and each call that waits gets it")
    func throttled() async throws {
        let transport = StubTransport(429, "", headers: [("Retry-After", "30")])
        guard
            case .refused(let refusal) = await (try stubbedClient(transport, credentials: Self.credentials)).create(
                name: "a", rank: nil)
        else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.isThrottled && !refusal.isUnauthorized && refusal.retryAfter == .seconds(30))
        #expect(refusal.info.requests == 1)
    }

    @Test("an unreachable token call leaves the call unsent, even where the token call's own fate is unknown")
    func unreachable() async throws {
        let transport = StubTransport { _ throws(TransportFailure) in
            throw TransportFailure(delivery: .unknown, kind: .timeout, message: "late")
        }
        let reply = await (try stubbedClient(transport, credentials: Self.credentials)).create(name: "a", rank: nil)
        #expect(summary(reply) == "unsent timeout")
    }

    @Test("a waiter that is cancelled leaves the renewal to the others")
    func cancelledWaiter() async throws {
        let gate = Gate(count: 2)
        let transport = StubTransport { request in
            guard request.isTokenCall else {
                return TransportResponse(200, #"{"id":\#(request.url.last == "1" ? 1 : 2)}"#)
            }
            await gate.pass()
            return Task.isCancelled
                ? TransportResponse(500, "") : TransportResponse(200, #"{"data":{"accessToken":"t","ttlSeconds":300}}"#)
        }
        let client = try stubbedClient(transport, credentials: Self.credentials)
        let replies = await withTaskGroup(of: String.self) { group in
            group.addTask { summary(await client.get(id: 1)) }
            group.addTask { summary(await client.get(id: 2)) }
            group.cancelAll()
            await gate.pass()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(replies) == ["succeeded 200 1", "succeeded 200 2"])
    }

    private final class Now: Sendable {
        private let state = Mutex(Duration.zero)
        var value: Duration {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }
}
