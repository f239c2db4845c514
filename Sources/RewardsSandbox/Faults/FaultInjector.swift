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
        if let fault { tally.count(fault.kind) }
        return fault
    }
}

extension Call {
    /// A hash of what tells this call from others: its method, path and name.
    var contentHash: UInt64 {
        var hash = ContentHash()
        switch self {
        case .create(let body):
            hash.update("POST /group/create".utf8)
            hash.update((body.name ?? "").utf8)
        case .update(let id, let body):
            hash.update("PUT /group/\(id)".utf8)
            hash.update((body.name ?? "").utf8)
        case .get(let id):
            hash.update("GET /group/\(id)".utf8)
        case .list(let query):
            hash.update("GET /group \(query.page)".utf8)
            hash.update((query.name ?? "").utf8)
        case .generateToken:
            hash.update("POST /token".utf8)
        }
        return hash.finish()
    }

    /// A hash of the group's name in the body; the same for a create and an update.
    var nameHash: UInt64 {
        var hash = ContentHash()
        switch self {
        case .create(let body), .update(_, let body): hash.update((body.name ?? "").utf8)
        case .get, .list, .generateToken: break
        }
        return hash.finish()
    }

    private var isWrite: Bool {
        switch self {
        case .create, .update: true
        case .get, .list, .generateToken: false
        }
    }

    /// Whether a kind of fault makes sense for this call.
    /// - Parameter isFirst: whether no request of the same content came before.
    func canMeet(_ kind: FaultKind, caller: AccessControl.Caller?, isFirst: Bool) -> Bool {
        switch kind {
        case .unavailableAfter, .tooManyAfter, .redirect, .firewall: isWrite
        case .desync, .falseID:
            if case .create = self { true } else { false }
        case .foreign, .foreignAfter:
            if case .create = self { isFirst } else { false }
        case .tokenFail, .tokenShort:
            if case .generateToken = self { true } else { false }
        case .staleList:
            if case .list(let query) = self { query.name != nil } else { false }
        case .expiredToken: caller == .oauthClient
        case .falseSuccess:
            if case .generateToken = self { false } else { true }
        default: true
        }
    }
}
