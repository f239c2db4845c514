import GroupLoad
import RewardsClient
import Testing

/// The wall clock of processes that share a run: the store's, as far as each knows it.
@Suite struct SharedClockTests {
    private let clock = SharedClock()
    private let start = MonotonicInstant.now

    private func at(_ milliseconds: Int) -> MonotonicInstant { start.advanced(by: .milliseconds(milliseconds)) }

    @Test("it is the middle of what is certain at first, and goes on with the monotonic clock") func first() throws {
        #expect(clock.epochMilliseconds(at: start) == nil)
        clock.learn(1_000_000, asked: at(0), answered: at(20))
        let found = try #require(clock.epochMilliseconds(at: at(20)))
        #expect((1_000_009...1_000_011).contains(found))
        #expect(clock.epochMilliseconds(at: at(5_020)) == found + 5_000)
    }

    @Test(
        "what is learnt later moves it by no more than it must",
        arguments: [
            // The store's time when it was asked about 5 s later, and by how much the clock is moved.
            (1_005_000, 0), (1_004_991, 0), (1_005_009, 0), (1_005_110, 100), (1_004_890, -100), (4_605_010, 3_600_000),
        ])
    func later(time: Int64, moved: Int64) throws {
        clock.learn(1_000_000, asked: at(0), answered: at(20))
        let before = try #require(clock.epochMilliseconds(at: at(9_000)))
        clock.learn(time, asked: at(5_000), answered: at(5_020))
        let after = try #require(clock.epochMilliseconds(at: at(9_000)))
        #expect(abs(after - before - moved) <= 11 && (moved != 0 || after == before))
    }
}
