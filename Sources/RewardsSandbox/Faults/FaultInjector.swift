import Synchronization

/// Says which fault strikes each request, and counts how often each content was seen and each kind struck.
final class FaultInjector: Sendable {
    /// Contents that are remembered; past that all counts begin afresh.
    static let contentsMax = 1 << 20

    private let plan: FaultPlan
    private let seen = Mutex<[UInt64: UInt64]>([:])
    private let tally: RequestTally

    /// - Parameter tally: where faults are counted.
    init(plan: FaultPlan, tally: RequestTally) {
        self.plan = plan
        self.tally = tally
    }

    /// The fault that strikes a call, or `nil`.
    func fault(for call: Call, caller: AccessControl.Caller?) -> Fault? {
        let content = call.contentHash
        let occurrence = seen.withLock { seen in
            if seen.count >= Self.contentsMax { seen.removeAll(keepingCapacity: true) }
            let occurrence = seen[content, default: 0]
            seen[content] = occurrence + 1
            return occurrence
        }
        let isFirst = occurrence == 0
        let fault = plan.fault(content: content, occurrence: occurrence, name: call.nameHash) {
            call.canMeet($0, caller: caller, isFirst: isFirst)
        }
        if let fault { tally.count(fault: fault.kind.rawValue) }
        return fault
    }
}
