extension RewardsClient {
    /// Pages that a look-up walks at most: of a list that is narrowed by the name, and of one that isn't. Groups a
    /// page.
    package static let findPagesMax = 200, unboundedPagesMax = 20
    private static let findPageSize = 100
    /// What stands for a code where the target doesn't narrow its list by name, and has too many groups to look
    /// through.
    package static let unboundedCode = -1

    /// All groups that the server lists for this name and that `matching` accepts, in its order. Walks at most 200
    /// pages
    /// of 100, and at most 20 where what comes doesn't contain the name, so that the target seems to ignore it; more
    /// is a refusal with
    /// ``unboundedCode`` that says so.
    /// - Parameter mayTurnPage: asked before every page but the first, each of which is a request; false ends the
    ///   look-up as
    ///   cancelled.
    package func find(
        name: String, matching: (String) -> Bool, mayTurnPage: () async -> Bool = { true }
    ) async -> Reply<[RewardGroup]> {
        var found: [RewardGroup] = []
        var seen: Set<Int64> = []
        var requests = 0
        var last = ReplyInfo(http: 0, latency: .zero, requests: 0)
        let wanted = name.lowercased()
        var pagesMax = Self.findPagesMax
        var number = 0
        while number < pagesMax {
            defer { number += 1 }
            if number > 0, await !mayTurnPage() {
                let failure = TransportFailure(
                    delivery: .nothingSent, kind: .cancelled, message: "the look-up was stopped")
                return Reply.unsent(failure)
            }
            let reply = await list(ListQuery(page: number, size: Self.findPageSize, name: name))
            requests += reply.requests
            guard case .answered(let page, var info) = reply else {
                return reply.map { _ in [] }.costing(requests)
            }
            info.requests = requests
            last = info
            let fresh = page.groups.filter { seen.insert($0.id).inserted }
            found += fresh.filter { matching($0.name) }
            if number == 0, !fresh.contains(where: { $0.name.lowercased().contains(wanted) }) {
                pagesMax = Self.unboundedPagesMax
            }
            // A page without a new group ends the walk too: a server that ignores `page` would else never end it.
            let isLast = page.isLast ?? page.totalPages.map { number + 1 >= $0 } ?? false
            if isLast || fresh.isEmpty { return .answered(found, info) }
        }
        return .refused(
            Refusal(
                http: last.http, code: Self.unboundedCode,
                message: "the look-up of a name passed \(pagesMax) pages of groups: the target doesn't narrow "
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
