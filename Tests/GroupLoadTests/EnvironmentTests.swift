import GroupLoad
import RewardsClient
import Testing

/// Waits, latches and the stop switch, on a virtual clock.
@Suite struct EnvironmentTests {
    @Test("a wait ends at its instant, whatever else happens") func ends() async {
        let time = VirtualTime()
        let environment = time.environment()
        await time.run { await environment.wait(for: .seconds(3_600)) }
        #expect(time.elapsed == .seconds(3_600))
        #expect(environment.epochMilliseconds == VirtualTime.startMilliseconds + 3_600_000)
    }

    @Test("waits of several tasks end in the order of their instants") func order() async {
        let time = VirtualTime()
        let environment = time.environment()
        let ended = Recorder<Int>()
        await time.run {
            await withDiscardingTaskGroup { group in
                for seconds in [3, 1, 2] {
                    group.addTask {
                        await environment.wait(for: .seconds(seconds))
                        ended.add(seconds)
                    }
                }
            }
        }
        #expect(ended.all == [1, 2, 3])
        #expect(time.elapsed == .seconds(3))
    }

    @Test("what opens first ends a wait", arguments: [(2, 1, 1), (1, 2, 1), (5, 9, 5), (9, 9, 7)])
    func wakes(first: Int, second: Int, expected: Int) async {
        let time = VirtualTime()
        let environment = time.environment()
        let (stop, latch) = (StopSwitch(), Latch())
        await time.run {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    await environment.wait(for: .seconds(first))
                    stop.stop(.signal(.interrupted))
                }
                group.addTask {
                    await environment.wait(for: .seconds(second))
                    latch.open()
                }
                group.addTask {
                    await environment.wait(for: .seconds(7), wokenBy: [stop.asked, latch])
                    #expect(time.elapsed == .seconds(expected))
                }
            }
        }
    }

    @Test("a wait for what is open, or for what is past, is none") func none() async {
        let time = VirtualTime()
        let environment = time.environment()
        let latch = Latch()
        latch.open()
        await time.run {
            await latch.wait()
            await environment.wait(for: .seconds(5), wokenBy: [latch])
            await environment.wait(until: environment.now.advanced(by: .seconds(-5)))
            await Latch.waitForAny([Latch(), latch])
        }
        #expect(time.elapsed == .zero)
    }

    @Test("cancelling a task ends its waits") func cancels() async {
        let time = VirtualTime()
        let environment = time.environment()
        await time.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await environment.wait(for: .seconds(100)) }
                group.addTask { await Latch().wait() }
                group.addTask { await Latch.waitForAny([Latch(), Latch()]) }
                group.addTask { await environment.wait(for: .seconds(100), wokenBy: StopSwitch()) }
                await environment.wait(for: .seconds(1))
                group.cancelAll()
            }
        }
        #expect(time.elapsed == .seconds(1))
    }

    @Test("the first reason to stop stands, and opens its latch") func firstReason() {
        let stop = StopSwitch()
        #expect(stop.reason == nil && !stop.asked.isOpen)
        stop.stop(.failing("a"))
        stop.stop(.unusable("b"))
        #expect(stop.reason == .failing("a") && stop.asked.isOpen)
    }

    @Test(
        "what a reason comes to",
        arguments: [
            (StopReason.signal(.interrupted), RunError.Code.interrupted, nil as String?),
            (.signal(.terminated), .terminated, nil), (.tooManyErrors("m"), .tooManyErrors, "m"),
            (.failing("m"), .targetFailing, "m"), (.unusable("m"), .targetUnusable, "m"),
            (.unfit("m"), .targetUnfit, "m"),
        ])
    func reasons(reason: StopReason, code: RunError.Code, message: String?) {
        #expect(reason.code == code && reason.status == code.status && reason.message == message)
        #expect(reason.error == RunError(code, message ?? "stopped by a signal"))
    }

    @Test("the same seed draws the same numbers, another others") func draws() {
        func numbers(_ seed: UInt64) -> [UInt64] {
            let random = VirtualTime(seed: seed).environment().random
            return (0..<4).map { _ in random.next() }
        }
        #expect(numbers(1) == numbers(1))
        #expect(numbers(1) != numbers(2))
    }
}
