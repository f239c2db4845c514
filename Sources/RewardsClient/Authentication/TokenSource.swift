internal import FoundationEssentials
internal import Logging

/// Holds the OAuth token: fetched when first needed, renewed ahead of its expiry and when a 401 rejects it, with one
/// renewal in flight however many calls wait for it.
///
/// The renewal is a task of its own, so that a waiting call that is cancelled doesn't take the others' token away; it ends
/// within the transport's time-out.
actor TokenSource {
    /// A token, numbered so that a call can say which one was rejected.
    struct Token: Sendable {
        let value: Secret
        let generation: Int
        /// When to ask for another, by the clock's uptime.
        let renewAt: Duration
    }

    enum Outcome: Sendable {
        case token(Token)
        case refused(Refusal)
        case unsent(TransportFailure)
    }

    /// A lifetime for a server that gives none, and the most that is believed.
    private static let lifetimeDefault: Int64 = 300
    private static let lifetimeMax: Int64 = 86_400

    private let request: TransportRequest
    private let transport: any Transport
    private let clock: ClientClock
    private let reader: AnswerReader
    private let logger: Logger
    private var current: Token?
    private var renewal: Task<Outcome, Never>?
    private var generation = 0

    init(
        request: TransportRequest, transport: any Transport, clock: ClientClock, reader: AnswerReader, logger: Logger
    ) {
        self.request = request
        self.transport = transport
        self.clock = clock
        self.reader = reader
        self.logger = logger
    }

    /// The token call (`POST {target}/v3/oauth/token/generate`).
    static func request(
        key: String, secret: Secret, configuration: ClientConfiguration
    ) throws(EncodingFailure) -> TransportRequest {
        TransportRequest(
            method: .post, url: configuration.target + "/v3/oauth/token/generate",
            headers: [
                ("User-Agent", configuration.userAgent), ("Accept", "application/json"),
                ("Content-Type", "application/json"),
            ],
            body: try RequestBody.encode(["key": key, "secret": secret.reveal()]),
            timeout: configuration.requestTimeout)
    }

    /// A token to send, and how many token calls were started for this caller (0 or 1).
    /// - Parameter rejected: the generation that a 401 rejected; a newer one is given without another renewal.
    func token(rejected: Int? = nil) async -> (outcome: Outcome, requests: Int) {
        if let current, current.generation != rejected, clock.uptime() < current.renewAt {
            return (.token(current), 0)
        }
        if let renewal { return (await renewal.value, 0) }
        let started = Task { await renew() }
        renewal = started
        return (await started.value, 1)
    }

    private func renew() async -> Outcome {
        let start = clock.uptime()
        let outcome: Outcome
        do {
            let answer = try await transport.send(request)
            outcome = read(answer, start: start)
        } catch {
            // The call that waits for the token was not sent, whatever became of the token call.
            outcome = .unsent(
                TransportFailure(delivery: .nothingSent, kind: error.kind, message: "token call: \(error.message)"))
        }
        renewal = nil
        return outcome
    }

    private func read(_ answer: TransportAnswer, start: Duration) -> Outcome {
        let now = clock.uptime()
        let body = AnswerBody.read(answer.body)
        let isSuccess = (200...299).contains(answer.status)
        if isSuccess, let token = body?.token, let value = token.accessToken, Self.fitsHeader(value) {
            generation += 1
            let lifetime = min(max(token.ttlSeconds ?? Self.lifetimeDefault, 0), Self.lifetimeMax)
            // The later of 80 % of the lifetime and 30 seconds before its end, counted from before the call.
            let margin = min(Duration.seconds(lifetime) / 5, .seconds(30))
            let fresh = Token(
                value: value, generation: generation, renewAt: start + .seconds(lifetime) - margin)
            current = fresh
            logger.debug("token renewed", metadata: ["lifetime_s": "\(lifetime)"])
            return .token(fresh)
        }
        let date = answer.header("Date").flatMap(HTTPDate.epochSeconds)
        let info = ReplyInfo(http: answer.status, latency: now - start, date: date, requests: 1)
        var refusal = reader.refusal(answer, body: body, info: info)
        switch answer.status {
        case 500...:
            return .unsent(
                TransportFailure(delivery: .nothingSent, kind: .other, message: "token call: \(refusal.description)"))
        case 429, 300...399:
            refusal.message = "token call: \(refusal.message)"
        case 400, 401, 403, 404, 200...299:
            refusal.isUnauthorized = true
            refusal.message =
                "the token call was refused (HTTP \(answer.status)): \(reader.credentials.environmentHint)"
        default:
            refusal.isUnauthorized = true
            refusal.message = "token call: \(refusal.message)"
        }
        return .refused(refusal)
    }

    /// Visible ASCII only, so that a token can't break the header that carries it.
    private static func fitsHeader(_ token: Secret) -> Bool {
        !token.isEmpty && token.reveal().utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }
}
