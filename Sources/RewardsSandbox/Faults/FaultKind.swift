/// What can go wrong with a request on purpose. The raw value is the name on the command line and in `/sandbox/requests`.
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

    /// Whether the request is handled in spite of the fault. Where the kind leaves that open, a bit decides that ``pick(_:)``
    /// hardly depends on.
    package var isHandled: Bool {
        switch kind {
        case .tooMany, .lostBefore, .timeoutBefore, .falseSuccess, .expiredToken: false
        case .lostAfter, .timeoutAfter, .cut, .slow, .staleList: true
        case .internalError, .badGateway, .unavailable, .garbage, .keepaliveClose: choice >> 63 == 1
        }
    }
}
