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
        #expect(next(flow) == nil, "a draft was sent whose outcome nobody waits for")
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
        #expect(next(flow) == nil)
        flow.beat(until: .now.advanced(by: .seconds(60)))
        #expect(next(flow)?.tag == 1)
    }

    /// A flow, and what may be sent of so many drafts.
    private func flow(ceiling: Int, isFixed: Bool, drafts: Int) -> (DraftFlow, AsyncStream<UnsettledCreate>) {
        let (stream, unsettled) = AsyncStream.makeStream(
            of: UnsettledCreate.self, bufferingPolicy: .bufferingOldest(ceiling))
        let flow = DraftFlow(
            limit: InFlightLimit(ceiling: ceiling, isFixed: isFixed),
            gate: RequestGate(rate: nil, environment: .system, stop: StopSwitch()), stop: StopSwitch(),
            unsettled: unsettled, honoursActive: false, learn: { _, _, _, _ in true })
        flow.put((1...drafts).map { Draft(recordNumber: Int64($0), name: "G\($0)", rank: nil) })
        return (flow, stream)
    }

    private func sendAll(_ flow: DraftFlow) -> [PendingCreate] {
        var creates: [PendingCreate] = []
        while case .more = flow.next(atMost: 7, &creates) {}
        return creates
    }

    /// The next create alone; nil where none may be sent now.
    private func next(_ flow: DraftFlow) -> PendingCreate? {
        var creates: [PendingCreate] = []
        _ = flow.next(atMost: 1, &creates)
        return creates.first
    }

    @Test("no more are under way than may be, in the order of the records", arguments: [1, 3, 64]) func limit(
        ceiling: Int
    ) {
        let (flow, _) = flow(ceiling: ceiling, isFixed: true, drafts: 200)
        let creates = sendAll(flow)
        #expect(creates.map(\.tag) == (1...Int64(ceiling)).map { $0 })
        let info = ReplyInfo(http: 200, latency: .zero, requests: 1)
        flow.ended(creates[0], .succeeded(RewardGroup(id: 7, name: "G1"), info))
        #expect(sendAll(flow).map(\.tag) == [Int64(ceiling) + 1])
        let taken = flow.takeOutcomes()
        #expect(taken.outcomes.map(\.recordNumber) == [1] && taken.uncounted[.created] == 1 && !taken.isLast)
    }

    @Test("one whose response is lost keeps its place until it is settled") func keepsPlace() async {
        let (flow, stream) = flow(ceiling: 2, isFixed: true, drafts: 5)
        let creates = sendAll(flow)
        let info = ReplyInfo(http: 0, latency: .zero, requests: 1)
        flow.ended(creates[1], .lost(Loss(http: nil, reason: "closed", info: info)))
        #expect(sendAll(flow).isEmpty && flow.takeOutcomes().outcomes.isEmpty)
        var drafts = stream.makeAsyncIterator()
        #expect(await drafts.next() != nil)
    }

    @Test("where all are lost, fewer are sent; the first sixteen show it") func falls() {
        let (flow, _) = flow(ceiling: 64, isFixed: false, drafts: 200)
        let creates = sendAll(flow)
        #expect(creates.count == InFlightLimit.start)
        let info = ReplyInfo(http: 0, latency: .zero, requests: 1)
        for create in creates { flow.ended(create, .lost(Loss(http: nil, reason: "closed", info: info))) }
        for create in creates {
            flow.settle(DraftOutcome(recordNumber: create.tag, outcome: .unresolved, endedAt: 1), sentAt: 0)
        }
        #expect(sendAll(flow).count == InFlightLimit.start * 7 / 10)
    }

    @Test("where all names exist already, no fewer are sent", arguments: [400, 409, 422]) func holds(http: Int) {
        let (flow, _) = flow(ceiling: 64, isFixed: false, drafts: 200)
        let creates = sendAll(flow)
        let info = ReplyInfo(http: http, latency: .milliseconds(20), requests: 1)
        let refusal = Refusal(
            http: http, message: "exists", retryAfter: nil, isUnauthorized: false, isThrottled: false, info: info)
        for create in creates { flow.ended(create, .refused(refusal)) }
        for create in creates {
            flow.settle(DraftOutcome(recordNumber: create.tag, outcome: .existing, endedAt: 1), sentAt: 0)
        }
        #expect(sendAll(flow).count == InFlightLimit.start * 2)
    }

    @Test("a draft in doubt isn't sent, but goes to those that are looked up") func doubt() async {
        let (stream, unsettled) = AsyncStream.makeStream(of: UnsettledCreate.self, bufferingPolicy: .bufferingOldest(4))
        let flow = DraftFlow(
            limit: InFlightLimit(ceiling: 4, isFixed: true),
            gate: RequestGate(rate: nil, environment: .system, stop: StopSwitch()), stop: StopSwitch(),
            unsettled: unsettled, honoursActive: false, learn: { _, _, _, _ in true })
        flow.put([
            Draft(recordNumber: 1, name: "A", rank: nil, doubt: 5...9), Draft(recordNumber: 2, name: "B", rank: nil),
        ])
        #expect(sendAll(flow).map(\.tag) == [2])
        unsettled.finish()
        var count = 0
        for await _ in stream { count += 1 }
        #expect(count == 1)
    }
}
