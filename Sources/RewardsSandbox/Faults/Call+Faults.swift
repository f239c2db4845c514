extension Call {
    private var isWrite: Bool {
        switch self {
        case .create, .update: true
        case .get, .list, .generateToken: false
        }
    }

    /// Whether a kind of fault makes sense for this call.
    /// - Parameter isFirst: whether no request of the same content came before.
    func canMeet(_ kind: FaultKind, caller: AccessControl.Caller?, isFirst: Bool) -> Bool {
        switch kind {
        case .unavailableAfter, .tooManyAfter, .redirect, .firewall: isWrite
        case .desync, .falseID:
            if case .create = self { true } else { false }
        case .foreign, .foreignAfter:
            if case .create = self { isFirst } else { false }
        case .tokenFail, .tokenShort:
            if case .generateToken = self { true } else { false }
        case .staleList:
            if case .list(let query) = self { query.name != nil } else { false }
        case .expiredToken: caller == .oauthClient
        case .falseSuccess:
            if case .generateToken = self { false } else { true }
        default: true
        }
    }
}
