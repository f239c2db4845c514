extension RewardsClient {
    /// Pages that a look-up walks at most, and groups a page.
    package static let findPagesMax = 200
    private static let findPageSize = 100

    /// All groups that the server lists for this name and that `matching` accepts, in its order. Walks at most 200 pages
    /// of 100; more is a refusal that says so.
    /// - Parameter mayTurnPage: asked before every page but the first, each of which is a request; false ends the look-up as
    ///   cancelled.
    package func find(
        name: String, matching: (String) -> Bool, mayTurnPage: () async -> Bool = { true }
    ) async -> Reply<[RewardGroup]> {
        var found: [RewardGroup] = []
        var seen: Set<Int64> = []
        var requests = 0
        var last = ReplyInfo(http: 0, latency: .zero, requests: 0)
        for number in 0..<Self.findPagesMax {
            if number > 0, await !mayTurnPage() {
                let failure = TransportFailure(
                    delivery: .nothingSent, kind: .cancelled, message: "the look-up was stopped")
                return Reply.unsent(failure)
            }
            let reply = await list(ListQuery(page: number, size: Self.findPageSize, name: name))
            requests += reply.info?.requests ?? 0
            guard case .answered(let page, var info) = reply else {
                return reply.map { _ in [] }.costing(requests)
            }
            info.requests = requests
            last = info
            let fresh = page.groups.filter { seen.insert($0.id).inserted }
            found += fresh.filter { matching($0.name) }
            // A page without a new group ends the walk too: a server that ignores `page` would else never end it.
            let isLast = page.isLast ?? page.totalPages.map { number + 1 >= $0 } ?? false
            if isLast || fresh.isEmpty { return .answered(found, info) }
        }
        return .refused(
            Refusal(
                http: last.http,
                message: "the look-up of a name passed \(Self.findPagesMax) pages of groups: the target doesn't narrow "
                    + "its list by name",
                info: last))
    }
}

extension Reply {
    /// The same reply with the cost of the whole walk.
    fileprivate func costing(_ requests: Int) -> Reply {
        switch self {
        case .answered(let value, var info):
            info.requests = requests
            return .answered(value, info)
        case .refused(var refusal):
            refusal.info.requests = requests
            return .refused(refusal)
        case .lost(var loss):
            loss.info.requests = requests
            return .lost(loss)
        case .unsent: return self
        }
    }
}
