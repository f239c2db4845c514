/// The end of a call. Never thrown, for each case is an ordinary outcome that the caller must handle.
package enum Reply<Value: Sendable>: Sendable {
    /// The server did it and its response shows it: a 2xx, and for a single group its `id`. A create's group has its
    /// name too, or a form of it (``NameForm``).
    case succeeded(Value, ReplyInfo)
    /// The server refused in a whole response with any HTTP status: it did not do it.
    case refused(Refusal)
    /// Nothing of the call itself was sent: `delivery` is `.nothingSent`. Token calls may have been sent.
    case unsent(TransportFailure)
    /// Something was sent, and whether the server did it is not known.
    case lost(Loss)

    /// The HTTP requests that the call cost, token calls that it started included, whether they succeeded or not.
    @inlinable package var requests: Int {
        if case .unsent(let failure) = self { return failure.requests }
        return info?.requests ?? 0
    }

    /// The figures of the call; nil where nothing was sent. ``requests`` has the cost of ``unsent(_:)``.
    @inlinable package var info: ReplyInfo? {
        switch self {
        case .succeeded(_, let info): info
        case .refused(let refusal): refusal.info
        case .lost(let loss): loss.info
        case .unsent: nil
        }
    }

    /// The cause of the failure, in a sentence; empty where there is none.
    @inlinable package var message: String {
        switch self {
        case .succeeded: ""
        case .refused(let refusal): refusal.message
        case .unsent(let failure): failure.message
        case .lost(let loss): loss.reason
        }
    }

    /// The same reply with another value.
    package func map<Other: Sendable>(_ transform: (Value) -> Other) -> Reply<Other> {
        switch self {
        case .succeeded(let value, let info): .succeeded(transform(value), info)
        case .refused(let refusal): .refused(refusal)
        case .unsent(let failure): .unsent(failure)
        case .lost(let loss): .lost(loss)
        }
    }
}

/// The figures of one call.
package struct ReplyInfo: Sendable, Equatable {
    /// The HTTP status of the last response; 0 where none came whole.
    package var http: Int
    /// From sending the last request until its response, or failure.
    package var latency: Duration
    /// The response's `Date` header in epoch seconds; nil where absent or unreadable.
    package var date: Int64?
    /// HTTP requests that this call cost, with the token calls that it started.
    package var requests: Int
    /// When the last request was written to its connection, in epoch milliseconds by this machine's clock; nil where
    /// that isn't known.
    package var sentAt: Int64?

    /// The figures; `date` and `sentAt` are nil where they are unknown.
    package init(http: Int, latency: Duration, date: Int64? = nil, requests: Int, sentAt: Int64? = nil) {
        self.http = http
        self.latency = latency
        self.date = date
        self.requests = requests
        self.sentAt = sentAt
    }
}
