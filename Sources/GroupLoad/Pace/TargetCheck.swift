package import Logging
package import RewardsClient

/// Asks the target for one group before anything is sent to it: whether it can be reached, and takes the credentials.
///
/// One that redirects, or has no groups, is the wrong one. One that can't be reached, or asks to wait, is waited for
/// as ``RequestGate`` has it. One that fails in some other way is used all the same, with a warning: the creates will
/// tell.
package struct TargetCheck: Sendable {
    let client: RewardsClient
    let requests: RunRequests
    let logger: Logger

    /// - Parameter logger: is warned of a target that fails in an unknown way.
    package init(client: RewardsClient, requests: RunRequests, logger: Logger) {
        self.client = client
        self.requests = requests
        self.logger = logger
    }

    /// Times that a page is asked for where no response comes, or an error.
    private static let attemptsMax = 4

    /// The error that a refusal shows, of the credentials or of the target's address; nil where it shows neither.
    static func fault(of refusal: Refusal) -> RunError? {
        if refusal.isUnauthorized { return RunError(.credentialsRefused, refusal.message) }
        // The API's own word that there are no groups may be a 404.
        guard refusal.form != .api, refusal.form == .redirect || [404, 405, 407, 410].contains(refusal.http) else {
            return nil
        }
        return RunError(
            .notTheAPI, "this is not the API: HTTP \(refusal.http) (\(refusal.message))", remedy: "check --target")
    }

    /// The error that makes the target unusable, or nil.
    package func run() async -> RunError? {
        var message = ""
        var budget = AttemptBudget(attemptsMax: Self.attemptsMax)
        var step = AttemptBudget.Step.retry(0, after: nil)
        while case .retry(let retries, _) = step, await requests.admitsRequest(retries, nil) {
            let sent = requests.environment.epochMilliseconds
            let reply = await client.list(ListQuery(page: 0, size: 1))
            requests.learn(from: reply, isCreate: false)
            message = reply.message
            switch reply {
            case .succeeded(let page, _):
                requests.facts.saw(total: page.totalElements, at: sent)
                return nil
            case .refused(let refusal) where refusal.isThrottled: step = budget.failed(.waiting)
            case .refused(let refusal):
                if let error = Self.fault(of: refusal) { return error }
                guard let pause = refusal.retryAfter else {
                    logger.warning("the target responded to a look-up with HTTP \(refusal.http): \(refusal.message)")
                    return nil
                }
                requests.gate.paused(for: pause, refusal.message)
                step = budget.failed(.waiting)
            case .unsent: step = budget.failed(.waiting)
            case .lost: step = budget.failed(.attempt(after: nil))
            }
        }
        if requests.stop.reason != nil { return nil }
        return RunError(
            .targetUnusable, "the target can't be used: \(message)", remedy: "check --target and the network")
    }
}
