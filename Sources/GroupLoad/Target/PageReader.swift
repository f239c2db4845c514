package import RewardsClient

/// Reads single pages of the target's list, with retries of what fails for the server's or the key's sake.
package struct PageReader: Sendable {
    /// Tries of one page; those that the credentials were refused for count apart, and those that there was no
    /// connection for, or that were
    /// throttled, not at all: how long that may go on is up to the gate.
    private static let triesMax = 8, setbacksMax = 100

    let client: RewardsClient
    let requests: RunRequests

    init(client: RewardsClient, requests: RunRequests) {
        self.client = client
        self.requests = requests
    }

    /// - Parameters:
    ///   - rate: the allowance, spent evenly; nil to find it out.
    ///   - progress: counts the requests.
    ///   - waitMax, note: as of ``RequestGate``.
    package init(
        client: RewardsClient, rate: RequestRate?, stop: StopSwitch, progress: RunProgress,
        waitMax: Duration = RequestGate.waitMaxDefault, note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let gate = RequestGate(rate: rate, stop: stop, waitMax: waitMax, note: note)
        self.init(
            client: client,
            requests: RunRequests(
                gate: gate, facts: ServerFacts(), stop: stop, progress: progress, latency: LatencyHistogram()))
    }

    /// How a first page was answered.
    enum Answer: Sendable {
        case page(GroupPage)
        /// The server doesn't serve such a page, in its words.
        case refused(String)
    }

    /// A page behind one that was read: what is refused is asked for again, for such pages are served.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if it can't be read, or with a signal's status.
    func page(_ query: ListQuery) async throws(RunError) -> GroupPage {
        switch try await read(query, isFirst: false) {
        case .page(let page): return page
        case .refused(let message): throw Self.unreadable(message)
        }
    }

    /// A page before which nothing was read: its size may be refused, and refused credentials are wrong rather than
    /// out of order.
    ///
    /// - Throws: as ``page(_:)``.
    func firstPage(_ query: ListQuery) async throws(RunError) -> Answer { try await read(query, isFirst: true) }

    /// What is said of a list that can't be read.
    static func unreadable(_ message: String) -> RunError {
        RunError(.unusable, "the target's list can't be read: \(message)")
    }

    private func read(_ query: ListQuery, isFirst: Bool) async throws(RunError) -> Answer {
        var (tries, setbacks) = (0, 0)
        var pause: Duration?
        var message = ""
        while tries < Self.triesMax, setbacks < Self.setbacksMax {
            guard await requests.admitsRequest(tries + setbacks, pause) else { break }
            let sent = ClientEnvironment.system.epochMilliseconds()
            let reply = await client.list(query)
            requests.learn(from: reply, sent: sent, isCreate: false)
            pause = nil
            switch reply {
            case .succeeded(let page, _): return .page(page)
            case .unsent(let failure) where failure.kind != .cancelled: break
            case .refused(let refusal) where refusal.isThrottled: break
            case .refused(let refusal) where isFirst && refusal.isUnauthorized:
                throw RunError(.unusable, refusal.message)
            case .refused(let refusal) where refusal.isUnauthorized: setbacks += 1
            case .refused(let refusal):
                if let after = refusal.retryAfter { requests.gate.paused(for: after, refusal.message) }
                if case .retrySafe(let after) = RetryVerdict.verdict(for: reply, isCreate: false) {
                    pause = after
                } else if isFirst {
                    return .refused(refusal.message)
                }
                tries += 1
            case .lost, .unsent: tries += 1
            }
            message = reply.message
        }
        switch requests.stop.reason {
        case .signal(let status): throw RunError(status, "stopped")
        case let reason?: throw RunError(reason.status, reason.message ?? "stopped")
        case nil: throw Self.unreadable(message)
        }
    }
}
