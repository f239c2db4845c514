import GroupLoad
import RewardsClient
import TestSupport
import Testing

/// The pacer against a server of the tests' own that counts calls in minutes, on a clock that the tests hold.
@Suite struct PacerTests {
    /// What a stretch of time came to.
    private struct Tally {
        var granted = 0, throttled = 0
    }

    /// A server that allows so many calls in each of its minutes, and a client that sends whenever it may.
    private struct Simulation {
        var pacer: Pacer
        var allowance: Int
        /// Whether a 429 says how long to wait.
        var saysHowLong: Bool
        let start: MonotonicInstant
        /// Seconds from the beginning, and where in the server's minute that lay.
        var seconds = 0.0
        let offset: Double
        var window = -1, count = 0
        var generator: SeededGenerator

        init(rate: RequestRate? = nil, allowance: Int, offset: Double, saysHowLong: Bool, seed: UInt64) {
            start = .now
            pacer = Pacer(rate: rate, now: start)
            self.allowance = allowance
            self.offset = offset
            self.saysHowLong = saysHowLong
            generator = SeededGenerator(state: seed)
        }

        /// Sends for so long, at most 500 calls a second.
        mutating func run(seconds duration: Double) -> Tally {
            var tally = Tally()
            let end = seconds + duration
            while seconds < end {
                let now = start.advanced(by: .seconds(seconds))
                if let until = pacer.waits(now: now) {
                    seconds = max(seconds + 0.001, Double(start.duration(to: until) / .nanoseconds(1)) / 1e9)
                    continue
                }
                pacer.sent(now: now)
                let minute = Int((seconds + offset) / 60)
                if minute != window { (window, count) = (minute, 0) }
                count += 1
                if count <= allowance {
                    tally.granted += 1
                    pacer.granted(1, now: now)
                } else {
                    tally.throttled += 1
                    let left = Duration.seconds(Double((minute + 1) * 60) - offset - seconds)
                    pacer.throttled(retryAfter: saysHowLong ? left : nil, now: now, using: &generator)
                }
                seconds += 0.002
            }
            return tally
        }
    }

    @Test(
        """
        after two minutes 95 % of an unknown allowance is spent (85 % if no 429 says how long), and under 1 \
        % of calls refused
        """,
        arguments: [0.0, 10, 29.5, 58.9], [true, false])
    func learns(offset: Double, saysHowLong: Bool) {
        let seed = SeededGenerator.seed()
        var simulation = Simulation(allowance: 6_000, offset: offset, saysHowLong: saysHowLong, seed: seed)
        _ = simulation.run(seconds: 120)
        let tally = simulation.run(seconds: 600)
        #expect(Double(tally.granted) >= (saysHowLong ? 0.95 : 0.85) * 60_000, "seed \(seed): \(tally)")
        #expect(Double(tally.throttled) < 0.01 * Double(tally.granted), "seed \(seed): \(tally)")
        let learned = simulation.pacer.allowance ?? 0
        #expect((5_700...6_600).contains(learned), "seed \(seed): \(learned)")
    }

    @Test("an allowance that shrinks is noticed, and one that grows is too, in time") func follows() {
        var simulation = Simulation(allowance: 6_000, offset: 5, saysHowLong: true, seed: 1)
        _ = simulation.run(seconds: 180)
        simulation.allowance = 600
        _ = simulation.run(seconds: 180)
        let tally = simulation.run(seconds: 300)
        #expect(tally.granted >= 2_850 && tally.throttled < 30, "\(tally)")
        simulation.allowance = 700
        _ = simulation.run(seconds: 4_000)
        #expect((simulation.pacer.allowance ?? 0) > 650)
    }

    @Test("a 429 now and then, whatever the pace, with a short pause or none said, slows nothing down")
    func sporadic() {
        var generator = SeededGenerator(state: 1)
        let start = MonotonicInstant.now
        var pacer = Pacer(rate: nil, now: start)
        for call in 0..<20_000 {
            let now = start.advanced(by: .seconds(Double(call) * 2))
            if call % 30 == 29 {
                pacer.throttled(retryAfter: call % 60 == 29 ? .seconds(1) : nil, now: now, using: &generator)
            } else {
                pacer.granted(1, now: now)
            }
        }
        #expect(pacer.allowance == nil)
    }

    @Test("a rate that is given is spent to 1 %, evenly, from the first second", arguments: [60.0, 1_000, 6_000])
    func spends(perMinute: Double) throws {
        let rate = try #require(RequestRate("\(perMinute)/min"))
        var simulation = Simulation(rate: rate, allowance: .max, offset: 0, saysHowLong: true, seed: 1)
        for _ in 1...3 {
            var minute = Tally()
            for _ in 1...6 {
                let part = simulation.run(seconds: 10)
                #expect(abs(Double(part.granted) - perMinute / 6) <= 1 + perMinute / 600, "\(part)")
                minute.granted += part.granted
            }
            #expect(abs(Double(minute.granted) - perMinute) <= max(1, perMinute / 100), "\(minute)")
        }
        #expect(simulation.pacer.allowance == nil)
    }

    @Test("without a 429 nothing is held back") func unlimited() {
        var simulation = Simulation(allowance: .max, offset: 0, saysHowLong: true, seed: 1)
        #expect(simulation.run(seconds: 60).granted >= 29_999)
        #expect(simulation.pacer.allowance == nil)
    }
}
