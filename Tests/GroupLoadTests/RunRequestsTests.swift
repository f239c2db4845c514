import GroupLoad
import RewardsClient
import Testing

/// What every request of a run has before and after it.
@Suite struct RunRequestsTests {
    private static let info = ReplyInfo(http: 200, latency: .milliseconds(4), requests: 1)

    /// A run's requests on a virtual clock.
    private struct World {
        let time = VirtualTime()
        let stop = StopSwitch()
        let progress = RunProgress()
        let latency = LatencyHistogram()
        let requests: RunRequests

        init() {
            requests = RunRequests(
                gate: RequestGate(rate: nil, environment: time.environment(), stop: stop), facts: ServerFacts(),
                stop: stop, progress: progress, latency: latency)
        }
    }

    @Test("a first try goes at once; a retry waits its back-off, at least as long as was asked, and is counted")
    func backsOff() async {
        let world = World()
        await world.time.run {
            #expect(await world.requests.admitsRequest(0, nil))
            #expect(world.time.elapsed == .zero && world.progress.snapshot.retries == 0)
            #expect(await world.requests.admitsRequest(1, .seconds(7)))
        }
        #expect(world.time.elapsed >= .seconds(7) && world.time.elapsed <= .milliseconds(7_250))
        #expect(world.progress.snapshot.retries == 1)
    }

    @Test("the wait for a retry is bounded by the back-off's ceiling", arguments: [(1, 250), (3, 1_000), (40, 30_000)])
    func ceilings(retries: Int, milliseconds: Int) async {
        let world = World()
        await world.time.run { _ = await world.requests.admitsRequest(retries, nil) }
        #expect(world.time.elapsed <= .milliseconds(milliseconds))
    }

    @Test("the same seed waits the same") func seeded() async {
        var waits: [Duration] = []
        for _ in 0..<2 {
            let world = World()
            await world.time.run { for _ in 0..<5 { _ = await world.requests.admitsRequest(5, nil) } }
            waits.append(world.time.elapsed)
        }
        #expect(waits[0] == waits[1] && waits[0] > .zero)
    }

    @Test(
        "while the run stops nothing new is sent, but what was sent may be looked up until it is cut off",
        arguments: [
            (StopReason.signal(.interrupted), true), (.tooManyErrors("m"), true), (.unusable("m"), false),
            (.failing("m"), false),
        ])
    func stops(reason: StopReason, leavesTime: Bool) async {
        let world = World()
        world.stop.stop(reason)
        await world.time.run {
            #expect(await !world.requests.admitsRequest(0, nil))
            #expect(await world.requests.admitsLookUp(0, nil) == leavesTime)
            #expect(await world.requests.admitsNextPage() == leavesTime)
            world.requests.cutOff.open()
            #expect(await !world.requests.admitsLookUp(0, nil))
            #expect(await !world.requests.admitsNextPage())
        }
    }

    @Test("a stop ends a back-off") func stopsBackOff() async {
        let world = World()
        await world.time.run {
            await withDiscardingTaskGroup { group in
                group.addTask { #expect(await !world.requests.admitsRequest(1, .seconds(60))) }
                group.addTask {
                    await world.time.environment().wait(for: .seconds(1))
                    world.stop.stop(.signal(.terminated))
                }
            }
        }
        #expect(world.time.elapsed == .seconds(1))
    }

    @Test("a cancelled task sends nothing") func cancelled() async {
        let world = World()
        await world.time.run {
            await withTaskGroup(of: Bool.self) { group in
                group.addTask { await world.requests.admitsRequest(1, .seconds(60)) }
                group.cancelAll()
                #expect(await group.next() == false)
            }
        }
    }

    @Test("a response is counted with its cost and its latency") func learns() {
        let world = World()
        var info = Self.info
        info.requests = 3
        world.requests.learn(from: Reply<Int>.succeeded(1, info), isCreate: true)
        world.requests.learn(
            from: Reply<Int>.refused(Refusal(http: 429, message: "m", isThrottled: true, info: Self.info)),
            isCreate: false)
        let counts = world.progress.snapshot
        #expect(counts.requests == 4 && counts.throttled == 1)
        #expect(world.latency.summary.max == 4)
    }

    @Test("a response that asks to wait holds all: a create's that is lost, a look-up's that is refused")
    func asksToWait()
        async
    {
        let lost = Loss(http: 503, reason: "busy", retryAfter: .seconds(9), info: Self.info)
        let refused = Refusal(http: 503, message: "busy", retryAfter: .seconds(9), info: Self.info)
        for (reply, isCreate) in [(Reply<Int>.lost(lost), true), (.refused(refused), false)] {
            let world = World()
            await world.time.run {
                world.requests.learn(from: reply, isCreate: isCreate)
                _ = await world.requests.admitsRequest(0, nil)
            }
            #expect(world.time.elapsed == .seconds(9))
        }
    }

    @Test(
        "too many failed records stop the run",
        arguments: [(ErrorLimit.count(2), 2, false), (.count(2), 3, true), (.percent(50), 3, false)])
    func counts(limit: ErrorLimit, failed: Int, isStopped: Bool) {
        let world = World()
        world.requests.count(5, .created, limit)
        world.requests.count(failed, .failed, limit)
        #expect((world.stop.reason != nil) == isStopped)
        #expect(world.progress.snapshot.outcomes[.failed] == failed)
    }
}
