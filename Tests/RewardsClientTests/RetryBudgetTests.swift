import RewardsClient
import Testing

/// The budget for retries, on a clock of the test.
@Suite struct RetryBudgetTests {
    private let start = MonotonicInstant.now

    private func expect(
        _ budget: inout RetryBudget, _ now: MonotonicInstant, mayGo: Bool,
        location: SourceLocation = #_sourceLocation
    ) {
        let until = budget.waits(now: now)
        #expect((until == nil) == mayGo, sourceLocation: location)
    }

    private func at(_ seconds: Double) -> MonotonicInstant { start.advanced(by: .seconds(seconds)) }

    @Test("a hundred retries at once, then ten a second") func spends() throws {
        var budget = RetryBudget(now: start)
        for _ in 0..<100 {
            expect(&budget, start, mayGo: true)
            budget.spent()
        }
        let wait = budget.waits(now: start)
        let next = try #require(wait)
        #expect(abs(start.duration(to: next) / .milliseconds(1) - 100) < 1)
        var sent = 0
        for step in 1...1000 where budget.waits(now: at(Double(step) / 100)) == nil {
            budget.spent()
            sent += 1
        }
        #expect((98...101).contains(sent))
    }

    @Test("two successes pay for a retry; it never holds more than a hundred") func successes() {
        var budget = RetryBudget(now: start)
        for _ in 0..<1000 { budget.succeeded() }
        for _ in 0..<100 { budget.spent() }
        expect(&budget, start, mayGo: false)
        budget.succeeded()
        expect(&budget, start, mayGo: false)
        budget.succeeded()
        expect(&budget, start, mayGo: true)
    }

    @Test("a clock that stands still or goes back gives nothing") func clock() {
        var budget = RetryBudget(now: at(10))
        for _ in 0..<100 { budget.spent() }
        expect(&budget, at(5), mayGo: false)
        expect(&budget, at(10), mayGo: false)
    }
}
