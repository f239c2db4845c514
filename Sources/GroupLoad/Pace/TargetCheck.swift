import Logging
import RewardsClient

/// Asks the target for one group before anything is sent to it: whether it can be reached, and takes the credentials.
///
/// One that redirects, or has no groups, is the wrong one. One that can't be reached, or asks to wait, is waited for
/// as ``RequestGate`` has it. One that
/// fails in some other way is used all the same, with a warning: the creates will tell.
struct TargetCheck: Sendable {
    let client: RewardsClient
    let requests: RunRequests
    let logger: Logger

    /// Times that a page is asked for where no response comes, or an error.
    private static let triesMax = 4

    /// The error that makes the target unusable, or nil.
    func run() async -> RunError? {
        var message = ""
        var tries = 0
        while tries < Self.triesMax, await requests.admitsRequest(tries, nil) {
            let sent = ClientEnvironment.system.epochMilliseconds()
            let reply = await client.list(ListQuery(page: 0, size: 1))
            requests.learn(from: reply, sent: sent, isCreate: false)
            message = reply.message
            switch reply {
            case .succeeded(let page, _):
                requests.facts.saw(total: page.totalElements, at: sent)
                return nil
            case .refused(let refusal) where refusal.isThrottled: continue
            case .refused(let refusal) where refusal.isUnauthorized:
                return RunError(.unusable, refusal.message)
            // The API's own word that there are no groups may be a 404.
            case .refused(let refusal)
            where refusal.form != .api && (refusal.form == .redirect || [404, 405, 407, 410].contains(refusal.http)):
                return RunError(
                    .unusable, "this is not the API: HTTP \(refusal.http) (\(refusal.message)); check --target")
            case .refused(let refusal):
                guard let pause = refusal.retryAfter else {
                    logger.warning("the target answered a look-up with HTTP \(refusal.http): \(refusal.message)")
                    return nil
                }
                requests.gate.paused(for: pause, refusal.message)
            case .unsent: continue
            case .lost: tries += 1
            }
        }
        if requests.stop.reason != nil { return nil }
        return RunError(.unusable, "the target can't be used: \(message); check --target and the network")
    }
}
