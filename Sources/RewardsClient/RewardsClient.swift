package import Logging

/// The reward-groups API, typed: create, get, update, list and find by name. One call is one request, or two where a
/// token had to be renewed on a 401; nothing else is repeated here (see `RetryVerdict` and `Backoff`).
package struct RewardsClient: Sendable {
    let configuration: ClientConfiguration
    private let transport: any Transport
    let clock: ClientClock
    let reader: AnswerReader
    let authorizer: Authorizer

    package init(
        configuration: ClientConfiguration, transport: any Transport, clock: ClientClock = .system,
        logger: Logger = Logger(label: "groupload.client")
    ) {
        self.configuration = configuration
        self.transport = transport
        self.clock = clock
        reader = AnswerReader(credentials: configuration.credentials, epochSeconds: clock.epochSeconds)
        authorizer = Authorizer(
            configuration: configuration, transport: transport, clock: clock, reader: reader, logger: logger)
    }

    /// Creates a group. `rank` nil sends `"rank":null`.
    package func create(name: String, rank: Int32?) async -> Reply<RewardGroup> {
        await write(.post, "/group/create", RequestBody.Group(name: name, rank: .some(rank.map(Int64.init))))
    }

    package func get(id: Int64) async -> Reply<RewardGroup> {
        let exchange = await exchange(.get, "/group/\(id)", body: nil)
        return exchange.reply { reader.group($0, effect: .reads, info: $1) }
    }

    /// Changes a group. **Another name than the group's own unlinks all its rewards.** `rank`: nil leaves it out,
    /// `.some(nil)` sends null. `isActive`: nil leaves it out.
    package func update(
        id: Int64, name: String, rank: Int64?? = nil, isActive: Bool? = nil
    ) async -> Reply<RewardGroup> {
        await write(.put, "/group/\(id)", RequestBody.Group(name: name, rank: rank, isActive: isActive))
    }

    /// One page of groups.
    package func list(_ query: ListQuery) async -> Reply<GroupPage> {
        let exchange = await exchange(.get, "/group?\(query.encoded)", body: nil)
        return exchange.reply { reader.page($0, info: $1) }
    }

    private func write(
        _ method: TransportRequest.Method, _ path: String, _ group: RequestBody.Group
    ) async -> Reply<RewardGroup> {
        let body: [UInt8]
        do throws(EncodingFailure) { body = try RequestBody.encode(group) } catch { return .unsent(error.asUnsent) }
        let exchange = await exchange(method, path, body: body)
        return exchange.reply { reader.group($0, effect: .writes, info: $1) }
    }
}

/// How sending a request and getting its answer went, before the answer is read.
private enum Exchange {
    case answer(TransportAnswer, ReplyInfo)
    case refused(Refusal)
    case failed(TransportFailure, ReplyInfo)

    func reply<Value>(_ read: (TransportAnswer, ReplyInfo) -> Reply<Value>) -> Reply<Value> {
        switch self {
        case .answer(let answer, let info): read(answer, info)
        case .refused(let refusal): .refused(refusal)
        case .failed(let failure, _) where failure.delivery == .nothingSent: .unsent(failure)
        case .failed(let failure, let info): .lost(Loss(http: nil, reason: failure.message, info: info))
        }
    }
}

extension RewardsClient {
    /// Sends with credentials; on a 401 with a token, renews and repeats once.
    private func exchange(_ method: TransportRequest.Method, _ path: String, body: [UInt8]?) async -> Exchange {
        switch authorizer {
        case .unusable(let failure):
            return .failed(failure, ReplyInfo(http: 0, latency: .zero, requests: 0))
        case .basic(let value):
            return await send(method, path, body: body, proof: ("Authorization", value), costs: 0)
        case .oauth(let source):
            var (outcome, requests) = await source.token()
            for attempt in 0...1 {
                switch outcome {
                case .refused(var refusal):
                    refusal.info.requests = requests
                    return .refused(refusal)
                case .unsent(let failure):
                    return .failed(failure, ReplyInfo(http: 0, latency: .zero, requests: requests))
                case .token(let token):
                    let proof = ("X-CAP-API-OAUTH-TOKEN", token.value)
                    let exchange = await send(method, path, body: body, proof: proof, costs: requests)
                    guard attempt == 0, case .answer(let answer, let info) = exchange, answer.status == 401 else {
                        return exchange
                    }
                    let renewed = await source.token(rejected: token.generation)
                    (outcome, requests) = (renewed.outcome, info.requests + renewed.requests)
                }
            }
            preconditionFailure("the second attempt always returns")
        }
    }

    /// Sends one request. `costs`: the requests that the call has cost so far.
    private func send(
        _ method: TransportRequest.Method, _ path: String, body: [UInt8]?, proof: (name: String, value: Secret),
        costs: Int
    ) async -> Exchange {
        let request = TransportRequest(
            method: method, url: configuration.target + configuration.apiPrefix + path,
            headers: headers(proof: proof, hasBody: body != nil), body: body, timeout: configuration.requestTimeout)
        let start = clock.uptime()
        do throws(TransportFailure) {
            let answer = try await transport.send(request)
            return .answer(answer, ReplyInfo(answer, latency: clock.uptime() - start, requests: costs + 1))
        } catch {
            return .failed(error, ReplyInfo(http: 0, latency: clock.uptime() - start, requests: costs + 1))
        }
    }

    private func headers(proof: (name: String, value: Secret), hasBody: Bool) -> [(String, String)] {
        var headers = configuration.headers
        headers.append((proof.name, proof.value.reveal()))
        headers.append(("User-Agent", configuration.userAgent))
        headers.append(("Accept", "application/json"))
        if hasBody { headers.append(("Content-Type", "application/json")) }
        return headers
    }

    /// The head of every create, but for the length of its body.
    func createHead(proof: (name: String, value: Secret)) -> RequestHead {
        RequestHead(
            method: .post, path: configuration.apiPrefix + "/group/create", host: configuration.place,
            headers: headers(proof: proof, hasBody: true))
    }
}

extension ReplyInfo {
    /// The figures of a call that was answered.
    init(_ answer: TransportAnswer, latency: Duration, requests: Int) {
        self.init(
            http: answer.status, latency: latency, date: answer.header("Date").flatMap(HTTPDate.epochSeconds),
            requests: requests, sentAt: answer.sentAt)
    }
}
