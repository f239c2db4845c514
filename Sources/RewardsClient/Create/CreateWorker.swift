internal import NIOCore

/// Sends the creates of a ``CreateQueue`` over the connections of a lane, on its event loop: as many at once as it may
/// have connections.
///
/// To its maintainers: where there is no usable token, creates wait in a list while one token call is under way, and
/// the queue gives no more. A create is in that list only after the queue gave it, so that the caller's gate admits
/// token calls as it admits creates: each create causes one token call at most before it is sent, and one more where a
/// 401 rejects its token.
final class CreateWorker {
    /// A create that waits for a token, or is about to be sent.
    struct Waiting {
        var create: PendingCreate
        /// The requests that it has cost.
        var requests = 0
        /// Whether it was sent, and a 401 rejected its token.
        var isSecond = false
    }

    /// Creates that are taken from the queue at once.
    private static let takenMax = 64

    private let client: RewardsClient
    private let lane: TransportLane
    private let queue: any CreateQueue
    private let timeout: TimeAmount
    private var request: CreateRequest?
    /// The token in ``request``; nil with other credentials.
    private(set) var token: TokenSource.Token?
    private var isFetchingToken = false
    private var waiting: [Waiting] = []
    /// Creates that the queue gave, and that have not ended.
    private var underWay = 0
    /// Wakes all lanes; nil where there is no other.
    weak var driver: (any CreateDriver)?
    /// What the queue gave last.
    private var creates: [PendingCreate] = []
    private var isPumping = false
    /// Whether it was asked to pump while it did.
    private var isPumpDue = false
    private var isCancelled = false
    private var alarm: Scheduled<Void>?
    private var shape = GroupShape()
    private var dates = DateCache()

    init(client: RewardsClient, lane: TransportLane, queue: any CreateQueue) {
        self.client = client
        self.lane = lane
        self.queue = queue
        timeout = TimeAmount(client.configuration.requestTimeout)
    }

    /// Sends creates until the queue gives none, or as many are under way as may be.
    func pump() {
        // A call that ends at once pumps again.
        isPumpDue = true
        guard !isPumping, !isCancelled else { return }
        isPumping = true
        defer { isPumping = false }
        while !isFetchingToken {
            isPumpDue = false
            let isReady = prepareRequest()
            if let next = waiting.popLast() {
                send(next, isReady: isReady)
                continue
            }
            let room = lane.connectionsMax - underWay
            // One that ends pumps again.
            guard room > 0 else { return }
            creates.removeAll(keepingCapacity: true)
            // Without a token one alone, which has it fetched.
            let step = queue.next(atMost: isReady ? min(room, Self.takenMax) : 1, &creates)
            underWay += creates.count
            lane.calls.begin(creates.count)
            for create in creates { send(Waiting(create: create), isReady: isReady) }
            switch step {
            case .more where underWay == lane.connectionsMax:
                driver?.wake()
                return
            case .more: continue
            case _ where isPumpDue: continue
            case .rest: return
            case .wait(let duration): return pumpAfter(duration)
            }
        }
    }

    /// Ends all calls of the pool, and all creates that wait.
    func cancel() {
        isCancelled = true
        alarm?.cancel()
        lane.pool.value.shutDown()
        endWaiting { .unsent(Self.cancelled(requests: $0)) }
    }

    private func pumpAfter(_ duration: Duration) {
        guard alarm == nil else { return }
        alarm = lane.loop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) {
            self.alarm = nil
            self.pump()
        }
    }

    private func send(_ next: Waiting, isReady: Bool) {
        if isReady { return lane.pool.value.send(CreateCall(next, worker: self, timeout: timeout)) }
        waiting.append(next)
        fetchToken(rejected: nil)
    }

    private func finish(_ create: PendingCreate, _ reply: Reply<RewardGroup>) {
        underWay -= 1
        lane.calls.end()
        queue.ended(create, reply)
    }

    /// Writes a create; false where its token was dropped while it waited for a connection, so that it waits for the
    /// next token.
    func write(_ call: CreateCall, to buffer: inout ByteBuffer) -> Bool {
        guard request != nil else {
            waiting.append(Waiting(create: call.create, requests: call.costs, isSecond: call.isSecond))
            // No other create may follow that would fetch the token.
            fetchToken(rejected: nil)
            return false
        }
        request?.write(
            name: call.create.name, rank: call.create.rank, span: call.create.span, to: &buffer)
        return true
    }
}

extension CreateWorker {
    /// Gives the queue the reply to a create, and says whether the connection may carry another call.
    func ended(
        _ call: CreateCall, _ ending: HTTPCall.Ending, at end: NIODeadline, after nameBefore: String?
    ) -> Bool {
        let latency = Duration(end - call.begun)
        let requests = call.costs + 1
        switch ending {
        case .plain(let plain, let buffer):
            call.token?.markServed()
            let bytes = buffer.readableBytesUInt8Span
            if let group = shape.read(bytes.extracting(droppingFirst: plain.bodyStart), named: call.create.name) {
                let date = plain.date.flatMap { dates.epochSeconds(bytes.extracting($0)) }
                let info = ReplyInfo(
                    http: plain.status, latency: latency, date: date, requests: requests, sentAt: call.sentAt)
                finish(call.create, .succeeded(group, info))
                return true
            }
            return read(call, plain.response(buffer), latency, requests, after: nameBefore)
        case .whole(let response):
            call.token?.markServed()
            if response.status == 401, let rejected = call.token, !call.isSecond, !isCancelled {
                // The current token may be a newer one.
                if token === rejected { (token, request) = (nil, nil) }
                waiting.append(Waiting(create: call.create, requests: requests, isSecond: true))
                if token == nil { fetchToken(rejected: rejected.generation) }
                return true
            }
            return read(call, response, latency, requests, after: nameBefore)
        case .failed(var failure) where failure.delivery == .nothingSent:
            failure.requests = call.costs
            finish(call.create, .unsent(failure))
            return false
        case .failed(let failure):
            let info = ReplyInfo(http: 0, latency: latency, requests: requests, sentAt: call.sentAt)
            finish(call.create, .lost(Loss(http: nil, reason: failure.message, info: info)))
            return false
        }
    }

    private func read(
        _ call: CreateCall, _ response: TransportResponse, _ latency: Duration, _ requests: Int,
        after nameBefore: String?
    ) -> Bool {
        var response = response
        response.sentAt = call.sentAt
        let reading = client.reader.group(
            response, .create(call.create.name, before: nameBefore),
            info: ReplyInfo(response, latency: latency, requests: requests))
        finish(call.create, reading.reply)
        return reading.matchesRequest
    }
}

extension CreateWorker {
    /// Makes the request where there are credentials for it; false where a token is missing.
    private func prepareRequest() -> Bool {
        if request != nil, token?.isUsable(client.environment.now) ?? true { return true }
        (token, request) = (nil, nil)
        guard case .basic(let value) = client.authorizer else { return false }
        request = CreateRequest(
            client.createHead(authorization: Authorizer.header(basic: value)), client.configuration.trace)
        return true
    }

    private func fetchToken(rejected generation: Int?) {
        guard !isFetchingToken, case .oauth(let source) = client.authorizer else { return }
        isFetchingToken = true
        lane.loop.makeFutureWithTask { await source.token(rejected: generation) }.assumeIsolated()
            .whenSuccess { result in self.fetched(result.outcome, requests: result.requests) }
    }

    private func fetched(_ outcome: TokenSource.Outcome, requests: Int) {
        isFetchingToken = false
        // One of the creates that wait bears the cost of the token call.
        if !waiting.isEmpty { waiting[0].requests += requests }
        if isCancelled { return endWaiting { .unsent(Self.cancelled(requests: $0)) } }
        switch outcome {
        case .token(let token):
            self.token = token
            request = CreateRequest(
                client.createHead(authorization: Authorizer.header(token: token.value)), client.configuration.trace)
        case .refused(let refusal):
            endWaiting { requests in
                var refusal = refusal
                refusal.info.requests = requests
                return .refused(refusal)
            }
        case .unsent(var failure):
            endWaiting { requests in
                failure.requests = requests
                return .unsent(failure)
            }
        }
        pump()
    }

    /// Ends all creates that wait for a token.
    ///
    /// - Parameter reply: the reply, from the requests that the create has cost.
    private func endWaiting(_ reply: (Int) -> Reply<RewardGroup>) {
        let creates = waiting
        waiting = []
        for next in creates { finish(next.create, reply(next.requests)) }
    }

    private static func cancelled(requests: Int) -> TransportFailure {
        TransportFailure(delivery: .nothingSent, kind: .cancelled, message: "the run stopped", requests: requests)
    }
}
