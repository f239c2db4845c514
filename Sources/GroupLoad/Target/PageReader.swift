package import RewardsClient

/// Reads single pages of the target's list, with retries of what fails for the server's or the key's sake.
package struct PageReader: Sendable {
    /// Attempts at one page; those that the credentials were refused for count apart, and those that there was no
    /// connection for, or that were throttled, not at all.
    private static let budget = AttemptBudget(attemptsMax: 8, setbacksMax: 99)

    let client: RewardsClient
    let requests: RunRequests

    /// - Parameter requests: what each of its requests passes.
    package init(client: RewardsClient, requests: RunRequests) {
        self.client = client
        self.requests = requests
    }

    /// - Parameters:
    ///   - rate: the allowance, spent evenly; nil to find it out.
    ///   - environment: what it waits by.
    ///   - progress: counts the requests.
    ///   - waitMax, note: as of ``RequestGate``.
    package init(
        client: RewardsClient, rate: RequestRate?, environment: RunEnvironment, stop: StopSwitch,
        progress: RunProgress,
        waitMax: Duration = RequestGate.waitMaxDefault, note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let gate = RequestGate(rate: rate, environment: environment, stop: stop, waitMax: waitMax, note: note)
        self.init(
            client: client,
            requests: RunRequests(
                gate: gate, facts: ServerFacts(), stop: stop, progress: progress, latency: LatencyHistogram()))
    }

    /// The response to the request of a first page.
    package enum FirstPage: Sendable {
        /// The page.
        case page(GroupPage)
        /// The server doesn't serve such a page, in its words.
        case refused(String)
    }

    /// A page behind one that was read: what is refused is asked for again, for such pages are served.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be read, or with a signal's status.
    package func page(_ query: ListQuery) async throws(RunError) -> GroupPage {
        switch try await read(query, isFirst: false) {
        case .page(let page): return page
        case .refused(let message): throw Self.unreadable(message)
        }
    }

    /// A page before which nothing was read: its size may be refused, and refused credentials are wrong rather than
    /// out of order.
    ///
    /// - Throws: as ``page(_:)``.
    package func firstPage(_ query: ListQuery) async throws(RunError) -> FirstPage {
        try await read(query, isFirst: true)
    }

    /// One group of the list, by its id; nil where the target has none of that id.
    ///
    /// - Throws: as ``page(_:)``.
    package func group(_ id: Int64) async throws(RunError) -> RewardGroup? {
        var budget = Self.budget
        var step = AttemptBudget.Step.retry(0, after: nil)
        var message = ""
        while case .retry(let retries, let after) = step, await requests.admitsRequest(retries, after) {
            let reply = await client.get(id: id)
            requests.learn(from: reply, isCreate: false)
            switch (reply, RetryVerdict.verdict(for: reply, isCreate: false)) {
            case (.succeeded(let group, _), _) where group.id == id: return group
            case (.refused(let refusal), .fail) where refusal.http == 404 || refusal.code == 404: return nil
            case (_, .unreachable), (_, .throttled): step = budget.failed(.waiting)
            case (_, .unauthorized): step = budget.failed(.setback)
            case (_, .retrySafe(let after)): step = budget.failed(.attempt(after: after))
            default: step = budget.failed(.attempt(after: nil))
            }
            message = reply.message
        }
        throw requests.stop.reason?.error ?? Self.unreadable("group \(id): \(message)")
    }

    /// What is said of a list that can't be read.
    static func unreadable(_ message: String) -> RunError {
        RunError(.listUnreadable, "the target's list can't be read: \(message)")
    }

    private func read(_ query: ListQuery, isFirst: Bool) async throws(RunError) -> FirstPage {
        var budget = Self.budget
        var step = AttemptBudget.Step.retry(0, after: nil)
        var message = ""
        while case .retry(let retries, let after) = step, await requests.admitsRequest(retries, after) {
            let reply = await client.list(query)
            requests.learn(from: reply, isCreate: false)
            let verdict = RetryVerdict.verdict(for: reply, isCreate: false)
            switch reply {
            case .succeeded(let page, _): return .page(page)
            case _ where verdict == .unreachable || verdict == .throttled: step = budget.failed(.waiting)
            case .refused(let refusal) where isFirst && refusal.isUnauthorized:
                throw RunError(.credentialsRefused, refusal.message)
            case _ where reply.isUnauthorized: step = budget.failed(.setback)
            case .refused(let refusal):
                if let after = refusal.retryAfter { requests.gate.paused(for: after, refusal.message) }
                if case .retrySafe(let after) = verdict {
                    step = budget.failed(.attempt(after: after))
                } else if isFirst {
                    return .refused(refusal.message)
                } else {
                    step = budget.failed(.attempt(after: nil))
                }
            case .lost, .unsent: step = budget.failed(.attempt(after: nil))
            }
            message = Self.words(of: reply)
        }
        throw requests.stop.reason?.error ?? Self.unreadable(message)
    }

    /// What a reply says, with its status where the server's own words don't name it.
    private static func words(of reply: Reply<GroupPage>) -> String {
        guard case .refused(let refusal) = reply, refusal.http >= 300, !refusal.message.contains("HTTP") else {
            return reply.message
        }
        return "HTTP \(refusal.http): \(refusal.message)"
    }
}
