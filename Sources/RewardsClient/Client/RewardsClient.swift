internal import HTTPTypes
package import Logging

/// The reward-groups API, typed: create, get, update, list and find by name. One call is one request, or two where a
/// 401 makes it renew a token; the client retries nothing else (see `RetryVerdict` and `Backoff`).
package struct RewardsClient: Sendable {
    let configuration: ClientConfiguration
    let transport: any Transport
    let environment: ClientEnvironment
    let reader: ResponseReader
    let authorizer: Authorizer
    /// The trace that requests belong to; nil for none.
    package var trace: RequestTrace? { configuration.trace }
    /// Replaces this client's secrets in the server's text.
    package let redactor: Redactor

    /// A client that sends over the transport.
    package init(
        configuration: ClientConfiguration, transport: any Transport, environment: ClientEnvironment = .system,
        logger: Logger = Logger(label: "groupload.client")
    ) {
        self.configuration = configuration
        self.transport = transport
        self.environment = environment
        redactor = Redactor(configuration)
        reader = ResponseReader(
            credentials: configuration.credentials, environment: environment, redactor: redactor,
            bodyBytesMax: configuration.responseBytesMax)
        authorizer = Authorizer(
            configuration: configuration, transport: transport, environment: environment, reader: reader,
            logger: logger)
    }

    /// Creates a group. `rank` nil sends `"rank":null`. `span`: the id of its span; a new one where it is 0.
    package func create(name: String, rank: Int32?, span: Int64 = 0) async -> Reply<RewardGroup> {
        var body: [UInt8] = []
        RequestBody.appendGroup(name: name, rank: .some(rank.map(Int64.init)), to: &body)
        return await write(.post, "/group/create", body, name: name, span: span) {
            .create(name, before: $0.nameBefore)
        }
    }

    /// Reads one group.
    package func get(id: Int64) async -> Reply<RewardGroup> {
        let exchange = await exchange(
            APICall(
                method: .get, path: "/group/\(id)",
                check: { [reader] in reader.group($0, .group(id)).matchesRequest }))
        return exchange.reply { reader.group($0, .group(id), info: $1).reply }
    }

    /// Changes a group. **Another name than the group's own unlinks all its rewards.** `rank`: nil leaves it out,
    /// `.some(nil)` sends null. `isActive`: nil leaves it out.
    package func update(
        id: Int64, name: String, rank: Int64?? = nil, isActive: Bool? = nil
    ) async -> Reply<RewardGroup> {
        var body: [UInt8] = []
        RequestBody.appendGroup(name: name, rank: rank, isActive: isActive, to: &body)
        return await write(.put, "/group/\(id)", body, name: name) { _ in .change(id) }
    }

    /// Reads one page of groups.
    package func list(_ query: ListQuery) async -> Reply<GroupPage> {
        page(of: await exchange(listing: query))
    }

    /// Sends the call of a page of groups.
    func exchange(listing query: ListQuery) async -> APIExchange {
        await exchange(
            APICall(method: .get, path: "/group?\(query.encoded)", check: { [reader] in reader.looksLikePage($0) }))
    }

    /// Reads the response to the call of a page of groups.
    func page(of exchange: APIExchange) -> Reply<GroupPage> {
        exchange.reply { reader.page($0, info: $1).reply }
    }

    /// Whether requests carry a token, which can be renewed.
    package var hasToken: Bool { if case .oauth = authorizer { true } else { false } }

    /// Has the token renewed before its next use, for a caller that suspects that the session is lost. Without effect
    /// where the credentials are a till's.
    package func renewToken() async {
        if case .oauth(let source) = authorizer { await source.markForRenewal() }
    }

    private func write(
        _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8], name: String, span: Int64 = 0,
        expected: @escaping @Sendable (TransportResponse) -> ResponseReader.Expected
    ) async -> Reply<RewardGroup> {
        let exchange = await exchange(
            APICall(
                method: method, path: path, body: body, name: name, span: span == 0 ? nil : span,
                check: { [reader] in reader.group($0, expected($0)).matchesRequest }))
        return exchange.reply { reader.group($0, expected($0), info: $1).reply }
    }
}

extension ResponseReader {
    /// As ``group(_:_:info:)``, for callers that don't use the figures.
    fileprivate func group(_ response: TransportResponse, _ expected: Expected) -> Reading<RewardGroup> {
        group(response, expected, info: ReplyInfo(response, latency: .zero, requests: 1))
    }

    /// Whether a response can be a list's. The body of a list isn't read here, for it can be long.
    fileprivate func looksLikePage(_ response: TransportResponse) -> Bool {
        if !(200...299).contains(response.status) { return true }
        if response.body.firstRange(of: "\"groupRoList\"".utf8) != nil { return true }
        return page(response, info: ReplyInfo(response, latency: .zero, requests: 1)).matchesRequest
    }
}
