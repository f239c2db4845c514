import RewardsClient
import Synchronization
import Testing

/// Creates over a transport without connections, on a clock of the test: the whole client as a simulation has it.
@Suite struct StubbedCreatesTests {
    /// A clock that a wait advances at once.
    private final class VirtualClock: Sendable {
        private let start = MonotonicInstant.now
        private let elapsed = Mutex(Duration.zero)

        var milliseconds: Int64 { elapsed.withLock { Int64($0 / .milliseconds(1)) } }

        func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }

        var environment: ClientEnvironment {
            ClientEnvironment(
                now: { self.start.advanced(by: self.elapsed.withLock { $0 }) },
                epochMilliseconds: { 784_111_777_000 + self.milliseconds }, wait: { self.advance(by: $0) })
        }
    }

    /// Gives creates of the names `n1`, `n2`, …, with a wait before every third, and keeps the reply to each.
    private final class Queue: CreateQueue {
        private struct State {
            var given = 0
            var hasWaited = false
            var inFlight = 0
            var inFlightMost = 0
            var replies: [String: [String]] = [:]
        }

        private let count: Int
        private let state = Mutex(State())
        private let ends: AsyncStream<Void>.Continuation
        let ended: AsyncStream<Void>

        init(count: Int) {
            self.count = count
            (ended, ends) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        }

        /// The replies to each name.
        var replies: [String: [String]] { state.withLock { $0.replies } }
        var inFlightMost: Int { state.withLock { $0.inFlightMost } }

        func next(atMost _: Int, _ creates: inout [PendingCreate]) -> CreateStep {
            state.withLock { state in
                guard state.given < count else { return .rest }
                state.hasWaited.toggle()
                if state.given % 3 == 2, state.hasWaited { return .wait(.seconds(60)) }
                state.given += 1
                state.inFlight += 1
                state.inFlightMost = max(state.inFlightMost, state.inFlight)
                creates.append(PendingCreate(tag: Int64(state.given), name: "n\(state.given)", rank: nil, sentAt: 0))
                return .more
            }
        }

        func ended(_ create: PendingCreate, _ reply: Reply<RewardGroup>) {
            let isLast = state.withLock { state in
                state.inFlight -= 1
                state.replies[create.name, default: []].append(summary(reply))
                return state.replies.count == count
            }
            if isLast { ends.finish() }
        }
    }

    private func client(
        _ transport: StubTransport, _ clock: VirtualClock,
        credentials: Credentials = .basic(till: "till", password: Secret("pass"))
    ) throws -> RewardsClient {
        RewardsClient(
            configuration: try ClientConfiguration(target: "https://example.test", credentials: credentials),
            transport: transport, environment: clock.environment)
    }

    /// The response to a create of `n7` with the id 7.
    private static func created(_ request: TransportRequest) -> TransportResponse {
        let name = request.name ?? ""
        return TransportResponse(200, #"{"id":\#(name.dropFirst()),"name":"\#(name)"}"#)
    }

    @Test(
        "each create has one reply, at most as many are under way as allowed, and waits take no time",
        arguments: [1, 5])
    func replies(inFlightMax: Int) async throws {
        let clock = VirtualClock()
        let transport = StubTransport { request throws(TransportFailure) in
            switch request.name {
            case "n4": throw TransportFailure(delivery: .unknown, kind: .timeout, message: "late")
            case "n5": throw TransportFailure(delivery: .nothingSent, kind: .connect, message: "refused")
            case "n6": return TransportResponse(429, "")
            default: return Self.created(request)
            }
        }
        let queue = Queue(count: 30)
        let sender = CreateSender(client: try client(transport, clock), inFlightMax: inFlightMax, queue: queue)
        sender.wake()
        for await _ in queue.ended {}
        let special = ["n4": "lost -", "n5": "unsent connect", "n6": "refused 429 -"]
        for number in 1...30 {
            #expect(queue.replies["n\(number)"] == [special["n\(number)"] ?? "succeeded 200 \(number)"])
        }
        #expect(queue.inFlightMost <= inFlightMax && transport.requests.count == 30)
        // Ten waits of a minute, on the test's clock.
        #expect((1...10).contains(clock.milliseconds / 60_000))
    }

    @Test("tokens expire on the environment's clock, and a 401 costs one retry with a new one") func tokens()
        async throws
    {
        let clock = VirtualClock()
        let calls = Mutex(0)
        let refused = Mutex(false)
        let transport = StubTransport { request in
            if request.isTokenCall {
                let number = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                return TransportResponse(200, #"{"data":{"accessToken":"t\#(number)","ttlSeconds":100}}"#)
            }
            let isRefused = refused.withLock { refused in
                defer { if request.name == "n8" { refused = true } }
                return request.name == "n8" && !refused
            }
            return isRefused ? TransportResponse(401, "") : Self.created(request)
        }
        let queue = Queue(count: 9)
        let client = try client(transport, clock, credentials: .oauth(key: "key", secret: Secret("secret")))
        let sender = CreateSender(client: client, inFlightMax: 1, queue: queue)
        sender.wake()
        for await _ in queue.ended {}
        #expect((1...9).allSatisfy { queue.replies["n\($0)"] == ["succeeded 200 \($0)"] })
        // Creates at 0, 1, 2 and 3 minutes: a token serves 80 seconds, and the second create of a minute needs none.
        let created = transport.requests.filter { !$0.isTokenCall }.compactMap(\.name)
        #expect(created.count == 10 && created.count { $0 == "n8" } == 2)
        #expect(calls.withLock { $0 } == 3)
    }

    @Test("cancelling ends each create that is under way, once, and sends no more") func cancelled() async throws {
        let arrived = AsyncStream.makeStream(of: Void.self)
        let transport = StubTransport { _ throws(TransportFailure) in
            arrived.continuation.yield()
            // Ends by the cancellation alone.
            let endless = AsyncStream<Void>.makeStream()
            for await _ in endless.stream {}
            endless.continuation.finish()
            throw TransportFailure(delivery: .unknown, kind: .cancelled, message: "cancelled")
        }
        let queue = Queue(count: 2)
        let sender = CreateSender(client: try client(transport, VirtualClock()), inFlightMax: 2, queue: queue)
        sender.wake()
        var sent = 0
        for await _ in arrived.stream {
            sent += 1
            if sent == 2 { break }
        }
        #expect(queue.replies.isEmpty)
        sender.cancel()
        for await _ in queue.ended {}
        #expect(queue.replies == ["n1": ["lost -"], "n2": ["lost -"]])
        sender.wake()
        #expect(transport.requests.count == 2)
    }
}
