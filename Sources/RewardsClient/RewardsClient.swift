package import Logging

/// The reward-groups API, typed: create, get, update, list and find by name. One call is one request, or two where a
/// token had to be renewed on a 401; nothing else is repeated here (see `RetryVerdict` and `Backoff`).
package struct RewardsClient: Sendable {
    let configuration: ClientConfiguration
    private let transport: any Transport
    let clock: ClientClock
    let reader: AnswerReader
    let authorizer: Authorizer
    /// Takes this client's secrets out of what the server wrote.
    package let redactor: Redactor

    package init(
        configuration: ClientConfiguration, transport: any Transport, clock: ClientClock = .system,
        logger: Logger = Logger(label: "groupload.client")
    ) {
        self.configuration = configuration
        self.transport = transport
        self.clock = clock
        redactor = Redactor(configuration)
        reader = AnswerReader(
            credentials: configuration.credentials, epochSeconds: clock.epochSeconds, redactor: redactor,
            bodyBytesMax: configuration.answerBytesMax)
        authorizer = Authorizer(
            configuration: configuration, transport: transport, clock: clock, reader: reader, logger: logger)
    }

    /// Creates a group. `rank` nil sends `"rank":null`.
    package func create(name: String, rank: Int32?) async -> Reply<RewardGroup> {
        let group = RequestBody.Group(name: name, rank: .some(rank.map(Int64.init)))
        return await write(.post, "/group/create", group) { .create(name, before: $0.nameBefore) }
    }

    package func get(id: Int64) async -> Reply<RewardGroup> {
        let exchange = await exchange(
            Call(method: .get, path: "/group/\(id)", check: { [reader] in reader.group($0, .group(id)).isInStep }))
        return exchange.reply { reader.group($0, .group(id), info: $1).reply }
    }

    /// Changes a group. **Another name than the group's own unlinks all its rewards.** `rank`: nil leaves it out,
    /// `.some(nil)` sends null. `isActive`: nil leaves it out.
    package func update(
        id: Int64, name: String, rank: Int64?? = nil, isActive: Bool? = nil
    ) async -> Reply<RewardGroup> {
        await write(.put, "/group/\(id)", RequestBody.Group(name: name, rank: rank, isActive: isActive)) { _ in
            .change(id)
        }
    }

    /// One page of groups.
    package func list(_ query: ListQuery) async -> Reply<GroupPage> {
        let exchange = await exchange(
            Call(method: .get, path: "/group?\(query.encoded)", check: { [reader] in reader.mayBePage($0) }))
        return exchange.reply { reader.page($0, info: $1).reply }
    }

    /// Has the token renewed before its next use, for a caller that suspects that the session is lost. Nothing with a
    /// till's password.
    package func renewToken() async {
        if case .oauth(let source) = authorizer { await source.markForRenewal() }
    }

    private func write(
        _ method: TransportRequest.Method, _ path: String, _ group: RequestBody.Group,
        asked: @escaping @Sendable (TransportAnswer) -> AnswerReader.Asked
    ) async -> Reply<RewardGroup> {
        let body: [UInt8]
        do throws(EncodingFailure) { body = try RequestBody.encode(group) } catch { return .unsent(error.asUnsent) }
        let exchange = await exchange(
            Call(
                method: method, path: path, body: body, name: group.name,
                check: { [reader] in reader.group($0, asked($0)).isInStep }))
        return exchange.reply { reader.group($0, asked($0), info: $1).reply }
    }
}

extension AnswerReader {
    /// As ``group(_:_:info:)``, where nobody needs the figures.
    fileprivate func group(_ answer: TransportAnswer, _ asked: Asked) -> Reading<RewardGroup> {
        group(answer, asked, info: ReplyInfo(answer, latency: .zero, requests: 1))
    }

    /// Whether a response may be a list's. Where a list stands in it that isn't read here, for it may be long.
    fileprivate func mayBePage(_ answer: TransportAnswer) -> Bool {
        if !(200...299).contains(answer.status) { return true }
        if answer.body.firstRange(of: "\"groupRoList\"".utf8) != nil { return true }
        return page(answer, info: ReplyInfo(answer, latency: .zero, requests: 1)).isInStep
    }
}

/// What a request is made of, but for the proof of who calls.
private struct Call {
    var method: TransportRequest.Method
    var path: String
    var body: [UInt8]?
    var name: String?
    var check: @Sendable (TransportAnswer) -> Bool
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
    /// Sends with credentials; on a 401 with a token, renews and sends once more.
    private func exchange(_ call: Call) async -> Exchange {
        switch authorizer {
        case .unusable(let failure):
            return .failed(failure, ReplyInfo(http: 0, latency: .zero, requests: 0))
        case .basic(let value):
            return await send(call, proof: ("Authorization", value), costs: 0)
        case .oauth(let source):
            var (outcome, requests) = await source.token()
            for attempt in 0...1 {
                switch outcome {
                case .refused(var refusal):
                    refusal.info.requests = requests
                    return .refused(refusal)
                case .unsent(var failure):
                    failure.requests = requests
                    return .failed(failure, ReplyInfo(http: 0, latency: .zero, requests: requests))
                case .token(let token):
                    let exchange = await send(call, proof: ("X-CAP-API-OAUTH-TOKEN", token.value), costs: requests)
                    guard case .answer(let answer, let info) = exchange else { return exchange }
                    token.isProven()
                    guard attempt == 0, answer.status == 401 else { return exchange }
                    let renewed = await source.token(rejected: token.generation)
                    (outcome, requests) = (renewed.outcome, info.requests + renewed.requests)
                }
            }
            preconditionFailure("the second attempt always returns")
        }
    }

    /// Sends one request. `costs`: the requests that the call has cost so far.
    private func send(_ call: Call, proof: (name: String, value: Secret), costs: Int) async -> Exchange {
        let request = TransportRequest(
            method: call.method, url: configuration.target + configuration.apiPrefix + call.path,
            headers: headers(proof: proof, hasBody: call.body != nil), body: call.body,
            timeout: configuration.requestTimeout, name: call.name, check: call.check)
        let start = clock.uptime()
        do throws(TransportFailure) {
            let answer = try await transport.send(request)
            return .answer(answer, ReplyInfo(answer, latency: clock.uptime() - start, requests: costs + 1))
        } catch {
            var failure = error
            failure.requests = costs
            return .failed(failure, ReplyInfo(http: 0, latency: clock.uptime() - start, requests: costs + 1))
        }
    }

    private func headers(proof: (name: String, value: Secret), hasBody: Bool) -> [(String, String)] {
        var headers = configuration.headers
        headers.append((proof.name, proof.value.reveal()))
        headers.append(("User-Agent", configuration.userAgent))
        headers.append(("Accept", "application/json"))
        headers.append(("Accept-Encoding", "identity"))
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
