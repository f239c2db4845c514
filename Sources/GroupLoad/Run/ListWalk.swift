import RewardsClient

/// The target's list of groups, page after page, with repeats of what fails for the server's sake.
struct ListWalk {
    private static let pageSize = 100, attemptsMax = 8

    var client: RewardsClient
    var stop: StopSwitch
    private var number = 0
    private var isOver = false
    private var seen: Set<Int64> = []

    init(client: RewardsClient, stop: StopSwitch) {
        self.client = client
        self.stop = stop
    }

    /// The next page's groups; nil when there is none. A page that brings nothing new ends the list too.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be read.
    mutating func next() async throws(RunError) -> [RewardGroup]? {
        guard !isOver else { return nil }
        let page = try await page()
        number += 1
        let fresh = page.groups.filter { seen.insert($0.id).inserted }
        isOver = fresh.isEmpty || page.isLast ?? page.totalPages.map { number >= $0 } ?? false
        return fresh
    }

    private func page() async throws(RunError) -> GroupPage {
        var message = ""
        for attempt in 0..<Self.attemptsMax where stop.reason == nil {
            let reply = await client.list(ListQuery(page: number, size: Self.pageSize))
            var pause: Duration?
            switch reply {
            case .answered(let page, _): return page
            case .refused(let refusal) where refusal.isUnauthorized: throw RunError(.unusable, refusal.message)
            case .refused(let refusal): pause = refusal.retryAfter
            case .unsent, .lost: break
            }
            message = reply.message
            var generator = SystemRandomNumberGenerator()
            await stop.wait(Backoff().delay(attempt: attempt, atLeast: pause, using: &generator), on: .continuous)
        }
        if let reason = stop.reason { throw RunError(reason.status, "stopped") }
        throw RunError(.unusable, "the target's list can't be read: \(message)")
    }
}
