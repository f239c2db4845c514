import GroupLoad
import HTTPTypes
import Logging
import RewardsClient
import Synchronization

/// A process that works on the run: the real stages over a ledger in memory, with this as its transport. It can be
/// killed: then nothing that it does changes anything any more, though its tasks go on until they have ended.
final class SimulatedProcess: Transport {
    private struct State {
        var isKilled = false
        /// Requests that have not arrived, by the number that each was given.
        var onTheWay: [Int: TransportRequest] = [:]
        var requests = 0
        var faults: [String] = []
    }

    let ledger: MemoryLedger
    let stop = StopSwitch()
    /// Open when it has ended, or was killed.
    let isOver = Latch()
    private let network: SimulatedNetwork
    private let time: VirtualTime
    private let environment: RunEnvironment
    /// The numbers of the records by their names.
    private let numbers: [String: Int64]
    private let state = Mutex(State())

    init(_ ledger: MemoryLedger, _ network: SimulatedNetwork, _ time: VirtualTime, _ environment: RunEnvironment) {
        self.ledger = ledger
        self.network = network
        self.time = time
        self.environment = environment
        let contents = ledger.contents
        numbers = contents.records.keys.reduce(into: [:]) { $0[contents.name($1)] = $1 }
    }

    var isKilled: Bool { state.withLock { $0.isKilled } }

    /// What it did that it must never do.
    var faults: [String] { state.withLock { $0.faults } }

    /// Kills it. What it has sent may still arrive.
    func kill() {
        ledger.cut()
        let onTheWay = state.withLock { state in
            state.isKilled = true
            defer { state.onTheWay = [:] }
            return state.onTheWay.sorted { $0.key < $1.key }
        }
        for (_, request) in onTheWay { network.abandon(request) }
        // For its tasks to end soon; nobody sees it.
        stop.stop(.unusable("killed"))
        isOver.open()
    }

    /// Works on the run until it ends, and keeps what is wrong.
    func run(_ configuration: ImportConfiguration) async {
        let client = RewardsClient(
            configuration: configuration.client, transport: self, environment: time.clientEnvironment())
        let run = ImportRun(
            configuration, client: client,
            makeSender: { CreateSender(client: client, inFlightMax: configuration.concurrency, queue: $0) },
            stop: stop, progress: RunProgress(), logger: Logger(label: "simulation"), note: { _ in },
            environment: environment, approval: { _ in })
        do {
            let error = try await run.run(over: ledger)
            if let error, stop.reason == nil, !isKilled { stop.stop(.unusable(error.message)) }
        } catch {
            if !isKilled { fault("the process threw: \(error)") }
        }
        isOver.open()
    }

    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse {
        let (fate, out, back) = network.draw()
        guard !isKilled, fate != .unreachable else { throw Self.unsent }
        checkIntent(request)
        let sentAt = environment.epochMilliseconds
        let number = state.withLock { state in
            state.requests += 1
            state.onTheWay[state.requests] = request
            return state.requests
        }
        await environment.wait(for: out)
        // A kill has decided what becomes of it.
        guard state.withLock({ $0.onTheWay.removeValue(forKey: number) }) != nil else { throw Self.lost }
        var response: TransportResponse?
        switch fate {
        case .plain: response = network.carryOut(request)
        case .loseResponse: _ = network.carryOut(request)
        case .loseRequest, .unreachable: break
        case .late: network.delay(request)
        case .throttle: response = ModelServer.refusal(429, 429)
        case .throttleFor: response = ModelServer.refusal(429, 429, [.retryAfter: "1"])
        case .failBefore: response = ModelServer.refusal(503, 503)
        case .failAfter:
            _ = network.carryOut(request)
            response = ModelServer.refusal(500, 500)
        case .page:
            response = TransportResponse(
                status: 502, headers: [.contentType: "text/html"], body: Array("<html>Bad Gateway</html>".utf8))
        }
        await environment.wait(for: back)
        guard var response, !isKilled else { throw Self.lost }
        response.sentAt = sentAt
        return response
    }

    private static let unsent = TransportFailure(
        delivery: .nothingSent, kind: .connect, message: "connection refused")
    private static let lost = TransportFailure(
        delivery: .unknown, kind: .closed, message: "the connection was closed")

    /// What is to change the target must stand in the ledger before it is sent.
    private func checkIntent(_ request: TransportRequest) {
        let contents = ledger.contents
        switch ModelServer.operation(of: request) {
        case .create:
            let recordNumber = numbers[request.name ?? ""] ?? 0
            let isClaimed = contents.claims.contains { $0.isOpen && $0.records.contains(recordNumber) }
            if !isClaimed || contents.outcomes[recordNumber] != nil {
                fault("record \(recordNumber) was sent, and is not claimed or has an outcome")
            }
        case .update:
            let id = ModelServer.id(in: request)
            let isIntended = contents.updates.values.contains { $0.update.id == id && $0.sentAt != nil }
            if !isIntended { fault("group \(id) was changed and the ledger holds no intent") }
        case .list, .find, .get: break
        }
    }

    private func fault(_ text: String) { state.withLock { $0.faults.append(text) } }
}
