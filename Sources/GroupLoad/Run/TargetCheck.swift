import Logging
import RewardsClient

/// Asks the target for one group before anything is sent to it: whether it can be reached, and takes the credentials.
///
/// One that redirects, or has no groups, is the wrong one. One that answers in some other way is used all the same, with a
/// warning: the creates will tell.
struct TargetCheck: Sendable {
    let client: RewardsClient
    let facts: ServerFacts
    let gate: RequestGate
    let stop: StopSwitch
    let progress: RunProgress
    let logger: Logger

    /// Times that an answer is asked for where none comes or the server is busy.
    private static let attemptsMax = 4, throttledMax = 12

    /// The error that makes the target unusable, or nil.
    func run() async -> RunError? {
        var message = ""
        var attempt = 0
        var throttled = 0
        while attempt < Self.attemptsMax, throttled < Self.throttledMax, stop.reason == nil {
            attempt += 1
            await gate.pass()
            if stop.reason != nil { break }
            let sent = ClientClock.epochMilliseconds
            let reply = await client.list(ListQuery(page: 0, size: 1))
            let cost = reply.info?.requests ?? 0
            progress.update { $0.requests += cost }
            var pause: Duration?
            switch reply {
            case .answered(_, let info):
                facts.saw(info, sent: sent, now: ClientClock.epochMilliseconds)
                return nil
            case .refused(let refusal):
                if refusal.isUnauthorized { return RunError(.unusable, refusal.message) }
                if refusal.isThrottled {
                    progress.update { $0.throttled += 1 }
                    gate.throttled(retryAfter: refusal.retryAfter)
                    (message, throttled, attempt) = (refusal.message, throttled + 1, 0)
                    continue
                }
                if [301, 302, 303, 307, 308, 404, 405, 410].contains(refusal.http) {
                    return RunError(
                        .unusable, "this is not the API: HTTP \(refusal.http) (\(refusal.message)); check --target")
                }
                guard refusal.retryAfter != nil else {
                    logger.warning("the target answered a look-up with HTTP \(refusal.http): \(refusal.message)")
                    return nil
                }
                pause = refusal.retryAfter
                message = refusal.message
            case .unsent(let failure): message = failure.message
            case .lost(let loss): message = loss.reason
            }
            guard attempt < Self.attemptsMax else { break }
            var generator = SystemRandomNumberGenerator()
            let delay = Backoff().delay(attempt: attempt - 1, atLeast: pause, using: &generator)
            await stop.wait(delay, on: .continuous)
        }
        if stop.reason != nil { return nil }
        return RunError(.unusable, "the target can't be used: \(message); check --target and the network")
    }
}
