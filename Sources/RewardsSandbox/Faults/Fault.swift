/// A fault that strikes a request.
package struct Fault: Sendable, Equatable {
    /// What goes wrong.
    package let kind: FaultKind
    /// Random bits that choose among the forms of the kind; the same for the same request of the same run.
    package let choice: UInt64

    /// One of several forms, each as likely as the others.
    package func pick<Form>(_ forms: [Form]) -> Form {
        forms[Int(choice % UInt64(forms.count))]
    }

    /// Whether the request is handled although it meets the fault. Where the kind leaves that open, a bit decides that
    /// ``pick(_:)`` hardly depends on.
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
