/// What can go wrong with a request on purpose. The raw value is the name on the command line and in
/// `/sandbox/requests`.
package enum FaultKind: String, Sendable, CaseIterable {
    /// 429, with or without `Retry-After`; not handled.
    case tooMany = "429"
    /// 500, sometimes before and sometimes after the request was handled; so too the next two.
    case internalError = "500"
    case badGateway = "502"
    case unavailable = "503"
    /// Closed without a response and without having handled the request.
    case lostBefore = "lost-before"
    /// Handled, then closed without a response.
    case lostAfter = "lost-after"
    /// Not handled; the connection stays open without a response.
    case timeoutBefore = "timeout-before"
    /// Handled; the connection stays open without a response.
    case timeoutAfter = "timeout-after"
    /// Handled; the response ends before its `Content-Length`.
    case cut
    /// 200 with what is no response of the API; sometimes handled, sometimes not.
    case garbage
    /// 200 with an error's body; not handled.
    case falseSuccess = "false-success"
    /// Handled; the whole response is sent, a few bytes at a time.
    case slow
    /// A look-up by name that misses what was stored a moment ago.
    case staleList = "stale-list"
    /// 401 to a valid token.
    case expiredToken = "expired-token"
    /// A connection closed without notice: as the request comes, or after the response.
    case keepaliveClose = "keepalive-close"
    /// Handled, then 503 with `Retry-After`; writes only, so too the next three.
    case unavailableAfter = "503-after"
    /// Handled, then 429 with or without `Retry-After`.
    case tooManyAfter = "429-after"
    /// 302, 303 or 307 to a page that asks who it is; handled or not.
    case redirect
    /// 403 with a web page, for some names always and for the others never; not handled.
    case firewall
    /// Handled; the response to a create comes twice, so that later responses on the connection are out of step.
    case desync
    /// Closed without a response to the first create of a name, which somebody else created a while before.
    case foreign
    /// Closed without a response to the first create of a name, which somebody else creates just after.
    case foreignAfter = "foreign-after"
    /// 200 to a create with an id that is none, or is beside an error's words; handled or not.
    case falseID = "false-id"
    /// The token call gets 500 or 429, or the connection is closed; not handled.
    case tokenFail = "token-fail"
    /// A token with a lifetime of 0 s or 1 s, as the response says.
    case tokenShort = "token-short"
    /// Handled; the response is compressed though nobody asked for that.
    case gzip
}
