import RewardsClient
import TestSupport
import Testing

@Suite("Retry verdicts and backoff")
struct RetryTests {
    private static let info = ReplyInfo(http: 0, latency: .zero, requests: 1)

    private static func refused(
        _ http: Int, code: Int? = nil, after: Duration? = nil, unauthorized: Bool = false
    ) -> Reply<Int> {
        .refused(
            Refusal(
                http: http, code: code, message: "", retryAfter: after, isUnauthorized: unauthorized,
                isThrottled: http == 429, info: info))
    }

    private static func unsent(_ kind: TransportFailure.Kind) -> Reply<Int> {
        .unsent(TransportFailure(delivery: .nothingSent, kind: kind, message: ""))
    }

    @Test(
        "the table",
        arguments: [
            (.succeeded(1, info), .done, .done),
            (unsent(.connect), .unreachable, .unreachable), (unsent(.timeout), .unreachable, .unreachable),
            (unsent(.cancelled), .retrySafe(after: nil), .retrySafe(after: nil)),
            (.lost(Loss(http: 500, reason: "", info: info)), .lookUp, .retrySafe(after: nil)),
            (.lost(Loss(http: nil, reason: "", info: info)), .lookUp, .retrySafe(after: nil)),
            (refused(429), .throttled, .throttled), (refused(429, after: .seconds(3)), .throttled, .throttled),
            (refused(503, after: .seconds(3)), .lookUp, .retrySafe(after: .seconds(3))),
            (refused(503), .lookUp, .retrySafe(after: nil)), (refused(500), .lookUp, .retrySafe(after: nil)),
            (refused(408), .lookUp, .retrySafe(after: nil)), (refused(499), .lookUp, .retrySafe(after: nil)),
            (
                .lost(Loss(http: 503, reason: "", retryAfter: .seconds(3), info: info)), .lookUp,
                .retrySafe(after: .seconds(3))
            ),
            (refused(400, code: 12012), .lookUp, .fail), (refused(200, code: 12012), .lookUp, .fail),
            (refused(429, code: 12012), .throttled, .throttled),
            (refused(409), .lookUp, .fail), (refused(422), .lookUp, .fail), (refused(409, code: 7), .lookUp, .fail),
            (refused(400), .fail, .fail), (refused(200), .fail, .fail), (refused(302), .lookUp, .fail),
            (refused(406), .lookUp, .fail), (refused(404), .fail, .fail), (refused(413), .fail, .fail),
            (refused(418), .fail, .fail), (refused(400, after: .seconds(1)), .fail, .fail),
            (refused(200, code: 500), .lookUp, .retrySafe(after: nil)),
            (refused(404, code: 503), .lookUp, .retrySafe(after: nil)), (refused(200, code: 600), .fail, .fail),
            (refused(401, code: 500, unauthorized: true), .lookUp, .unauthorized),
            (refused(401, unauthorized: true), .unauthorized, .unauthorized),
            (refused(200, unauthorized: true), .unauthorized, .unauthorized),
        ] as [(Reply<Int>, RetryVerdict, RetryVerdict)])
    func verdict(reply: Reply<Int>, create: RetryVerdict, other: RetryVerdict) {
        #expect(RetryVerdict.verdict(for: reply, isCreate: true) == create)
        #expect(RetryVerdict.verdict(for: reply, isCreate: false) == other)
    }

    @Test(
        "the ceiling doubles up to its cap",
        arguments: [(0, 250), (1, 500), (2, 1000), (6, 16_000), (7, 30_000), (1_000_000, 30_000), (-1, 250)])
    func ceiling(attempt: Int, milliseconds: Int) {
        #expect(Backoff().ceiling(attempt: attempt) == .milliseconds(milliseconds))
    }

    @Test(
        "the jitter is full: it fills 0 to the ceiling, on top of the wait that the server requires",
        arguments: [1, 42] as [UInt64])
    func jitter(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let backoff = Backoff()
        let delays = (0..<10_000).map { _ in backoff.delay(attempt: 3, using: &generator) }
        #expect(delays.allSatisfy { $0 >= .zero && $0 <= .seconds(2) }, "seed \(seed)")
        #expect((delays.min() ?? .seconds(9)) < .milliseconds(20) && (delays.max() ?? .zero) > .milliseconds(1980))
        let mean = delays.reduce(.zero, +) / 10_000
        #expect(mean > .milliseconds(970) && mean < .milliseconds(1030), "seed \(seed): \(mean)")
        let required = backoff.delay(attempt: 0, atLeast: .seconds(5), using: &generator)
        #expect(required >= .seconds(5) && required <= .milliseconds(5250))
        #expect(Backoff(base: .zero, delayMax: .zero).delay(attempt: 9, using: &generator) == .zero)
    }
}
