extension RewardsClient {
    /// The most pages that a look-up reads where the target narrows its list by the name.
    package static let findPagesMax = 200
    /// The most pages that a look-up reads where the target seems to ignore the name.
    package static let unboundedPagesMax = 20
    /// Groups a page.
    private static let findPageSize = 100
    /// The code of a refusal that says that the target doesn't narrow its list by name, and has more groups than a
    /// look-up reads.
    package static let unboundedCode = -1

    /// All groups that the server lists for this name and that `matching` accepts, in its order. Reads at most 200
    /// pages of 100, and at most 20 where the first page has no name that contains this one, so that the target seems
    /// to ignore it; more pages are a refusal with ``unboundedCode``.
    ///
    /// - Parameter admitsNextPage: called before every page but the first, each of which is a request; false ends the
    ///   look-up as cancelled.
    package func find(
        name: String, matching: (String) -> Bool, admitsNextPage: () async -> Bool = { true }
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
            if number > 0, await !admitsNextPage() {
                let failure = TransportFailure(
                    delivery: .nothingSent, kind: .cancelled, message: "the look-up was stopped")
                return Reply.unsent(failure)
            }
            let reply = await list(ListQuery(page: number, size: Self.findPageSize, name: name))
            requests += reply.requests
            guard case .succeeded(let page, var info) = reply else {
                return reply.map { _ in [] }.costing(requests)
            }
            info.requests = requests
            last = info
            let fresh = page.groups.filter { seen.insert($0.id).inserted }
            found += fresh.filter { matching($0.name) }
            if number == 0, !fresh.contains(where: { $0.name.lowercased().contains(wanted) }) {
                pagesMax = Self.unboundedPagesMax
            }
            // A page without a new group is the last one too, for a server that ignores `page` never says so.
            let isLast = page.isLast ?? page.totalPages.map { number + 1 >= $0 } ?? false
            if isLast || fresh.isEmpty { return .succeeded(found, info) }
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
    /// The same reply with the cost of all pages.
    fileprivate func costing(_ requests: Int) -> Reply {
        switch self {
        case .succeeded(let value, var info):
            info.requests = requests
            return .succeeded(value, info)
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
