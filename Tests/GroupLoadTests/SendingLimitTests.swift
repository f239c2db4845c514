import GroupLoad
import RewardsClient
import Testing

/// Until when a process may send.
@Suite struct SendingLimitTests {
    private let start = MonotonicInstant.now
    private let limit = SendingLimit()

    private func at(_ milliseconds: Int) -> MonotonicInstant { start.advanced(by: .milliseconds(milliseconds)) }

    @Test("without a lease everything is admitted, and no clock is read") func none() {
        #expect(limit.admits(at: at(0)) && limit.admits(at: at(1_000_000_000)))
        var isRead = false
        #expect(
            limit.admits {
                isRead = true
                return at(0)
            })
        #expect(!isRead)
    }

    @Test(
        "with one, all before its end, which a renewal moves",
        arguments: [(0, true, true), (14_990, true, true), (15_010, false, true), (29_990, false, true)])
    func lease(now: Int, isAdmitted: Bool, isAdmittedOnceRenewed: Bool) {
        limit.set(to: at(15_000))
        #expect(limit.admits(at: at(now)) == isAdmitted)
        #expect(limit.admits { at(now) } == isAdmitted)
        limit.set(to: at(30_000))
        #expect(limit.admits(at: at(now)) == isAdmittedOnceRenewed)
        #expect(!limit.admits(at: at(30_010)))
    }

    @Test("a lease that was to end in the past admits nothing") func past() {
        limit.set(to: at(-5_000))
        #expect(!limit.admits(at: at(0)) && !limit.admits(at: at(-4_990)))
        #expect(limit.admits(at: at(-5_010)))
    }

    @Test("the client asks the environment's limit") func client() {
        let environment = RunEnvironment.system
        #expect(environment.client.admitsRequest())
        environment.sendingLimit.set(to: environment.now.advanced(by: .seconds(-1)))
        #expect(!environment.client.admitsRequest())
        environment.sendingLimit.set(to: environment.now.advanced(by: .seconds(600)))
        #expect(environment.client.admitsRequest())
    }
}
