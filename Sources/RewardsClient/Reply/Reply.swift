/// How a call ended. Never thrown, for each case is an ordinary outcome that the caller must decide about.
package enum Reply<Value: Sendable>: Sendable {
    /// The server did it and said so in full: a 2xx, and for a single group an `id`.
    case answered(Value, ReplyInfo)
    /// The server said no in a whole answer, whatever its HTTP status: it did not do it.
    case refused(Refusal)
    /// Surely nothing was sent: `delivery` is `.nothingSent`.
    case unsent(TransportFailure)
    /// Something was sent, and whether the server did it is not known.
    case lost(Loss)

    /// The figures of the call; nil where nothing was sent.
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
    /// When the last request was written to its connection, in epoch milliseconds by this machine's clock; nil where that isn't
    /// known.
    package var sentAt: Int64?

    package init(http: Int, latency: Duration, date: Int64? = nil, requests: Int, sentAt: Int64? = nil) {
        self.http = http
        self.latency = latency
        self.date = date
        self.requests = requests
        self.sentAt = sentAt
    }
}

/// A whole answer that says no.
package struct Refusal: Sendable, Equatable, CustomStringConvertible {
    package var http: Int
    /// The API's own code (12012: the name is taken); nil where the answer has none.
    package var code: Int?
    /// The server's words, at most 500 characters on one line, or ours where it gave none.
    package var message: String
    /// How long the server asks to wait, 0 to 1 hour; nil where it doesn't say.
    package var retryAfter: Duration?
    /// The credentials were refused (401, 403, or the token call's refusal).
    package var isUnauthorized: Bool
    /// Over the API's allowance (429).
    package var isThrottled: Bool
    package var info: ReplyInfo

    package init(
        http: Int, code: Int? = nil, message: String, retryAfter: Duration? = nil, isUnauthorized: Bool = false,
        isThrottled: Bool = false, info: ReplyInfo
    ) {
        self.http = http
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        self.isUnauthorized = isUnauthorized
        self.isThrottled = isThrottled
        self.info = info
    }

    package var description: String { "HTTP \(http)" + (code.map { ", code \($0)" } ?? "") + ": \(message)" }
}

/// An answer that never came, or can't be relied on.
package struct Loss: Sendable, Equatable, CustomStringConvertible {
    /// The HTTP status, where one came.
    package var http: Int?
    /// A sentence that says what came instead of an answer.
    package var reason: String
    package var info: ReplyInfo

    package init(http: Int?, reason: String, info: ReplyInfo) {
        self.http = http
        self.reason = reason
        self.info = info
    }

    package var description: String { reason }
}
