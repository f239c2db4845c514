import RewardsClient

extension InFlightLimit {
    /// Learns how a create ended, and how many were under way with it: a refusal to what was asked, as of a name that
    /// exists, is a response; one for how much is asked, for the key's sake, or in a gateway's words is not.
    mutating func ended<Value>(_ reply: Reply<Value>, underWay: Int) {
        switch reply {
        case .succeeded(_, let info): responded(after: info.latency, underWay: underWay)
        case .refused(let refusal) where Self.isToWhatWasAsked(refusal):
            responded(after: refusal.info.latency, underWay: underWay)
        case .refused, .lost, .unsent: lost(underWay: underWay)
        }
    }

    private static func isToWhatWasAsked(_ refusal: Refusal) -> Bool {
        (400...499).contains(refusal.http) && ![401, 403, 408, 425, 429].contains(refusal.http)
            && !refusal.isThrottled && refusal.form != .page
    }
}
