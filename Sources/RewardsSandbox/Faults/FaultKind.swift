/// What can go wrong with a request on purpose. The raw value is the name on the command line and in
/// `/sandbox/requests`.
package enum FaultKind: String, Sendable, CaseIterable {
    /// 429, with or without `Retry-After`; not handled.
    case tooMany = "429"
    /// 500, sometimes before and sometimes after the request was handled; so too the next two.
    case internalError = "500"
    case badGateway = "502"
    case unavailable = "503"
    /// Closed without an answer and without having handled the request.
    case lostBefore = "lost-before"
    /// Handled, then closed without an answer.
    case lostAfter = "lost-after"
    /// Not handled; the connection stays open without an answer.
    case timeoutBefore = "timeout-before"
    /// Handled; the connection stays open without an answer.
    case timeoutAfter = "timeout-after"
    /// Handled; the answer ends before its `Content-Length`.
    case cut
    /// 200 with what is no answer of the API; sometimes handled, sometimes not.
    case garbage
    /// 200 with an error's body; not handled.
    case falseSuccess = "false-success"
    /// Handled and answered whole, a few bytes at a time.
    case slow
    /// A look-up by name that misses what was stored a moment ago.
    case staleList = "stale-list"
    /// 401 to a valid token.
    case expiredToken = "expired-token"
    /// A connection closed without a word: as the request comes, or after the answer.
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

/// A fault that strikes a request.
package struct Fault: Sendable, Equatable {
    package let kind: FaultKind
    /// Random bits that choose among the forms of the kind; the same for the same request of the same run.
    package let choice: UInt64

    /// One of several forms, each as likely as the others.
    package func pick<Form>(_ forms: [Form]) -> Form {
        forms[Int(choice % UInt64(forms.count))]
    }

    /// Whether the request is handled in spite of the fault. Where the kind leaves that open, a bit decides that
    /// ``pick(_:)``
    /// hardly depends on.
    package var isHandled: Bool {
        switch kind {
        case .tooMany, .lostBefore, .timeoutBefore, .falseSuccess, .expiredToken, .firewall, .foreign, .foreignAfter,
            .tokenFail:
            false
        case .lostAfter, .timeoutAfter, .cut, .slow, .staleList, .unavailableAfter, .tooManyAfter, .desync, .tokenShort,
            .gzip:
            true
        case .internalError, .badGateway, .unavailable, .garbage, .keepaliveClose, .redirect: choice >> 63 == 1
        case .falseID: pick(FalseID.allCases).isOfStored
        }
    }
}
