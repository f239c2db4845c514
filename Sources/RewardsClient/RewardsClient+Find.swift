extension RewardsClient {
    /// Pages that a look-up walks at most, and groups a page.
    package static let findPagesMax = 200
    private static let findPageSize = 100

    /// The group whose name is exactly this one, byte for byte in UTF-8 (Swift's `==` would also accept other
    /// normalizations); nil where there is none.
    package func find(name: String) async -> Reply<RewardGroup?> {
        await find(name: name, untilFirst: true) { $0.utf8.elementsEqual(name.utf8) }.map(\.first)
    }

    /// All groups that the server lists for this name and that `matching` accepts, in its order. Walks at most 200 pages
    /// of 100; more is a refusal that says so.
    package func find(name: String, matching: (String) -> Bool) async -> Reply<[RewardGroup]> {
        await find(name: name, untilFirst: false, matching: matching)
    }

    private func find(
        name: String, untilFirst: Bool, matching: (String) -> Bool
    ) async -> Reply<[RewardGroup]> {
        var found: [RewardGroup] = []
        var seen: Set<Int64> = []
        var requests = 0
        var last = ReplyInfo(http: 0, latency: .zero, requests: 0)
        for number in 0..<Self.findPagesMax {
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
            if isLast || fresh.isEmpty || (untilFirst && !found.isEmpty) { return .answered(found, info) }
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
