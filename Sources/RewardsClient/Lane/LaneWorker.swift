internal import NIOCore

/// What a ``CreateLane`` does on its event loop.
///
/// To its maintainers: where there is no usable token, creates wait in a list while one token call is under way, and
/// the source is asked for no more. A create is in that list only after the source gave it, so that token calls pass
/// the caller's gate as creates do: each create causes one token call at most before it is sent, and one more where a
/// 401 refuses its token.
final class LaneWorker {
    /// A create that waits for a token, or is about to be sent.
    struct Waiting {
        var create: LaneCreate
        /// The requests that it has cost.
        var requests = 0
        /// Whether it was sent, and refused for its token.
        var isSecond = false
    }

    let client: RewardsClient
    private let loop: any EventLoop
    private let pool: NIOLoopBoundBox<ConnectionPool>
    private let source: any CreateSource
    private let timeout: TimeAmount
    private var request: CreateRequest?
    /// The token that ``request`` carries; nil with other credentials.
    private(set) var token: TokenSource.Token?
    private var isFetchingToken = false
    private var waiting: [Waiting] = []
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
        while !isFetchingToken {
            if let next = waiting.popLast() {
                send(next)
                continue
            }
            switch source.next() {
            case .send(let create): send(Waiting(create: create))
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
        endWaiting { .unsent(Self.cancelled(requests: $0)) }
    }

    private func send(_ next: Waiting) {
        if hasProof() { return pool.value.send(LaneCall(next, worker: self, timeout: timeout)) }
        switch client.authorizer {
        case .unusable(let failure): source.ended(next.create, .unsent(failure))
        case .basic, .oauth:
            waiting.append(next)
            fetchToken(rejected: nil)
        }
    }

    /// Writes a create; where its token was dropped while it waited for a connection it waits for the next token
    /// instead.
    func write(_ call: LaneCall, to buffer: inout ByteBuffer) -> Bool {
        guard request != nil else {
            waiting.append(Waiting(create: call.create, requests: call.costs, isSecond: call.isSecond))
            // Nobody else may come for the token.
            fetchToken(rejected: nil)
            return false
        }
        request?.write(name: call.create.name, rank: call.create.rank, to: &buffer)
        return true
    }

    /// Takes in what came of a create, and says whether the connection may carry another.
    func ended(_ call: LaneCall, _ ending: HTTPCall.Ending, after nameBefore: String?) -> Bool {
        let latency = Duration(NIODeadline.now() - call.begun)
        let requests = call.costs + 1
        switch ending {
        case .plain(let plain, let buffer):
            call.token?.isProven()
            if let group = buffer.withUnsafeReadableBytes({ bytes in
                PlainGroup.read(UnsafeRawBufferPointer(rebasing: bytes[plain.bodyStart...]), named: call.create.name)
            }) {
                let info = ReplyInfo(
                    http: plain.status, latency: latency, date: seconds(plain, buffer), requests: requests,
                    sentAt: call.sentAt)
                source.ended(call.create, .answered(group, info))
                return true
            }
            return read(call, plain.answer(buffer), latency, requests, after: nameBefore)
        case .whole(let answer):
            call.token?.isProven()
            if answer.status == 401, let rejected = call.token, !call.isSecond, !isCancelled {
                // The token is dropped unless another has come since.
                if token === rejected { (token, request) = (nil, nil) }
                waiting.append(Waiting(create: call.create, requests: requests, isSecond: true))
                if token == nil { fetchToken(rejected: rejected.generation) }
                return true
            }
            return read(call, answer, latency, requests, after: nameBefore)
        case .failed(var failure) where failure.delivery == .nothingSent:
            failure.requests = call.costs
            source.ended(call.create, .unsent(failure))
            return false
        case .failed(let failure):
            let info = ReplyInfo(http: 0, latency: latency, requests: requests, sentAt: call.sentAt)
            source.ended(call.create, .lost(Loss(http: nil, reason: failure.message, info: info)))
            return false
        }
    }

    private func read(
        _ call: LaneCall, _ answer: TransportAnswer, _ latency: Duration, _ requests: Int, after nameBefore: String?
    ) -> Bool {
        var answer = answer
        answer.sentAt = call.sentAt
        let reading = client.reader.group(
            answer, .create(call.create.name, before: nameBefore),
            info: ReplyInfo(answer, latency: latency, requests: requests))
        source.ended(call.create, reading.reply)
        return reading.isInStep
    }

    /// An HTTP date's epoch seconds, read once for all responses that say the same.
    private func seconds(_ plain: PlainAnswer, _ buffer: ByteBuffer) -> Int64? {
        guard let place = plain.date else { return nil }
        return buffer.withUnsafeReadableBytes { bytes in
            let bytes = UnsafeRawBufferPointer(rebasing: bytes[place])
            if !date.text.elementsEqual(bytes) {
                date = (Array(bytes), HTTPDate.epochSeconds(String(decoding: bytes, as: UTF8.self)))
            }
            return date.seconds
        }
    }
}

extension LaneWorker {
    /// Whether there is a request to send.
    private func hasProof() -> Bool {
        if request != nil, token?.isUsable(client.clock.uptime) ?? true { return true }
        (token, request) = (nil, nil)
        guard case .basic(let value) = client.authorizer else { return false }
        request = CreateRequest(client.createHead(proof: ("Authorization", value)))
        return true
    }

    private func fetchToken(rejected generation: Int?) {
        guard !isFetchingToken, case .oauth(let source) = client.authorizer else { return }
        isFetchingToken = true
        loop.makeFutureWithTask { await source.token(rejected: generation) }.assumeIsolated()
            .whenSuccess { result in
                self.isFetchingToken = false
                // The token call is charged to one of those that it was made for.
                if !self.waiting.isEmpty { self.waiting[0].requests += result.requests }
                if self.isCancelled { return self.endWaiting { .unsent(Self.cancelled(requests: $0)) } }
                switch result.outcome {
                case .token(let token):
                    self.token = token
                    self.request = CreateRequest(self.client.createHead(proof: ("X-CAP-API-OAUTH-TOKEN", token.value)))
                case .refused(let refusal):
                    self.endWaiting { requests in
                        var refusal = refusal
                        refusal.info.requests = requests
                        return .refused(refusal)
                    }
                case .unsent(var failure):
                    self.endWaiting { requests in
                        failure.requests = requests
                        return .unsent(failure)
                    }
                }
                self.pump()
            }
    }

    /// Ends all creates that wait for a token.
    ///
    /// - Parameter reply: from the requests that the create has cost.
    private func endWaiting(_ reply: (Int) -> Reply<RewardGroup>) {
        let creates = waiting
        waiting = []
        for next in creates { source.ended(next.create, reply(next.requests)) }
    }

    private static func cancelled(requests: Int) -> TransportFailure {
        TransportFailure(delivery: .nothingSent, kind: .cancelled, message: "the run stopped", requests: requests)
    }
}
