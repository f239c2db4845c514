import GroupLoad
import RewardsClient
import Testing

/// What is sent when the run is asked to stop.
@Suite struct DraftFlowTests {
    @Test("nothing is sent once it was said that no more outcomes will come, whatever was looked at before")
    func stopsForGood() {
        let stop = StopSwitch()
        let (_, unsettled) = AsyncStream.makeStream(of: UnsettledCreate.self, bufferingPolicy: .bufferingOldest(4))
        // The sender looks at a switch that was not set yet when it looked; the run's own is.
        let flow = DraftFlow(
            limit: InFlightLimit(ceiling: 4, isFixed: true),
            gate: RequestGate(rate: nil, environment: .system, stop: stop), stop: stop,
            unsettled: unsettled, honoursActive: false, isStopped: { false }, learn: { _, _, _, _ in true })
        flow.put([Draft(recordNumber: 1, name: "A", rank: nil)])
        stop.stop(.signal(.interrupted))
        #expect(flow.takeOutcomes().isLast)
        guard case .rest = flow.next() else {
            Issue.record("a draft was sent whose outcome nobody waits for")
            return
        }
    }

    @Test("nothing is sent once the ledger gives no sign of life") func needsBeat() {
        let stop = StopSwitch()
        let (_, unsettled) = AsyncStream.makeStream(of: UnsettledCreate.self, bufferingPolicy: .bufferingOldest(4))
        let flow = DraftFlow(
            limit: InFlightLimit(ceiling: 4, isFixed: true),
            gate: RequestGate(rate: nil, environment: .system, stop: stop), stop: stop,
            unsettled: unsettled, honoursActive: false, learn: { _, _, _, _ in true })
        flow.put([Draft(recordNumber: 1, name: "A", rank: nil)])
        flow.beat(until: .now.advanced(by: .seconds(-1)))
        guard case .wait = flow.next() else {
            Issue.record("sent")
            return
        }
        flow.beat(until: .now.advanced(by: .seconds(60)))
        guard case .send(let create) = flow.next() else {
            Issue.record("not sent")
            return
        }
        #expect(create.tag == 1)
    }
}
