import RewardsClient
import Synchronization
import TestSupport
import Testing

/// Creates over real connections, with tokens that expire.
@Suite struct CreateSenderTests {
    /// Gives creates of the names `n1`, `n2`, …, or others, and keeps the reply to each.
    private final class Queue: CreateQueue {
        private struct State {
            var given = 0
            var replies: [(name: String, reply: Reply<RewardGroup>)] = []
        }

        private let count: Int
        private let name: @Sendable (Int) -> String
        /// The creates that may be under way, by how many have ended.
        private let atOnce: @Sendable (Int) -> Int
        private let state = Mutex(State())
        private let ends: AsyncStream<Void>.Continuation
        let ended: AsyncStream<Void>

        init(
            count: Int, atOnce: @escaping @Sendable (Int) -> Int = { _ in 1_000_000 },
            _ name: @escaping @Sendable (Int) -> String = { "n\($0)" }
        ) {
            self.count = count
            self.atOnce = atOnce
            self.name = name
            (ended, ends) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        }

        var replies: [(name: String, reply: Reply<RewardGroup>)] { state.withLock { $0.replies } }

        func next(atMost asked: Int, _ creates: inout [PendingCreate]) -> CreateStep {
            state.withLock { state in
                var left = min(count - state.given, atOnce(state.replies.count) + state.replies.count - state.given)
                for _ in 0..<min(left, asked) {
                    state.given += 1
                    creates.append(PendingCreate(tag: Int64(state.given), name: name(state.given), rank: 1, sentAt: 0))
                    left -= 1
                }
                return left > 0 ? .more : .rest
            }
        }

        func ended(_ create: PendingCreate, _ reply: Reply<RewardGroup>) {
            let isLast = state.withLock { state in
                state.replies.append((create.name, reply))
                return state.replies.count == count
            }
            if isLast { ends.finish() }
        }
    }

    private func run(
        _ server: ScriptedServer, creates: Int, connections: Int = 4,
        credentials: Credentials = .oauth(key: "key", secret: Secret("secret")),
        environment: ClientEnvironment = .system, name: @escaping @Sendable (Int) -> String = { "n\($0)" }
    ) async throws -> [(name: String, reply: Reply<RewardGroup>)] {
        let configuration = try ClientConfiguration(
            target: server.target, credentials: credentials, connectTimeout: .seconds(5), requestTimeout: .seconds(10),
            connectionsMax: connections)
        let transport = try HTTPTransport(configuration: configuration, environment: environment)
        let client = RewardsClient(configuration: configuration, transport: transport)
        let queue = Queue(count: creates, name)
        let sender = CreateSender(client: client, transport: transport, queue: queue)
        sender.wake()
        for await _ in queue.ended {}
        try await transport.shutdown()
        return queue.replies
    }

    @Test("lanes share the connections: all are used at once as soon as so many creates may be under way")
    func lanes() async throws {
        let server = try ScriptedServer { number, request in
            guard case .send(let text) = echo(request, id: number) else { return .close }
            return (2...11).contains(number) ? .sendOnceThere(11, text) : .send(text)
        }
        defer { server.stop() }
        let configuration = try ClientConfiguration(
            target: server.target, credentials: .basic(till: "till", password: Secret("pass")),
            connectTimeout: .seconds(5), requestTimeout: .seconds(30), connectionsMax: 10)
        let transport = try HTTPTransport(configuration: configuration, lanes: 3)
        let client = RewardsClient(configuration: configuration, transport: transport)
        // One at first: a lane that has asked in vain must ask again.
        let queue = Queue(count: 500, atOnce: { ended in ended == 0 ? 1 : 10 })
        let sender = CreateSender(client: client, transport: transport, queue: queue)
        sender.wake()
        for await _ in queue.ended {}
        #expect(queue.replies.count { summary($0.reply).hasPrefix("succeeded") } == 500)
        #expect(Set(server.requests.map(sentName)).count == 500 && server.requests.count == 500)
        #expect(Set(server.connectionOfRequest).count == 10)
        // Look-ups take the lanes in turn.
        for _ in 1...6 { _ = await client.get(id: 1) }
        #expect(server.requests.count == 506)
        try await transport.shutdown()
        await server.allClosed()
    }

    private static func isTokenCall(_ request: String) -> Bool { request.hasPrefix("POST /v3/oauth/token/generate") }

    private static func token(_ number: Int, lifetime: Int = 300) -> ScriptedServer.Step {
        .send(rawResponse(200, #"{"data":{"accessToken":"t\#(number)","ttlSeconds":\#(lifetime)},"errors":null}"#))
    }

    @Test("a server that closes after each response without saying so is met with a connection for each create")
    func closesAlways() async throws {
        let server = try ScriptedServer { number, request in
            let body = request.split(separator: "\r\n\r\n").last ?? ""
            return .sendAndClose(rawResponse(200, #"{"id":\#(number),\#(body.dropFirst())"#))
        }
        defer { server.stop() }
        let replies = try await run(server, creates: 200, credentials: .basic(till: "till", password: Secret("pass")))
        let lost = replies.filter { if case .lost = $0.reply { true } else { false } }
        #expect(replies.count == 200 && lost.count <= 8, "\(lost.count) were lost")
    }

    @Test("a server that closed its first connections and keeps them since is met with few again")
    func closesAtFirst() async throws {
        let server = try ScriptedServer { number, request in
            guard case .send(let text) = echo(request, id: number) else { return .close }
            return number <= 8 ? .sendAndClose(text) : .send(text)
        }
        defer { server.stop() }
        let replies = try await run(server, creates: 1_000, credentials: .basic(till: "till", password: Secret("pass")))
        #expect(replies.count == 1_000)
        let connections = Set(server.connectionOfRequest).count
        #expect(connections < 200, "\(connections) connections")
    }

    @Test("creates that may not be sent once they have a connection are not, and come back as unsent")
    func notAdmitted() async throws {
        let server = try ScriptedServer { _, request in echo(request) }
        defer { server.stop() }
        let asked = Mutex(0)
        let replies = try await run(
            server, creates: 9, connections: 2, credentials: .basic(till: "till", password: Secret("pass")),
            environment: ClientEnvironment(admitsRequest: {
                asked.withLock {
                    $0 += 1; return !(3...6).contains($0)
                }
            }))
        let sent = replies.filter { if case .succeeded = $0.reply { true } else { false } }
        let unsent = replies.filter {
            if case .unsent(let failure) = $0.reply { failure.kind == .cancelled } else { false }
        }
        #expect(sent.count == 5 && unsent.count == 4)
        #expect(server.requests.map(sentName).sorted() == sent.map(\.name).sorted())
    }

    @Test("the groups have the members that the queue may rely on") func members() async throws {
        let server = try ScriptedServer { _, request in
            .send(
                rawResponse(
                    200,
                    #"{"id":5,"name":"\#(sentName(request))","rank":1,"createdBy":2,"createdOn":3,"lastUpdatedOn":4}"#))
        }
        defer { server.stop() }
        let replies = try await run(
            server, creates: 3, credentials: .basic(till: "till", password: Secret("pass")))
        for (name, reply) in replies {
            guard case .succeeded(let group, _) = reply else {
                Issue.record("no success")
                continue
            }
            #expect(
                group
                    == RewardGroup(id: 5, name: name, rank: 1, createdBy: 2, createdOn: 3, lastUpdatedOn: 4))
        }
    }

    @Test(
        "every 20th create gets 401 once: none is sent without bytes, and each ends as created", arguments: [1, 4, 64])
    func expiring(connections: Int) async throws {
        let refused = Mutex<Set<String>>([])
        let server = try ScriptedServer { number, request in
            if Self.isTokenCall(request) { return Self.token(number) }
            let name = sentName(request)
            let isFirst = name.hasSuffix("7") && (Int(name.dropFirst()) ?? 0) % 20 == 7
            if isFirst, refused.withLock({ $0.insert(name).inserted }) { return .send(rawResponse(401, "")) }
            return echo(request, id: number)
        }
        defer { server.stop() }
        let replies = try await run(server, creates: 1000, connections: connections)
        #expect(replies.count { summary($0.reply).hasPrefix("succeeded") } == 1000)
        #expect(server.requests.allSatisfy { Self.isTokenCall($0) || $0.hasPrefix("POST /api_gateway/") })
        #expect(replies.reduce(0) { $0 + $1.reply.requests } == server.requests.count)
        #expect(server.requests.count(where: Self.isTokenCall) <= 51)
    }

    @Test("a lifetime of 0 costs one token call, not one a create") func lifetimeZero() async throws {
        let server = try ScriptedServer { number, request in
            Self.isTokenCall(request) ? Self.token(number, lifetime: -5) : echo(request, id: number)
        }
        defer { server.stop() }
        let replies = try await run(server, creates: 500)
        let tokenCalls = server.requests.count(where: Self.isTokenCall)
        #expect(replies.count { summary($0.reply).hasPrefix("succeeded") } == 500)
        // One, and one more for each second that this takes.
        #expect((1...10).contains(tokenCalls))
        #expect(replies.reduce(0) { $0 + $1.reply.requests } == 500 + tokenCalls)
    }

    @Test(
        "a token call that fails ends the creates that wait for it: none is called for without a create",
        arguments: [(500, "unsent other"), (429, "refused 429 -"), (403, "refused 403 -")])
    func failing(status: Int, expected: String) async throws {
        let server = try ScriptedServer { _, _ in .send(rawResponse(status, "", headers: ["Retry-After: 30"])) }
        defer { server.stop() }
        let replies = try await run(server, creates: 20)
        #expect(replies.allSatisfy { summary($0.reply) == expected })
        #expect(server.requests.count <= 20 && server.requests.allSatisfy(Self.isTokenCall))
        #expect(replies.reduce(0) { $0 + $1.reply.requests } == server.requests.count)
        for (_, reply) in replies where status == 429 {
            guard case .refused(let refusal) = reply else { continue }
            #expect(refusal.isThrottled && refusal.retryAfter == .seconds(30))
        }
    }

    @Test("token calls that fail in mid-run are counted, and each create ends") func failingLater() async throws {
        let server = try ScriptedServer { number, request in
            if Self.isTokenCall(request) { return number < 100 ? Self.token(number) : .send(rawResponse(500, "")) }
            return number > 200 ? .send(rawResponse(401, "")) : echo(request, id: number)
        }
        defer { server.stop() }
        let replies = try await run(server, creates: 400)
        #expect(replies.count == 400)
        #expect(replies.reduce(0) { $0 + $1.reply.requests } == server.requests.count)
        #expect(server.requests.count(where: Self.isTokenCall) <= 400)
    }

    @Test("two 401s in a row, with a fresh token in between, are refused credentials") func refusedTwice() async throws
    {
        let server = try ScriptedServer { number, request in
            Self.isTokenCall(request) ? Self.token(number) : .send(rawResponse(401, ""))
        }
        defer { server.stop() }
        let replies = try await run(server, creates: 1)
        guard case .refused(let refusal)? = replies.first?.reply else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.isUnauthorized && refusal.info.requests == 4 && server.requests.count == 4)
    }

    @Test(
        "a response sent twice closes its connection and is no success, though its name can be a cut of ours",
        arguments: ["n", "Loyalty group of the town "])
    func twice(prefix: String) async throws {
        let server = try ScriptedServer { number, request in
            let name = sentName(request)
            // The tenth response comes again in place of the eleventh.
            return number == 11
                ? .send(rawResponse(200, #"{"id":10,"name":"\#(name.dropLast())"}"#)) : echo(request, id: number)
        }
        defer { server.stop() }
        // Each name is the beginning of the next.
        let replies = try await run(
            server, creates: 30, connections: 1, credentials: .basic(till: "till", password: Secret("pass")),
            name: { prefix + String(repeating: "1", count: $0) })
        #expect(replies.map { summary($0.reply) }.filter { $0 == "lost 200" }.count == 1)
        for (name, reply) in replies {
            if case .succeeded(let group, _) = reply { #expect(group.name == name) }
        }
        let connections = server.connectionOfRequest
        #expect(connections[10] != connections[11])
    }
}
