import HTTPTypes
import RewardsClient
import Synchronization

/// A transport without a network: a function from request to response, and a record of the requests.
final class StubTransport: Transport {
    typealias Handler = @Sendable (TransportRequest) async throws(TransportFailure) -> TransportResponse

    private let handler: Handler
    private let log = Mutex<[TransportRequest]>([])

    init(_ handler: @escaping Handler) { self.handler = handler }

    convenience init(_ status: Int, _ body: String, headers: [(String, String)] = []) {
        self.init { _ in
            var fields = HTTPFields()
            for (name, value) in headers {
                if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
            }
            return TransportResponse(status: status, headers: fields, body: Array(body.utf8))
        }
    }

    var requests: [TransportRequest] { log.withLock { $0 } }

    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse {
        log.withLock { $0.append(request) }
        return try await handler(request)
    }
}

extension TransportRequest {
    var bodyText: String { String(decoding: body ?? [], as: UTF8.self) }
    func header(_ name: String) -> String? { headers.first { $0.name.rawName == name }?.value }
    var isTokenCall: Bool { url.hasSuffix("/v3/oauth/token/generate") }
}

extension TransportResponse {
    init(_ status: Int, _ body: String) { self.init(status: status, body: Array(body.utf8)) }
}

/// A client over a stub, with a clock that stands still at 1994-11-06T08:49:37Z.
func stubbedClient(
    _ transport: StubTransport, credentials: Credentials = .basic(till: "till", password: Secret("pass")),
    uptime: @escaping @Sendable () -> Duration = { .zero }
) throws -> RewardsClient {
    let configuration = try ClientConfiguration(target: "https://example.test", credentials: credentials)
    let start = MonotonicInstant.now
    return RewardsClient(
        configuration: configuration, transport: transport,
        environment: ClientEnvironment(
            now: { start.advanced(by: uptime()) }, epochMilliseconds: { 784_111_777_000 }))
}

/// A reply on one line: what it is, its HTTP status and its code or id.
func summary(_ reply: Reply<RewardGroup>) -> String {
    switch reply {
    case .succeeded(let group, let info): "succeeded \(info.http) \(group.id)"
    case .refused(let refusal): "refused \(refusal.http) \(refusal.code.map { "\($0)" } ?? "-")"
    case .lost(let loss): "lost \(loss.http.map { "\($0)" } ?? "-")"
    case .unsent(let failure): "unsent \(failure.kind)"
    }
}
