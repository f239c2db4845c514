import GroupLoad
import RewardsClient
import Testing

/// What a request may cost.
@Suite struct AttemptBudgetTests {
    typealias Failure = AttemptBudget.Failure
    typealias Step = AttemptBudget.Step

    private static let attempt = Failure.attempt(after: nil)

    @Test(
        "after which failure how long to wait, and when to give up",
        arguments: [
            ([attempt, attempt, attempt], [Step.retry(1, after: nil), .retry(2, after: nil), .giveUp]),
            ([.attempt(after: .seconds(9)), attempt], [.retry(1, after: .seconds(9)), .retry(2, after: nil)]),
            ([.setback, .setback, .setback], [.retry(1, after: nil), .retry(2, after: nil), .giveUp]),
            ([.setback, attempt, attempt], [.retry(1, after: nil), .retry(2, after: nil), .retry(3, after: nil)]),
            ([attempt, .setback, .waiting], [.retry(1, after: nil), .retry(2, after: nil), .retry(2, after: nil)]),
            (
                [.waiting, attempt, attempt, .waiting, attempt],
                [
                    .retry(0, after: nil), .retry(1, after: nil), .retry(2, after: nil), .retry(2, after: nil), .giveUp,
                ]
            ),
        ])
    func steps(failures: [Failure], expected: [Step]) {
        var budget = AttemptBudget(attemptsMax: 3, setbacksMax: 2)
        #expect(failures.map { budget.failed($0) } == expected)
    }

    @Test("waiting costs nothing, however often") func waits() {
        var budget = AttemptBudget(attemptsMax: 1)
        for _ in 0..<10_000 { #expect(budget.failed(.waiting) == .retry(0, after: nil)) }
        #expect(budget.failed(Self.attempt) == .giveUp)
        #expect(!budget.hasAttemptsLeft)
    }

    @Test("a response gives the attempts back, not the set-backs") func succeeds() {
        var budget = AttemptBudget(attemptsMax: 2, setbacksMax: 1)
        #expect(budget.failed(Self.attempt) == .retry(1, after: nil))
        #expect(budget.failed(.setback) == .retry(2, after: nil))
        budget.succeeded()
        #expect(budget.failed(Self.attempt) == .retry(2, after: nil))
        #expect(budget.failed(.setback) == .giveUp)
    }

    @Test("without set-backs to forgive the first is too many") func noSetbacks() {
        var budget = AttemptBudget(attemptsMax: 5)
        #expect(budget.failed(.setback) == .giveUp)
        #expect(budget.attempts == 0 && budget.hasAttemptsLeft)
    }

    private static let info = ReplyInfo(http: 401, latency: .zero, requests: 1)

    @Test(
        "what a reply failed for",
        arguments: [
            (Reply<Int>.succeeded(1, info), [false, false]),
            (.refused(Refusal(http: 429, message: "", isThrottled: true, info: info)), [false, false]),
            (
                .unsent(TransportFailure(delivery: .nothingSent, kind: .connect, message: "")), [true, false]
            ),
            (
                .unsent(TransportFailure(delivery: .nothingSent, kind: .cancelled, message: "")),
                [false, false]
            ),
            (.refused(Refusal(http: 401, message: "", isUnauthorized: true, info: info)), [false, true]),
            (.lost(Loss(http: nil, reason: "", info: info)), [false, false]),
        ])
    func replies(reply: Reply<Int>, expected: [Bool]) {
        #expect([reply.isUnreachable, reply.isUnauthorized] == expected)
    }
}
