import GroupLoad
import Testing

/// How many creates may be under way, against servers of the tests' own.
@Suite struct InFlightLimitTests {
    /// Responses `count` creates, with as many under way as may be, each after what `latency` says for so many.
    private func response(_ limit: inout InFlightLimit, _ count: Int, latency: (Int) -> Duration) {
        for _ in 0..<count { limit.responded(after: latency(limit.admitted), underWay: limit.admitted) }
    }

    @Test("while latency holds it doubles up to the ceiling, within some windows") func rises() {
        var limit = InFlightLimit(ceiling: 2000, isFixed: false)
        #expect(limit.admitted == 16)
        response(&limit, 16 + 32 + 64) { _ in .milliseconds(200) }
        #expect(limit.admitted == 128)
        response(&limit, 2000) { _ in .milliseconds(200) }
        #expect(limit.admitted == 2000)
    }

    @Test("a server that only queues is not sent more than it takes at about twice its best latency") func queues() {
        var limit = InFlightLimit(ceiling: 2000, isFixed: false)
        // It works on 100 at once, each for 100 ms.
        response(&limit, 50_000) { .milliseconds(100 * max(1, $0 / 100)) }
        #expect((200...330).contains(limit.admitted))
    }

    @Test("short latencies are no reason to send less") func free() {
        var limit = InFlightLimit(ceiling: 64, isFixed: false)
        response(&limit, 5000) { .microseconds(20 * $0 * $0 / 16) }
        #expect(limit.admitted == 64)
    }

    @Test("it doesn't rise where it isn't used up") func unused() {
        var limit = InFlightLimit(ceiling: 2000, isFixed: false)
        for _ in 0..<1000 { limit.responded(after: .milliseconds(10), underWay: 3) }
        #expect(limit.admitted == 16)
    }

    @Test("some losses say nothing; where most are lost it falls, never below 1, and rises again") func losses() {
        var limit = InFlightLimit(ceiling: 100, isFixed: false)
        for _ in 0..<1000 {
            response(&limit, 2) { _ in .milliseconds(1) }
            limit.lost(underWay: limit.admitted)
        }
        #expect(limit.admitted == 100)
        for _ in 0..<200 { limit.lost(underWay: limit.admitted) }
        #expect((40...70).contains(limit.admitted))
        for _ in 0..<1000 { limit.lost(underWay: limit.admitted) }
        #expect(limit.admitted == 1)
        response(&limit, 1000) { _ in .milliseconds(1) }
        #expect(limit.admitted == 100)
    }

    @Test("a fixed one stays") func fixed() {
        var limit = InFlightLimit(ceiling: 300, isFixed: true)
        limit.lost(underWay: 300)
        response(&limit, 1000) { _ in .seconds(9) }
        #expect(limit.admitted == 300)
    }
}
