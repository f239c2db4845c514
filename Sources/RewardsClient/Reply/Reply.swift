/// How a call ended. Never thrown, for each case is an ordinary outcome that the caller must decide about.
package enum Reply<Value: Sendable>: Sendable {
    /// The server did it and said so in full: a 2xx, and for a single group its `id`. A create's group has its name
    /// too, or what the server made of it (``NameForm``).
    case answered(Value, ReplyInfo)
    /// The server said no in a whole answer, whatever its HTTP status: it did not do it.
    case refused(Refusal)
    /// Surely nothing of the call itself was sent or done: `delivery` is `.nothingSent`. Token calls may have been.
    case unsent(TransportFailure)
    /// Something was sent, and whether the server did it is not known.
    case lost(Loss)

    /// The HTTP requests that the call cost, token calls that it started included, whether they succeeded or not.
    package var requests: Int {
        if case .unsent(let failure) = self { return failure.requests }
        return info?.requests ?? 0
    }

    /// The figures of the call; nil where nothing was sent. What ``unsent(_:)`` cost is in ``requests``.
    package var info: ReplyInfo? {
        switch self {
        case .answered(_, let info): info
        case .refused(let refusal): refusal.info
        case .lost(let loss): loss.info
        case .unsent: nil
        }
    }

    /// What went wrong, in a sentence; empty where nothing did.
    package var message: String {
        switch self {
        case .answered: ""
        case .refused(let refusal): refusal.message
        case .unsent(let failure): failure.message
        case .lost(let loss): loss.reason
        }
    }

    /// The same reply with another value.
    package func map<Other: Sendable>(_ transform: (Value) -> Other) -> Reply<Other> {
        switch self {
        case .answered(let value, let info): .answered(transform(value), info)
        case .refused(let refusal): .refused(refusal)
        case .unsent(let failure): .unsent(failure)
        case .lost(let loss): .lost(loss)
        }
    }
}

/// The figures of one call.
package struct ReplyInfo: Sendable, Equatable {
    /// The HTTP status of the last answer; 0 where none came whole.
    package var http: Int
    /// From sending the last request until its answer, or failure.
    package var latency: Duration
    /// The answer's `Date` header in epoch seconds; nil where absent or unreadable.
    package var date: Int64?
    /// HTTP requests that this call cost, token calls that it started included.
    package var requests: Int
    /// When the last request was written to its connection, in epoch milliseconds by this machine's clock; nil where
    /// that isn't known.
    package var sentAt: Int64?

    package init(http: Int, latency: Duration, date: Int64? = nil, requests: Int, sentAt: Int64? = nil) {
        self.http = http
        self.latency = latency
        self.date = date
        self.requests = requests
        self.sentAt = sentAt
    }
}
