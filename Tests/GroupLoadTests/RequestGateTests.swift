import GroupLoad
import RewardsClient
import Testing

/// Who may send when: the gate, on a virtual clock.
@Suite struct RequestGateTests {
    private static let info = ReplyInfo(http: 200, latency: .zero, requests: 1)
    private static let succeeded = Reply<Int>.succeeded(1, info)
    private static let unreachable = Reply<Int>.unsent(
        TransportFailure(delivery: .nothingSent, kind: .connect, message: "refused"))
    private static let lost = Reply<Int>.lost(Loss(http: nil, reason: "closed", info: info))

    /// A gate, and what it says to a person.
    private struct World {
        let time = VirtualTime()
        let stop = StopSwitch()
        let notes = Notes()
        let gate: RequestGate

        init(rate: String? = nil, waitMax: Duration = RequestGate.waitMaxDefault) {
            let notes = notes
            gate = RequestGate(
                rate: rate.flatMap { RequestRate($0) }, environment: time.environment(), stop: stop, waitMax: waitMax,
                note: { notes.add($0) })
        }
    }

    @Test("a rate spaces requests evenly", arguments: [("60/min", 1), ("2/s", 30), ("30/min", 3)])
    func paces(rate: String, requests: Int) async throws {
        let world = World(rate: rate)
        let interval = Duration.seconds(60) / (try #require(RequestRate(rate))).perMinute
        await world.time.run {
            for _ in 0...requests { await world.gate.pass() }
        }
        #expect(world.time.elapsed == interval * requests)
    }

    @Test("turns that were given back are taken by whoever waits, at once") func givesBack() async {
        let world = World(rate: "1/min")
        await world.time.run {
            await world.gate.pass(turns: 5)
            await withDiscardingTaskGroup { group in
                group.addTask { await world.gate.pass() }
                group.addTask {
                    await world.time.environment().wait(for: .seconds(10))
                    world.gate.giveBack(4)
                }
            }
        }
        #expect(world.time.elapsed == .seconds(60))
    }

    @Test("a 429 holds all requests for as long as it says, and that is noted once") func throttles() async {
        let world = World()
        await world.time.run {
            world.gate.throttled(retryAfter: .seconds(30), "slow down")
            world.gate.throttled(retryAfter: .seconds(20), "slow down")
            world.gate.throttled(retryAfter: .seconds(31), "slow down")
            await withDiscardingTaskGroup { group in
                for _ in 0..<5 { group.addTask { await world.gate.pass() } }
            }
        }
        #expect(world.time.elapsed == .seconds(31))
        #expect(world.notes.all.count == 1 && world.notes.all[0].contains("slow down"))
    }

    @Test("a pause that is asked for holds all requests") func pauses() async {
        let world = World()
        await world.time.run {
            world.gate.paused(for: .seconds(3), "busy")
            await world.gate.pass()
        }
        #expect(world.time.elapsed == .seconds(3))
        // Too short to be noted.
        #expect(world.notes.all.isEmpty)
    }

    @Test("a target that only asks to wait stops the run in the end; a success begins anew") func waitMax() {
        let world = World(waitMax: .seconds(100))
        world.gate.paused(for: .seconds(60), "busy")
        world.time.advance(by: .seconds(60))
        world.gate.ended(Self.succeeded, isCreate: true)
        world.gate.paused(for: .seconds(90), "busy")
        #expect(world.stop.reason == nil)
        world.time.advance(by: .seconds(90))
        world.gate.paused(for: .seconds(20), "busy")
        #expect(world.stop.reason?.status == .unusable)
    }

    @Test("a stop ends all waits for a turn") func stops() async {
        let world = World(rate: "1/min")
        await world.time.run {
            await world.gate.pass(turns: 100)
            await withDiscardingTaskGroup { group in
                for _ in 0..<3 { group.addTask { await world.gate.pass() } }
                group.addTask {
                    await world.time.environment().wait(for: .seconds(1))
                    world.stop.stop(.signal(.interrupted))
                }
            }
        }
        #expect(world.time.elapsed == .seconds(1))
    }

    @Test("no connection: one probe at a time after 1, 2, 4, 8 and 16 seconds, then the run stops") func breaks() async
    {
        let world = World()
        let sent = Recorder<Duration>()
        await world.time.run {
            while world.stop.reason == nil {
                await world.gate.pass()
                guard world.stop.reason == nil else { break }
                sent.add(world.time.elapsed)
                world.gate.ended(Self.unreachable, isCreate: true)
            }
        }
        #expect(sent.all == [0, 1, 3, 7, 15, 31].map { .seconds($0) })
        #expect(world.stop.reason?.status == .unusable)
        #expect(world.notes.all.count == 1)
    }

    @Test("whoever waits for a probe goes on as soon as it has a response") func probeEnds() async {
        let world = World()
        await world.time.run {
            for _ in 0..<Breaker.failuresMax { world.gate.ended(Self.lost, isCreate: true) }
            await world.gate.pass()
            #expect(world.time.elapsed == .seconds(1))
            await withDiscardingTaskGroup { group in
                for _ in 0..<4 { group.addTask { await world.gate.pass() } }
                group.addTask {
                    await world.time.environment().wait(for: .seconds(5))
                    world.gate.ended(Self.succeeded, isCreate: true)
                }
            }
        }
        #expect(world.time.elapsed == .seconds(6))
    }

    @Test("a create that was carried out though its response was lost ends a break") func carriedOut() async {
        let world = World()
        await world.time.run {
            for _ in 0..<Breaker.failuresMax { world.gate.ended(Self.lost, isCreate: true) }
            await withDiscardingTaskGroup { group in
                group.addTask { await world.gate.pass() }
                group.addTask {
                    await world.time.environment().wait(for: .milliseconds(300))
                    world.gate.carriedOut()
                }
            }
        }
        #expect(world.time.elapsed == .milliseconds(300))
    }

    @Test("a further page isn't held up by a probe that is its own walk") func further() async {
        let world = World()
        await world.time.run {
            for _ in 0..<Breaker.failuresMax { world.gate.ended(Self.lost, isCreate: true) }
            await world.gate.pass(isFurther: true)
        }
        #expect(world.time.elapsed == .zero)
    }

    @Test("retries beyond the budget wait for ten a second") func budget() async {
        let world = World()
        await world.time.run {
            for _ in 0..<(Int(RetryBudget.capacity) + 20) { await world.gate.pass(isRetry: true) }
        }
        let seconds = world.time.elapsed / .seconds(1)
        #expect((1.9...2.1).contains(seconds))
    }

    @Test("a cancelled task waits no longer") func cancels() async {
        let world = World(rate: "1/min")
        await world.time.run {
            await world.gate.pass(turns: 100)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await world.gate.pass() }
                await world.time.environment().wait(for: .seconds(2))
                group.cancelAll()
            }
        }
        #expect(world.time.elapsed == .seconds(2))
    }

    @Test(
        "--rate",
        arguments: [
            ("60", nil), ("60/min", 60.0), ("60/m", 60), ("1/s", 60), ("0.5/sec", 30), ("0", nil), ("-1", nil),
            ("6000001", nil), ("x", nil), ("1/h", nil), ("1/s/s", nil), ("", nil), ("nan", nil),
        ])
    func rates(text: String, perMinute: Double?) {
        #expect(RequestRate(text)?.perMinute == perMinute)
    }
}
