internal import HTTPTypes
internal import Logging

/// Holds the OAuth token: fetched when first needed, renewed ahead of its expiry and when a 401 rejects it, with one
/// renewal in flight however many calls wait for it.
///
/// The renewal is a task of its own (``ClientEnvironment/start``), so that the cancellation of one waiting call doesn't
/// end it for the others; it ends within the transport's time-out.
actor TokenSource {
    /// The end of a token call.
    enum Outcome: Sendable {
        case token(Token)
        case refused(Refusal)
        case unsent(TransportFailure)
    }

    /// The lifetime where the server gives none, and the longest, in seconds.
    private static let lifetimeDefault: Int64 = 300
    private static let lifetimeMax: Int64 = 86_400
    /// The least time between two renewals that only the lifetime requires.
    private static let renewalsApart = Duration.seconds(1)

    private let request: TransportRequest
    private let trace: RequestTrace?
    private let transport: any Transport
    private let environment: ClientEnvironment
    private let reader: ResponseReader
    private let logger: Logger
    private var current: Token?
    private var isRenewing = false
    /// The calls that wait for the renewal.
    private var waiting: [CheckedContinuation<Outcome, Never>] = []
    private var generation = 0

    init(
        request: TransportRequest, trace: RequestTrace?, transport: any Transport, environment: ClientEnvironment,
        reader: ResponseReader,
        logger: Logger
    ) {
        self.request = request
        self.trace = trace
        self.transport = transport
        self.environment = environment
        self.reader = reader
        self.logger = logger
    }

    /// The token call (`POST {target}/v3/oauth/token/generate`).
    static func request(
        key: String, secret: Secret, configuration: ClientConfiguration
    ) -> TransportRequest {
        TransportRequest(
            method: .post, url: configuration.target + "/v3/oauth/token/generate",
            headers: [
                .userAgent: configuration.userAgent, .accept: "application/json", .acceptEncoding: "identity",
                .contentType: "application/json",
            ],
            body: RequestBody.token(key: key, secret: secret),
            timeout: configuration.requestTimeout,
            check: { !Self.isGroups(ResponseBody.read($0.decoded(bytesMax: configuration.responseBytesMax).body)) })
    }

    /// Whether a response belongs to a call of the groups API, and so not to a token call.
    private static func isGroups(_ body: ResponseBody?) -> Bool {
        guard let body, body.token?.accessToken == nil else { return false }
        if case .absent = body.groups { return body.group != nil }
        return true
    }

    /// A token to send, and how many token calls were started for this caller (0 or 1).
    /// - Parameter rejected: the generation that a 401 rejected; a newer one is given without another renewal.
    func token(rejected: Int? = nil) async -> (outcome: Outcome, requests: Int) {
        if let rejected, rejected == current?.generation { current?.markForRenewal() }
        if let current, current.isUsable(environment.now) {
            return (.token(current), 0)
        }
        let starts = !isRenewing
        if starts {
            isRenewing = true
            _ = environment.start { await self.renew() }
        }
        let outcome = await withCheckedContinuation { waiting.append($0) }
        return (outcome, starts ? 1 : 0)
    }

    /// Has the token renewed before its next use.
    func markForRenewal() { current?.markForRenewal() }

    private func renew() async {
        let start = environment.now()
        let outcome: Outcome
        var request = request
        if let trace { request.headers.append(trace.header(span: trace.newSpans())) }
        do {
            let response = try await transport.send(request)
            outcome = read(response, start: start)
        } catch {
            // The call that waits for the token was not sent, whether the token call was or not.
            outcome = .unsent(
                TransportFailure(delivery: .nothingSent, kind: error.kind, message: "token call: \(error.message)"))
        }
        isRenewing = false
        let calls = waiting
        waiting = []
        for call in calls { call.resume(returning: outcome) }
    }

    private func read(_ response: TransportResponse, start: MonotonicInstant) -> Outcome {
        let now = environment.now()
        let content = response.decoded(bytesMax: reader.bodyBytesMax)
        let body = ResponseBody.read(content.body)
        let isSuccess = (200...299).contains(response.status)
        if isSuccess, let token = body?.token, let value = token.accessToken, Self.fitsHeader(value) {
            generation += 1
            let lifetime = min(max(token.ttlSeconds ?? Self.lifetimeDefault, 0), Self.lifetimeMax)
            // The later of 80 % of the lifetime and 30 seconds before its end, counted from before the call; and not
            // at once.
            let margin = min(Duration.seconds(lifetime) / 5, .seconds(30))
            let renewAt = max(
                start.advanced(by: .seconds(lifetime) - margin), now.advanced(by: Self.renewalsApart))
            let fresh = Token(
                value: value, generation: generation, lifetimeSeconds: token.ttlSeconds, renewAt: renewAt)
            reader.redactor.add(value)
            current = fresh
            logger.debug("token renewed", metadata: ["lifetime_s": "\(lifetime)"])
            return .token(fresh)
        }
        let date = response.header(.date).flatMap(HTTPDate.epochSeconds)
        let info = ReplyInfo(http: response.status, latency: start.duration(to: now), date: date, requests: 1)
        var refusal = reader.refusal(content, body: body, info: info)
        switch response.status {
        case 429:
            refusal.message = "token call: \(refusal.message)"
            return .refused(refusal)
        case ..<200, 408, 425, 499, 500...:
            return unsent("token call: \(refusal.description)")
        case 200...299 where Self.isGroups(body):
            return unsent("token call: HTTP \(response.status) with another call's response")
        case 200...299, 400, 401, 403, 404:
            refusal.message =
                "the token call was refused (HTTP \(response.status)): \(reader.credentials.environmentHint)"
        default:
            refusal.message = "token call: \(refusal.message)"
        }
        refusal.isUnauthorized = true
        return .refused(refusal)
    }

    private func unsent(_ message: String) -> Outcome {
        .unsent(TransportFailure(delivery: .nothingSent, kind: .other, message: message))
    }

    /// Visible ASCII only, so that a token can't break the header that carries it.
    private static func fitsHeader(_ token: Secret) -> Bool {
        !token.isEmpty && token.reveal().utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }
}
