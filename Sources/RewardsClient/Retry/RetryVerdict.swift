/// The next step after a reply. A create is sent again, or fails for good, only where the API's page or an RFC says
/// that the server did not carry it out. In all other cases it is in doubt, and its name is looked up.
///
/// The table, first match from the top; sections without a name are RFC 9110's. `ResponseReader` makes the replies: a
/// response that a create that was carried out could have too is `lost`.
///
/// | reply to a create | verdict | source that nothing happened |
/// |---|---|---|
/// | succeeded | done | (it happened: a 2xx with our group and no sign of failure) |
/// | unsent, cancelled | retrySafe | nothing was written to the connection |
/// | unsent | unreachable | nothing was written to the connection |
/// | lost: no whole response | lookUp | nothing does |
/// | lost: 1xx as the last | lookUp | nothing does: an interim response (15.2) |
/// | lost: 2xx without proof | lookUp | nothing does |
/// | lost: 3xx | lookUp | nothing does: 303 is "an indirect response" to what was done (15.4.4), 302 in practice |
/// | lost: 406 | lookUp | nothing does: what is not acceptable is the response (15.5.7) |
/// | lost: 408, 499 | lookUp | nothing does: a gateway may send it after it passed the request on |
/// | lost: any 5xx | lookUp | nothing does: it "failed to fulfill" it (15); 503 with `Retry-After` too (15.6.4) |
/// | refused, 429, also as the code | throttled | API page, "Rate limit": counted before the call; RFC 6585, 4 |
/// | refused, code 12012 | lookUp | API page, "must be unique": not by this create; an earlier one may have |
/// | refused, 401, 403 | unauthorized | "has not been applied" (15.5.2), "refuses to fulfill it" (15.5.4) |
/// | refused, 409, 422 | lookUp | nothing does: "the current state" (15.5.10) may hold our own group |
/// | refused, other 4xx | fail | "will not process the request" (15.5.1); unknown ones are as 400 (15) |
/// | refused, 2xx | fail | API page: "a 2xx with no `id` is a failure", where the body says so |
///
/// | reply to any other call | verdict |
/// |---|---|
/// | succeeded | done |
/// | unsent | as above |
/// | lost | retrySafe |
/// | refused, 429 | throttled |
/// | refused, credentials | unauthorized |
/// | refused, 408 or 5xx, or with such a code in the body | retrySafe |
/// | refused, anything else | fail |
///
/// Update counts as "any other call": it sends a whole state, so that sending it again has the effect of sending it
/// once.
package enum RetryVerdict: Sendable, Equatable {
    case done
    /// Not done, or harmless to do twice: send again, no sooner than `after` where the server gave it.
    case retrySafe(after: Duration?)
    /// Not done, as everybody is to wait: send again, however often; how long to wait is up to what paces all requests.
    case throttled
    /// The group may exist: look its name up.
    case lookUp
    /// The server refused it for good.
    case fail
    /// The server refuses the credentials; it will refuse every other call too.
    case unauthorized
    /// No connection could be made: send again; once the retries are used up the target is unreachable.
    case unreachable

    /// The API's code for a name that is taken.
    package static let nameTakenCode = 12012

    /// The verdict on a reply.
    ///
    /// - Parameter isCreate: whether the call was a create, which must not be sent again while it is in doubt.
    package static func verdict<Value>(for reply: Reply<Value>, isCreate: Bool) -> RetryVerdict {
        switch reply {
        case .succeeded: .done
        case .unsent(let failure): failure.kind == .cancelled ? .retrySafe(after: nil) : .unreachable
        case .lost(let loss): isCreate ? .lookUp : .retrySafe(after: loss.retryAfter)
        case .refused(let refusal): verdict(for: refusal, isCreate: isCreate)
        }
    }

    private static func verdict(for refusal: Refusal, isCreate: Bool) -> RetryVerdict {
        if refusal.isThrottled { return .throttled }
        if isCreate, refusal.code == nameTakenCode { return .lookUp }
        // A gateway reports a server's failure so, with any HTTP status.
        if let code = refusal.code, (500...599).contains(code), isCreate || !refusal.isUnauthorized {
            return isCreate ? .lookUp : .retrySafe(after: refusal.retryAfter)
        }
        if refusal.isUnauthorized { return .unauthorized }
        switch refusal.http {
        case 409, 422: return isCreate ? .lookUp : .fail
        case ..<200, 300...399, 406, 408, 499, 500...:
            // Of a create the reader makes them losses.
            if isCreate { return .lookUp }
            return (300...399).contains(refusal.http) || refusal.http == 406
                ? .fail : .retrySafe(after: refusal.retryAfter)
        default: return .fail
        }
    }
}
