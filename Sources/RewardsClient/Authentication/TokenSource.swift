internal import FoundationEssentials
internal import Logging
internal import Synchronization

/// Holds the OAuth token: fetched when first needed, renewed ahead of its expiry and when a 401 rejects it, with one
/// renewal in flight however many calls wait for it.
///
/// The renewal is a task of its own, so that a waiting call that is cancelled doesn't take the others' token away; it
/// ends within the transport's time-out.
actor TokenSource {
    /// A token, numbered so that a call can say which one was rejected.
    ///
    /// It is used at least once whatever lifetime the server gives it, and until ``renewAt`` after that.
    final class Token: Sendable {
        let value: Secret
        let generation: Int
        /// When to ask for another, by the clock's uptime, once it has served.
        let renewAt: Duration
        private let wasAnswered = Atomic(false)
        private let isMarked = Atomic(false)

        init(value: Secret, generation: Int, renewAt: Duration) {
            self.value = value
            self.generation = generation
            self.renewAt = renewAt
        }

        /// Takes in that a call was answered with it.
        func isProven() {
            if !wasAnswered.load(ordering: .relaxed) { wasAnswered.store(true, ordering: .relaxed) }
        }

        /// Says that it is to be renewed before its next use.
        func mark() { isMarked.store(true, ordering: .relaxed) }

        /// Whether it may be sent.
        func isUsable(_ uptime: () -> Duration) -> Bool {
            !isMarked.load(ordering: .relaxed) && (!wasAnswered.load(ordering: .relaxed) || uptime() < renewAt)
        }
    }

    enum Outcome: Sendable {
        case token(Token)
        case refused(Refusal)
        case unsent(TransportFailure)
    }

    /// A lifetime for a server that gives none, and the most that is believed.
    private static let lifetimeDefault: Int64 = 300
    private static let lifetimeMax: Int64 = 86_400
    /// Between two renewals that only the claimed lifetime asks for.
    private static let renewalsApart = Duration.seconds(1)

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
                ("Accept-Encoding", "identity"), ("Content-Type", "application/json"),
            ],
            body: try RequestBody.encode(["key": key, "secret": secret.reveal()]),
            timeout: configuration.requestTimeout,
            check: { !Self.isGroups(AnswerBody.read($0.decoded(bytesMax: configuration.answerBytesMax).body)) })
    }

    /// Whether a response is a groups call's, and so another's.
    private static func isGroups(_ body: AnswerBody?) -> Bool {
        guard let body, body.token?.accessToken == nil else { return false }
        if case .absent = body.groups { return body.group != nil }
        return true
    }

    /// A token to send, and how many token calls were started for this caller (0 or 1).
    /// - Parameter rejected: the generation that a 401 rejected; a newer one is given without another renewal.
    func token(rejected: Int? = nil) async -> (outcome: Outcome, requests: Int) {
        if let rejected, rejected == current?.generation { current?.mark() }
        if let current, current.isUsable(clock.uptime) {
            return (.token(current), 0)
        }
        if let renewal { return (await renewal.value, 0) }
        let started = Task { await renew() }
        renewal = started
        return (await started.value, 1)
    }

    /// Has the token renewed before its next use.
    func markForRenewal() { current?.mark() }

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
        let content = answer.decoded(bytesMax: reader.bodyBytesMax)
        let body = AnswerBody.read(content.body)
        let isSuccess = (200...299).contains(answer.status)
        if isSuccess, let token = body?.token, let value = token.accessToken, Self.fitsHeader(value) {
            generation += 1
            let lifetime = min(max(token.ttlSeconds ?? Self.lifetimeDefault, 0), Self.lifetimeMax)
            // The later of 80 % of the lifetime and 30 seconds before its end, counted from before the call; but not at
            // once.
            let margin = min(Duration.seconds(lifetime) / 5, .seconds(30))
            let renewAt = max(start + .seconds(lifetime) - margin, now + Self.renewalsApart)
            let fresh = Token(value: value, generation: generation, renewAt: renewAt)
            reader.redactor.add(value)
            current = fresh
            logger.debug("token renewed", metadata: ["lifetime_s": "\(lifetime)"])
            return .token(fresh)
        }
        let date = answer.header("Date").flatMap(HTTPDate.epochSeconds)
        let info = ReplyInfo(http: answer.status, latency: now - start, date: date, requests: 1)
        var refusal = reader.refusal(content, body: body, info: info)
        switch answer.status {
        case 429:
            refusal.message = "token call: \(refusal.message)"
            return .refused(refusal)
        case ..<200, 408, 425, 499, 500...:
            return unsent("token call: \(refusal.description)")
        case 200...299 where Self.isGroups(body):
            return unsent("token call: HTTP \(answer.status) with another call's response")
        case 200...299, 400, 401, 403, 404:
            refusal.message =
                "the token call was refused (HTTP \(answer.status)): \(reader.credentials.environmentHint)"
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
