internal import NIOConcurrencyHelpers
internal import NIOCore

/// Sends creates as fast as their answers come, without a task for each: it asks its source for the next whenever there is room,
/// and tells it each answer, all on the event loop that the connections live on.
///
/// A create is sent once; where a token was rejected it is sent again with a new one, as ``RewardsClient`` does.
package final class CreateLane: Sendable {
    private let loop: any EventLoop
    private let worker: NIOLoopBoundBox<LaneWorker>

    /// - Parameter transport: the one that `client` sends over.
    package init(client: RewardsClient, transport: HTTPTransport, source: any CreateSource) {
        loop = transport.loop
        let pool = transport.pool
        worker = .makeBoxSendingValue(
            LaneWorker(client: client, loop: loop, pool: pool, source: source), eventLoop: loop)
    }

    /// Says that the source may have something to send.
    package func poke() {
        loop.execute { [worker] in worker.value.pump() }
    }

    /// Cuts off every call of the transport that is under way; the source hears of its creates. Nothing more can be sent.
    package func cancel() {
        loop.execute { [worker] in worker.value.cancel() }
    }
}

/// What a ``CreateLane`` does on its event loop.
final class LaneWorker {
    /// The calls of a lane in the pool: others have ids from 1.
    private static let callID: UInt64 = 0

    private let client: RewardsClient
    private let loop: any EventLoop
    private let pool: NIOLoopBoundBox<ConnectionPool>
    private let source: any CreateSource
    private let timeout: TimeAmount
    private var request: CreateRequest?
    /// The token that ``request`` carries; nil with other credentials.
    private var token: TokenSource.Token?
    private var isFetchingToken = false
    /// Creates whose token was rejected, with the requests that each has cost.
    private var rejected: [(create: LaneCreate, requests: Int)] = []
    /// Token calls that no create has been charged with.
    private var tokenCalls = 0
    private var isPumping = false
    private var isCancelled = false
    private var alarm: Scheduled<Void>?
    private var date: (text: [UInt8], seconds: Int64?) = ([], nil)

    init(
        client: RewardsClient, loop: any EventLoop, pool: NIOLoopBoundBox<ConnectionPool>, source: any CreateSource
    ) {
        self.client = client
        self.loop = loop
        self.pool = pool
        self.source = source
        timeout = TimeAmount(client.configuration.requestTimeout)
    }

    /// Sends what there is to send.
    func pump() {
        // A call that ends at once comes back here.
        guard !isPumping, !isCancelled else { return }
        isPumping = true
        defer { isPumping = false }
        while hasProof() {
            if let (create, requests) = rejected.popLast() {
                send(create, costs: requests, isRepeat: true)
                continue
            }
            switch source.next() {
            case .send(let create): send(create, costs: 0, isRepeat: false)
            case .rest: return
            case .wait(let duration):
                if alarm == nil {
                    alarm = loop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) {
                        self.alarm = nil
                        self.pump()
                    }
                }
                return
            }
        }
    }

    func cancel() {
        isCancelled = true
        alarm?.cancel()
        pool.value.shutDown()
        endRejected(.unsent(TransportFailure(delivery: .nothingSent, kind: .cancelled, message: "the run stopped")))
    }

    private func send(_ create: LaneCreate, costs: Int, isRepeat: Bool) {
        let begun = NIODeadline.now()
        let token = isRepeat ? nil : self.token?.generation
        let requests = costs + tokenCalls + 1
        tokenCalls = 0
        let call = HTTPCall(
            id: Self.callID, begun: begun, timeout: timeout, takesPlain: true,
            write: { self.request?.write(name: create.name, rank: create.rank, to: &$0) },
            ended: { call, ending in
                self.ended(create, call, ending, requests: requests, token: token)
                self.pump()
            })
        pool.value.send(call)
    }

    /// - Parameter token: the generation of the token that was sent, where the call may be repeated with another.
    private func ended(
        _ create: LaneCreate, _ call: HTTPCall, _ ending: HTTPCall.Ending, requests: Int, token: Int?
    ) {
        let latency = Duration(NIODeadline.now() - call.begun)
        switch ending {
        case .plain(let plain, let buffer):
            let reply = buffer.withUnsafeReadableBytes { bytes -> Reply<RewardGroup>? in
                let date = plain.date.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) }
                guard let group = PlainGroup.read(UnsafeRawBufferPointer(rebasing: bytes[plain.bodyStart...])) else {
                    return nil
                }
                return .answered(
                    group,
                    ReplyInfo(
                        http: plain.status, latency: latency, date: date.flatMap(seconds), requests: requests,
                        sentAt: call.sentAt))
            }
            source.ended(create, reply ?? read(plain.answer(buffer), call, latency, requests))
        case .whole(let answer) where answer.status == 401 && token != nil && !isCancelled:
            if self.token?.generation == token { (self.token, request) = (nil, nil) }
            rejected.append((create, requests))
            fetchToken(rejected: token)
        case .whole(let answer):
            source.ended(create, read(answer, call, latency, requests))
        case .failed(let failure) where failure.delivery == .nothingSent:
            source.ended(create, .unsent(failure))
        case .failed(let failure):
            source.ended(
                create,
                .lost(
                    Loss(
                        http: nil, reason: failure.message,
                        info: ReplyInfo(http: 0, latency: latency, requests: requests, sentAt: call.sentAt))))
        }
    }

    private func read(
        _ answer: TransportAnswer, _ call: HTTPCall, _ latency: Duration, _ requests: Int
    ) -> Reply<RewardGroup> {
        var answer = answer
        answer.sentAt = call.sentAt
        return client.reader.group(answer, latency, requests)
    }

    /// An HTTP date's epoch seconds, read once for all answers that say the same.
    private func seconds(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        if !date.text.elementsEqual(bytes) {
            date = (Array(bytes), HTTPDate.epochSeconds(String(decoding: bytes, as: UTF8.self)))
        }
        return date.seconds
    }
}

extension LaneWorker {
    /// Whether there is a request to send; where a token must be had first, that is begun.
    private func hasProof() -> Bool {
        if isFetchingToken { return false }
        if request != nil, token.map({ client.clock.uptime() < $0.renewAt }) ?? true { return true }
        switch client.authorizer {
        case .basic(let value):
            request = CreateRequest(client.createHead(proof: ("Authorization", value)))
            return true
        case .unusable(let failure):
            failOne(.unsent(failure))
            return false
        case .oauth:
            fetchToken(rejected: nil)
            return false
        }
    }

    private func fetchToken(rejected generation: Int?) {
        guard !isFetchingToken, case .oauth(let source) = client.authorizer else { return }
        isFetchingToken = true
        loop.makeFutureWithTask { await source.token(rejected: generation) }.assumeIsolated()
            .whenSuccess { result in
                self.isFetchingToken = false
                self.tokenCalls += result.requests
                switch result.outcome {
                case .token(let token):
                    self.token = token
                    self.request = CreateRequest(self.client.createHead(proof: ("X-CAP-API-OAUTH-TOKEN", token.value)))
                case .refused(let refusal): self.failOne(.refused(refusal))
                case .unsent(let failure): self.failOne(.unsent(failure))
                }
                self.pump()
            }
    }

    /// Ends what waits for a token, or else the next create, by what became of the token call: each such call ends one at least,
    /// so that those who count failures hear of it.
    private func failOne(_ reply: Reply<RewardGroup>) {
        if !rejected.isEmpty { return endRejected(reply) }
        if case .send(let create) = source.next() { source.ended(create, reply) }
    }

    private func endRejected(_ reply: Reply<RewardGroup>) {
        let creates = rejected
        rejected = []
        for (create, _) in creates { source.ended(create, reply) }
    }
}
