/// What to do about a reply. The table, first match from the top:
///
/// | reply | create | any other call |
/// |---|---|---|
/// | answered | done | done |
/// | unsent, not cancelled | unreachable | unreachable |
/// | unsent, cancelled | retrySafe | retrySafe |
/// | lost | lookUp | retrySafe |
/// | refused, credentials | unauthorized | unauthorized |
/// | refused, 429 | retrySafe | retrySafe |
/// | refused, 503 with Retry-After | retrySafe | retrySafe |
/// | refused, code 12012 | lookUp | fail |
/// | refused, 5xx | lookUp | retrySafe |
/// | refused, anything else | fail | fail |
///
/// Update counts as "any other call": it sends a whole state, so that repeating it has the effect of sending it once.
package enum RetryVerdict: Sendable, Equatable {
    case done
    /// Surely not done, or harmless to repeat: send again, no sooner than `after` where the server gave it.
    case retrySafe(after: Duration?)
    /// It may exist: find the name before saying anything.
    case lookUp
    /// The server's last word.
    case fail
    /// The credentials don't serve; no other call will fare better.
    case unauthorized
    /// No connection could be made: safe to repeat, and the whole target's trouble once repeats are used up.
    case unreachable

    /// The API's code for a name that is taken.
    package static let nameTakenCode = 12012

    /// - Parameter isCreate: whether the call was a create, which must not be repeated blindly.
    package static func verdict<Value>(for reply: Reply<Value>, isCreate: Bool) -> RetryVerdict {
        switch reply {
        case .answered: .done
        case .unsent(let failure): failure.kind == .cancelled ? .retrySafe(after: nil) : .unreachable
        case .lost: isCreate ? .lookUp : .retrySafe(after: nil)
        case .refused(let refusal): verdict(for: refusal, isCreate: isCreate)
        }
    }

    private static func verdict(for refusal: Refusal, isCreate: Bool) -> RetryVerdict {
        if refusal.isUnauthorized { return .unauthorized }
        if refusal.isThrottled { return .retrySafe(after: refusal.retryAfter) }
        if refusal.http == 503, refusal.retryAfter != nil { return .retrySafe(after: refusal.retryAfter) }
        if refusal.code == nameTakenCode { return isCreate ? .lookUp : .fail }
        if (500...599).contains(refusal.http) { return isCreate ? .lookUp : .retrySafe(after: refusal.retryAfter) }
        return .fail
    }
}
