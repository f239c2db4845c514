internal import HTTPTypes

/// What is asked before anything is sent, to see what the target is like.
extension RewardsClient {
    /// Gets a token, as the first call does; only where requests carry one, see ``hasToken``.
    ///
    /// - Returns: how long the target says that it is valid, in seconds; nil where it doesn't say.
    package func token() async -> Reply<Int64?> {
        guard case .oauth(let source) = authorizer else { preconditionFailure("the credentials are a till's") }
        let begun = environment.now()
        let (outcome, requests) = await source.token()
        switch outcome {
        case .token(let token):
            let latency = begun.duration(to: environment.now())
            return .succeeded(token.lifetimeSeconds, ReplyInfo(http: 200, latency: latency, requests: requests))
        case .refused(var refusal):
            refusal.info.requests = requests
            return .refused(refusal)
        case .unsent(var failure):
            failure.requests = requests
            return .unsent(failure)
        }
    }

    /// Reads one page of groups, as ``list(_:)``, and what its response says of the rate that is allowed.
    ///
    /// - Returns: also the headers that have `ratelimit` or `rate-limit` in their names, as `Name: value`.
    package func look(_ query: ListQuery) async -> (reply: Reply<GroupPage>, rate: [String]) {
        let exchange = await exchange(listing: query)
        guard case .response(let response, _) = exchange else { return (page(of: exchange), []) }
        let rate = response.headers.filter { field in
            ["ratelimit", "rate-limit"].contains { field.name.canonicalName.contains($0) }
        }
        return (page(of: exchange), rate.compactMap { reader.shown("\($0.name.rawName): \($0.value)") })
    }
}
